"""The preview card that other sites show for a release: the newsroom's name, the title, the day, in the fonts that ship with it."""

import io
import re
import struct
import threading
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import groupby
from math import ceil
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont, features

from releases.pictures.bidi import CONTROLS, embedding_levels, visual_order

FOLDER = Path(__file__).parent / "fonts"
# In the order in which they are tried. The last two need text shaping.
PLAIN = ("NotoSerif-Bold.ttf", "NotoSansCJKsc-Bold.otf")
SHAPED = ("NotoNaskhArabic-Bold.ttf", "NotoSerifTibetan-Bold.ttf")
# Variation selectors, and the frame that makes a keycap of a figure.
_FORMS = re.compile("[\ufe00-\ufe0f\u20e3\U000e0100-\U000e01ef]")


@dataclass(frozen=True)
class Run:
    """A run of text in one font and one direction."""

    face: str
    words: str
    rtl: bool


@cache
def has_text_shaping() -> bool:
    """Whether Arabic and Tibetan letters come out joined: it takes libraries that not every system has."""
    return bool(features.check("raqm") and features.check("fribidi"))


@lru_cache(maxsize=64)
def font(face: str, size: int) -> ImageFont.FreeTypeFont:
    """A shipped font at `size` pixels."""
    engine = ImageFont.Layout.RAQM if has_text_shaping() else ImageFont.Layout.BASIC
    return ImageFont.truetype(FOLDER / face, size, layout_engine=engine)


@lru_cache(maxsize=8)
def covered_code_points(face: str) -> frozenset[int]:
    """The code points that a font covers: its `cmap`, format 4 (OpenType 1.9), which all of ours have."""
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


def split_runs(words: str, *, rtl: bool = False) -> list[Run] | None:
    """Words cut into runs by font and direction, from left to right; None where a letter or a digit is in no font.
    Signs that none has (emoji, joiners) are left out."""
    found = list(_font_of_each(_composed(words), rtl=rtl))
    if any(face is None and _must_be_drawn(character) for face, character in found):
        return None
    drawn: list[tuple[str, str]] = []
    for face, character in found:
        # Where a sign is left out between two spaces, one of them is.
        if face is not None and not (character == " " and drawn[-1:] and drawn[-1][1] == " "):
            drawn.append((face, character))
    each = embedding_levels("".join(character for _, character in drawn), rtl=rtl)
    runs: list[tuple[Run, int]] = []
    for (face, level), group in groupby(zip(drawn, each, strict=True), key=lambda one: (one[0][0], one[1])):
        runs.append((Run(face, "".join(character for (_, character), _ in group), level % 2 == 1), level))
    return [runs[at][0] for at in visual_order([level for _, level in runs])]


@cache
def _all_code_points() -> frozenset[int]:
    return frozenset().union(*map(covered_code_points, (*PLAIN, *SHAPED)))


def _composed(words: str) -> str:
    """Text in composed form (NFC). A character that no font covers is replaced by its compatibility form: ① by 1."""
    return "".join(
        character if ord(character) in _all_code_points() else unicodedata.normalize("NFKC", character)
        for character in unicodedata.normalize("NFC", words)
        if character not in CONTROLS
    )


def _must_be_drawn(character: str) -> bool:
    """Whether a text without it would say something else. Variation selectors of emoji are not needed."""
    return unicodedata.category(character)[0] in "LMN" and not _FORMS.match(character)


def _font_of_each(words: str, *, rtl: bool) -> Iterator[tuple[str | None, str]]:
    """For each character the font that draws it: the font of the character before it, where that covers it."""
    faces: tuple[str, ...] = PLAIN
    if has_text_shaping():
        # Figures and signs between words that run to the left must be set together with them.
        faces = (*SHAPED, *PLAIN) if rtl else (*PLAIN, *SHAPED)
    last = None
    for character in words:
        code = ord(character)
        # A space or a mark belongs to the script that it follows, and what joins letters to theirs alone.
        kind = unicodedata.category(character)[0]
        if kind == "C" and not (last and code in covered_code_points(last)):
            yield None, character
            continue
        keeps = character.isspace() or kind in "MP"
        if not (keeps and last and code in covered_code_points(last)):
            last = next(
                (face for face in faces if code in covered_code_points(face)), last if keeps else None
            )
            if last is None or code not in covered_code_points(last):
                yield None, character
                continue
        yield last, character


