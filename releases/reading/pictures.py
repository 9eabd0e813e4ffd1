"""What pages, feeds and other machines say of a release's picture, and the files of pictures."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import caches
from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.formats import date_format
from django.utils.http import quote_etag
from django.utils.translation import pgettext

from releases import clock
from releases.addresses import absolute, machine_address
from releases.languages import direction, frame_language
from releases.models import Picture, Release, Revision
from releases.pictures import CARD, SIZE, draw_card, height_at, names_of, widths_of


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
    """One file, for machines: `address` is whole, `kind` a media type, `alt` plain text."""

    address: str
    width: int
    height: int
    kind: str
    alt: str


def lead_of(words: Revision, place: Callable[[str], str] | None = None) -> Lead | None:
    """The picture of some words. `place` gives a file's path; without it that of readers."""
    found = words.picture
    if found is None:
        return None
    path = place or (lambda name: machine_address("picture", found.uuid, name))
    widths = widths_of(found.width)
    size = (found.width, found.height)
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
    """What other sites show for a visible release: its picture, cut, or else a card drawn of its title. Another
    address for other words, so that nobody keeps an old title."""
    words = release.live
    if words.picture:
        address = machine_address("picture", words.picture.uuid, CARD)
        return Image(absolute(address), *SIZE, "image/jpeg", words.picture_alt)
    address = machine_address("card", release.uuid, words.number)
    return Image(absolute(address), *SIZE, "image/png", words.title)


def images_of(release: Release) -> Iterator[Image]:
    """Its card, then its own picture where it has one, from the widest to the narrowest."""
    yield card_of(release)
    words = release.live
    if words.picture:
        size = (words.picture.width, words.picture.height)
        for width in reversed(widths_of(size[0])):
            address = absolute(machine_address("picture", words.picture.uuid, f"{width}.jpg"))
            yield Image(address, width, height_at(size, width), "image/jpeg", words.picture_alt)


def image_of(release: Release) -> Image:
    """The picture of a visible release, whole, or else its card."""
    lead = lead_of(release.live)
    if lead is None:
        return card_of(release)
    return Image(absolute(lead.address), lead.width, lead.height, "image/jpeg", lead.alt)


TYPES = {"avif": "image/avif", "jpg": "image/jpeg"}


def file_of(request: HttpRequest, found: Picture, name: str) -> HttpResponse:
    """A file that readers get of a picture, or 304; who may have it is the caller's matter."""
    if name not in names_of(found.width):
        raise Http404("no such picture")
    etag = quote_etag(f"{found.digest[:24]}-{name}")
    response = get_conditional_response(request, etag=etag)
    if response is None:
        kind = TYPES[name.rpartition(".")[2]]
        try:
            with default_storage.open(found.path(name)) as file:
                response = HttpResponse(file.read(), content_type=kind)
        except FileNotFoundError as error:
            raise Http404("no such picture") from error
    response.headers["ETag"] = etag
    return response


CARDS_KEPT = 7 * 24 * 3600  # seconds


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
