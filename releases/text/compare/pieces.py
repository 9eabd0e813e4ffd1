"""From two runs of tokens to the pieces that are the same, removed and added: blocks first, tables by row and cell, then words."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise, zip_longest
from typing import Final, Literal, TypeVar

from releases.text.compare.diff import Budget, Opcode, opcodes

_CJK: Final = "\u2e80-\u9fff\uf900-\ufaff\uac00-\ud7af"
# Each alternative ends at the next `<` or after so many characters: whatever was left open is read once and not once for each
# place where it might begin.
TOKEN: Final = re.compile(
    r'<sup class="footnote-ref">(?:<a [^<>]{0,500}>[^<>]{0,50}</a>)</sup>'
    rf"|<[^<>]*>|&[a-z0-9#]{{1,40}};|[{_CJK}]|[^\W{_CJK}]+|\s+|.",
    re.DOTALL | re.IGNORECASE,
)
WORD: Final = re.compile(rf"[{_CJK}]|[^\W{_CJK}]+|\s+|.", re.DOTALL)
# What every citation has in it.
MARK: Final = "footnote-ref"
_CITATION: Final = re.compile(
    r'<sup class="footnote-ref"><a href="#fn-([a-z0-9]+)"[^<>]*>([^<>]*)</a></sup>', re.DOTALL
)
_TAG: Final = re.compile(r"</?([a-z0-9]+)")
BLOCKS: Final = frozenset(
    ["p", "h2", "h3", "li", "ul", "ol", "blockquote", "table", "thead", "tbody", "tr", "th", "td", "hr", "br"]
)


def cited(token: str) -> re.Match[str] | None:
    """A citation: its note's key, and its number as it is shown."""
    return _CITATION.fullmatch(token) if token.startswith("<sup ") else None


def meaning(token: str) -> str:
    """What makes two tokens the same: a citation is its note's key, whatever its number."""
    citation = cited(token)
    return f"<cite {citation[1]}>" if citation else token


def tag(token: str) -> str:
    """The name of a tag, "" for all else."""
    found = _TAG.match(token) if token.startswith("<") else None
    return found[1].lower() if found else ""


def is_block(token: str) -> bool:
    """Whether it is the tag of a block."""
    return tag(token) in BLOCKS


Kind = Literal["same", "removed", "added"]


@dataclass(frozen=True)
class Piece:
    """A stretch of words. A `same` one may differ in what is no word of the writer's: a citation's number."""

    kind: Kind
    old: str
    new: str


# Where a block ends, or a row begins.
_EDGE: Final = re.compile(
    rf"</({'|'.join(sorted(BLOCKS))})(?![a-z0-9])[^<>]*>|<tr(?![a-z0-9])[^<>]*>", re.IGNORECASE
)
_CELL_END: Final = re.compile(r"</t[dh]>", re.IGNORECASE)
_ROW_START: Final = re.compile(r"<tr(?![a-z0-9])[^<>]*>", re.IGNORECASE)
_ROW_END: Final = re.compile(r"</tr>\s*\Z", re.IGNORECASE)


def pieces(old: str, new: str, budget: Budget) -> tuple[Piece, ...]:
    """What became of a text; where the budget is exceeded blocks are shown as replaced."""
    if old == new or not old or not new:
        return tuple(_change(old, new))
    return tuple(merged(_of_units(units(old), units(new), budget)))


def words(old: str, new: str, budget: Budget) -> tuple[Piece, ...]:
    """What became of a plain text."""
    before, after = WORD.findall(old), WORD.findall(new)
    return tuple(merged(_between(before, after, opcodes(before, after, budget))))


def units(html: str) -> list[str]:
    """Blocks, each with the tag that ends it; a row of a table is one."""
    found: list[str] = []
    start, in_row = 0, False
    for edge in _EDGE.finditer(html):
        if not edge[1]:
            found.append(html[start : edge.start()])
            start, in_row = edge.start(), True
            continue
        in_row = in_row and edge[1].lower() not in ("tr", "table")
        if not in_row:
            found.append(html[start : edge.end()])
            start = edge.end()
    return [unit for unit in (*found, html[start:]) if unit]


def _of_units(old: Sequence[str], new: Sequence[str], budget: Budget) -> Iterator[Piece]:
    was, now = [_meaning(unit) for unit in old], [_meaning(unit) for unit in new]
    for kind, a, b, c, d in opcodes(was, now, budget):
        before, after = old[a:b], new[c:d]
        if kind == "equal":
            yield Piece("same", "".join(before), "".join(after))
        elif kind != "replace" or budget.empty:
            yield from _replaced("".join(before), "".join(after))
        else:
            yield from _of_changed(before, after, budget)


