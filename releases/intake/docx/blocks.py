"""Paragraphs, lists, quotations and tables of a document to HTML, in the order in which they come."""

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple

from django.utils.translation import gettext as _

from releases.intake import Unreadable
from releases.intake.docx.context import HEADING, Story
from releases.intake.docx.formatting import PLAIN, Piece
from releases.intake.docx.headings import BY_HAND, is_made_by_hand
from releases.intake.docx.numbering import Item
from releases.intake.docx.package import Node, W, too_much
from releases.intake.docx.runs import ALTERNATE, Alone, Line, readable_branch, says, shown_content
from releases.intake.docx.styles import ParagraphStyle, flag, indent_of, is_on, number, value
from releases.intake.docx.tables import table
from releases.text.clean import MAX_CHARACTERS
from releases.text.hints import picture_mark
from releases.text.tree import escape_text

_NEAR = 120  # twentieths of a point that a paragraph may be set in more or less than the item that it goes on with
_TICKS = frozenset("☐☑☒✓✔✗✘")
_MULTILEVEL = re.compile(r"[0-9a-z][.)-][0-9a-z]", re.IGNORECASE)
_MAX_DEPTH = 24  # tables in tables and boxes in boxes


class Paragraph(NamedTuple):
    """A paragraph that was read: its line, and what kind of paragraph it is."""

    line: Line
    style: ParagraphStyle
    level: int  # of a heading, 0 for other paragraphs
    direction: str
    label: str = ""  # the number that is printed before a heading
    by_hand: bool = False  # it looks like a heading that nobody called one


class OpenList(NamedTuple):
    """A list that further items may join."""

    list: str
    level: int
    tag: str
    number: int
    indent: int


