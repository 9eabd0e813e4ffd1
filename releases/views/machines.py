"""What programs ask for: robots.txt, oEmbed, pictures, citations, the API."""

import re
from urllib.parse import quote, unquote
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from newsroom.http import FOR_A_MINUTE
from releases.addresses import absolute, address, machine_address
from releases.models import Address, Picture, Release
from releases.numbers import whole
from releases.reading.api import DOCUMENT, BadQuestion, _address, _chosen, _question, _read, described
from releases.reading.metadata import WRITERS, reference_of
from releases.reading.pictures import _drawn, _within, file_of, images_of
from releases.reading.public import answer_to_all, cached_only_as, open_to_all, public
from releases.views.pages import elsewhere

# Of the search a question of words alone may be read; what narrows and turns its results has no end.
_SEARCH = ("feed.", "suggest", *(f"*{name}=" for name in ("topic", "year", "language", "sort", "page")))
NOT_FOR_ROBOTS = (
    "/admin/",
    "/accounts/",
    "/preview/",
    *(f"{folder}/search/{rest}" for rest in _SEARCH for folder in ("", "/*")),
)
SIZES = ("maxwidth", "maxheight")
_PAGE = re.compile(r"/(?:([a-z-]{2,10})/)?releases/([^/?#]+)/?(?:[?#].*)?")


@public()
def robots(request: HttpRequest) -> HttpResponse:
    """Robots Exclusion Protocol (RFC 9309), with the ways to the sitemaps."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in NOT_FOR_ROBOTS), ""]
    lines += [f"Sitemap: {absolute(machine_address(name))}" for name in ("sitemap", "sitemap_news")]
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")


@public("format", "url", "maxwidth", "maxheight")
def oembed(request: HttpRequest) -> HttpResponse:
    """oEmbed 1.0 (https://oembed.com/): a release as a link with a picture that is no larger than was asked. JSON alone."""
    if request.GET.get("format", "json") != "json":
        return answer_to_all({"error": "only json is spoken here"}, status=501)
    try:
        most = [_number(request.GET.get(name, "")) for name in SIZES]
    except ValueError:
        return answer_to_all({"error": "maxwidth and maxheight are numbers from 1 on"}, status=400)
    release = _at(request.GET.get("url", ""))
    if release is None:
        return answer_to_all({"error": "no release has this address"}, status=404)
    answer: dict[str, object] = {
        "version": "1.0",
        "type": "link",
        "title": release.live.title,
        "author_name": settings.NEWSROOM["name"],
        "author_url": f"{settings.SITE_URL}/",
        "provider_name": settings.NEWSROOM["name"],
        "provider_url": f"{settings.SITE_URL}/",
        "cache_age": 3600,
    }
    if shown := _within(images_of(release), *most):
        answer |= {
            "thumbnail_url": shown.address,
            "thumbnail_width": shown.width,
            "thumbnail_height": shown.height,
        }
    sizes = "".join(f"&{name}={size}" for name, size in zip(SIZES, most, strict=True) if size)
    normal = f"url={quote(absolute(release.get_absolute_url()))}{sizes}"
    return cached_only_as(answer_to_all(answer), request, normal)


@public()
def card(request: HttpRequest, uuid: UUID, number: int) -> HttpResponse:
    """The preview card of a visible release's live words; older words' address leads to these."""
    release = Release.objects.visible().filter(uuid=uuid).select_related("live").first()
    if release is None:
        raise Http404("no such card")
    if release.live.number != number:
        return redirect(machine_address("card", uuid, release.live.number))
    response = HttpResponse(_drawn(release), content_type="image/png")
    return open_to_all(response)


def _number(typed: str) -> int | None:
    """How large something may be; None where nothing was said."""
    if not typed:
        return None
    found = whole(typed, least=1, most=999_999)
    if found is None:
        raise ValueError("no number")
    return found


def _at(whole: str) -> Release | None:
    """The visible release at a whole address of this site, former addresses included."""
    if not whole.startswith(f"{settings.SITE_URL}/"):
        return None
    found = _PAGE.fullmatch(whole.removeprefix(settings.SITE_URL))
    slug = unquote(found[2]) if found else ""
    if not found or found[1] == settings.LANGUAGE_CODE or "\x00" in slug:
        return None
    held = Address.objects.filter(language=found[1] or settings.LANGUAGE_CODE, slug=slug)
    return (
        Release.objects.visible()
        .filter(pk__in=held.values("release"))
        .select_related("live__picture")
        .first()
    )


@require_safe
def picture(request: HttpRequest, uuid: UUID, name: str) -> HttpResponse:
    """A file of a picture that a visible release shows; 404 for every other."""
    found = Picture.objects.visible().filter(uuid=uuid).first()
    if found is None:
        raise Http404("no such picture")
    response = file_of(request, found, name)
    response.headers["Cache-Control"] = FOR_A_MINUTE
    return open_to_all(response)


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


@public("language", "topic", "limit", "after")
def releases(request: HttpRequest) -> HttpResponse:
    """A page of releases, newest first; `next` is the address of the page after it."""
    try:
        asked = _read(request.GET)
    except BadQuestion as error:
        return answer_to_all({"error": str(error)}, status=400)
    found = list(_chosen(asked)[: asked.limit + 1])
    shown, more = found[: asked.limit], len(found) > asked.limit
    answer = {
        "releases": [described(release) for release in shown],
        "next": _address(asked, shown[-1]) if more else None,
    }
    return cached_only_as(answer_to_all(answer), request, _question(asked, asked.after))


@public()
def openapi(request: HttpRequest) -> HttpResponse:
    """The description of this API (OpenAPI 3.1)."""
    return answer_to_all({**DOCUMENT, "servers": [{"url": settings.SITE_URL}]})
