"""What programs ask for: robots.txt, oEmbed, pictures, citations, the API."""

from urllib.parse import quote
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from newsroom.http import STAFF_ADDRESSES, Request, of_picture
from releases.addresses import absolute, address, machine_address
from releases.models import Address, Release
from releases.numbers import whole
from releases.parts import FRAME, release_part
from releases.purges import page_headers
from releases.reading.api import DOCUMENT, BadParameter, page_of_releases, parameters_of
from releases.reading.lists import live_words
from releases.reading.metadata import CITATION_FORMATS, oembed_of, reference_of
from releases.reading.mirrors import SignedList, signed_list
from releases.reading.pictures import card_png, picture_response, releases_with
from releases.reading.public import allow_cross_origin, cached_only_as, cross_origin_json, public
from releases.reading.release import moved_or_withdrawn, release_at

# Robots may fetch a search for words alone: filters and pages of its results have no end.
_SEARCH = ("feed.", "suggest", *(f"*{name}=" for name in ("topic", "year", "language", "sort", "page")))
DISALLOWED = (
    *STAFF_ADDRESSES,
    "/preview/",
    *(f"{folder}/search/{rest}" for rest in _SEARCH for folder in ("", "/*")),
)
LARGEST_SIDE = 999_999


@public()
def robots(request: Request) -> HttpResponse:
    """Robots Exclusion Protocol (RFC 9309), with the addresses of the sitemaps."""
    request.parts.add(FRAME)
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in DISALLOWED), ""]
    lines += [f"Sitemap: {absolute(machine_address(name))}" for name in ("sitemap", "sitemap_news")]
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")


@public("format", "url", "maxwidth", "maxheight")
def oembed(request: Request) -> HttpResponse:
    """oEmbed 1.0 (https://oembed.com/): a release as a link with a picture that is no larger than asked. JSON only."""
    if request.GET.get("format", "json") != "json":
        return cross_origin_json({"error": "only json is spoken here"}, status=501)
    sides = {name: request.GET[name] for name in ("maxwidth", "maxheight") if name in request.GET}
    limits = {name: whole(typed, least=1, most=LARGEST_SIDE) for name, typed in sides.items()}
    if None in limits.values():
        return cross_origin_json({"error": "maxwidth and maxheight are numbers from 1 on"}, status=400)
    release = release_at(request.GET.get("url", ""))
    if release is None:
        return cross_origin_json({"error": "no release has this address"}, status=404)
    request.parts.add(release_part(release.pk))
    answer = oembed_of(release, width=limits.get("maxwidth"), height=limits.get("maxheight"))
    sizes = "".join(f"&{name}={size}" for name, size in limits.items())
    canonical = f"url={quote(absolute(release.get_absolute_url()))}{sizes}"
    return cached_only_as(cross_origin_json(answer), request, canonical)


@public()
def card(request: Request, uuid: UUID, number: int) -> HttpResponse:
    """The preview card of a visible release's live words; the address of older words redirects to these."""
    release = Release.objects.visible().filter(uuid=uuid).select_related("live").first()
    if release is None:
        raise Http404("no such card")
    request.parts.add(release_part(release.pk))
    current = live_words(release).number
    if current != number:
        return redirect(machine_address("card", uuid, current))
    return allow_cross_origin(HttpResponse(card_png(release), content_type="image/png"))


@require_safe
def picture(request: Request, uuid: UUID, name: str) -> HttpResponseBase:
    """A file of a picture that a visible release shows; 404 for every other."""
    found, releases = releases_with(uuid)
    if found is None:
        raise Http404("no such picture")
    response = picture_response(request, found, name)
    if response.status_code < 500:
        for header, value in (*of_picture(), *page_headers(frozenset(map(release_part, releases)))):
            response.headers[header] = value
    return allow_cross_origin(response)


@public()
def cite(request: Request, slug: str, suffix: str) -> HttpResponse:
    """A release as a reference, in one of `CITATION_FORMATS`. A former address redirects; a withdrawn release says so."""
    visible = Release.objects.visible().filter(language=request.language)
    release = visible.filter(slug=slug).select_related("live").first()
    if release is None:
        known = Address.objects.filter(language=request.language, slug=slug).values("release")
        moved = visible.filter(pk__in=known).first()
        if moved is None:
            return moved_or_withdrawn(request, slug)
        request.parts.add(release_part(moved.pk))
        return redirect(address("cite", moved.slug, suffix, language=moved.language), permanent=True)
    request.parts.add(release_part(release.pk))
    reference, form = reference_of(release), CITATION_FORMATS[suffix]
    response = HttpResponse(form.write(reference), content_type=f"{form.media_type}; charset=utf-8")
    response.headers["Content-Disposition"] = f'inline; filename="{reference.key}.{suffix}"'
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


@public()
def mirrors(request: Request) -> HttpResponse:
    """Where else the site can be found, signed; 404 where nothing was ever signed."""
    found = _signed_list(request)
    return cross_origin_json({**found.as_json(), "key_address": absolute(machine_address("signing_key"))})


@public()
def signing_key(request: Request) -> HttpResponse:
    """The public key by which mirrors and the list of them are signed, as OpenSSL reads it."""
    return allow_cross_origin(HttpResponse(_signed_list(request).pem, content_type="application/x-pem-file"))


def _signed_list(request: Request) -> SignedList:
    request.parts.add(FRAME)
    found = signed_list(request.edition)
    if found is None:
        raise Http404("nothing was signed")
    return found


@public("language", "topic", "limit", "after")
def releases(request: Request) -> HttpResponse:
    """A page of releases, newest first; `next` is the address of the page after it."""
    try:
        parameters = parameters_of(request.GET)
    except BadParameter as error:
        return cross_origin_json({"error": str(error)}, status=400)
    answer, shown = page_of_releases(parameters)
    request.parts |= parameters.parts() | shown
    return cached_only_as(cross_origin_json(answer), request, parameters.query_string(parameters.after))


@public()
def openapi(request: Request) -> HttpResponse:
    """The description of this API (OpenAPI 3.1)."""
    request.parts.add(FRAME)
    return cross_origin_json({**DOCUMENT, "servers": [{"url": settings.SITE_URL}]})
