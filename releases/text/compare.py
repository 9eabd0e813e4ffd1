"""What changed between two bodies, word by word and note by note, exactly: both sides can be rebuilt from it."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from html import escape, unescape
from typing import Final, Literal

Kind = Literal["same", "removed", "added"]
Side = Literal["old", "new", "both"]

_CJK: Final = "\u2e80-\u9fff\uf900-\ufaff\uac00-\ud7af"
_TOKEN: Final = re.compile(
    rf'<sup class="footnote-ref">.*?</sup>|<[^>]*>|&[a-z0-9#]+;|[{_CJK}]|[^\W{_CJK}]+|\s+|.',
    re.DOTALL | re.IGNORECASE,
)
_WORDS: Final = re.compile(rf"[{_CJK}]|[^\W{_CJK}]+|\s+|.", re.DOTALL)
_CITATION: Final = re.compile(
    r'<sup class="footnote-ref"><a href="#fn-([a-z0-9]+)"[^>]*>(.*?)</a></sup>', re.DOTALL
)
_LIST: Final = '<ol class="footnotes">'
_NOTE: Final = re.compile(r'<li id="fn-([a-z0-9]+)"[^>]*>')
_TAG_NAME: Final = re.compile(r"</?([a-z0-9]+)")
_BLOCKS: Final = frozenset(
    ["p", "h2", "h3", "li", "ul", "ol", "blockquote", "table", "tbody", "tr", "th", "td", "hr", "br"]
)
# Beyond this many pairs of words the changed stretch is shown as replaced as a whole.
_MOST_PAIRS: Final = 6_000_000


@dataclass(frozen=True)
class Piece:
    """A stretch of words. A `same` one may differ in what is no word of the writer's: a citation's number."""

    kind: Kind
    old: str
    new: str


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
    """The text and the notes of two bodies. `old()` and `new()` are the bodies that were compared."""

    text: tuple[Piece, ...]
    notes: tuple[NoteChange, ...]

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
    """Compare two cleaned bodies; notes are matched by their keys, wherever they moved."""
    old_text, old_notes = _parts(old)
    new_text, new_notes = _parts(new)
    changes = []
    for number, (key, html) in enumerate(new_notes.items(), 1):
        was = list(old_notes).index(key) + 1 if key in old_notes else None
        changes.append(NoteChange(key, was, number, _pieces(old_notes.get(key, ""), html)))
    for number, (key, html) in enumerate(old_notes.items(), 1):
        if key not in new_notes:
            changes.append(NoteChange(key, number, None, _pieces(html, "")))
    return Comparison(_pieces(old_text, new_text), tuple(changes))


def compare_words(old: str, new: str) -> tuple[Piece, ...]:
    """Compare two plain texts (a title, a summary)."""
    return tuple(_merged(_ops(_WORDS.findall(old), _WORDS.findall(new), str)))


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


# ------------------------------------------------------------------ the comparison


def _pieces(old: str, new: str) -> tuple[Piece, ...]:
    """Blocks first, so that a long text costs little; then words within what changed."""
    blocks = _blocks(_TOKEN.findall(old)), _blocks(_TOKEN.findall(new))
    was, now = (["".join(map(_meaning, block)) for block in side] for side in blocks)
    found: list[Piece] = []
    for tag, a, b, c, d in SequenceMatcher(None, was, now, autojunk=False).get_opcodes():
        before = [token for block in blocks[0][a:b] for token in block]
        after = [token for block in blocks[1][c:d] for token in block]
        if tag == "equal":
            found.append(Piece("same", "".join(before), "".join(after)))
        elif tag == "replace" and len(before) * len(after) <= _MOST_PAIRS:
            found.extend(_ops(before, after, _meaning))
        else:
            found.append(Piece("removed", "".join(before), ""))
            found.append(Piece("added", "", "".join(after)))
    return tuple(_merged(found))


def _meaning(token: str) -> str:
    """What makes two tokens the same: a citation is its note's key, whatever its number."""
    citation = _CITATION.fullmatch(token)
    return f"<cite {citation[1]}>" if citation else token


