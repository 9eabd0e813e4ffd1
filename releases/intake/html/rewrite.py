"""The notes that were found, written as bodies hold them: citations in place, one list at the end, labels and arrows gone."""

import hashlib
import re

from lxml import etree
from lxml.html import fromstring

from releases.intake.html.notes import (
    BLOCKS,
    HEADING,
    Found,
    back_at_end,
    back_at_start,
    find_notes,
    fragment,
    is_back,
    is_label,
    label_number,
    number_of,
)
from releases.intake.html.selectors import Node
from releases.intake.report import Report

_AROUND_LABELS = BLOCKS | {"sup", "b", "strong", "span", "i", "em"}
# What is left of "1. Source" once the linked "1" is gone.
_LEFT_OVER = re.compile(r"^\s*[\])]?[.:]?(?=\s)")
_NUMBER = re.compile(r"\s*[\[(]?[0-9]{1,3}(?:[\])][.:]?|[.):])?\s*")


def rewrite_notes(root: Node, *, seed: str, report: Report, region: Node | None = None) -> None:
    """Find the notes in `root` and write them anew. Keys follow from `seed`, so that the same page gives the same body."""
    _part_runs(root)
    search = find_notes(root, region=region)
    if search.unsure:
        report.add("unsure-mark", count=search.unsure)
    if not search.notes:
        return
    holder = etree.Element("ol", {"class": "footnotes"})
    _drop_heading(search.notes[0].blocks[0])
    for place, note in enumerate(search.notes, 1):
        key = hashlib.sha256(f"{seed} {place}".encode()).hexdigest()[:8]
        number = label_number("".join(note.citations[0].itertext())) if note.citations else note.number
        for citation in note.citations:
            _cite(citation, key)
        holder.append(_item(note, key, number))
    for note in search.notes:
        for block in note.blocks:
            _remove(block, root)
    root.append(holder)
    report.add("notes", count=len(search.notes))


def _cite(node: Node, key: str) -> None:
    """Put a citation in the place of a mark, and of what only set the mark off: raising, brackets."""
    parent = node.getparent()
    while (
        parent is not None
        and parent.tag in ("sup", "span", "a", "small", "b", "strong")
        and _same_words(parent, node)
    ):
        node, parent = parent, parent.getparent()
    mark = etree.Element("sup", {"class": "footnote-ref"})
    link = etree.SubElement(mark, "a", {"href": f"#fn-{key}"})
    link.text = "0"
    mark.tail, node.tail = node.tail, None
    parent.replace(node, mark)
    if (mark.tail or "").startswith("]") and _before(mark).endswith("["):
        mark.tail = (mark.tail or "")[1:]
        _set_before(mark, _before(mark)[:-1])


def _same_words(outer: Node, inner: Node) -> bool:
    return "".join(outer.itertext()).strip(" []()\n\t") == "".join(inner.itertext()).strip(" []()\n\t")


def _before(node: Node) -> str:
    previous = node.getprevious()
    return (previous.tail if previous is not None else node.getparent().text) or ""


def _set_before(node: Node, words: str) -> None:
    previous = node.getprevious()
    if previous is not None:
        previous.tail = words
    else:
        node.getparent().text = words


def _item(note: Found, key: str, number: int | None) -> Node:
    """The note's words as an item of the list; `number` is what the page calls it."""
    item = etree.Element("li", {"id": f"fn-{key}"})
    for place, block in enumerate(note.blocks):
        copy = fromstring(etree.tostring(block, encoding="unicode", method="html", with_tail=False))
        for link in list(copy.iter("a")):
            if is_back(link) or (fragment(link) and is_label("".join(link.itertext()))):
                _unlink(link)
        if place == 0:
            _drop_label(copy, number)
        _drop_arrow(copy)
        if block.tag in ("li", "div", "td", "dd", "tr"):
            copy.tag = "div"
        item.append(copy)
    return item


def _unlink(link: Node) -> None:
    """Take a link away with its words; what follows it stays."""
    parent = link.getparent()
    if parent is None:
        link.text = None
        return
    tail = link.tail or ""
    _set_before(link, _before(link) + tail)
    link.tail = None
    parent.remove(link)
    # An emptied <sup> around it goes as well.
    if (
        parent.getparent() is not None
        and parent.tag in ("sup", "span")
        and not "".join(parent.itertext()).strip()
    ):
        _unlink(parent)


def _drop_label(block: Node, number: int | None) -> None:
    """Take away the number that a note begins with, if it is the note's own: "12 people" begins with none."""
    first = next(
        (node for node in block.iter() if node is not block and "".join(node.itertext()).strip()), None
    )
    if (
        first is not None
        and not (block.text or "").strip()
        and first.tag in ("sup", "b", "strong", "span", "a")
    ):
        words = "".join(first.itertext())
        if label_number(words) == number and number is not None:
            _unlink(first)
            number = None
    for node in block.iter():
        if node is not block and node.tag not in _AROUND_LABELS:
            break
        if (node.text or "").strip():
            if number is not None and number_of(block) == number:
                node.text = _NUMBER.sub("", node.text, count=1)
            node.text = _LEFT_OVER.sub("", node.text).lstrip()
            break


def _drop_arrow(block: Node) -> None:
    """Take "^" from the note's end, and from before its first words."""
    for node in block.iter():
        if node is not block and node.tag not in _AROUND_LABELS:
            break
        if (node.text or "").strip():
            node.text = back_at_start(node.text)
            break
    last = block
    while True:
        children = list(last.iterchildren())
        if not children:
            last.text = back_at_end(last.text or "")
            return
        if (children[-1].tail or "").strip():
            children[-1].tail = back_at_end(children[-1].tail)
            return
        last = children[-1]


def _drop_heading(block: Node) -> None:
    """Take away the word "Notes", and the rule, that stand before the first note."""
    node = block
    while (
        node.getprevious() is None
        and node.getparent() is not None
        and node.getparent().getparent() is not None
    ):
        node = node.getparent()
    while (before := node.getprevious()) is not None:
        words = "".join(before.itertext()).strip()
        if (
            before.tag in ("hr", "br")
            or (words and HEADING.fullmatch(words))
            or (not words and before.tag in BLOCKS and not len(before))
        ):
            if (before.tail or "").strip():
                return
            before.getparent().remove(before)
        else:
            return


def _remove(block: Node, root: Node) -> None:
    """Take a note from where it stood, and the boxes that held nothing else."""
    while True:
        parent = block.getparent()
        if parent is None:
            return
        if (block.tail or "").strip():
            _set_before(block, _before(block) + (block.tail or ""))
            block.tail = None
        parent.remove(block)
        if parent is root or _has_words(parent) or next(parent.iter("img"), None) is not None:
            return
        block = parent


def _has_words(node: Node) -> bool:
    """Stops at the first one: a body of a thousand notes is asked a thousand times."""
    return any(text.strip() for text in node.itertext())


def _part_runs(root: Node) -> None:
    """Notes that stand in one paragraph, parted by line breaks and each with an anchor, get a box each."""
    wanted = {fragment(link) for link in root.iter("a")} - {""}
    for block in list(root.iter("p", "div", "td")):
        starts = [
            child
            for child in block.iterchildren("a", "span", "sup")
            if {child.get("id"), child.get("name"), *(one.get("id") or one.get("name") for one in child)}
            & wanted
            and (child.getprevious() is None or child.getprevious().tag == "br")
            and not _before(child).strip()
        ]
        if len(starts) < 2:
            continue
        box = None
        for child in list(block.iterchildren()):
            if child in starts:
                box = etree.Element("div")
                child.addprevious(box)
            if box is not None:
                box.append(child)