class Blocks:
    """Writes the blocks of one story (the body, a cell, a note). `take` may claim a paragraph: a title, a date."""

    def __init__(
        self, story: Story, *, depth: int = 0, take: Callable[[Paragraph], bool] | None = None
    ) -> None:
        if depth > _MAX_DEPTH:
            raise Unreadable(
                _("This file has tables within tables deeper than can be kept, and was not read.")
            )
        self.story = story
        self.depth = depth
        self.take = take
        self.out: list[str] = []
        self.length = 0
        self.lists: list[OpenList] = []
        self.quoting = False
        self.carried: list[Piece] = []

    # ------------------------------------------------------------------ reading

    def read(self, nodes: Iterable[Node]) -> None:
        """Take in blocks one after the other."""
        for node in nodes:
            tag = node.tag
            if tag == _PARAGRAPH:
                self.paragraph(node)
            elif tag == _TABLE:
                self.close_lists()
                self._write(table(node, self.story, self._cell))
            elif tag in _THROUGH:
                self.read(node.iterchildren())
            elif tag == _CONTROL:
                self._control(node)
            elif tag in _GONE:
                self.story.report.add("deleted")
            elif tag == _EMBEDDED:
                self.story.report.add("embedded")
            elif tag in _INLINE:
                Line(self.story, ParagraphStyle(), right_to_left=False).read(Alone([node]))
            elif tag == ALTERNATE:
                if (branch := readable_branch(node)) is not None:
                    self.read(branch.iterchildren())
            elif says(node) and next(node.iter(_PARAGRAPH), None) is not None:
                self.read(node.iterchildren())  # whatever Word calls it
            elif tag in _EQUATIONS or says(node):
                line = Line(self.story, ParagraphStyle(), right_to_left=False)
                line.read(Alone([node]))
                self._plain(line, "")

    def _control(self, node: Node) -> None:
        gallery = node.find(f"{W}sdtPr/{W}docPartObj/{W}docPartGallery")
        if gallery is not None and gallery.get(f"{W}val") == "Table of Contents":
            self.story.report.add("contents")
            return
        for content in shown_content(self.story, node):
            self.read(content.iterchildren())

    def paragraph(self, node: Node) -> None:
        """A paragraph, and after it the text of the boxes that hang on it."""
        properties = node.find(f"{W}pPr")
        style = self.story.styles.paragraph(
            (value(properties, "pStyle") or "") if properties is not None else ""
        )
        bidi = flag(properties, "bidi") if properties is not None else None
        right_to_left = bool(style.right_to_left if bidi is None else bidi)
        line = Line(self.story, style, right_to_left=right_to_left)
        line.pieces, self.carried = self.carried, []
        line.read(node)
        line.end()
        mark = properties.find(f"{W}rPr") if properties is not None else None
        if (
            mark is not None and (mark.find(f"{W}del") is not None or mark.find(f"{W}moveFrom") is not None)
        ) or _is_drop_cap(properties):
            # The paragraph's end was deleted, or it is the large first letter of the next one.
            self.carried = line.pieces
        else:
            self._place(line, style, properties, "rtl" if right_to_left else "")
        for name in line.pictures:
            self._write(f"<p>{escape_text(picture_mark(name))}</p>")
        for box in line.boxes:
            inner = Blocks(self.story, depth=self.depth + 1)
            inner.read(box.iterchildren())
            self.close_lists()
            self._write(inner.finished())

    def _place(self, line: Line, style: ParagraphStyle, properties: Node | None, direction: str) -> None:
        numbering, level = style.numbering, style.level if style.role == "heading" else 0
        if properties is not None:
            numbers = properties.find(f"{W}numPr")
            if numbers is not None:
                own = value(numbers, "numId")
                num_id = own if own is not None else (numbering[0] if numbering else "0")
                said = value(numbers, "ilvl")
                numbering = (num_id, number(said, numbering[1] if numbering else 0, 0, 8))
            outline = number(value(properties, "outlineLvl"), 9, 0, 9)
            level = level or (outline + 1 if outline < 9 else 0)
        item = self.story.numbering.item(*numbering) if numbering else None
        label = item.label.strip() if item and item.ordered and level else ""
        by_hand = self._by_hand(line, style, level, item)
        found = Paragraph(line, style, level, direction, label, by_hand)
        if style.role == "contents":
            if line.plain():
                self.story.report.add("contents")
            return
        if self.take is not None and self.take(found):
            self.close_lists()
            return
        if line.rule or (not line.pieces and _has_rule(properties)):
            self.close_lists()
            self._write("<hr>")
        if level or by_hand:
            if label and line.html():
                line.pieces.insert(0, Piece(f"{escape_text(label)} ", PLAIN))
            self._heading(line, level or BY_HAND, direction)
        elif item is not None:
            self._item(line, item, direction)
        elif self.lists and (style.role == "continued" or self._goes_on(properties, style)):
            if html := line.html():
                self._write(_paragraph(html, direction))
        elif style.role == "quote":
            self._quotation(line, direction)
        else:
            self._plain(line, direction)

    def _by_hand(self, line: Line, style: ParagraphStyle, level: int, item: Item | None) -> bool:
        if self.depth or self.story.in_note or style.role or level or item is not None:
            return False
        return is_made_by_hand(
            line.plain(), line.pieces, bold=style.bold, smallest=line.smallest,
            text_size=self.story.styles.text_size,
        )  # fmt: skip

    def _goes_on(self, properties: Node | None, style: ParagraphStyle) -> bool:
        """Does a paragraph without a number go on with an open item, set in as that is? Deeper lists are over then."""
        indent = indent_of(properties, style.indent)
        open_ = [n for n, one in enumerate(self.lists) if indent and abs(one.indent - indent) <= _NEAR]
        if not open_:
            return False
        while len(self.lists) > open_[-1] + 1:
            self._close_list()
        return True

    def _cell(self, node: Node) -> str:
        """What stands in a cell."""
        inner = Blocks(self.story, depth=self.depth + 1)
        inner.read(node.iterchildren())
        return inner.finished()

    # ------------------------------------------------------------------ writing

    def _write(self, html: str) -> None:
        self.out.append(html)
        self.length += len(html)
        if self.length > 2 * MAX_CHARACTERS:
            raise too_much()

    def _plain(self, line: Line, direction: str) -> None:
        html = line.html()
        if html:
            self.close_lists()
            self._write(_paragraph(html, direction))

    def _heading(self, line: Line, level: int, direction: str) -> None:
        html = line.html()
        if html:
            self.close_lists()
            dir_ = f' dir="{direction}"' * bool(direction)
            self._write(f"<{HEADING}{level}{HEADING}{dir_}>{html}</{HEADING}{level}{HEADING}>")

    def _quotation(self, line: Line, direction: str) -> None:
        html = line.html()
        if html:
            if not self.quoting:
                self.close_lists()
                self._write("<blockquote>")
                self.quoting = True
            self._write(_paragraph(html, direction))

    def _item(self, line: Line, item: Item, direction: str) -> None:
        html = line.html()
        if not html:
            return  # an item without words has counted and shows nothing
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
                self.story.report.add("lettered")
            elif item.ordered and _MULTILEVEL.search(item.label):
                self.story.report.add("multilevel", item.label)
            self.lists.append(OpenList(item.list, item.level, tag, item.number, item.indent))
        self.lists[-1] = self.lists[-1]._replace(number=item.number)
        if not item.ordered and item.label in _TICKS:
            html = f"{item.label} {html}"
        self._write(f"<li>{_paragraph(html, direction)}")

    def _close_list(self) -> None:
        self._write(f"</li></{self.lists.pop().tag}>")

    def close_lists(self) -> None:
        """What comes next stands in no list and no quotation."""
        while self.lists:
            self._close_list()
        if self.quoting:
            self._write("</blockquote>")
            self.quoting = False

    def finished(self) -> str:
        """All that was written."""
        if self.carried:
            line = Line(self.story, ParagraphStyle(), right_to_left=False)
            line.pieces, self.carried = self.carried, []
            self._plain(line, "")
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
_THROUGH = frozenset({f"{W}customXml", f"{W}ins", f"{W}moveTo", f"{W}smartTag"})
_GONE = frozenset({f"{W}del", f"{W}moveFrom"})
_INLINE = frozenset({f"{W}bookmarkStart", f"{W}bookmarkEnd"})
_EQUATIONS = frozenset({f"{_M}oMath", f"{_M}oMathPara"})
