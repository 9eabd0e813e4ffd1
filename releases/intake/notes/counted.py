"""Finds notes without links: a numbered list, and numbers in the text in the same order."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator

from releases.intake.notes.evidence import ENOUGH, begin_of, counted_evidence
from releases.intake.notes.marks import MARK_CLASSES, TEXT_CLASSES, Entry, Mark, fragment, is_named, mark_at
from releases.intake.notes.tree import (
    BLOCKS,
    HEADINGS,
    LINE,
    WORDS,
    Node,
    Positions,
    text_of,
    words_after,
    words_before,
)
from releases.numbers import whole
from releases.text.labels import (
    MARKS_IN_TEXT,
    has_arrow,
    is_heading,
    is_power,
    label,
    opening,
    possible_numbers,
)

MAX_NOTES = 999
_LEAVES = frozenset(("p", "li", "div", "dd", "td", "blockquote", LINE))


def find_counted(
    root: Node,
    positions: Positions,
    region: Node | None = None,
    *,
    other_links: set[Node] | None = None,
    complete: bool = True,
) -> tuple[list[Entry], int]:
    """The notes of lists that count, and how many figures that could cite them are powers or units.

    Each list is cited by what stands between the one before and itself: a page may have one a chapter. `region` is where
    somebody said that they stand; `other_links` are links to what is no note. Without `complete` the page may be a piece, whose
    notes begin anywhere.
    """
    marks = [
        mark
        for mark in marks_in(root, positions)
        if not mark.begins_line and not (other_links and mark.link in other_links)
    ]
    at = [positions.first[mark.node] for mark in marks]

    def cites(node: Node) -> bool:
        return bisect_right(at, positions.last[node]) > bisect_left(at, positions.first[node])

    found: list[Entry] = []
    powers, behind = 0, -1
    for entries, named in _lists(root, region, positions, cites, complete=complete):
        start = positions.first[entries[0].blocks[0]]
        if start <= behind:
            continue
        before = marks[bisect_right(at, behind) : bisect_left(at, start)]
        more, in_order = _assign_marks(entries, before)
        weighed = [one for one in entries if one.marks or in_order or region is not None or named]
        if (
            any(entry.marks for entry in entries)
            and counted_evidence(
                weighed or entries, positions, in_order=in_order, region=region is not None, named=named
            )
            >= ENOUGH
        ):
            found += entries
            powers += more
            behind = positions.last[entries[-1].blocks[-1]]
    return found[:MAX_NOTES], powers


def _assign_marks(entries: list[Entry], marks: list[Mark]) -> tuple[int, bool]:
    """Give marks to the entries that they count along with: how many were powers, and whether the text cites all in order."""
    by_number = {(entry.family, entry.number): entry for entry in entries}
    powers, expected = 0, entries[0].number
    for mark in marks:
        entry = next((by_number[one] for one in possible_numbers(mark.label) if one in by_number), None)
        if entry is None:
            continue
        if is_power(mark.before, text_of(mark.node)):
            powers += 1
        elif entry.number <= expected:
            entry.marks.append(mark)
            expected += entry.number == expected
    return powers, expected == entries[-1].number + 1


def marks_in(root: Node, positions: Positions, end: int = -1) -> Iterator[Mark]:
    """Raised or linked labels, and those in brackets, before a place; outermost elements only."""
    seen: set[Node] = set()
    for node in list(root.iter("sup", "a", "span", WORDS)):
        if 0 <= end <= positions.first.get(node, -1):
            return
        if node in seen or node.getparent() is None:
            continue
        if node.tag == "a" and (node.get("href") or "#").partition("#")[0].strip("/ ") and not fragment(node):
            seen.update(node.iter())
            continue  # it leads to another page
        if node.tag == WORDS:
            yield from _in_words(node, root, positions)
            continue
        if node.tag == "span" and not is_named(node, MARK_CLASSES):
            continue
        text = text_of(node)
        link = node if node.tag == "a" else node.find(".//a")
        if label(text) is not None:
            seen.update(node.iter())
            mark = mark_at(node, root, link)
            if mark is not None:
                yield mark
        elif node.tag == "sup" and _SEVERAL.fullmatch(text):
            seen.update(node.iter())
            yield from _several(node, root, positions)


_SEVERAL = re.compile(r"[\[(]?\s*\w{1,3}(?:\s*[,;，、]\s*\w{1,3})+\s*[\])]?")


def _several(node: Node, root: Node, positions: Positions) -> Iterator[Mark]:
    """ "1, 2" in one raised piece: two marks, each a run of words of its own."""
    before = words_before(node, root)
    for run in list(node.iter(WORDS)):
        yield from _parted(run, re.compile(r"[^\W_]+"), positions, node, raised=True, before=before)


def _in_words(run: Node, root: Node, positions: Positions) -> Iterator[Mark]:
    if not MARKS_IN_TEXT.search(run.text or ""):
        return
    if _SEVERAL.fullmatch(text_of(run)) and run.getparent().tag == "sup":
        return
    yield from _parted(run, MARKS_IN_TEXT, positions, run, raised=False, before=None, root=root)


def _parted(
    run: Node, pattern: re.Pattern[str], positions: Positions, anchor: Node, *, raised: bool, before: str | None, root: Node = None
) -> Iterator[Mark]:  # fmt: skip
    """The labels in a run of words, each put into a run of its own."""
    text = run.text or ""
    position = 0
    for match in pattern.finditer(text):
        found = label(match[0])
        if found is None:
            continue
        ahead = text[: match.start()]
        if before is None and not ahead and root is not None:
            ahead = words_before(run, root)
        behind = text[match.end() :] or (words_after(run, root) if root is not None else "")
        if not raised and opening((ahead + match[0] + behind).lstrip()) and not ahead.strip():
            # It begins its line: an entry, no mark.
            continue
        mine = _cut(run, match.start() - position, match.end() - position, positions)
        position = match.end()
        yield Mark(
            mine, found, None, raised or found.form == "raised", ahead if before is None else before, behind
        )


def _cut(run: Node, start: int, end: int, positions: Positions) -> Node:
    """Take a piece out of a run of words into an element of its own, in its place; `run` goes on behind it."""
    text = run.text or ""
    piece = run.makeelement(WORDS)
    piece.text = text[start:end]
    ahead = run.makeelement(WORDS)
    ahead.text = text[:start]
    run.text = text[end:]
    run.addprevious(ahead)
    run.addprevious(piece)
    for one in (ahead, piece):
        positions.first[one] = positions.first[run]
        positions.last[one] = positions.last[run]
    return piece


# ---------------------------------------------------------------------- the list


def _lists(
    root: Node, region: Node | None, positions: Positions, cites: Callable[[Node], bool], *, complete: bool
) -> list[tuple[list[Entry], bool]]:
    """What may be a list of notes, in the page's order: its entries, and whether it goes by a name of notes."""
    where = region if region is not None else root
    found: list[tuple[list[Entry], bool]] = []
    for node in where.iter("ol"):
        items = list(node.iterchildren("li"))[:MAX_NOTES]
        if items and node.getparent() is not None and (region is not None or _is_list_of_notes(node)):
            first = _integer(node.get("start"), 1)
            found.append(([Entry([item], number=n) for n, item in enumerate(items, first)], region is not None or _named(node)))  # fmt: skip
    leaves = [
        node for node in where.iter() if node.tag in _LEAVES and not any(one.tag in BLOCKS for one in node.iterdescendants()) and text_of(node)
    ]  # fmt: skip
    numbers = _opening_numbers(leaves)
    place, last = 0, ("", 0)
    if not complete and not any(one and one[1] == 1 for one in numbers):
        place = _begin_of_tail(numbers)
        last = _before(numbers[place]) if place < len(leaves) else last
    while place < len(leaves):
        number = numbers[place]
        if number is not None and (number[1] == 1 or _before(number) == last):
            entries, place = _series_from(leaves, numbers, place, cites)
            last = (number[0], entries[-1].number)
            found.append((entries, _named(entries[0].blocks[0])))
        else:
            place += 1
    return sorted(found, key=lambda one: positions.first[one[0][0].blocks[0]])


