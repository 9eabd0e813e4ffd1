"""How sure it is that a series of entries is one of notes: what speaks for it and against it, added up.

Nothing alone is enough. Links both ways are what a contents list has as well, labels that count what a list of demands has,
a heading "Sources" what a chapter has. `static/js/editor/paste/notes/evidence.js` says the same rules with the same table of
weights.
"""

import re
from collections.abc import Sequence

from releases.intake.notes.marks import (
    LIKELY_ID,
    MARK_CLASSES,
    SURE_ID,
    TEXT_CLASSES,
    Entry,
    Mark,
    is_named,
    names_of,
)
from releases.intake.notes.tree import HEADINGS, Node, Positions, has_words, text_of
from releases.text.labels import (
    Label,
    are_consecutive,
    has_arrow,
    is_heading,
    label,
    opening,
    points_elsewhere,
)
from releases.text.tables import table

_TABLE = table("evidence")
_LINKED: dict[str, int] = _TABLE["linked"]
_COUNTED: dict[str, int] = _TABLE["counted"]
ENOUGH: int = _TABLE["enough"]
_PARTED = re.compile(r"[^\w*†‡§]+")


def linked_evidence(entries: Sequence[Entry], positions: Positions, *, refused: int = 0) -> int:
    """The evidence for entries to which marks lead; `refused` is how many of their series hold or are headings."""
    marks = [mark for entry in entries for mark in entry.marks]

    def most(found: int, of: int = len(entries)) -> bool:
        return 2 * found >= of and found > 0

    both = most(sum(bool(entry.back_links) for entry in entries))
    sure = most(sum(_is_sure(entry, positions.root) for entry in entries))
    length = sum(_length(entry, positions) for entry in entries)
    found = {
        "links_both_ways": both,
        "links_one_way": not both,
        "known_program": sure,
        "likely_name": not sure and most(sum(_is_likely(entry) for entry in entries)),
        "set_off": most(sum(mark.set_off or mark.adjoins_word for mark in marks), len(marks)),
        "labels_count": _count([entry.label for entry in entries]),
        "labelled": most(sum(_is_labelled(entry, place) for place, entry in enumerate(entries, 1))),
        "headed": _is_headed(entries[0].blocks[0], positions.root),
        "arrow": most(sum(has_arrow(text_of(entry.blocks[-1])) for entry in entries)),
        "last": _is_last(entries, positions),
        "leads_the_line": not sure and most(sum(mark.begins_line for mark in marks), len(marks)),
        "menu": not sure and most(sum(_in_menu(mark) for mark in marks), len(marks)),
        "points_elsewhere": most(
            sum(not mark.set_off and points_elsewhere(mark.before) for mark in marks), len(marks)
        ),
        "bare": most(sum(not mark.set_off and not mark.adjoins_word for mark in marks), len(marks)),
        "too_long": length > _TABLE["long_note"] * len(entries),
        "scattered": _between(entries, positions) > length + _TABLE["gap"] * len(entries),
        "two_labels": any(len({mark.label.key for mark in entry.marks}) > 1 for entry in entries),
        "headings": refused > 0 and 2 * refused >= len(entries),
    }
    return _score(found, _LINKED)


def counted_evidence(entries: Sequence[Entry], positions: Positions, *, in_order: bool, region: bool, named: bool) -> int:  # fmt: skip
    """The evidence for a list that counts, whose labels stand in the text as well but lead nowhere.

    `in_order`: the text cites them one after the other; `region`: somebody said that notes stand there; `named`: the list
    goes by a name of notes.
    """
    cited = [entry for entry in entries if entry.marks]
    if 2 * len(cited) < len(entries):
        return 0
    marks = [mark for entry in cited for mark in entry.marks]
    length = sum(_length(entry, positions) for entry in entries)
    found = {
        "in_order": len(cited) == len(entries) and in_order,
        "region": region,
        "named": named,
        "headed": _is_headed(entries[0].blocks[0], positions.root),
        "arrow": any(has_arrow(text_of(entry.blocks[-1])) for entry in entries),
        "linked": any(mark.link is not None for mark in marks),
        "same_form": _same_form(entries),
        "last": _is_last(entries, positions),
        "too_long": length > _TABLE["long_note"] * len(entries),
        "leads_the_line": 2 * sum(mark.begins_line for mark in marks) >= len(marks),
    }
    return _score(found, _COUNTED)


def _score(found: dict[str, bool], weights: dict[str, int]) -> int:
    """The sum of the weights of what was found."""
    return sum(weights[name] for name, is_there in found.items() if is_there)


