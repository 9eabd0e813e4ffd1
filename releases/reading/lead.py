"""What a page, a feed and other machines say of the picture at the head of a release."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from releases.addresses import absolute, machine_address
from releases.models import Release, Revision
from releases.pictures import CARD, SIZE, height_at, widths_of


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
