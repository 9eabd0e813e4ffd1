"""What may come in as a picture, and the forms of it that readers get: without the camera's data, at several widths."""

import io
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Final

from PIL import ExifTags, Image, ImageCms, ImageOps, UnidentifiedImageError

from releases.pictures.card import SIZE

_FRAMES: Final = frozenset({0xC0, 0xC1, 0xC2, 0xC4, 0xDB, 0xDD})  # sizes and tables (ITU T.81, table B.1)
_SCAN, _END, _JFIF = 0xDA, 0xD9, 0xE0
# Version, no unit, square pixels, no thumbnail: JFIF 1.02, and nothing that somebody could have chosen.
_PLAIN_JFIF: Final = b"JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
# Items and boxes of HEIF (ISO/IEC 23008-12) that hold something besides the picture.
_BESIDE: Final = (b"Exif", b"mime", b"uri ", b"prof", b"rICC", b"uuid", b"udta", b"free", b"skip")
_BOXES: Final = [b"ftyp", b"meta", b"mdat"]


def is_pure(content: bytes) -> bool:
    """Of a JPEG or an AVIF as this package writes them; of anything else false."""
    if content[:2] == b"\xff\xd8":
        return _is_pure_jpeg(content)
    return content[4:8] == b"ftyp" and _is_pure_avif(content)


def _is_pure_jpeg(content: bytes) -> bool:
    at = 2
    while at + 4 <= len(content) and content[at] == 0xFF:
        marker, length = content[at + 1], int.from_bytes(content[at + 2 : at + 4])
        if marker == _JFIF:
            if content[at + 4 : at + 2 + length] != _PLAIN_JFIF:
                return False
        elif marker != _SCAN and marker not in _FRAMES:
            return False
        at += 2 + length
        if marker == _SCAN:
            at = _after_scan(content, at)
            if content[at : at + 2] == bytes((0xFF, _END)):
                return at + 2 == len(content)
    return False


def _after_scan(content: bytes, at: int) -> int:
    """Where the marker stands that ends the compressed data: not FF 00, and not a restart (T.81, B.1.1.5)."""
    while (at := content.find(b"\xff", at)) >= 0:
        following = content[at + 1 : at + 2]
        if following != b"\x00" and not b"\xd0" <= following <= b"\xd7":
            return at
        at += 2
    return len(content)


def _is_pure_avif(content: bytes) -> bool:
    found, at = [], 0
    while at + 8 <= len(content):
        size = int.from_bytes(content[at : at + 4])
        kind, inside = content[at + 4 : at + 8], content[at + 8 : at + size]
        if size < 8 or (kind == b"meta" and any(one in inside for one in _BESIDE)):
            return False
        found.append(kind)
        at += size
    return found == _BOXES and at == len(content)


# Others have decoders that few look after, or are documents with scripts (SVG).
FORMATS: Final = ("JPEG", "PNG", "WEBP", "AVIF", "GIF")
SMALLEST, LARGEST = 200, 60_000_000  # pixels of the shorter side; of the whole
KEPT = 3200  # pixels of the longer side of what is kept
QUALITY = 90  # of its JPEG
WIDTHS: Final = (400, 800, 1200, 1600)
MASTER, CARD = "master.jpg", "card.jpg"
_BAND = 256  # rows
_TURN: Final = Image.Transpose
# The ways in which a camera says that it was held; 1 is upright.
_TURNS: Final = {
    2: _TURN.FLIP_LEFT_RIGHT, 3: _TURN.ROTATE_180, 4: _TURN.FLIP_TOP_BOTTOM, 5: _TURN.TRANSPOSE,
    6: _TURN.ROTATE_270, 7: _TURN.TRANSVERSE, 8: _TURN.ROTATE_90,
}  # fmt: skip
# Where a card has to cut something off a portrait, faces stand above the middle.
_CENTRE = (0.5, 0.4)