SIZE = (1200, 630)
MARGIN = 80
WIDTH = SIZE[0] - 2 * MARGIN
PAPER, INK, SOFT, ACCENT = "#fdfdfb", "#15191c", "#4b5459", "#0b4f6c"
TITLE_SIZES = range(78, 39, -4)
LEADING, LEADING_SHAPED = 1.28, 1.5  # Arabic and Tibetan letters reach further down
TITLE_TOP, TITLE_BOTTOM = 170, 500
SMALL, NAME_TOP, DAY_TOP = 32, 78, 528
COLOURS = 48
# A line may end after a space, a Tibetan syllable, or any Chinese or Japanese character that nothing must follow.
_WIDE = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_PIECES = re.compile(
    rf"[{_WIDE}][\u3001\u3002\uff01\uff0c\uff1a\uff1b\uff1f\u300b\u300d\u300f\u3011\uff09\u201d]*"
    rf"|[^\s\u0f0b{_WIDE}]+[\s\u0f0b]*|\s+|\u0f0b"
)
# Fonts keep their state while they draw.
_drawing = threading.Lock()


def draw_card(title: str, *, name: str, day: str, rtl: bool = False) -> bytes:
    """A PNG of 1200 by 630. Where no shipped font has a letter of the title, the name stands in its place."""
    card = Image.new("RGB", SIZE, PAPER)
    draw = ImageDraw.Draw(card)
    draw.rectangle((0, 0, SIZE[0], 18), fill=ACCENT)
    with _drawing:
        typesetter, lines = _fit(title, rtl)
        if not lines:
            (typesetter, lines), title, name = _fit(name, rtl=False), name, ""
        for words, top, colour in ((name, NAME_TOP, ACCENT), (day, DAY_TOP, SOFT)):
            # These are the frame's words, which may run the other way than the title.
            small = _Typesetter(SMALL, rtl=False)
            for line in small.lines(words)[:1]:
                small.put(draw, line, top, colour, right=rtl)
        leading = typesetter.leading(title)
        top = TITLE_TOP + max(0, TITLE_BOTTOM - TITLE_TOP - leading * len(lines)) // 3
        for number, line in enumerate(lines):
            typesetter.put(draw, line, top + number * leading, INK, right=rtl)
    file = io.BytesIO()
    card.quantize(COLOURS).save(file, "PNG", optimize=True)
    return file.getvalue()


@dataclass(frozen=True)
class _Typesetter:
    """Typesets text at a size and in a direction. A line is a string, which is split into runs when it is measured or drawn."""

    size: int
    rtl: bool

    def runs(self, line: str) -> list[Run]:
        return split_runs(line, rtl=self.rtl) or []

    def width(self, line: str) -> float:
        return sum(self.length(run) for run in self.runs(line.rstrip()))

    def length(self, run: Run) -> float:
        return font(run.face, self.size).getlength(run.words, direction=_direction(run))

    def leading(self, words: str) -> int:
        shaped = any(run.face in SHAPED for run in self.runs(words))
        return int(self.size * (LEADING_SHAPED if shaped else LEADING))

    def lines(self, words: str) -> list[str]:
        """Words set in lines; a word that is wider than the card is cut. No line where a letter cannot be drawn."""
        if not split_runs(words.strip(), rtl=self.rtl):
            return []
        lines, line = [], ""
        for piece in _PIECES.findall(" ".join(words.split())):
            if line and self.width(line + piece) > WIDTH:
                lines.append(line)
                line = ""
            line += piece
            while len(line) > 1 and self.width(line) > WIDTH:
                fits = bisect_right(range(2, len(line)), WIDTH, key=lambda n: ceil(self.width(line[:n]))) + 1
                lines.append(line[:fits])
                line = line[fits:]
        return [line.rstrip() for line in [*lines, line] if line.strip()]

    def put(self, draw: ImageDraw.ImageDraw, line: str, top: int, colour: str, *, right: bool) -> None:
        """Draw a line at its margin, on a baseline that all fonts share."""
        at = SIZE[0] - MARGIN - self.width(line) if right else MARGIN
        for run in self.runs(line):
            place = (at, top + self.size)
            made, way = font(run.face, self.size), _direction(run)
            draw.text(place, run.words, font=made, fill=colour, anchor="ls", direction=way)
            at += self.length(run)


def _direction(run: Run) -> str | None:
    """The direction for the shaping library. Without that library all text runs to the right."""
    return ("rtl" if run.rtl else "ltr") if has_text_shaping() else None


def _fit(title: str, rtl: bool) -> tuple[_Typesetter, list[str]]:
    """The largest size at which the title fits, and its lines; cut with "…" where none is small enough."""
    for size in TITLE_SIZES:
        typesetter = _Typesetter(size, rtl)
        lines = typesetter.lines(title)
        room = (TITLE_BOTTOM - TITLE_TOP) // typesetter.leading(title)
        if len(lines) <= room:
            return typesetter, lines
    last = lines[room - 1]
    while last and typesetter.width(f"{last}…") > WIDTH:
        last = last[:-1].rstrip()
    return typesetter, [*lines[: room - 1], f"{last}…"]
