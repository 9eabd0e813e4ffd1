"""The stack of open elements while a body is built: what may stand in what, and the text gathered so far."""

from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from releases.text.tree import Node, append_text

MAX_DEPTH: Final = 100  # open elements
MAX_ELEMENTS: Final = 250_000

TEXT_KINDS: Final = frozenset({"p", "h2", "h3"})
LISTS: Final = frozenset({"ul", "ol", "notes"})
ITEMS: Final = frozenset({"li", "note"})
CELLS: Final = frozenset({"td", "th"})
WHITE: Final = " \t\n"


class LimitExceeded(Exception):
    """The source exceeds a limit of depth or size. `code` is the problem's code."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(slots=True)
class Citation:
    """A place that cites a note: the key as written, the number that was shown, the element."""

    key: str
    shown: int | None
    node: Node


@dataclass(slots=True)
class Body:
    """What was built: the body, its notes and its citations, each in the order of the source."""

    root: Node
    notes: list[tuple[str | None, Node]] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)
    refused_links: list[str] = field(default_factory=list)


@dataclass(slots=True)
class OpenElement:
    kind: str
    node: Node  # where children go: the parent's where it makes no element of its own
    own: bool = True
    implied: bool = False  # its tag was not in the source: it is removed if it stays empty
    attributes: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class FormattingElement:
    kind: str  # "note-mark" is the <sup> around a citation's link
    attributes: dict[str, str]
    is_kept: bool
    spans_blocks: bool  # opened outside a paragraph: it applies to each paragraph until it is closed
    level: int
    node: Node | None = None

    @property
    def tag(self) -> str:
        """The element that it becomes."""
        return "sup" if self.kind == "note-mark" else self.kind


class OpenElements:
    """The stack of open elements and of open formatting elements, which writes into `body`."""

    def __init__(self) -> None:
        self.body = Body(etree.Element("body"))
        self.note_holder: Node = etree.Element("ol")
        self.open_elements = [OpenElement("root", self.body.root)]
        self.inlines: list[FormattingElement] = []
        self.in_notes = 0
        self.elements = 0
        self.pending: list[str] = []
        self.pending_in: Node = None

    # -- elements and text

    def element(self, parent: Node, tag: str, attributes: dict[str, str] | None = None) -> Node:
        self.write()
        self.elements += 1
        if self.elements > MAX_ELEMENTS:
            raise LimitExceeded("too-complex")
        return etree.SubElement(parent, tag, attributes or {})

    def write(self) -> None:
        """Put the text gathered so far into the tree (at once: piece by piece would be quadratic)."""
        if self.pending:
            append_text(self.pending_in, "".join(self.pending))
            self.pending = []

    def append_words(self, text: str) -> None:
        parent = self.inline_parent()
        if parent is not self.pending_in:
            self.write()
            self.pending_in = parent
        self.pending.append(text)

    def inline_parent(self) -> Node:
        """The innermost open inline element, opening those that wait for their first word."""
        parent = self.open_elements[-1].node
        for inline in self.inlines:
            if not inline.is_kept:
                continue
            if inline.node is None:
                inline.node = self.element(parent, inline.tag, inline.attributes)
            parent = inline.node
        return parent

    # -- blocks

    def push(
        self,
        kind: str,
        tag: str | None = None,
        *,
        attributes: dict[str, str] | None = None,
        implied: bool = False,
        node: Node | None = None,
    ) -> OpenElement:
        """Open an element. Without `tag` and `node` it adds none to the tree."""
        if len(self.open_elements) >= MAX_DEPTH and kind not in TEXT_KINDS:
            raise LimitExceeded("too-deep")
        parent = self.open_elements[-1].node
        own = tag is not None
        if tag is not None:
            node = self.element(parent, tag, attributes)
        top = OpenElement(kind, parent if node is None else node, own, implied, attributes or {})
        self.open_elements.append(top)
        self.in_notes += kind == "note"
        return top

    def pop(self) -> None:
        self.write()
        top = self.open_elements.pop()
        self.in_notes -= top.kind == "note"
        if top.kind in TEXT_KINDS:
            self.inlines = [inline for inline in self.inlines if inline.spans_blocks]
            for inline in self.inlines:
                inline.node = None
            self._finish_text_block(top)
            return
        depth = len(self.open_elements)
        if self.inlines:
            self.inlines = [inline for inline in self.inlines if inline.level <= depth]
        if not top.own:
            return
        node = top.node
        first = next(node.iterchildren(), None)
        if top.kind in ITEMS or top.kind in CELLS:
            if first is None and top.implied:
                node.getparent().remove(node)
            elif first is None or (top.kind == "li" and first.tag != "p"):
                node.insert(0, etree.Element("p"))
        elif first is None:
            # An empty list, table, row or quotation is removed.
            gone = node.getparent() if top.kind == "table" else node
            gone.getparent().remove(gone)

    def _finish_text_block(self, top: OpenElement) -> None:
        if not top.implied:
            return
        node = top.node
        last = next(node.iterchildren(reversed=True), None)
        if last is None:
            node.text = (node.text or "").rstrip(WHITE) or None
        elif last.tail:
            last.tail = last.tail.rstrip(WHITE) or None
        if not node.text and all(child.tag == "br" and not child.tail for child in node.iterchildren()):
            node.getparent().remove(node)

    def pop_to(self, index: int) -> None:
        while len(self.open_elements) > index:
            self.pop()

    def nearest(self, kinds: frozenset[str], within: frozenset[str] = frozenset()) -> int | None:
        """The index of the innermost open element of one of `kinds`, within the nearest one of `within`."""
        for index in range(len(self.open_elements) - 1, 0, -1):
            if self.open_elements[index].kind in kinds:
                return index
            if self.open_elements[index].kind in within:
                return None
        return None

    def close_text_block(self) -> None:
        if self.open_elements[-1].kind in TEXT_KINDS:
            self.pop()

    def prepare_for_block(self) -> None:
        """Close and open elements until the innermost one may hold blocks."""
        self.close_text_block()
        kind = self.open_elements[-1].kind
        if kind == "notes":
            self.open_note(None)
        elif kind in LISTS:
            self.open_block("li", implied=True)
        elif kind == "table":
            self.open_block("tr", implied=True)
            self.open_block("td", implied=True)
        elif kind == "tr":
            self.open_block("td", implied=True)

    def open_block(
        self, tag: str, attributes: dict[str, str] | None = None, *, implied: bool = False
    ) -> None:
        """Open a list, item, quotation, row or cell; inside a note it only separates paragraphs."""
        if self.in_notes:
            self.push(tag, implied=implied)
        else:
            self.push(tag, tag, attributes=attributes, implied=implied)

    def open_text_block(self, tag: str = "p", attributes: dict[str, str] | None = None) -> None:
        """Open a paragraph or heading. Without `attributes` it is an implied one."""
        implied = attributes is None
        self.prepare_for_block()
        allowed = dict(attributes or {})
        for top in reversed(self.open_elements):
            if top.kind != "div":
                break
            for name, value in top.attributes.items():
                allowed.setdefault(name, value)
        tag = "p" if self.in_notes else tag
        self.push(tag, tag, attributes=allowed, implied=implied)

    def open_note(self, key: str | None) -> None:
        note = self.element(self.note_holder, "li")
        self.body.notes.append((key, note))
        self.push("note", node=note)