Number = tuple[str, int]  # a family of labels, and a place in it


def _before(number: Number | None) -> Number:
    return (number[0], number[1] - 1) if number else ("", 0)


def _begin_of_tail(numbers: list[Number | None]) -> int:
    """Where the lines at the end begin that count, from whatever number."""
    place = len(numbers)
    while place and numbers[place - 1] is not None and (place == len(numbers) or numbers[place - 1] == _before(numbers[place])):  # fmt: skip
        place -= 1
    return place


def _series_from(
    leaves: list[Node], numbers: list[Number | None], place: int, cites: Callable[[Node], bool]
) -> tuple[list[Entry], int]:
    """The entries that count on from a line, and the place behind them; a note goes on until the next number."""
    entries: list[Entry] = []
    waiting: list[Node] = []
    end = place
    family, number = numbers[place] or ("", 1)
    for at in range(place, len(leaves)):
        leaf, found = leaves[at], numbers[at]
        if entries and (
            _heading_between(leaves[at - 1], leaf) or (found and found[1] == 1) or len(waiting) > 50
        ):
            break
        if found == (family, number):
            if entries:
                entries[-1].blocks += waiting
            waiting = []
            entries.append(Entry([leaf], number=number, family=family))
            number += 1
            end = at + 1
        elif cites(leaf):
            break
        else:
            waiting.append(leaf)
    return entries[:MAX_NOTES], end


