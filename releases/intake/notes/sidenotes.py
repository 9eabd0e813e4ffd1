"""Finds notes that stand where they are cited: side notes, and tooltips on marks."""

import re

from lxml import etree

from releases.intake.notes.marks import Entry, Mark, classes, mark_at
from releases.intake.notes.tree import WORDS, Node, has_words, text_of, words
from releases.intake.report import Report
from releases.text.labels import TABLE, Label, label

_SIDE = frozenset(TABLE["names"]["side_classes"])
_NUMBERS = frozenset(TABLE["names"]["side_number_classes"])
_TOOLTIPS = ("title", "data-tooltip", "data-tippy-content", "data-footnote-content")
# What programs say on a mark when the pointer rests on it, and no note; a single word is none either.
_GUIDANCE = re.compile(
    r"\s*(?:(?:click|jump|go|scroll|skip|back|link|return|view|read|see|show|open)\b.*|(?:foot|end)?notes?\b.{0,12}"
    r"|footnote reference.*|https?:\S+|\S+)\s*",
    re.IGNORECASE | re.DOTALL,
)


def find_side_notes(root: Node, report: Report) -> list[Entry]:
    """Side notes and tooltips as entries. Their blocks are detached from the tree."""
    return [*_side_notes(root, report), *_tooltips(root)]


def _side_notes(root: Node, report: Report) -> list[Entry]:
    found = []
    for node in list(root.iter("span", "small", "aside", "div")):
        if not classes(node) & _SIDE or not has_words(node) or node.getparent() is None:
            continue
        number = Label("number", 0, "", "raised")
        anchor = words("")
        node.addprevious(anchor)
        before = anchor.getprevious()
        while before is not None and _sets_off(before):
            number = label(text_of(before)) or number
            report.drop("label", text_of(before))
            before.getparent().remove(before)
            before = anchor.getprevious()
        first = next(one for one in node if has_words(one))
        # Its own number, raised: "12 May" begins with none.
        if not number.key and first.tag != WORDS and _sets_off(first):
            number = label(text_of(first)) or number
        block = etree.Element("p")
        for child in list(node):
            block.append(child)
        node.getparent().remove(node)
        found.append(Entry([block], [Mark(anchor, number, raised=True)]))
    return found


def _sets_off(node: Node) -> bool:
    """Whether something before a side note only shows its number or opens it."""
    if (
        node.tag == WORDS
        and node.getprevious() is None
        and node.getparent().tag in ("span", "sup", "a", "abbr")
        and label(text_of(node))
    ):
        # The mark itself, alone with the words that a pointer shows: <span>4<span class="tooltiptext">…</span></span>.
        return True
    if node.tag == WORDS:
        return not has_words(node) and node.getprevious() is not None and _sets_off(node.getprevious())
    if not has_words(node):
        return node.tag in ("label", "input", "span")
    return label(text_of(node)) is not None and (
        node.tag in ("label", "sup") or bool(classes(node) & _NUMBERS)
    )


def _tooltips(root: Node) -> list[Entry]:
    found: dict[str, Entry] = {}
    for node in list(root.iter("a", "sup", "abbr", "span")):
        tooltip = next((node.get(name) for name in _TOOLTIPS if node.get(name)), "")
        if not tooltip or _GUIDANCE.fullmatch(tooltip) or label(text_of(node)) is None:
            continue
        mark = mark_at(node, root, node if node.tag == "a" else None)
        if mark is None or mark.begins_line or not (mark.set_off or mark.adjoins_word):
            continue
        entry = found.get(tooltip)
        if entry is None:
            block = etree.Element("p")
            block.append(words(tooltip))
            entry = found[tooltip] = Entry([block])
        entry.marks.append(mark)
    return list(found.values())
