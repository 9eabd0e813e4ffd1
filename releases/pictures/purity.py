"""Whether a file holds a picture and nothing else: no words, no places, no times, no colour profile, nothing behind it."""

from typing import Final

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
