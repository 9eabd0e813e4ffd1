"""Paragraphs, lists, quotations and tables of a document to HTML, in the order in which they come."""

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple

from django.utils.translation import gettext as _

from releases.intake import Unreadable
from releases.intake.docx.context import HEADING, Context
from releases.intake.docx.formatting import PLAIN, Piece
from releases.intake.docx.headings import LIKELY, looks_like_heading
from releases.intake.docx.numbering import Item
from releases.intake.docx.package import Node, W, too_large
from releases.intake.docx.runs import (
    ALTERNATE,
    InlineReader,
    SingleNode,
    control_content,
    has_content,
    readable_alternative,
)
from releases.intake.docx.styles import ParagraphStyle, flag, indent_of, is_on, number, value
from releases.intake.docx.tables import table_html
from releases.text.clean import MAX_CHARACTERS
from releases.text.hints import picture_mark
from releases.text.tree import escape_text

_INDENT_TOLERANCE = 120  # twentieths of a point that a paragraph may be set in more or less than the item that it goes on with
_CHECK_BOXES = frozenset("☐☑☒✓✔✗✘")
_MULTILEVEL = re.compile(r"[0-9a-z][.)-][0-9a-z]", re.IGNORECASE)
_MAX_DEPTH = 24  # tables in tables and boxes in boxes


class Paragraph(NamedTuple):
    """A paragraph that was read: its inline content, and what kind of paragraph it is."""

    inline: InlineReader
    style: ParagraphStyle
    level: int  # of a heading, 0 for other paragraphs
    direction: str
    label: str = ""  # the number that is printed before a heading
    likely_heading: bool = False  # it looks like a heading and has no heading style


class OpenList(NamedTuple):
    """A list that further items may join."""

    list: str
    level: int
    tag: str
    number: int
    indent: int


