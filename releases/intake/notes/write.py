"""Writes the notes that were found in our own form: citations in the text, one list at the end, without labels and arrows."""

import hashlib
import re

from lxml import etree

from releases.intake.notes.marks import Entry, fragment
from releases.intake.notes.tree import BLOCKS, HEADINGS, LINE, WORDS, Node, has_words, text_of
from releases.intake.report import Report
from releases.text.labels import (
    is_back_link_text,
    is_heading,
    is_top_link_text,
    label,
    opening,
    without_arrow_before,
    without_arrows,
    without_back_words,
)

_MEANT = re.compile(r"[\s,;，、()\[\]–-]*")
# Commas that stood between ways back.
_BETWEEN = re.compile(r"[\s,;|·、/]*")
_LEFT_OVER = re.compile(r"^\s*[\])]?[.:,]?\s+|^\s*[\])][.:]?")
_EMPTY_BRACKETS = re.compile(r"(?<![\s|·])(?:[(\[（［]\s*[)\]）］]|[\s|·])+$")
_INLINE = frozenset(("sup", "span", "a", "b", "strong", "i", "em", "small", "font", "u", "dt", "td", "th", "cite", "big", "label"))  # fmt: skip


def write_notes(root: Node, entries: list[Entry], *, seed: str, report: Report) -> None:
    """Write citations and the list. Keys are derived from `seed`: the same page gives the same body."""
    holder = etree.Element("ol", {"class": "footnotes"})
    heads = [head for entry in entries if (head := _heading_before(entry.blocks[0], root))]
    bare = len(entries) > 1 and all(_begins_bare(entry) for entry in entries)
    # "A. Varn" begins with no label where no other note begins with its own.
    below = [entry for entry in entries if entry.blocks[0].getparent() is not None]
    labelled = 2 * sum(_begins_labelled(entry) for entry in below) >= len(below)
    for place, entry in enumerate(entries, 1):
        keys = _keys(entry) if labelled else set()
        key = hashlib.sha256(f"{seed} {place}".encode()).hexdigest()[:8]
        for mark in entry.marks:
            _cite(mark.node, key, report)
        item = _item(entry, keys, key, root, report, bare=bare)
        if not has_words(item):
            report.add("empty-note")
        holder.append(item)
    for frame in heads:
        _remove_heading(frame, root, report)
    root.append(holder)
    report.add("notes", count=len(entries))


def _cite(node: Node, key: str, report: Report) -> None:
    """Replace a mark by a citation, with what only set it off: `sup`, brackets, commas between two marks."""
    report.drop("label", text_of(node))
    mark = etree.Element("sup", {"class": "footnote-ref"})
    etree.SubElement(mark, "a", {"href": f"#fn-{key}"}).text = "0"
    parent = node.getparent()
    parent.replace(node, mark)
    while (
        parent is not None
        and parent.tag in ("sup", "span", "a", "small", "font", "b", "strong")
        and parent.getparent() is not None
        and _MEANT.fullmatch("".join(one.text or "" for one in parent.iter(WORDS)))
    ):
        for child in list(parent):
            if child.tag == WORDS:
                parent.remove(child)
        if any(one.tag != "sup" or one.get("class") != "footnote-ref" for one in parent):
            break
        for child in list(parent):
            parent.addprevious(child)
        outer = parent.getparent()
        outer.remove(parent)
        parent = outer
    before, after = mark.getprevious(), mark.getnext()
    if (
        before is not None and after is not None and before.tag == after.tag == WORDS
        and (before.text or "")[-1:] in ("[", "［") and (after.text or "")[:1] in ("]", "］")
    ):  # fmt: skip
        before.text, after.text = before.text[:-1], after.text[1:]


def _begins_bare(entry: Entry) -> bool:
    """Whether a note begins with its letter and nothing that sets it off: a word too, if not all notes do."""
    begin = opening("".join(entry.blocks[0].itertext()).lstrip(), bare=True)
    return begin is not None and bool(entry.marks) and begin[0].key == entry.label.key


def _keys(entry: Entry) -> set[str]:
    return {mark.label.key for mark in entry.marks} | (
        {str(entry.number)} if entry.number and entry.family == "number" else set()
    )


def _begins_labelled(entry: Entry) -> bool:
    begin = opening(without_arrow_before("".join(entry.blocks[0].itertext()).lstrip()), bare=True)
    return begin is not None and begin[0].key in _keys(entry)


