"""Notes whose marks lead nowhere: a list that counts, and figures in the text that count along with it."""

import re
from collections.abc import Iterator

from releases.intake.notes.evidence import ENOUGH, counted_evidence
from releases.intake.notes.marks import MARK_CLASSES, TEXT_CLASSES, Entry, Mark, fragment, is_named, mark_at
from releases.intake.notes.tree import (
    BLOCKS,
    HEADINGS,
    LINE,
    WORDS,
    Node,
    Places,
    text_of,
    words_after,
    words_before,
)
from releases.text.labels import MARKS_IN_TEXT, has_arrow, is_heading, is_power, label, opening

MAX_NOTES = 999
_LEAVES = frozenset(("p", "li", "div", "dd", "td", "blockquote", LINE))


def counted(
    root: Node,
    places: Places,
    region: Node | None = None,
    *,
    others: set[Node] | None = None,
    whole: bool = True,
) -> tuple[list[Entry], int]:
    """The notes of the list at the end, and how many figures that could cite them are powers or units.

    `region` is where somebody said that they stand; `others` are links to what is no note. Without `whole` the page may be a piece, whose notes begin anywhere.
    """
    entries, named = _list(root, region, whole=whole)
    if not entries:
        return [], 0
    start = places.first[entries[0].blocks[0]]
    by_key = {entry.number: entry for entry in entries}
    powers = 0
    expected = entries[0].number
    for mark in list(marks_in(root, places, end=start)):
        entry = by_key.get(mark.label.value) if mark.label.family == "number" else None
        if entry is None or (others and mark.link in others):
            continue
        if is_power(mark.before, text_of(mark.node)):
            powers += 1
            continue
        if mark.label.value > expected:
            continue
        entry.marks.append(mark)
        expected += mark.label.value == expected
    in_order = expected == entries[-1].number + 1
    if not any(entry.marks for entry in entries):
        return [], 0
    score = counted_evidence(
        [entry for entry in entries if entry.marks or in_order or region is not None or named] or entries,
        places, in_order=in_order, region=region is not None, named=named,
    )  # fmt: skip
    return (entries, powers) if score >= ENOUGH else ([], 0)


def marks_in(root: Node, places: Places, end: int = -1) -> Iterator[Mark]:
    """Raised or linked labels, and those in brackets, before a place; outermost elements only."""
    seen: set[Node] = set()
    for node in list(root.iter("sup", "a", "span", WORDS)):
        if 0 <= end <= places.first.get(node, -1):
            return
        if node in seen or node.getparent() is None:
            continue
        if node.tag == "a" and (node.get("href") or "#").partition("#")[0].strip("/ ") and not fragment(node):
            seen.update(node.iter())
            continue  # it leads to another page
        if node.tag == WORDS:
            yield from _in_words(node, root, places)
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
            yield from _several(node, root, places)


_SEVERAL = re.compile(r"[\[(]?\s*\w{1,3}(?:\s*[,;，、]\s*\w{1,3})+\s*[\])]?")


def _several(node: Node, root: Node, places: Places) -> Iterator[Mark]:
    """ "1, 2" in one raised piece: two marks, each a run of words of its own."""
    before = words_before(node, root)
    for run in list(node.iter(WORDS)):
        yield from _parted(run, re.compile(r"[^\W_]+"), places, node, raised=True, before=before)


def _in_words(run: Node, root: Node, places: Places) -> Iterator[Mark]:
    if not MARKS_IN_TEXT.search(run.text or ""):
        return
    if _SEVERAL.fullmatch(text_of(run)) and run.getparent().tag == "sup":
        return
    yield from _parted(run, MARKS_IN_TEXT, places, run, raised=False, before=None, root=root)


def _parted(
    run: Node, pattern: re.Pattern[str], places: Places, anchor: Node, *, raised: bool, before: str | None, root: Node = None
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
        mine = _cut(run, match.start() - position, match.end() - position, places)
        position = match.end()
        yield Mark(
            mine, found, None, raised or found.form == "raised", ahead if before is None else before, behind
        )


def _cut(run: Node, start: int, end: int, places: Places) -> Node:
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
        places.first[one] = places.first[run]
        places.last[one] = places.last[run]
    return piece


# ---------------------------------------------------------------------- the list


def _list(root: Node, region: Node | None, *, whole: bool) -> tuple[list[Entry], bool]:
    """The entries of the list at the end that counts, and whether it goes by a name of notes."""
    where = region if region is not None else root
    lists = [node for node in where.iter("ol") if node.getparent() is not None]
    if lists and (region is not None or _is_list_of_notes(lists[-1])):
        items = [node for node in lists[-1] if node.tag == "li"]
        first = _integer(lists[-1].get("start"), 1)
        named = region is not None or _named(lists[-1])
        return [Entry([item], number=n) for n, item in enumerate(items[:MAX_NOTES], first)], named
    leaves = [
        node for node in where.iter() if node.tag in _LEAVES and not any(child.tag in BLOCKS for child in node) and text_of(node)
    ]  # fmt: skip
    labels = [_opening_number(leaf) for leaf in leaves]
    start = next((place for place in range(len(leaves) - 1, -1, -1) if labels[place] == 1), None)
    if start is None and not whole:
        start = len(leaves)
        while (
            start
            and labels[start - 1] is not None
            and (start == len(leaves) or labels[start - 1] + 1 == labels[start])
        ):
            start -= 1
    if start is None or start == len(leaves):
        return [], False
    entries: list[Entry] = []
    waiting: list[Node] = []
    number = labels[start]
    for leaf, found in zip(leaves[start:], labels[start:], strict=True):
        if entries and _heading_between(entries[-1].blocks[-1], leaf):
            break
        if found == number:
            if entries:
                entries[-1].blocks += waiting
            waiting = []
            entries.append(Entry([leaf], number=number))
            number += 1
        else:
            waiting.append(leaf)
    return entries[:MAX_NOTES], _named(leaves[start])


def _opening_number(leaf: Node) -> int | None:
    found = opening("".join(leaf.itertext()).lstrip())
    return found[0].value if found and found[0].family == "number" else None


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
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 6 else otherwise
