"""What changed between two bodies, word by word and note by note, exactly: both sides can be rebuilt from it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from releases.text.compare.diff import budget_for
from releases.text.compare.html import Side, comparison_html
from releases.text.compare.pieces import Kind, Piece, pieces, words

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
