"""A release as a reference, for lists of references and the programs that keep them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from releases.addresses import address
from releases.models import Address, Release
from releases.reading.about import CSL, reference_of
from releases.reading.public import public
from releases.text import cite as forms
from releases.views.reading import elsewhere

WRITERS = {
    "txt": (forms.plain, "text/plain"),
    "bib": (forms.bibtex, "application/x-bibtex"),
    "ris": (forms.ris, "application/x-research-info-systems"),
    "json": (forms.csl_json, CSL),
}


@public()
def cite(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """`txt`, `bib`, `ris` or `json`. A former address leads on; a withdrawn release says so."""
    known = Release.objects.visible().filter(language=request.language)
    found = known.filter(slug=slug).select_related("live").first()
    if found is None:
        held = Address.objects.filter(language=request.language, slug=slug).values("release")
        moved = known.filter(pk__in=held).first()
        if moved:
            return redirect(address("cite", moved.slug, kind, language=moved.language), permanent=True)
        return elsewhere(request, slug)
    write, content_type = WRITERS[kind]
    response = HttpResponse(write(reference_of(found)), content_type=f"{content_type}; charset=utf-8")
    response.headers["Content-Disposition"] = f'inline; filename="{reference_of(found).key}.{kind}"'
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response
