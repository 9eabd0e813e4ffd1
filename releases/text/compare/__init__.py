"""What changed between two bodies, word by word and note by note, exactly: both sides can be rebuilt from it; as people read it;
and how many words were lost, wherever they were."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape, unescape
from itertools import islice
from typing import Final, Literal

from releases.text.compare.diff import budget_for
from releases.text.compare.pieces import TOKEN, Kind, Piece, cited, is_block, pieces, tag, words

__all__ = [
    "Comparison",
    "Kind",
    "NoteChange",
    "Piece",
    "Side",
    "compare",
    "compare_words",
    "comparison_html",
    "new_of",
    "old_of",
]

_LIST: Final = '<ol class="footnotes">'
_NOTE: Final = re.compile(r'<li id="fn-([a-z0-9]+)"[^<>]*>')
_CJK: Final = "\u2e80-\u9fff\uf900-\ufaff\uac00-\ud7af\U00020000-\U0003ffff"
# Tibetan syllables end with a tsheg, which is no letter.
_WORD: Final = re.compile(rf"[{_CJK}]|[^\W_{_CJK}]+")
# A citation's number changes when a note before it goes.
_NO_WORDS: Final = re.compile(r'<sup class="footnote-ref">.*?</sup>|<[^>]*>', re.DOTALL)

# So many words gone are a large deletion, or a third of a shorter text, and never fewer than three.
MANY: Final = 20
SHARE: Final = 3
FEW: Final = 3


@dataclass(frozen=True)
class NoteChange:
    """One note on both sides; a number is None on the side where it is not."""

    key: str
    old_number: int | None
    new_number: int | None
    pieces: tuple[Piece, ...]

    @property
    def changed(self) -> bool:
        """Whether its words differ (its number may, without that)."""
        return any(piece.kind != "same" for piece in self.pieces)


@dataclass(frozen=True)
class Comparison:
    """The text and the notes of two bodies. `old()` and `new()` are the bodies that were compared. Where `coarse`, they
    differ in too much for every stretch to be compared by its words: some of them are shown as replaced."""

    text: tuple[Piece, ...]
    notes: tuple[NoteChange, ...]
    coarse: bool = False

    @property
    def changed(self) -> bool:
        """Whether a word, a note or the form of anything differs."""
        return any(piece.kind != "same" for piece in self.text) or any(note.changed for note in self.notes)

    def old(self) -> str:
        """The old body, byte for byte."""
        numbered = [(note.old_number, old_of(note.pieces)) for note in self.notes if note.old_number]
        return old_of(self.text) + _listed(numbered)

    def new(self) -> str:
        """The new body, byte for byte."""
        numbered = [(note.new_number, new_of(note.pieces)) for note in self.notes if note.new_number]
        return new_of(self.text) + _listed(numbered)


def compare(old: str, new: str) -> Comparison:
    """Compare two cleaned bodies; notes are matched by their keys, wherever they moved. Its steps grow with the length of
    both and no faster."""
    old_text, old_notes = _parts(old)
    new_text, new_notes = _parts(new)
    budget = budget_for(len(old) + len(new))
    text = pieces(old_text, new_text, budget)
    numbers = {key: number for number, key in enumerate(old_notes, 1)}
    changes = [
        NoteChange(key, numbers.get(key), number, pieces(old_notes.get(key, ""), html, budget))
        for number, (key, html) in enumerate(new_notes.items(), 1)
    ]
    changes += [
        NoteChange(key, numbers[key], None, pieces(html, "", budget))
        for key, html in old_notes.items()
        if key not in new_notes
    ]
    return Comparison(text, tuple(changes), budget.empty)


def compare_words(old: str, new: str) -> tuple[Piece, ...]:
    """Compare two plain texts (a title, a summary)."""
    return words(old, new, budget_for(len(old) + len(new)))


def old_of(pieces: Iterable[Piece]) -> str:
    """The old side of some pieces."""
    return "".join(piece.old for piece in pieces)


def new_of(pieces: Iterable[Piece]) -> str:
    """The new side of some pieces."""
    return "".join(piece.new for piece in pieces)


def _listed(notes: Sequence[tuple[int, str]]) -> str:
    if not notes:
        return ""
    return f"{_LIST}{''.join(html for _, html in sorted(notes))}</ol>"


def _parts(html: str) -> tuple[str, dict[str, str]]:
    """The text, and each note's `li` by its key. What is not in the stored form is all text."""
    at = html.rfind(_LIST)
    if at < 0 or not html.endswith("</ol>"):
        return html, {}
    inside = html[at + len(_LIST) : -len("</ol>")]
    starts = list(_NOTE.finditer(inside))
    ends = [*(match.start() for match in starts[1:]), len(inside)][: len(starts)]
    notes = {match[1]: inside[match.start() : end] for match, end in zip(starts, ends, strict=True)}
    if not notes or len(notes) != len(starts) or "".join(notes.values()) != inside:
        return html, {}
    return html[:at], notes


# ------------------------------------------------------------------ as people read it

Side = Literal["old", "new", "both"]
_ELEMENTS: Final[dict[Kind, str]] = {"removed": "del", "added": "ins", "same": ""}