def _meaning(html: str) -> str:
    """What makes two stretches the same, as `tokens.meaning` of each of their tokens."""
    return "".join(map(meaning, TOKEN.findall(html))) if MARK in html else html


def _of_changed(old: Sequence[str], new: Sequence[str], budget: Budget) -> Iterator[Piece]:
    """Rows stand against rows where both sides have them in the same places; all else is compared by its words."""
    before, after = ([(kind, list(run)) for kind, run in groupby(side, _is_row)] for side in (old, new))
    if [kind for kind, _ in before] != [kind for kind, _ in after]:
        yield from _of_words("".join(old), "".join(new), budget)
        return
    for (is_rows, was), (_, now) in zip(before, after, strict=True):
        if is_rows:
            yield from _of_rows(was, now, budget)
        else:
            yield from _of_words("".join(was), "".join(now), budget)


def _is_row(unit: str) -> bool:
    return _ROW_START.match(unit) is not None


def _of_rows(old: Sequence[str], new: Sequence[str], budget: Budget) -> Iterator[Piece]:
    """A row whose first cell is found again is the same row; between those they stand against each other in order."""
    was, now = [cells(row) for row in old], [cells(row) for row in new]
    heads = [[_meaning("".join(row[:2])) for row in side] for side in (was, now)]
    for _kind, a, b, c, d in opcodes(heads[0], heads[1], budget):
        yield from _in_order(was[a:b], now[c:d], _of_cells, budget)


def cells(row: str) -> list[str]:
    """The parts of a row: the tag that begins it, each cell with the tag that ends it, and the tag that ends the row."""
    start = _ROW_START.match(row)
    end = _ROW_END.search(row)
    first, last = start.end() if start else 0, end.start() if end else len(row)
    ends = [first, *(found.end() for found in _CELL_END.finditer(row, first, last)), last]
    return [row[:first], *(row[a:b] for a, b in pairwise(ends)), row[last:]]


def _of_cells(old: Sequence[str], new: Sequence[str], budget: Budget) -> Iterator[Piece]:
    """A row with as many cells has the same ones; else those that are found again are the same."""
    if len(old) == len(new):
        yield from _in_order(old, new, _of_words, budget)
        return
    was, now = [_meaning(cell) for cell in old], [_meaning(cell) for cell in new]
    for _kind, a, b, c, d in opcodes(was, now, budget):
        yield from _in_order(old[a:b], new[c:d], _of_words, budget)


Part = TypeVar("Part", str, list[str])


def _in_order(
    old: Sequence[Part],
    new: Sequence[Part],
    compared: Callable[[Part, Part, Budget], Iterator[Piece]],
    budget: Budget,
) -> Iterator[Piece]:
    """Each against the one in its place; what is left over is removed, or added."""
    for one, other in zip_longest(old, new):
        if one is None or other is None:
            yield from _replaced("".join(one or ""), "".join(other or ""))
        else:
            yield from compared(one, other, budget)


def _of_words(old: str, new: str, budget: Budget) -> Iterator[Piece]:
    if old == new:
        yield Piece("same", old, new)
        return
    before, after = TOKEN.findall(old), TOKEN.findall(new)
    was, now = (
        [meaning(token) for token in side] if MARK in html else side
        for html, side in ((old, before), (new, after))
    )
    yield from _between(before, after, opcodes(was, now, budget))


def _between(old: Sequence[str], new: Sequence[str], changes: Iterable[Opcode]) -> Iterator[Piece]:
    for kind, a, b, c, d in changes:
        if kind == "equal":
            yield Piece("same", "".join(old[a:b]), "".join(new[c:d]))
        else:
            yield from _replaced("".join(old[a:b]), "".join(new[c:d]))


def _replaced(old: str, new: str) -> Iterator[Piece]:
    yield Piece("removed", old, "")
    yield Piece("added", "", new)


def merged(found: Iterable[Piece]) -> Iterator[Piece]:
    """A change with nothing but a space before the next one is one change; what was removed stands first."""
    queue = [piece for piece in found if piece.old or piece.new]
    removed: list[str] = []
    added: list[str] = []
    for n, piece in enumerate(queue):
        between = (
            piece.kind == "same"
            and (removed or added)
            and n + 1 < len(queue)
            and queue[n + 1].kind != "same"
            and not piece.new.strip()
            and piece.new == piece.old
        )
        if piece.kind != "same" or between:
            removed.append(piece.old)
            added.append(piece.new)
            continue
        yield from _change("".join(removed), "".join(added))
        removed, added = [], []
        yield piece
    yield from _change("".join(removed), "".join(added))


def _change(removed: str, added: str) -> Iterator[Piece]:
    if removed == added:
        if removed:
            yield Piece("same", removed, added)
        return
    if removed:
        yield Piece("removed", removed, "")
    if added:
        yield Piece("added", "", added)
