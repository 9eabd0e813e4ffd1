"""The fonts that ship with the newsroom, what each can draw, and how a line is made of several."""

import struct
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from PIL import ImageFont, features

FOLDER = Path(__file__).parent / "fonts"
# In the order in which they are asked. Letters of the last two change their shapes with their neighbours.
PLAIN = ("NotoSerif-Bold.ttf", "NotoSansCJKsc-Bold.otf")
SHAPED = ("NotoNaskhArabic-Bold.ttf", "NotoSerifTibetan-Bold.ttf")


@dataclass(frozen=True)
class Run:
    """Words that one font draws."""

    face: str
    words: str


def can_shape() -> bool:
    """Whether Arabic and Tibetan letters come out joined: it takes libraries that not every system has."""
    return features.check("raqm") and features.check("fribidi")


@lru_cache(maxsize=64)
def font(face: str, size: int) -> ImageFont.FreeTypeFont:
    """A shipped font at `size` pixels."""
    engine = ImageFont.Layout.RAQM if can_shape() else ImageFont.Layout.BASIC
    return ImageFont.truetype(FOLDER / face, size, layout_engine=engine)


@lru_cache(maxsize=8)
def drawable(face: str) -> frozenset[int]:
    """The code points that a font has a shape for: its `cmap`, format 4 (OpenType 1.9), which all of ours have."""
    data = (FOLDER / face).read_bytes()
    tables = {
        data[at : at + 4]: struct.unpack(">LL", data[at + 8 : at + 16])
        for at in range(12, 12 + 16 * struct.unpack(">H", data[4:6])[0], 16)
    }
    start, length = tables[b"cmap"]
    cmap = data[start : start + length]
    offset = struct.unpack(">L", cmap[8:12])[0]
    kind, _, _, doubled = struct.unpack(">HHHH", cmap[offset : offset + 8])
    if kind != 4:
        raise ValueError(f"{face}: a cmap of format {kind}")
    ends = struct.unpack_from(f">{doubled // 2}H", cmap, offset + 14)
    starts = struct.unpack_from(f">{doubled // 2}H", cmap, offset + 16 + doubled)
    return frozenset(
        code
        for first, last in zip(starts, ends, strict=True)
        if first != 0xFFFF
        for code in range(first, last + 1)
    )


def runs_of(words: str, *, rtl: bool = False) -> list[Run] | None:
    """Words cut into runs by font, as few as can be; None where a letter or a digit is in none of them. Signs that none has (emoji,
    joiners) are left out."""
    runs: list[Run] = []
    for face, character in _faces(words, rtl=rtl):
        if face is None:
            if unicodedata.category(character)[0] in "LMN":
                return None
        elif runs and runs[-1].face == face:
            runs[-1] = Run(face, runs[-1].words + character)
        else:
            runs.append(Run(face, character))
    return runs


def _faces(words: str, *, rtl: bool) -> Iterator[tuple[str | None, str]]:
    """For each character the font that draws it: the one before it where that can."""
    faces = PLAIN
    if can_shape():
        # Figures and signs between words that run to the left must be set together with them.
        faces = (*SHAPED, *PLAIN) if rtl else (*PLAIN, *SHAPED)
    last = None
    for character in words:
        code = ord(character)
        # A space or a mark belongs to the script that it follows.
        keeps = character.isspace() or unicodedata.category(character)[0] in "MP"
        if not (keeps and last and code in drawable(last)):
            last = next((face for face in faces if code in drawable(face)), last if keeps else None)
            if last is None or code not in drawable(last):
                yield None, character
                continue
        yield last, character