class Unfit(Exception):
    """This cannot be taken in; `code` is one of unreadable, format, small, large."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Taken:
    """A picture as it is kept: JPEG in sRGB, upright, with nothing in the file but the picture."""

    master: bytes
    width: int
    height: int


def take(file: IO[bytes], *, largest: int = LARGEST) -> Taken:
    """Read a picture that somebody brings, of at most `largest` pixels. Raises `Unfit`.

    The size is known before anything is decoded; a picture is never held more than twice.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with Image.open(file, formats=FORMATS) as found:
                width, height = found.size
                if width * height > largest:
                    raise Unfit("large")
                if min(width, height) < SMALLEST:
                    raise Unfit("small")
                return _kept(found)
    except Unfit:
        raise
    except UnidentifiedImageError as error:
        raise Unfit("format") from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Unfit("large") from error
    except Exception as error:  # decoders raise whatever they like over a broken file
        raise Unfit("unreadable") from error


def widths_of(width: int) -> tuple[int, ...]:
    """The widths in which a picture of this width is offered; never a larger one than it has."""
    smaller = tuple(one for one in WIDTHS if one < width)
    return (*smaller, width) if width <= WIDTHS[-1] else smaller


def names_of(width: int) -> list[str]:
    """The files of a picture of this width besides its master."""
    return [f"{one}.{kind}" for one in widths_of(width) for kind in ("avif", "jpg")] + [CARD]


def renditions(master: bytes) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of everything that readers get of a picture."""
    with Image.open(io.BytesIO(master), formats=("JPEG",)) as found:
        picture = _pixels(found)
        for width in widths_of(picture.width):
            small = (
                picture if width == picture.width else picture.resize((width, height_at(picture.size, width)))
            )
            yield f"{width}.avif", _avif(small)
            yield f"{width}.jpg", _jpeg(small, quality=80)
        yield CARD, _jpeg(ImageOps.fit(picture, SIZE, centering=_CENTRE), quality=82)


def cleaned(master: bytes, *, quality: int = 0) -> Taken:
    """A kept picture made anew of its pixels; raises whatever a decoder raises over a broken file."""
    with Image.open(io.BytesIO(master), formats=("JPEG",)) as found:
        return Taken(_jpeg(_pixels(found), quality=quality or QUALITY), *found.size)


def height_at(size: tuple[int, int], width: int) -> int:
    """The height that a picture of `size` has at `width`."""
    return max(1, round(size[1] * width / size[0]))


def _kept(found: Image.Image) -> Taken:
    profile = found.info.get("icc_profile")
    picture = _flat(found)
    picture.thumbnail((KEPT, KEPT))
    picture = _upright(picture, found)
    if isinstance(profile, bytes) and profile:  # any text of a PNG may have this name, too
        picture = _in_srgb(picture, profile)
    return Taken(_jpeg(_pixels(picture), quality=QUALITY), *picture.size)


def _pixels(picture: Image.Image) -> Image.Image:
    """A picture of these pixels, and nothing else: what a decoder has read besides them goes along with every copy, and
    encoders write of it what they know (a comment, a profile, a resolution)."""
    pure = Image.new("RGB", picture.size)
    pure.paste(picture if picture.mode == "RGB" else picture.convert("RGB"))
    return pure


def _flat(picture: Image.Image) -> Image.Image:
    """What lets the ground shine through, on white; a band at a time, as each step would hold the whole again."""
    if picture.mode in {"RGB", "L", "CMYK"}:
        return picture
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    picture.load()
    ground = Image.new("RGB", picture.size, "white")
    for top in range(0, picture.height, _BAND):
        band = picture.crop((0, top, picture.width, min(top + _BAND, picture.height))).convert("RGBA")
        ground.paste(band, (0, top), mask=band)
    return ground


def _upright(picture: Image.Image, found: Image.Image) -> Image.Image:
    """As it was seen when the camera was held sideways; what says so in a broken way says nothing."""
    try:
        held = found.getexif().get(ExifTags.Base.Orientation, 1)
    except Exception:  # any text of a PNG may be called "exif"
        held = 1
    turn = _TURNS.get(held)
    return picture if turn is None else picture.transpose(turn)


def _in_srgb(picture: Image.Image, profile: bytes) -> Image.Image:
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        made = ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (
        ImageCms.PyCMSError,
        OSError,
        ValueError,
    ):  # a profile of another kind of picture, or a broken one
        return picture
    return made or picture


def _jpeg(picture: Image.Image, *, quality: int) -> bytes:
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=quality, progressive=True, optimize=True, exif=b"", icc_profile=None)
    return file.getvalue()


def _avif(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    picture.save(file, "AVIF", quality=55, speed=8, max_threads=1, exif=b"", icc_profile=None)
    return file.getvalue()