def _opening_numbers(leaves: list[Node]) -> list[Number | None]:
    """With what each line begins: a figure, or a letter or sign that is raised or in brackets."""
    begins = [begin_of(leaf) for leaf in leaves]
    possible = [
        possible_numbers(begin) if begin is not None and (set_off or begin.family == "number") else []
        for begin, set_off in begins
    ]
    found: list[Number | None] = []
    before: Number = ("", 0)
    for here, after in zip(possible, [*possible[1:], []], strict=False):
        firsts = [one for one in here if one[1] == 1 or one[0] == "number"]
        # "*" counts by how many they are before "**", and by its kind before "†".
        number = next((one for one in here if _before(one) == before), None) or next(
            (one for one in firsts if (one[0], one[1] + 1) in after), next(iter(firsts), None)
        )
        found.append(number)
        before = number or before
    return found


def _heading_between(one: Node, other: Node) -> bool:
    node = other
    while node is not None:
        before = node.getprevious()
        if before is not None:
            return before.tag in HEADINGS and before is not one
        node = node.getparent()
        if node is None or one in set(node.iter()):
            return False
    return False


def _is_list_of_notes(node: Node) -> bool:
    if any(has_arrow(text_of(item)) for item in node.iterchildren("li")) or _named(node):
        return True
    before = node.getprevious()
    while before is not None and before.tag in ("br", WORDS) and not text_of(before):
        before = before.getprevious()
    return before is not None and (before.tag == "hr" or is_heading(text_of(before)))


def _named(node: Node) -> bool:
    while node is not None:
        if is_named(node, TEXT_CLASSES):
            return True
        names = f"{node.get('class') or ''} {node.get('id') or ''}".lower()
        if node.tag in ("ol", "div", "section", "aside", "footer") and re.search(
            r"(?:^|[\s_-])(?:foot|end)?notes?(?:$|[\s_-])", names
        ):
            return True
        node = node.getparent() if node.tag not in ("body", "article") else None
    return False


def _integer(text: str | None, otherwise: int) -> int:
    number = whole(text, most=99_999)
    return otherwise if number is None else number