def _item(entry: Entry, keys: set[str], key: str, root: Node, report: Report, *, bare: bool) -> Node:
    """The note as an item of the list, without its label and its links back."""
    item = etree.Element("li", {"id": f"fn-{key}"})
    for link in [link for block in entry.blocks for link in block.iter("a")]:
        text = text_of(link)
        leads_back = link in entry.back_links
        if fragment(link) == "" and not (link.get("href") or "#").startswith("#"):
            continue
        if not ((is_back_link_text(text) and (leads_back or label(text) is None)) or is_top_link_text(text)):
            continue
        found = label(text)
        if found is not None and found.key in keys and text_of(entry.blocks[0]).startswith(text):
            # The label itself leads back: what follows is the note's own, "Note 1" too.
            keys = set()
        _remove_with_wrappers(link, report)
    _drop_label(entry.blocks[0], keys, report, bare=bare)
    _drop_arrows(entry.blocks[-1], report)
    for block in entry.blocks:
        if block.getparent() is not None:
            _remove(block, root)
        while len(block) and (block[-1].tag == "br" or (block[-1].tag == WORDS and not has_words(block[-1]))):
            block.remove(block[-1])
        if block.tag == "tr":
            for cell in block:
                cell.tag = "div"
        if block.tag in ("li", "div", "td", "dd", "tr", "aside", LINE):
            block.tag = "div"
        elif block.tag not in BLOCKS:
            outer = etree.Element("p")
            outer.append(block)
            block = outer
        item.append(block)
    for box in list(item.iter("p", "div", "td", "dd")):
        if has_words(item) and not has_words(box) and box.getparent() is not None:
            box.getparent().remove(box)  # the label had a box of its own
    for run in item.iter(WORDS):
        run.text = (run.text or "").lstrip()
        if run.text:
            break
    return item


def _remove_with_wrappers(node: Node, report: Report) -> None:
    """Remove an element with its words, and the elements that held nothing else."""
    report.drop("label", text_of(node))
    parent = node.getparent()
    if parent is None:
        return
    parent.remove(node)
    while parent.getparent() is not None and parent.tag in _INLINE and not has_words(parent):
        outer = parent.getparent()
        outer.remove(parent)
        parent = outer


def _drop_label(block: Node, keys: set[str], report: Report, *, bare: bool) -> None:
    """Remove the label with which a note begins, if it is the note's own: "12 people" begins with none."""
    for _time in range(4):
        runs = [one for one in block.iter(WORDS) if (one.text or "").strip()]
        if not runs:
            return
        first = runs[0]
        first.text = without_arrow_before(first.text.lstrip())
        if not first.text:
            continue
        element = first.getparent()
        while (
            element is not block
            and element.getparent() is not block
            and text_of(element.getparent()) == text_of(element)
        ):
            element = element.getparent()
        alone = label(text_of(element)) if element is not block and element.tag in _INLINE else None
        if alone is not None and alone.key in keys and text_of(element) != text_of(block):
            _remove_with_wrappers(element, report)
            _drop_left_over(block)
            return
        begin = opening("".join(one.text for one in runs[:8]), bare=bare)
        if begin is not None and begin[0].key in keys and begin[1] < len("".join(block.itertext()).strip()):
            _drop_first(runs, begin[1], report)
            _drop_left_over(block)
        return


def _drop_first(runs: list[Node], length: int, report: Report) -> None:
    for run in runs:
        text = run.text or ""
        report.drop("label", text[:length])
        run.text = text[length:]
        length -= len(text)
        if length <= 0:
            return


def _drop_left_over(block: Node) -> None:
    for run in block.iter(WORDS):
        if (run.text or "").strip():
            run.text = _LEFT_OVER.sub("", run.text).lstrip()
            if run.text:
                return


def _drop_arrows(block: Node, report: Report) -> None:
    """Remove "^" from the end of a note, and the brackets around a link back."""
    for run in reversed(list(block.iter(WORDS))):
        text = _EMPTY_BRACKETS.sub("", without_arrows(run.text or ""))
        if _BETWEEN.fullmatch(text):
            text = ""
        shorter = without_back_words(text)
        if shorter and shorter != text.rstrip():
            report.drop("label", text[len(shorter) :])
            text = shorter
        run.text = text
        if text.strip():
            return


# ---------------------------------------------------------------------- the heading before them


def _heading_before(block: Node, root: Node) -> list[Node]:
    """The rule and the word "Notes" before the first note of a series, nearest first; [] where something else stands there."""
    node = block
    while node.getparent() is not None and node.getparent() is not root and not _words_before(node):
        node = node.getparent()
    frame = []
    before = node.getprevious()
    while before is not None:
        text = text_of(before)
        if before.tag in ("hr", "br") or not text:
            if before.tag in BLOCKS or before.tag == "br":
                frame.append(before)
        elif is_heading(text) and (before.tag in BLOCKS or before.tag in ("strong", "b")):
            frame.append(before)
        else:
            break
        before = before.getprevious()
    return frame


def _words_before(node: Node) -> bool:
    return any(has_words(one) or one.tag == "hr" for one in node.itersiblings(preceding=True))


def _remove_heading(frame: list[Node], root: Node, report: Report) -> None:
    """Remove a heading only where nothing is left under it."""
    if any(one.getparent() is None for one in frame):
        return
    after = frame[0].getnext()
    while after is not None and not has_words(after):
        after = after.getnext()
    alone = after is None or after.tag in HEADINGS or after.get("class") == "footnotes"
    for one in frame:
        if alone or not has_words(one):
            report.drop("label", text_of(one))
            _remove(one, root)


def _remove(block: Node, root: Node) -> None:
    """Detach a note from the text, and remove the elements that held nothing else."""
    while True:
        parent = block.getparent()
        if parent is None:
            return
        parent.remove(block)
        if parent is root or has_words(parent) or next(parent.iter("img"), None) is not None:
            return
        block = parent
