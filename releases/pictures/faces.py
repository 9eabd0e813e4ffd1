"""The fonts that ship with the newsroom, what each can draw, and how a line is made of several."""

import re
import struct
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import groupby
from pathlib import Path

from PIL import ImageFont, features

from releases.pictures.bidi import CONTROLS, in_sight, levels

FOLDER = Path(__file__).parent / "fonts"
# In the order in which they are asked. Letters of the last two change their shapes with their neighbours.
PLAIN = ("NotoSerif-Bold.ttf", "NotoSansCJKsc-Bold.otf")
SHAPED = ("NotoNaskhArabic-Bold.ttf", "NotoSerifTibetan-Bold.ttf")
# Variation selectors, and the frame that makes a keycap of a figure.
_FORMS = re.compile("[\ufe00-\ufe0f\u20e3\U000e0100-\U000e01ef]")


@dataclass(frozen=True)
class Run:
    """Words that one font draws in one direction."""

    face: str
    words: str
    rtl: bool


@cache
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
    """Words cut into runs by font and direction, from left to right; None where a letter or a digit is in no font.
    Signs that none has (emoji, joiners) are left out."""
    found = list(_faces(_simpler(words), rtl=rtl))
    if any(face is None and _is_missed(character) for face, character in found):
        return None
    drawn: list[tuple[str, str]] = []
    for face, character in found:
        # Where a sign is left out between two spaces, one of them is.
        if face is not None and not (character == " " and drawn[-1:] and drawn[-1][1] == " "):
            drawn.append((face, character))
    each = levels("".join(character for _, character in drawn), rtl=rtl)
    runs: list[tuple[Run, int]] = []
    for (face, level), group in groupby(zip(drawn, each, strict=True), key=lambda one: (one[0][0], one[1])):
        runs.append((Run(face, "".join(character for (_, character), _ in group), level % 2 == 1), level))
    return [runs[at][0] for at in in_sight([level for _, level in runs])]


@cache
def _known() -> frozenset[int]:
    return frozenset().union(*map(drawable, (*PLAIN, *SHAPED)))


def _simpler(words: str) -> str:
    """A letter with its marks as one where there is such a one; what no font has as that which it is a form of: ① is 1."""
    return "".join(
        character if ord(character) in _known() else unicodedata.normalize("NFKC", character)
        for character in unicodedata.normalize("NFC", words)
        if character not in CONTROLS
    )


def _is_missed(character: str) -> bool:
    """Whether words without it would say something else. What only chooses between two forms of an emoji is not."""
    return unicodedata.category(character)[0] in "LMN" and not _FORMS.match(character)


def _faces(words: str, *, rtl: bool) -> Iterator[tuple[str | None, str]]:
    """For each character the font that draws it: the one before it where that can."""
    faces = PLAIN
    if can_shape():
        # Figures and signs between words that run to the left must be set together with them.
        faces = (*SHAPED, *PLAIN) if rtl else (*PLAIN, *SHAPED)
    last = None
    for character in words:
        code = ord(character)
        # A space or a mark belongs to the script that it follows, and what joins letters to theirs alone.
        kind = unicodedata.category(character)[0]
        if kind == "C" and not (last and code in drawable(last)):
            yield None, character
            continue
        keeps = character.isspace() or kind in "MP"
        if not (keeps and last and code in drawable(last)):
            last = next((face for face in faces if code in drawable(face)), last if keeps else None)
            if last is None or code not in drawable(last):
                yield None, character
                continue
        yield last, character