class BlockWriter:
    """Writes the blocks of a body, a cell or a note as HTML. `claim` takes paragraphs that are no part of it: title, date."""

    def __init__(
        self, context: Context, *, depth: int = 0, claim: Callable[[Paragraph], bool] | None = None
    ) -> None:
        if depth > _MAX_DEPTH:
            raise Unreadable(
                _("This file has tables within tables deeper than can be kept, and was not read.")
            )
        self.context = context
        self.depth = depth
        self.claim = claim
        self.out: list[str] = []
        self.length = 0
        self.lists: list[OpenList] = []
        self.quoting = False
        self.carried_over: list[Piece] = []

    # ------------------------------------------------------------------ reading

    def read(self, nodes: Iterable[Node]) -> None:
        """Read blocks one after the other."""
        for node in nodes:
            tag = node.tag
            if tag == _PARAGRAPH:
                self.paragraph(node)
            elif tag == _TABLE:
                self.close_lists()
                self._write(table_html(node, self.context, self._cell))
            elif tag in _TRANSPARENT:
                self.read(node.iterchildren())
            elif tag == _CONTROL:
                self._control(node)
            elif tag in _DELETED:
                self.context.report.add("deleted")
            elif tag == _EMBEDDED:
                self.context.report.add("embedded")
            elif tag in _INLINE:
                InlineReader(self.context, ParagraphStyle(), right_to_left=False).read(SingleNode([node]))
            elif tag == ALTERNATE:
                if (branch := readable_alternative(node)) is not None:
                    self.read(branch.iterchildren())
            elif has_content(node) and next(node.iter(_PARAGRAPH), None) is not None:
                self.read(node.iterchildren())  # an unknown element: its words are kept
            elif tag in _EQUATIONS or has_content(node):
                inline = InlineReader(self.context, ParagraphStyle(), right_to_left=False)
                inline.read(SingleNode([node]))
                self._plain(inline, "")

    def _control(self, node: Node) -> None:
        gallery = node.find(f"{W}sdtPr/{W}docPartObj/{W}docPartGallery")
        if gallery is not None and gallery.get(f"{W}val") == "Table of Contents":
            self.context.report.add("contents")
            return
        for content in control_content(self.context, node):
            self.read(content.iterchildren())

    def paragraph(self, node: Node) -> None:
        """A paragraph, and after it the text of the text boxes anchored in it."""
        properties = node.find(f"{W}pPr")
        style = self.context.styles.paragraph(
            (value(properties, "pStyle") or "") if properties is not None else ""
        )
        bidi = flag(properties, "bidi") if properties is not None else None
        right_to_left = bool(style.right_to_left if bidi is None else bidi)
        inline = InlineReader(self.context, style, right_to_left=right_to_left)
        inline.pieces, self.carried_over = self.carried_over, []
        inline.read(node)
        inline.end()
        mark = properties.find(f"{W}rPr") if properties is not None else None
        if (
            mark is not None and (mark.find(f"{W}del") is not None or mark.find(f"{W}moveFrom") is not None)
        ) or _is_drop_cap(properties):
            # The paragraph's end was deleted, or it is the large first letter of the next one.
            self.carried_over = inline.pieces
        else:
            self._place(inline, style, properties, "rtl" if right_to_left else "")
        for name in inline.pictures:
            self._write(f"<p>{escape_text(picture_mark(name))}</p>")
        for box in inline.boxes:
            inner = BlockWriter(self.context, depth=self.depth + 1)
            inner.read(box.iterchildren())
            self.close_lists()
            self._write(inner.finished())

    def _place(
        self, inline: InlineReader, style: ParagraphStyle, properties: Node | None, direction: str
    ) -> None:
        numbering, level = style.numbering, style.level if style.role == "heading" else 0
        if properties is not None:
            numbers = properties.find(f"{W}numPr")
            if numbers is not None:
                own = value(numbers, "numId")
                num_id = own if own is not None else (numbering[0] if numbering else "0")
                raw = value(numbers, "ilvl")
                numbering = (num_id, number(raw, numbering[1] if numbering else 0, 0, 8))
            outline = number(value(properties, "outlineLvl"), 9, 0, 9)
            level = level or (outline + 1 if outline < 9 else 0)
        item = self.context.numbering.item(*numbering) if numbering else None
        label = item.label.strip() if item and item.ordered and level else ""
        likely_heading = self._is_likely_heading(inline, style, level, item)
        found = Paragraph(inline, style, level, direction, label, likely_heading)
        if style.role == "contents":
            if inline.plain():
                self.context.report.add("contents")
            return
        if self.claim is not None and self.claim(found):
            self.close_lists()
            return
        if inline.rule or (not inline.pieces and _has_rule(properties)):
            self.close_lists()
            self._write("<hr>")
        if level or likely_heading:
            if label and inline.html():
                inline.pieces.insert(0, Piece(f"{escape_text(label)} ", PLAIN))
            self._heading(inline, level or LIKELY, direction)
        elif item is not None:
            self._item(inline, item, direction)
        elif self.lists and (style.role == "continued" or self._continues_item(properties, style)):
            if html := inline.html():
                self._write(_paragraph(html, direction))
        elif style.role == "quote":
            self._quotation(inline, direction)
        else:
            self._plain(inline, direction)

    def _is_likely_heading(
        self, inline: InlineReader, style: ParagraphStyle, level: int, item: Item | None
    ) -> bool:
        if self.depth or self.context.in_note or style.role or level or item is not None:
            return False
        return looks_like_heading(
            inline.plain(), inline.pieces, bold=style.bold, smallest=inline.smallest,
            text_size=self.context.styles.text_size,
        )  # fmt: skip

    def _continues_item(self, properties: Node | None, style: ParagraphStyle) -> bool:
        """Whether a paragraph without a number continues an open item, by its indent. Closes deeper lists."""
        indent = indent_of(properties, style.indent)
        open_ = [
            n for n, one in enumerate(self.lists) if indent and abs(one.indent - indent) <= _INDENT_TOLERANCE
        ]
        if not open_:
            return False
        while len(self.lists) > open_[-1] + 1:
            self._close_list()
        return True

    def _cell(self, node: Node) -> str:
        """The content of a cell as HTML."""
        inner = BlockWriter(self.context, depth=self.depth + 1)
        inner.read(node.iterchildren())
        return inner.finished()

    # ------------------------------------------------------------------ writing

    def _write(self, html: str) -> None:
        self.out.append(html)
        self.length += len(html)
        if self.length > 2 * MAX_CHARACTERS:
            raise too_large()

    def _plain(self, inline: InlineReader, direction: str) -> None:
        html = inline.html()
        if html:
            self.close_lists()
            self._write(_paragraph(html, direction))

    def _heading(self, inline: InlineReader, level: int, direction: str) -> None:
        html = inline.html()
        if html:
            self.close_lists()
            dir_ = f' dir="{direction}"' * bool(direction)
            self._write(f"<{HEADING}{level}{HEADING}{dir_}>{html}</{HEADING}{level}{HEADING}>")

    def _quotation(self, inline: InlineReader, direction: str) -> None:
        html = inline.html()
        if html:
            if not self.quoting:
                self.close_lists()
                self._write("<blockquote>")
                self.quoting = True
            self._write(_paragraph(html, direction))

    def _item(self, inline: InlineReader, item: Item, direction: str) -> None:
        html = inline.html()
        if not html:
            return  # an item without words counts, and is not shown
        if self.quoting:
            self.close_lists()
        tag = "ol" if item.ordered else "ul"
        while self.lists and self.lists[-1].level > item.level:
            self._close_list()
        if self.lists and self.lists[-1].level == item.level:
            top = self.lists[-1]
            follows = (
                top.tag == tag
                and top.list == item.list
                and (not item.ordered or item.number == top.number + 1)
            )
            if follows:
                self._write("</li>")
            else:
                self._close_list()
        if not self.lists or self.lists[-1].level < item.level:
            start = f' start="{item.number}"' if item.ordered and item.number != 1 else ""
            self._write(f"<{tag}{start}>")
            if item.lettered:
                self.context.report.add("lettered")
            elif item.ordered and _MULTILEVEL.search(item.label):
                self.context.report.add("multilevel", item.label)
            self.lists.append(OpenList(item.list, item.level, tag, item.number, item.indent))
        self.lists[-1] = self.lists[-1]._replace(number=item.number)
        if not item.ordered and item.label in _CHECK_BOXES:
            html = f"{item.label} {html}"
        self._write(f"<li>{_paragraph(html, direction)}")

    def _close_list(self) -> None:
        self._write(f"</li></{self.lists.pop().tag}>")

    def close_lists(self) -> None:
        """Close every open list and quotation."""
        while self.lists:
            self._close_list()
        if self.quoting:
            self._write("</blockquote>")
            self.quoting = False

    def finished(self) -> str:
        """All HTML that was written."""
        if self.carried_over:
            inline = InlineReader(self.context, ParagraphStyle(), right_to_left=False)
            inline.pieces, self.carried_over = self.carried_over, []
            self._plain(inline, "")
        self.close_lists()
        return "".join(self.out)


def _paragraph(html: str, direction: str) -> str:
    return f'<p dir="{direction}">{html}</p>' if direction else f"<p>{html}</p>"


def _is_drop_cap(properties: Node | None) -> bool:
    frame = properties.find(f"{W}framePr") if properties is not None else None
    return frame is not None and frame.get(f"{W}dropCap") in ("drop", "margin")


def _has_rule(properties: Node | None) -> bool:
    border = properties.find(f"{W}pBdr/{W}bottom") if properties is not None else None
    return border is not None and is_on(border.get(f"{W}val"))


_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_PARAGRAPH, _TABLE, _CONTROL, _EMBEDDED = f"{W}p", f"{W}tbl", f"{W}sdt", f"{W}altChunk"
_TRANSPARENT = frozenset({f"{W}customXml", f"{W}ins", f"{W}moveTo", f"{W}smartTag"})
_DELETED = frozenset({f"{W}del", f"{W}moveFrom"})
_INLINE = frozenset({f"{W}bookmarkStart", f"{W}bookmarkEnd"})
_EQUATIONS = frozenset({f"{_M}oMath", f"{_M}oMathPara"})
