"""What other machines ask for: robots.txt, oEmbed, preview cards."""

import hashlib
import re
from collections.abc import Iterable
from urllib.parse import quote, unquote
from uuid import UUID

from django.conf import settings
from django.core.cache import caches
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import pgettext

from releases import clock
from releases.addresses import absolute, machine_address
from releases.languages import direction, frame_language
from releases.models import Address, Release
from releases.numbers import whole
from releases.pictures import draw_card
from releases.reading.lead import Image, images_of
from releases.reading.public import kept_as, public

# Of the search a question of words alone may be read; what narrows and turns its results has no end.
_SEARCH = ("feed.", "suggest", *(f"*{name}=" for name in ("topic", "year", "language", "sort", "page")))
NOT_FOR_ROBOTS = (
    "/admin/",
    "/accounts/",
    "/preview/",
    *(f"{folder}/search/{rest}" for rest in _SEARCH for folder in ("", "/*")),
)
SIZES = ("maxwidth", "maxheight")
CARDS_KEPT = 7 * 24 * 3600  # seconds
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
    return kept_as(answer_to_all(answer), request, normal)


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


def open_to_all(response: HttpResponse) -> HttpResponse:
    """Pages of other sites may show it."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def answer_to_all(answer: object, *, status: int = 200) -> HttpResponse:
    """JSON that pages of other sites may read."""
    return open_to_all(JsonResponse(answer, status=status, json_dumps_params={"ensure_ascii": False}))


def _number(typed: str) -> int | None:
    """How large something may be; None where nothing was said."""
    if not typed:
        return None
    found = whole(typed, least=1, most=999_999)
    if found is None:
        raise ValueError("no number")
    return found


def _within(images: Iterable[Image], width: int | None, height: int | None) -> Image | None:
    """The first that is not larger."""
    return next(
        (
            one
            for one in images
            if (width is None or one.width <= width) and (height is None or one.height <= height)
        ),
        None,
    )


def _drawn(release: Release) -> bytes:
    """Drawing takes a tenth of a second: kept by what is drawn, longer than an edition lasts."""
    with translation.override(frame_language(release.language)):
        form = pgettext("a day, as Django's date format", "F j, Y")
        day = date_format(clock.local(release.publish_at), form)
    words = (release.live.title, settings.NEWSROOM["name"], day, direction(release.language))
    key = f"card-{hashlib.sha256(repr(words).encode()).hexdigest()}"
    title, name, day, way = words
    return caches["pages"].get_or_set(
        key, lambda: draw_card(title, name=name, day=day, rtl=way == "rtl"), CARDS_KEPT
    )


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
