"""Pictures of releases: as pages and feeds show them, as cards for other sites, and their files."""

import hashlib
import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.core.cache import caches
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.formats import date_format
from django.utils.http import quote_etag
from django.utils.translation import gettext, pgettext

from newsroom.http import NEVER_STORED
from releases import clock
from releases.addresses import absolute, machine_address
from releases.languages import direction, frame_language
from releases.models import Picture, Release, Revision
from releases.pictures import CARD, SIZE, draw_card, height_at, names_of, widths_of
from releases.reading.errors import RETRY_AFTER
from releases.reading.lists import live_words, published_at

log = logging.getLogger(__name__)

MEDIA_TYPES = {"avif": "image/avif", "jpg": "image/jpeg"}
CARD_CACHED = 7 * 24 * 3600  # seconds


@dataclass(frozen=True)
class Lead:
    """A revision's picture in a page. The sets are as `srcset` wants them, `address` is the largest JPEG's."""

    avif: str
    jpeg: str
    address: str
    width: int
    height: int
    alt: str
    caption: str


@dataclass(frozen=True)
class Image:
    """One file, for machines: `address` is whole, `media_type` as in HTTP, `alt` plain text."""

    address: str
    width: int
    height: int
    media_type: str
    alt: str


def lead_of(words: Revision, path_of: Callable[[str], str] | None = None) -> Lead | None:
    """The picture of a revision. `path_of` gives the path of a file of it; without it that for readers."""
    picture = words.picture
    if picture is None:
        return None
    path = path_of or (lambda name: machine_address("picture", picture.uuid, name))
    widths = widths_of(picture.width)
    size = (picture.width, picture.height)
    return Lead(
        avif=", ".join(f"{path(f'{width}.avif')} {width}w" for width in widths),
        jpeg=", ".join(f"{path(f'{width}.jpg')} {width}w" for width in widths),
        address=path(f"{widths[-1]}.jpg"),
        width=widths[-1],
        height=height_at(size, widths[-1]),
        alt=words.picture_alt,
        caption=words.picture_caption,
    )


def card_of(release: Release) -> Image:
    """What other sites show for a visible release: its picture, cropped, or else a card with its title. Other words have
    another address, so that no cache shows an old title."""
    words = live_words(release)
    if words.picture:
        address = machine_address("picture", words.picture.uuid, CARD)
        return Image(absolute(address), *SIZE, "image/jpeg", words.picture_alt)
    address = machine_address("card", release.uuid, words.number)
    return Image(absolute(address), *SIZE, "image/png", words.title)


def images_of(release: Release) -> Iterator[Image]:
    """Its card, then its own picture where it has one, from the widest to the narrowest."""
    yield card_of(release)
    words = live_words(release)
    if words.picture:
        size = (words.picture.width, words.picture.height)
        for width in reversed(widths_of(size[0])):
            address = absolute(machine_address("picture", words.picture.uuid, f"{width}.jpg"))
            yield Image(address, width, height_at(size, width), "image/jpeg", words.picture_alt)


def image_of(release: Release) -> Image:
    """The picture of a visible release, whole, or else its card."""
    lead = lead_of(live_words(release))
    if lead is None:
        return card_of(release)
    return Image(absolute(lead.address), lead.width, lead.height, "image/jpeg", lead.alt)


def fitting(images: Iterable[Image], width: int | None, height: int | None) -> Image | None:
    """The first that is no larger; None for a side means any size."""
    for one in images:
        if (width is None or one.width <= width) and (height is None or one.height <= height):
            return one
    return None


def picture_response(request: HttpRequest, picture: Picture, name: str) -> HttpResponseBase:
    """A file of a picture, or 304. The caller decides who may have it. The server sends the file itself where it can: it never lies
    in memory whole. Where the storage does not answer (503), readers see what the picture shows in words."""
    if name not in names_of(picture.width):
        raise Http404("no such picture")
    etag = quote_etag(f"{picture.digest[:24]}-{name}")
    response: HttpResponseBase | None = get_conditional_response(request, etag=etag)
    if response is None:
        media_type = MEDIA_TYPES[name.rpartition(".")[2]]
        try:
            file = default_storage.open(picture.path(name))
            size = file.size
        except FileNotFoundError as error:
            raise Http404("no such picture") from error
        except OSError as error:
            log.error("The storage of pictures does not answer: %s", error)
            headers = {"Retry-After": str(RETRY_AFTER), "Cache-Control": NEVER_STORED}
            return HttpResponse(
                gettext("The storage of pictures does not answer."), "text/plain", 503, headers=headers
            )
        if request.method == "HEAD":
            file.close()
            response = HttpResponse(content_type=media_type)
        else:
            response = FileResponse(file, content_type=media_type)
            del response.headers["Content-Disposition"]
        response.headers["Content-Length"] = str(size)
    response.headers["ETag"] = etag
    return response


def releases_with(uuid: UUID) -> tuple[Picture | None, list[int]]:
    """A picture, and the visible releases (primary keys) that show it; without one readers have no such picture (one query)."""
    shown = Release.objects.visible().filter(live__picture__uuid=uuid).order_by("pk")
    found = list(shown.select_related("live__picture").only("live__picture__digest", "live__picture__width"))
    return (live_words(found[0]).picture if found else None), [one.pk for one in found]


def card_png(release: Release) -> bytes:
    """The card of a visible release. Drawing takes a tenth of a second, so it is cached by what is drawn, for longer than
    an edition lasts."""
    with translation.override(frame_language(release.language)):
        form = pgettext("a day, as Django's date format", "F j, Y")
        day = date_format(clock.local(published_at(release)), form)
    title, name, run = live_words(release).title, settings.NEWSROOM["name"], direction(release.language)
    key = f"card-{hashlib.sha256(repr((title, name, day, run)).encode()).hexdigest()}"
    png: bytes | None = caches["pages"].get(key)
    if png is None:
        png = draw_card(title, name=name, day=day, rtl=run == "rtl")
        caches["pages"].set(key, png, CARD_CACHED)
    return png
