"""Tokens to the tree of a valid body: paragraphs where the schema wants them, notes and citations apart."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from releases.text.clean.links import link_address
from releases.text.clean.tokens import Token
from releases.text.schema import (
    BOUNDARIES,
    CITATION_CLASS,
    NOTE_LIST_CLASS,
    RENAMED,
    TABLE_PARTS,
    allowed_value,
)
from releases.text.tree import Node, append_text

MAX_DEPTH: Final = 100  # boxes within boxes; an open inline element counts for itself
MAX_INLINES: Final = 50
MAX_ELEMENTS: Final = 250_000

_WORDS: Final = frozenset({"p", "h2", "h3"})
_LISTS: Final = frozenset({"ul", "ol", "notes"})
_ITEMS: Final = frozenset({"li", "note"})
_CELLS: Final = frozenset({"td", "th"})
_INLINES: Final = frozenset({"strong", "em", "sup", "sub", "a", "span"})
_WHITE: Final = " \t\n"
_FRAGMENT: Final = "#fn-"
# What the place of a citation may show and still be a citation: "4", "[4]", "*".
_LABEL: Final = re.compile(r"[\s\[(]*([0-9]{0,5}|[*†‡§¶]{1,3})[\s\])]*")
_BRACKETS: Final = re.compile(r"[\s\[\]()]*")


class Refused(Exception):
    """The source is too much of something; `code` is the problem's code."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(slots=True)
class Citation:
    """A place that cites a note: the key as written, the number that stood there, the element."""

    key: str
    shown: int | None
    node: Node


@dataclass(slots=True)
class Body:
    """What a source says: the body, the notes in the order of their lists, the citations in theirs."""

    root: Node
    notes: list[tuple[str | None, Node]] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)
    refused_links: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Box:
    kind: str
    node: Node  # where children go; another box's node where this one leaves no element of its own
    own: bool = True
    implied: bool = False  # nobody wrote its tag: gone again if nothing stands in it
    attributes: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class _Inline:
    kind: str  # "note-mark" is the <sup> around a citation's link
    attributes: dict[str, str]
    kept: bool
    outside: bool  # opened outside a paragraph: it holds for each paragraph until it is closed
    level: int
    node: Node | None = None


@dataclass(slots=True)
class _Citing:
    key: str
    words: list[str] = field(default_factory=list)
    nested: int = 0


def build(stream: Iterator[Token]) -> Body:
    """Read tokens into a `Body`. Raises `Refused` for a source that is too deep or has too many elements."""
    builder = _Builder()
    for token in stream:
        if token.kind == "text":
            builder.text(token.data)
        elif token.kind == "start":
            builder.start(RENAMED.get(token.data, token.data), token.attributes)
        else:
            builder.end(RENAMED.get(token.data, token.data))
    return builder.finish()


def _kept(tag: str, attributes: dict[str, str]) -> dict[str, str]:
    """The attributes that a block or phrase may keep (a note's id and a link's address are read elsewhere)."""
    kept = {}
    names = ("lang", "dir", "colspan", "rowspan", "start")
    for name, value in attributes.items():
        value = value.lower() if name == "dir" else value
        if name in names and allowed_value(name, value):
            kept[name] = value
    return kept