def _is_sure(entry: Entry, root: Node) -> bool:
    """Whether a known program made this note or its mark."""
    node = entry.blocks[0]
    while node is not None and node is not root:
        if is_named(node, TEXT_CLASSES) or any(SURE_ID.match(name) for name in names_of(node)):
            return True
        node = node.getparent()
    inside = (one for block in entry.blocks for one in block.iter())
    if any(SURE_ID.match(name) for one in inside for name in names_of(one)):
        return True
    for mark in entry.marks:
        for one in mark.node.iter():
            if is_named(one, MARK_CLASSES) or any(SURE_ID.match(name) for name in names_of(one)):
                return True
    return False


def _is_likely(entry: Entry) -> bool:
    names = (name for block in entry.blocks for one in block.iter() for name in names_of(one))
    return any(LIKELY_ID.match(name) for name in names)


def _count(labels: Sequence[Label]) -> bool:
    if len(labels) == 1:
        return labels[0].value <= 1
    return are_consecutive(list(labels))


def _is_labelled(entry: Entry, place: int) -> bool:
    """Whether an entry begins with the label that cites it, or stands at that place of a list."""
    found = opening("".join(entry.blocks[0].itertext()).lstrip())
    if found:
        return found[0].key == entry.label.key
    block = entry.blocks[0]
    return block.tag == "li" and (
        block.getparent().tag != "ol" or entry.label.value in (place, 0) or place > 0
    )


def _is_headed(block: Node, root: Node) -> bool:
    """Whether a word such as "Notes", or a rule, stands before the first entry."""
    while block is not None and block is not root:
        before = block.getprevious()
        while before is not None and (before.tag == "br" or (before.tag != "hr" and not has_words(before))):
            if before.find(".//hr") is not None:
                return True
            before = before.getprevious()
        if before is not None:
            if before.tag == "hr":
                return True
            lines = [one for one in before.iter() if one.tag in HEADINGS or one.tag in ("p", "dt")]
            last = lines[-1] if lines else before
            return is_heading(text_of(last)) or is_heading(text_of(before))
        block = block.getparent()
    return False


def _is_last(entries: Sequence[Entry], positions: Positions) -> bool:
    """Whether the entries stand behind all their marks, and next to nothing follows them."""
    first, last = entries[0].blocks[0], entries[-1].blocks[-1]
    if any(
        not positions.follows(first, mark.node)
        for entry in entries
        for mark in entry.marks
        if mark.node in positions.first
    ):
        return False
    return bool(positions.length_after(last) <= _TABLE["tail"])


def _in_menu(mark: Mark) -> bool:
    """Whether its line holds nothing but labels: the figures of pages, the letters of an index."""
    if mark.set_off or mark.adjoins_word:
        return False
    other_links = [
        word for word in _PARTED.split(f"{mark.before} {mark.after}") if word and label(word) is None
    ]
    return bool(sum(map(len, other_links)) <= _TABLE["menu_line"])


def _length(entry: Entry, positions: Positions) -> int:
    return positions.length(*entry.blocks)


def _between(entries: Sequence[Entry], positions: Positions) -> int:
    """How many letters stand between the entries of a series that belong to none."""
    whole = positions.length(entries[0].blocks[0], entries[-1].blocks[-1])
    return whole - sum(_length(entry, positions) for entry in entries)


def _same_form(entries: Sequence[Entry]) -> bool:
    """Whether entries begin with the very form in which they are cited: raised, in brackets, a circle."""
    for entry in entries:
        if not entry.marks:
            continue
        begin, _set_off = begin_of(entry.blocks[0])
        if begin is None or begin.key != entry.label.key:
            return False
        mark = entry.marks[0]
        if not (mark.raised and _begins_raised(entry.blocks[0])) and (
            not begin.form or mark.label.form != begin.form
        ):
            return False
    return True


def begin_of(block: Node) -> tuple[Label | None, bool]:
    """The label with which a block begins, and whether it is set off: raised, in brackets, a circle."""
    raised = next((one for one in block.iter("sup") if has_words(one)), None)
    text = "".join(block.itertext()).lstrip()
    if raised is not None and text.startswith("".join(raised.itertext()).strip()):
        found = label(text_of(raised))
        if found is not None:
            return found, True
    begin = opening(text)
    return (begin[0], bool(begin[0].form)) if begin else (None, False)


def _begins_raised(block: Node) -> bool:
    raised = next((one for one in block.iter("sup") if has_words(one)), None)
    text = "".join(block.itertext()).lstrip()
    if raised is not None and text.startswith("".join(raised.itertext()).strip()):
        return True
    begin = opening(text)
    return begin is not None and begin[0].form == "raised"
