"""A body while it is built: which boxes are open, what may stand in what, the text gathered so far."""

from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from releases.text.tree import Node, append_text

MAX_DEPTH: Final = 100  # boxes within boxes
MAX_ELEMENTS: Final = 250_000

WORDS: Final = frozenset({"p", "h2", "h3"})
LISTS: Final = frozenset({"ul", "ol", "notes"})
ITEMS: Final = frozenset({"li", "note"})
CELLS: Final = frozenset({"td", "th"})
WHITE: Final = " \t\n"


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
class Box:
    kind: str
    node: Node  # where children go; another box's node where this one leaves no element of its own
    own: bool = True
    implied: bool = False  # nobody wrote its tag: gone again if nothing stands in it
    attributes: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Inline:
    kind: str  # "note-mark" is the <sup> around a citation's link
    attributes: dict[str, str]
    kept: bool
    outside: bool  # opened outside a paragraph: it holds for each paragraph until it is closed
    level: int
    node: Node | None = None

    @property
    def tag(self) -> str:
        """The element that it becomes."""
        return "sup" if self.kind == "note-mark" else self.kind


class Boxes:
    """The stack of open boxes and inline elements, writing into `body`."""

    def __init__(self) -> None:
        self.body = Body(etree.Element("body"))
        self.note_holder: Node = etree.Element("ol")
        self.boxes = [Box("root", self.body.root)]
        self.inlines: list[Inline] = []
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
                inline.node = self.element(parent, inline.tag, inline.attributes)
            parent = inline.node
        return parent

    # -- boxes

    def push(
        self,
        kind: str,
        tag: str | None = None,
        *,
        attributes: dict[str, str] | None = None,
        implied: bool = False,
        node: Node | None = None,
    ) -> Box:
        """Open a box; without `tag` and `node` it leaves no element."""
        if len(self.boxes) >= MAX_DEPTH and kind not in WORDS:
            raise Refused("too-deep")
        parent = self.boxes[-1].node
        own = tag is not None
        if tag is not None:
            node = self.element(parent, tag, attributes)
        box = Box(kind, parent if node is None else node, own, implied, attributes or {})
        self.boxes.append(box)
        self.in_notes += kind == "note"
        return box

    def pop(self) -> None:
        self.write()
        box = self.boxes.pop()
        self.in_notes -= box.kind == "note"
        if box.kind in WORDS:
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
        if box.kind in ITEMS or box.kind in CELLS:
            if first is None and box.implied:
                node.getparent().remove(node)
            elif first is None or (box.kind == "li" and first.tag != "p"):
                node.insert(0, etree.Element("p"))
        elif first is None:
            # An empty list, table, row or quotation says nothing.
            gone = node.getparent() if box.kind == "table" else node
            gone.getparent().remove(gone)

    def close_words(self, box: Box) -> None:
        if not box.implied:
            return
        node = box.node
        last = next(node.iterchildren(reversed=True), None)
        if last is None:
            node.text = (node.text or "").rstrip(WHITE) or None
        elif last.tail:
            last.tail = last.tail.rstrip(WHITE) or None
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
        if self.boxes[-1].kind in WORDS:
            self.pop()

    def block_parent(self) -> None:
        """Make the innermost box one that may hold blocks."""
        self.leave_words()
        kind = self.boxes[-1].kind
        if kind == "notes":
            self.open_note(None)
        elif kind in LISTS:
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
        tag = "p" if self.in_notes else tag
        self.push(tag, tag, attributes=kept, implied=implied)

    def open_note(self, key: str | None) -> None:
        note = self.element(self.note_holder, "li")
        self.body.notes.append((key, note))
        self.push("note", node=note)