class _Builder:
    def __init__(self) -> None:
        self.body = Body(etree.Element("body"))
        self.note_holder: Node = etree.Element("ol")
        self.boxes = [_Box("root", self.body.root)]
        self.inlines: list[_Inline] = []
        self.citing: _Citing | None = None
        self.cited: set[str] = set()
        self.in_notes = 0
        self.elements = 0
        self.pending: list[str] = []
        self.pending_in: Node = None

    # -- elements and text

    def element(self, parent: Node, tag: str, attributes: dict[str, str] | None = None) -> Node:
        self.write()
        self.elements += 1
        if self.elements > MAX_ELEMENTS:
            raise Refused("too-complex")
        return etree.SubElement(parent, tag, attributes or {})

    def write(self) -> None:
        """Put the text gathered so far into the tree (at once: piece by piece would be quadratic)."""
        if self.pending:
            append_text(self.pending_in, "".join(self.pending))
            self.pending = []

    def put(self, text: str) -> None:
        parent = self.inline_parent()
        if parent is not self.pending_in:
            self.write()
            self.pending_in = parent
        self.pending.append(text)

    def inline_parent(self) -> Node:
        """The innermost open inline element, opening those that wait for their first word."""
        parent = self.boxes[-1].node
        for inline in self.inlines:
            if not inline.kept:
                continue
            if inline.node is None:
                tag = "sup" if inline.kind == "note-mark" else inline.kind
                inline.node = self.element(parent, tag, inline.attributes)
            parent = inline.node
        return parent

    def text(self, text: str) -> None:
        if self.citing:
            self.citing.words.append(text)
            return
        if self.boxes[-1].kind not in _WORDS:
            text = text.lstrip(_WHITE)
            if not text:
                return
            self.open_words()
        if _BRACKETS.fullmatch(text) and any(i.kind == "note-mark" for i in self.inlines):
            return
        self.put(text)

    # -- boxes

    def push(
        self,
        kind: str,
        tag: str | None = None,
        *,
        attributes: dict[str, str] | None = None,
        implied: bool = False,
        node: Node | None = None,
    ) -> _Box:
        """Open a box; without `tag` and `node` it leaves no element."""
        if len(self.boxes) >= MAX_DEPTH and kind not in _WORDS:
            raise Refused("too-deep")
        parent = self.boxes[-1].node
        own = tag is not None
        if tag is not None:
            node = self.element(parent, tag, attributes)
        box = _Box(kind, parent if node is None else node, own, implied, attributes or {})
        self.boxes.append(box)
        self.in_notes += kind == "note"
        return box

    def pop(self) -> None:
        self.write()
        box = self.boxes.pop()
        self.in_notes -= box.kind == "note"
        if box.kind in _WORDS:
            self.inlines = [inline for inline in self.inlines if inline.outside]
            for inline in self.inlines:
                inline.node = None
            self.close_words(box)
            return
        depth = len(self.boxes)
        if self.inlines:
            self.inlines = [inline for inline in self.inlines if inline.level <= depth]
        if not box.own:
            return
        node = box.node
        first = next(node.iterchildren(), None)
        if box.kind in _ITEMS or box.kind in _CELLS:
            if first is None and box.implied:
                node.getparent().remove(node)
            elif first is None or (box.kind == "li" and first.tag != "p"):
                node.insert(0, etree.Element("p"))
        elif first is None:
            # An empty list, table, row or quotation says nothing.
            gone = node.getparent() if box.kind == "table" else node
            gone.getparent().remove(gone)

    def close_words(self, box: _Box) -> None:
        if not box.implied:
            return
        node = box.node
        last = next(node.iterchildren(reversed=True), None)
        if last is None:
            node.text = (node.text or "").rstrip(_WHITE) or None
        elif last.tail:
            last.tail = last.tail.rstrip(_WHITE) or None
        if not node.text and all(child.tag == "br" and not child.tail for child in node.iterchildren()):
            node.getparent().remove(node)

    def pop_to(self, index: int) -> None:
        while len(self.boxes) > index:
            self.pop()

    def nearest(self, kinds: frozenset[str], within: frozenset[str] = frozenset()) -> int | None:
        """The index of the innermost open box of one of `kinds`, not looking beyond one of `within`."""
        for index in range(len(self.boxes) - 1, 0, -1):
            if self.boxes[index].kind in kinds:
                return index
            if self.boxes[index].kind in within:
                return None
        return None

    def leave_words(self) -> None:
        if self.boxes[-1].kind in _WORDS:
            self.pop()

    def block_parent(self) -> None:
        """Make the innermost box one that may hold blocks."""
        self.leave_words()
        kind = self.boxes[-1].kind
        if kind == "notes":
            self.open_note(None)
        elif kind in _LISTS:
            self.box("li", implied=True)
        elif kind == "table":
            self.box("tr", implied=True)
            self.box("td", implied=True)
        elif kind == "tr":
            self.box("td", implied=True)

    def box(self, tag: str, attributes: dict[str, str] | None = None, *, implied: bool = False) -> None:
        """Open a list, item, quotation, row or cell; inside a note it only parts paragraphs."""
        if self.in_notes:
            self.push(tag, implied=implied)
        else:
            self.push(tag, tag, attributes=attributes, implied=implied)

    def open_words(self, tag: str = "p", attributes: dict[str, str] | None = None) -> None:
        """Open a paragraph or heading; without `attributes` it is one that nobody wrote."""
        implied = attributes is None
        self.block_parent()
        kept = dict(attributes or {})
        for box in reversed(self.boxes):
            if box.kind != "div":
                break
            for name, value in box.attributes.items():
                kept.setdefault(name, value)
        self.push("p" if self.in_notes else tag, "p" if self.in_notes else tag, attributes=kept, implied=implied)

    def open_note(self, key: str | None) -> None:
        note = self.element(self.note_holder, "li")
        self.body.notes.append((key, note))
        self.push("note", node=note)

    # -- tags

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag in _INLINES or tag == "br":
            self.start_inline(tag, attributes)
            return
        if tag not in _BLOCKS and tag not in BOUNDARIES and tag not in TABLE_PARTS:
            return
        self.end_citing()
        if tag == "p" and self.boxes[-1].kind in ("h2", "h3") and not self.pending:
            node = self.boxes[-1].node
            if not node.text and next(node.iterchildren(), None) is None:
                return  # <h2><p>Title</p></h2>
        self.leave_words()
        kept = _kept(tag, attributes)
        if tag in _WORDS:
            self.open_words(tag, kept)
        elif tag == "li":
            self.start_item(attributes, kept)
        elif tag == "ul" or tag == "ol":
            self.start_list(tag, attributes, kept)
        elif tag == "tr" or tag in _CELLS or tag in TABLE_PARTS or tag == "caption":
            self.start_table_part(tag, kept)
        elif tag == "table":
            self.block_parent()
            if self.in_notes:
                self.push("table")
            else:
                table = self.element(self.boxes[-1].node, "table")
                self.push("table", node=self.element(table, "tbody")).own = True
        elif tag == "blockquote":
            self.block_parent()
            self.box(tag, {name: kept[name] for name in kept if name in ("lang", "dir")})
        elif tag == "hr":
            self.block_parent()
            if not self.in_notes:
                self.element(self.boxes[-1].node, "hr")
        else:
            self.block_parent()
            self.push("div", attributes={name: kept[name] for name in kept if name in ("lang", "dir")})

    def start_list(self, tag: str, attributes: dict[str, str], kept: dict[str, str]) -> None:
        if tag == "ol" and NOTE_LIST_CLASS in attributes.get("class", "").split():
            self.push("notes", node=self.note_holder)
            return
        top = self.boxes[-1]
        if top.kind in ("ul", "ol") and top.own:
            last = next(top.node.iterchildren(reversed=True), None)
            if last is not None:  # a list that stands between the items of another belongs to the item before
                self.push("li", node=last)
        self.block_parent()
        self.box(tag, {"start": kept["start"]} if tag == "ol" and "start" in kept else None)

    def start_item(self, attributes: dict[str, str], kept: dict[str, str]) -> None:
        identity = attributes.get("id", "")
        key = identity[3:] if identity.startswith("fn-") and len(identity) > 3 else None
        index = self.nearest(_LISTS, _ITEM_SCOPE)
        if index is None:
            self.block_parent()
            self.box("ul", implied=True)
        else:
            self.pop_to(index + 1)
        if self.boxes[-1].kind == "notes" or (key in self.cited and not self.in_notes):
            self.open_note(key)
        else:
            self.box("li", {name: kept[name] for name in kept if name in ("lang", "dir")})

    def start_table_part(self, tag: str, kept: dict[str, str]) -> None:
        index = self.nearest(_TABLE, _NOTE)
        if index is None:
            return
        if tag in _CELLS and (row := self.nearest(_ROW, _TABLE)) is not None:
            self.pop_to(row + 1)
        else:
            self.pop_to(index + 1)
            if tag == "caption":
                self.start_caption()
                return
            if tag in TABLE_PARTS:
                return
            if tag in _CELLS:
                self.box("tr", implied=True)
        self.box(tag, {name: kept[name] for name in kept if name != "start"} if tag in _CELLS else None)

    def start_caption(self) -> None:
        """A caption becomes the paragraph before its table."""
        box = self.boxes[-1]
        if box.own:
            caption = self.element(box.node, "p")
            box.node.getparent().addprevious(caption)
            self.push("p", node=caption, implied=True)

    def end(self, tag: str) -> None:
        if tag in _INLINES:
            self.end_inline(tag)
            return
        kinds = _ENDED_BY.get("div" if tag in BOUNDARIES else tag)
        if kinds is None:
            return
        self.end_citing()
        index = self.nearest(kinds[0], kinds[1])
        if index is not None:
            self.pop_to(index)

    # -- inline elements and citations

    def start_inline(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "a" and self.citing:
            self.end_citing()
        if self.citing:
            self.citing.nested += tag != "br"
            return
        if tag == "br":
            if self.boxes[-1].kind not in _WORDS:
                self.open_words()
            self.element(self.inline_parent(), "br")
            return
        if len(self.inlines) >= MAX_INLINES:
            raise Refused("too-deep")
        kind, kept, keep = tag, {}, True
        if tag == "a":
            self.close_inline("a")
            href = attributes.get("href", "")
            if href.startswith(_FRAGMENT):
                self.citing = _Citing(href[len(_FRAGMENT) :])
                return
            address = link_address(href) if href else None
            keep = address is not None
            kept = {"href": address} if address is not None else {}
            if href and address is None:
                self.body.refused_links.append(href)
        elif tag == "span":
            kept = _kept(tag, attributes)
            kept = {name: kept[name] for name in kept if name in ("lang", "dir")}
            keep = bool(kept)
        elif tag == "sup" and CITATION_CLASS in attributes.get("class", "").split():
            kind = "note-mark"
        if kind != "span" and any(inline.kind == kind and inline.kept for inline in self.inlines):
            keep = False
        outside = self.boxes[-1].kind not in _WORDS
        self.inlines.append(_Inline(kind, kept, keep, outside, len(self.boxes)))

    def end_inline(self, tag: str) -> None:
        if self.citing:
            if tag != "a" and self.citing.nested:
                self.citing.nested -= 1
                return
            self.end_citing()
            if tag == "a":
                return
        self.close_inline(tag)

    def close_inline(self, tag: str) -> None:
        kinds = ("sup", "note-mark") if tag == "sup" else (tag,)
        for index in range(len(self.inlines) - 1, -1, -1):
            if self.inlines[index].kind in kinds:
                if self.inlines[index].node is not None:
                    self.write()
                    self.forget_nodes(index)
                del self.inlines[index]
                return

    def forget_nodes(self, index: int) -> None:
        """Let inline elements from `index` on begin anew with their next word."""
        for inline in self.inlines[index:]:
            inline.node = None

    def end_citing(self) -> None:
        """What was gathered becomes a citation, if it looks like one; words never get lost."""
        if self.citing is None:
            return
        citing, self.citing = self.citing, None
        words = "".join(citing.words)
        label = _LABEL.fullmatch(words)
        marked = any(inline.kind == "note-mark" for inline in self.inlines)
        if label is None:
            self.text(words)
            if not marked:
                self.body.refused_links.append(_FRAGMENT + citing.key)
        if self.in_notes or not (marked or (label and words.strip())):
            return
        if self.boxes[-1].kind not in _WORDS:
            self.open_words()
        cut = len(self.inlines)
        for index, inline in enumerate(self.inlines):
            if inline.kind in ("a", "note-mark"):
                cut = index
                break
        after, self.inlines = self.inlines[cut:], self.inlines[:cut]
        parent = self.inline_parent()
        self.inlines += after
        self.forget_nodes(cut)  # a link that goes on after the citation is two links: links do not nest
        mark = self.element(parent, "sup", {"class": CITATION_CLASS})
        self.element(mark, "a")
        shown = int(label[1]) if label and label[1].isdigit() else None
        self.body.citations.append(Citation(citing.key, shown, mark))
        self.cited.add(citing.key)

    def finish(self) -> Body:
        self.end_citing()
        self.pop_to(1)
        return self.body


_BLOCKS: Final = _WORDS | _CELLS | {"li", "ul", "ol", "blockquote", "table", "tr", "caption", "hr"}
_TABLE: Final = frozenset({"table"})
_ROW: Final = frozenset({"tr"})
_NOTE: Final = frozenset({"note"})
# An item belongs to the innermost list, but not to one outside its cell or quotation.
_ITEM_SCOPE: Final = _CELLS | {"blockquote", "table", "tr"}
_CELL_SCOPE: Final = _CELLS | {"table", "tr"}
# End tag -> the boxes that it closes, the boxes that it does not look out of.
_ENDED_BY: Final[dict[str, tuple[frozenset[str], frozenset[str]]]] = {
    "p": (frozenset({"p"}), frozenset({"h2", "h3"}) | _CELLS | _LISTS | _ITEMS | {"div", "blockquote", "table", "tr"}),
    "h2": (frozenset({"h2", "h3"}), _CELLS | _LISTS | _ITEMS | {"p", "div", "blockquote", "table", "tr"}),
    "h3": (frozenset({"h2", "h3"}), _CELLS | _LISTS | _ITEMS | {"p", "div", "blockquote", "table", "tr"}),
    "div": (frozenset({"div"}), _CELL_SCOPE),
    "blockquote": (frozenset({"blockquote"}), _CELL_SCOPE),
    "ul": (frozenset({"ul"}), _CELL_SCOPE),
    "ol": (frozenset({"ol", "notes"}), _CELL_SCOPE),
    "li": (_ITEMS, _LISTS | _CELL_SCOPE),
    "table": (_TABLE, frozenset()),
    "tr": (_ROW, _TABLE),
    "td": (_CELLS, _TABLE),
    "th": (_CELLS, _TABLE),
    "caption": (frozenset({"p"}), _CELL_SCOPE),
}