def _blocks(tokens: Sequence[str]) -> list[list[str]]:
    blocks: list[list[str]] = [[]]
    for token in tokens:
        blocks[-1].append(token)
        if token.startswith("</") and _block_tag(token):
            blocks.append([])
    return [block for block in blocks if block]


def _block_tag(token: str) -> bool:
    name = _TAG_NAME.match(token)
    return name is not None and name[1] in _BLOCKS


def _ops(old: Sequence[str], new: Sequence[str], meaning: Callable[[str], str]) -> Iterator[Piece]:
    was, now = [meaning(token) for token in old], [meaning(token) for token in new]
    # Spaces and commas are everywhere in a long stretch; difflib's "autojunk" keeps them from costing its square.
    for tag, a, b, c, d in SequenceMatcher(None, was, now).get_opcodes():
        if tag == "equal":
            yield Piece("same", "".join(old[a:b]), "".join(new[c:d]))
        else:
            yield Piece("removed", "".join(old[a:b]), "")
            yield Piece("added", "", "".join(new[c:d]))


def _merged(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """A change with nothing but a space before the next one is one change; what was removed stands first."""
    queue = [piece for piece in pieces if piece.old or piece.new]
    removed, added = "", ""
    for n, piece in enumerate(queue):
        last = n + 1 == len(queue)
        joins = (
            piece.kind == "same"
            and (removed or added)
            and not last
            and not piece.new.strip()
            and piece.new == piece.old
        )
        if piece.kind != "same" or joins:
            removed, added = removed + piece.old, added + piece.new
            continue
        yield from _change(removed, added)
        removed = added = ""
        yield piece
    yield from _change(removed, added)


def _change(removed: str, added: str) -> Iterator[Piece]:
    if removed == added:
        if removed:
            yield Piece("same", removed, added)
        return
    if removed:
        yield Piece("removed", removed, "")
    if added:
        yield Piece("added", "", added)


# ------------------------------------------------------------------ for people to read

_ELEMENTS: Final[dict[Kind, str]] = {"removed": "del", "added": "ins", "same": ""}


def marked(pieces: Iterable[Piece], side: Side = "both", *, html: bool = True) -> str:
    """Safe HTML: words as text, what was removed in `del`, added in `ins`; a changed form is named in ‹›.

    `side` leaves out what only the other side has. `html` False: the pieces are plain text.
    """
    lines: list[str] = [""]
    for piece in pieces:
        if (side == "old" and piece.kind == "added") or (side == "new" and piece.kind == "removed"):
            continue
        raw = piece.old if piece.kind == "removed" or side == "old" else piece.new
        run = ""
        for token in _TOKEN.findall(raw) if html else [raw]:
            said = _shown(token, changed=piece.kind != "same") if html else escape(token)
            if said is None:
                lines[-1] += _wrapped(run, piece.kind)
                run = ""
                lines.append("")
            else:
                run += said
        lines[-1] += _wrapped(run, piece.kind)
    shown = [line for line in lines if line.strip()]
    return "".join(f"<p>{line}</p>" for line in shown) if html else "".join(shown)


def _shown(token: str, *, changed: bool) -> str | None:
    """A token as safe HTML; None for the edge of a block."""
    if citation := _CITATION.fullmatch(token):
        return f'<sup class="cited">[{escape(unescape(citation[2]))}]</sup>'
    if token.startswith("<") and len(token) > 1:
        if _block_tag(token):
            return None
        return f'<span class="form">‹{escape(token[1:-1])}›</span>' if changed else ""
    return escape(unescape(token))


def _wrapped(run: str, kind: Kind) -> str:
    name = _ELEMENTS[kind]
    return f"<{name}>{run}</{name}>" if name and run else run
