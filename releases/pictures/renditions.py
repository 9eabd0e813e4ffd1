"""Which pictures are accepted, how they are normalised, and their renditions for readers: no metadata, several widths."""

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
_BARE_JFIF: Final = b"JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
# Items and boxes of HEIF (ISO/IEC 23008-12) that hold metadata.
_METADATA: Final = (b"Exif", b"mime", b"uri ", b"prof", b"rICC", b"uuid", b"udta", b"free", b"skip")
_BOXES: Final = [b"ftyp", b"meta", b"mdat"]


def holds_only_pixels(content: bytes) -> bool:
    """Whether a JPEG or an AVIF, as this package writes them, has no metadata. False for any other file."""
    if content[:2] == b"\xff\xd8":
        return _is_bare_jpeg(content)
    return content[4:8] == b"ftyp" and _is_bare_avif(content)


def _is_bare_jpeg(content: bytes) -> bool:
    at = 2
    while at + 4 <= len(content) and content[at] == 0xFF:
        marker, length = content[at + 1], int.from_bytes(content[at + 2 : at + 4])
        if marker == _JFIF:
            if content[at + 4 : at + 2 + length] != _BARE_JFIF:
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


def _is_bare_avif(content: bytes) -> bool:
    found, at = [], 0
    while at + 8 <= len(content):
        size = int.from_bytes(content[at : at + 4])
        kind, inside = content[at + 4 : at + 8], content[at + 8 : at + size]
        if size < 8 or (kind == b"meta" and any(one in inside for one in _METADATA)):
            return False
        found.append(kind)
        at += size
    return found == _BOXES and at == len(content)


# Other formats have decoders with few maintainers, or may hold scripts (SVG).
FORMATS: Final = ("JPEG", "PNG", "WEBP", "AVIF", "GIF")
MIN_SIDE, MAX_PIXELS = 200, 60_000_000  # pixels of the shorter side; of the whole
MAX_SIDE = 3200  # pixels of the longer side of what is stored
QUALITY = 90  # of its JPEG
WIDTHS: Final = (400, 800, 1200, 1600)
MASTER, CARD = "master.jpg", "card.jpg"
_BAND = 256  # rows
_TURN: Final = Image.Transpose
# The Exif orientations; 1 is upright.
_TURNS: Final = {
    2: _TURN.FLIP_LEFT_RIGHT, 3: _TURN.ROTATE_180, 4: _TURN.FLIP_TOP_BOTTOM, 5: _TURN.TRANSPOSE,
    6: _TURN.ROTATE_270, 7: _TURN.TRANSVERSE, 8: _TURN.ROTATE_90,
}  # fmt: skip
# Where a card has to cut something off a portrait, faces stand above the middle.
_CENTRE = (0.5, 0.4)


class UnacceptablePicture(Exception):
    """A picture that is not accepted. `code` is one of unreadable, format, small, large."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class NormalisedPicture:
    """A picture as it is stored: JPEG in sRGB, upright, without metadata."""

    master: bytes
    width: int
    height: int


def normalise(file: IO[bytes], *, max_pixels: int = MAX_PIXELS) -> NormalisedPicture:
    """Normalise an uploaded picture of at most `max_pixels` pixels. Raises `UnacceptablePicture`.

    Its size is checked before anything is decoded. Memory never holds it more than twice.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with Image.open(file, formats=FORMATS) as found:
                width, height = found.size
                if width * height > max_pixels:
                    raise UnacceptablePicture("large")
                if min(width, height) < MIN_SIDE:
                    raise UnacceptablePicture("small")
                return _normalised(found)
    except UnacceptablePicture:
        raise
    except UnidentifiedImageError as error:
        raise UnacceptablePicture("format") from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise UnacceptablePicture("large") from error
    except Exception as error:  # decoders raise whatever they like over a broken file
        raise UnacceptablePicture("unreadable") from error


def widths_of(width: int) -> tuple[int, ...]:
    """The widths in which a picture of this width is offered; never a larger one than it has."""
    smaller = tuple(one for one in WIDTHS if one < width)
    return (*smaller, width) if width <= WIDTHS[-1] else smaller


def names_of(width: int) -> list[str]:
    """The files of a picture of this width besides its master."""
    return [f"{one}.{kind}" for one in widths_of(width) for kind in ("avif", "jpg")] + [CARD]


def renditions(master: bytes) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of each rendition of a picture."""
    with Image.open(io.BytesIO(master), formats=("JPEG",)) as found:
        picture = _pixels(found)
        for width in widths_of(picture.width):
            small = (
                picture if width == picture.width else picture.resize((width, height_at(picture.size, width)))
            )
            yield f"{width}.avif", _avif(small)
            yield f"{width}.jpg", _jpeg(small, quality=80)
        yield CARD, _jpeg(ImageOps.fit(picture, SIZE, centering=_CENTRE), quality=82)


def reencode(master: bytes, *, quality: int = 0) -> NormalisedPicture:
    """A stored picture encoded anew from its pixels. Raises whatever a decoder raises over a broken file."""
    with Image.open(io.BytesIO(master), formats=("JPEG",)) as found:
        return NormalisedPicture(_jpeg(_pixels(found), quality=quality or QUALITY), *found.size)


def height_at(size: tuple[int, int], width: int) -> int:
    """The height that a picture of `size` has at `width`."""
    return max(1, round(size[1] * width / size[0]))


def _normalised(found: Image.Image) -> NormalisedPicture:
    profile = found.info.get("icc_profile")
    picture = _flat(found)
    picture.thumbnail((MAX_SIDE, MAX_SIDE))
    picture = _upright(picture, found)
    if isinstance(profile, bytes) and profile:  # any text of a PNG may have this name, too
        picture = _in_srgb(picture, profile)
    return NormalisedPicture(_jpeg(_pixels(picture), quality=QUALITY), *picture.size)


def _pixels(picture: Image.Image) -> Image.Image:
    """A new picture with the pixels alone. Pillow copies what a decoder read besides them (a comment, a profile, a resolution),
    and encoders write it again."""
    pure = Image.new("RGB", picture.size)
    pure.paste(picture if picture.mode == "RGB" else picture.convert("RGB"))
    return pure


def _flat(picture: Image.Image) -> Image.Image:
    """Put a transparent picture on white, band by band: each step on the whole would hold it once more in memory."""
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
    """Turn a picture upright by its Exif orientation. A broken orientation is ignored."""
    try:
        orientation = found.getexif().get(ExifTags.Base.Orientation, 1)
    except Exception:  # any text of a PNG may be called "exif"
        orientation = 1
    turn = _TURNS.get(orientation)
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
