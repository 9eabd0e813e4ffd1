"""The preview card that other sites show for a release: the newsroom's name, the title, the day."""

import io
import re
import threading
from bisect import bisect_right
from dataclasses import dataclass

from PIL import Image, ImageDraw

from releases.pictures.faces import SHAPED, Run, can_shape, font, runs_of

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
        setter, lines = _fitted(title, rtl)
        if not lines:
            (setter, lines), title, name = _fitted(name, rtl=False), name, ""
        for words, top, colour in ((name, NAME_TOP, ACCENT), (day, DAY_TOP, SOFT)):
            # These are the frame's words, which may run the other way than the title.
            small = _Setter(SMALL, rtl=False)
            for line in small.lines(words)[:1]:
                small.put(draw, line, top, colour, right=rtl)
        leading = setter.leading(title)
        top = TITLE_TOP + max(0, TITLE_BOTTOM - TITLE_TOP - leading * len(lines)) // 3
        for number, line in enumerate(lines):
            setter.put(draw, line, top + number * leading, INK, right=rtl)
    file = io.BytesIO()
    card.quantize(COLOURS).save(file, "PNG", optimize=True)
    return file.getvalue()


@dataclass(frozen=True)
class _Setter:
    """Sets words at a size and in a direction. A line is a string; the runs are made when it is measured or drawn."""

    size: int
    rtl: bool

    def runs(self, line: str) -> list[Run]:
        return runs_of(line, rtl=self.rtl) or []

    def width(self, line: str) -> float:
        return sum(self.length(run) for run in self.runs(line.rstrip()))

    def length(self, run: Run) -> float:
        return font(run.face, self.size).getlength(run.words, direction=_direction(run))

    def leading(self, words: str) -> int:
        shaped = any(run.face in SHAPED for run in self.runs(words))
        return int(self.size * (LEADING_SHAPED if shaped else LEADING))

    def lines(self, words: str) -> list[str]:
        """Words set in lines; a word that is wider than the card is cut. No line where a letter cannot be drawn."""
        if not runs_of(words.strip(), rtl=self.rtl):
            return []
        lines, line = [], ""
        for piece in _PIECES.findall(" ".join(words.split())):
            if line and self.width(line + piece) > WIDTH:
                lines.append(line)
                line = ""
            line += piece
            while len(line) > 1 and self.width(line) > WIDTH:
                fits = bisect_right(range(2, len(line)), WIDTH, key=lambda n: self.width(line[:n])) + 1
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
    """As the library that shapes wants to be told; without it nothing runs to the left."""
    return ("rtl" if run.rtl else "ltr") if can_shape() else None


def _fitted(title: str, rtl: bool) -> tuple[_Setter, list[str]]:
    """The largest size at which the title fits, and its lines; cut with "…" where none is small enough."""
    for size in TITLE_SIZES:
        setter = _Setter(size, rtl)
        lines = setter.lines(title)
        room = (TITLE_BOTTOM - TITLE_TOP) // setter.leading(title)
        if len(lines) <= room:
            return setter, lines
    last = lines[room - 1]
    while last and setter.width(f"{last}…") > WIDTH:
        last = last[:-1].rstrip()
    return setter, [*lines[: room - 1], f"{last}…"]