class _Page:
    """Paragraphs and tables, put together word by word; balanced, whatever tags the words have."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.line: list[str] = []
        self.rows: list[list[tuple[str, str]]] | None = (
            None  # of the table that is open: name and content of each cell
        )
        self.cell = ""  # the name of the cell that is open

    def edge(self, token: str) -> None:
        """A block begins or ends."""
        name, ends = tag(token), token.startswith("</")
        if name == "table" and ends and self.rows is not None:
            self.end_table()
        elif name == "table" and not ends and self.rows is None:
            self.end_line()
            self.rows = []
        elif self.rows is None:
            self.end_line()
        elif name in ("tr", "td", "th"):
            self.end_line()
            if name == "tr" and not ends:
                self.rows.append([])
            self.cell = "" if ends or name == "tr" else name
            if self.cell and not self.rows:
                self.rows.append([])
            if self.cell:
                self.rows[-1].append((self.cell, ""))
        elif self.line:  # a paragraph in a cell
            self.line.append(" ")

    def end_line(self) -> None:
        """What was written belongs to the cell that is open, or is a paragraph."""
        words, self.line = "".join(self.line), []
        if not words.strip():
            return
        if self.rows is None:
            self.done.append(f"<p>{words}</p>")
        elif self.rows and self.rows[-1]:
            name, before = self.rows[-1][-1]
            self.rows[-1][-1] = (name, f"{before} {words.strip()}".strip())
        else:
            self.rows.append([("td", words.strip())])

    def end_table(self) -> None:
        """Rows that are shorter than the longest are filled up, which HTML wants."""
        self.end_line()
        rows, self.rows, self.cell = [row for row in self.rows or () if row], None, ""
        if not rows:
            return
        width = max(map(len, rows))
        written = (
            "".join(f"<{name}>{words}</{name}>" for name, words in [*row, *[("td", "")] * (width - len(row))])
            for row in rows
        )
        self.done.append(f"<table>{''.join(f'<tr>{row}</tr>' for row in written)}</table>")

    def html(self) -> str:
        """All of it."""
        if self.rows is None:
            self.end_line()
        else:
            self.end_table()
        return "".join(self.done)


def comparison_html(pieces: Iterable[Piece], side: Side = "both", *, html: bool = True) -> str:
    """Safe HTML: words as text, what was removed in `del`, added in `ins`; a changed form is named in ‹›.

    No element but p, table, tr, th, td, ins, del, sup and span. `side` leaves out what only the other side has. `html`
    False: the pieces are plain text.
    """
    shown = [
        (piece, piece.old if piece.kind == "removed" or side == "old" else piece.new)
        for piece in pieces
        if not ((side == "old" and piece.kind == "added") or (side == "new" and piece.kind == "removed"))
    ]
    if not html:
        plain = "".join(_wrapped(escape(raw), piece.kind) for piece, raw in shown)
        return plain if plain.strip() else ""
    page = _Page()
    for piece, raw in shown:
        run: list[str] = []
        for token in TOKEN.findall(raw):
            if len(token) > 1 and is_block(token):
                page.line.append(_wrapped("".join(run), piece.kind))
                run = []
                page.edge(token)
            else:
                run.append(_shown(token, changed=piece.kind != "same"))
        page.line.append(_wrapped("".join(run), piece.kind))
    return page.html()


def _shown(token: str, *, changed: bool) -> str:
    """A token as safe HTML."""
    if citation := cited(token):
        return f'<sup class="cited">[{escape(unescape(citation[2]))}]</sup>'
    if token.startswith("<") and len(token) > 1:
        return f'<span class="form">‹{escape(token[1:-1])}›</span>' if changed else ""
    return escape(unescape(token))


def _wrapped(run: str, kind: Kind) -> str:
    name = _ELEMENTS[kind]
    return f"<{name}>{run}</{name}>" if name and run else run


def words_in(html: str) -> Iterator[str]:
    """The words of a body, its notes included. An ideograph is one."""
    return (match[0] for match in _WORD.finditer(unescape(_NO_WORDS.sub(" ", html))))


def words_of_plain(text: str) -> Iterator[str]:
    """The words of a title or a summary."""
    return (match[0] for match in _WORD.finditer(text))


def count_lost(old: Iterable[str], new: Iterable[str]) -> int:
    """How many words of `old` are not in `new`. Repeated words are counted each time."""
    return (Counter(old) - Counter(new)).total()


def is_large(lost: int, old: Iterable[str]) -> bool:
    """Whether `lost` of the words `old` are so many that somebody may want them back."""
    if lost < FEW or lost >= MANY:
        return lost >= MANY
    return lost >= max(FEW, sum(1 for _ in islice(old, MANY * SHARE)) // SHARE)


def differing_part(old: str, new: str) -> tuple[str, str]:
    """Two bodies without the paragraphs that both begin and end with: a small change in a long text is compared fast."""
    if (at := old.rfind("</p>", 0, _common(old, new))) >= 0:
        old, new = old[at + len("</p>") :], new[at + len("</p>") :]
    end = _common(old, new, from_end=True)
    end = len(old) - at if (at := old.find("<p", len(old) - end)) >= 0 else 0
    return (old[:-end], new[:-end]) if end else (old, new)


def _common(old: str, new: str, *, from_end: bool = False) -> int:
    """The length of the common prefix, or suffix, by binary search: comparing slices is fast."""
    low, high = 0, min(len(old), len(new))
    while low < high:
        middle = (low + high + 1) // 2
        alike = old[-middle:] == new[-middle:] if from_end else old[:middle] == new[:middle]
        low, high = (middle, high) if alike else (low, middle - 1)
    return low
