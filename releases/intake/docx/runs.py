"""The inline content of a paragraph: runs, links, fields, citations and tracked changes become pieces of formatted text."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from releases.intake import Unreadable
from releases.intake.docx.context import Context, Field
from releases.intake.docx.drawings import read_drawing
from releases.intake.docx.equations import M, equation_text
from releases.intake.docx.formatting import (
    PLAIN,
    Marks,
    Piece,
    RunFormat,
    citation_html,
    displayed_text,
    run_format,
    to_html,
    trimmed,
    visible_text,
)
from releases.intake.docx.package import Node, R, W
from releases.intake.docx.styles import ParagraphStyle, flag, is_on
from releases.text.tables import symbol
from releases.text.tree import escape_text

_W16SE = "{http://schemas.microsoft.com/office/word/2015/wordml/symex}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MAX_DEPTH = 80


class InlineReader:
    """Reads the content of one paragraph into pieces, and the text boxes that are anchored in it."""

    def __init__(self, context: Context, style: ParagraphStyle, *, right_to_left: bool) -> None:
        self.context = context
        self.style = style
        self.right_to_left = right_to_left
        self.pieces: list[Piece] = []
        self.boxes: list[Node] = []
        self.pictures: list[str] = []  # the description of each that is anchored here
        self.rule = False
        self.smallest = 0  # of its letters, in half points
        self.depth = 0

    # ------------------------------------------------------------------ reading

    def read(self, parent: Node, href: str = "") -> None:
        """Read the children of a paragraph, or of an inline element that holds runs."""
        self.depth += 1
        if self.depth > _MAX_DEPTH:
            raise Unreadable(
                _("This file has things within things deeper than Word writes, and was not read.")
            )
        for node in parent.iterchildren():
            reader = _READERS.get(node.tag)
            if reader is not None:
                reader(self, node, href)
            elif has_content(node):  # an unknown element: its words are kept
                self.read(node, href)
        self.depth -= 1

    def run(self, node: Node, href: str) -> None:
        """A run: text in one formatting, a citation, a break, a picture or a field character."""
        fmt = run_format(
            node.find(f"{W}rPr"), self.context, self.style, href, right_to_left=self.right_to_left
        )
        before = len(self.pieces)
        self._contents(node, fmt, href)
        if fmt.hidden and len(self.pieces) == before and node.find(_TEXT) is not None:
            self.context.report.add("hidden")

    def _contents(self, node: Node, fmt: RunFormat, href: str) -> None:
        custom = False
        for child in node.iterchildren():
            tag = child.tag
            if tag == _FIELD_CHARACTER:
                self.field_character(child)
            elif tag == _INSTRUCTION:
                self.context.instruction_text(child.text or "")
            elif tag == _COMMENT:
                self.context.report.add("comment")
            elif fmt.hidden:
                continue
            elif tag == _TEXT:
                if custom:  # a note's mark of the writer's own choice, such as "*"
                    custom = False
                else:
                    self.text(displayed_text(child.text or "", fmt, self.context.report), fmt.marks)
                    if (child.text or "").strip():
                        self.smallest = min(self.smallest or fmt.size, fmt.size)
            elif tag in _SPACES:
                self.text(" ", fmt.marks)
            elif tag in (_BREAK, _RETURN):
                if child.get(f"{W}type") in (None, "textWrapping"):
                    self.put("<br>", words=False)
                else:
                    self.text(" ", fmt.marks)  # the end of a page or a column separates words, too
            elif tag == _NO_BREAK_HYPHEN:
                self.text("\u2011", fmt.marks)
            elif tag in (_FOOTNOTE, _ENDNOTE):
                kind = "footnotes" if tag == _FOOTNOTE else "endnotes"
                self.cite(self.context.cite(kind, child.get(f"{W}id") or ""))
                custom = is_on(child.get(f"{W}customMarkFollows"), absent=False)
            elif tag in (_SYMBOL, _EMOJI):
                self._symbol(child, fmt)
            elif tag in _PICTURES:
                self.drawing(child)
            elif tag == ALTERNATE:
                if (branch := readable_alternative(child)) is not None:
                    self._contents(branch, fmt, href)
            elif tag == _RUBY:
                self._ruby(child, href)
            elif has_content(child):  # an unknown element
                if next(child.iter(_RUN), None) is not None:
                    self.read(SingleNode([child]), href)
                else:
                    self._contents(child, fmt, href)

    def _symbol(self, node: Node, fmt: RunFormat) -> None:
        space = W if node.tag == _SYMBOL else _W16SE
        font, code = node.get(f"{space}font") or "", node.get(f"{space}char") or ""
        point = int(code, 16) if re.fullmatch(r"[0-9A-Fa-f]{1,6}", code) else 0
        if found := symbol(font, point):
            self.text(found, fmt.marks)
        else:
            self.context.report.add("symbol", f"{font}: {code[:6]}")

    def _ruby(self, node: Node, href: str) -> None:
        base = node.find(f"{W}rubyBase")
        if base is not None:
            self.context.report.add("ruby")
            self.read(base, href)

    # ------------------------------------------------------------------ writing

    def text(self, text: str, marks: Marks = PLAIN) -> None:
        """Add text, unless it belongs to a field's instruction or to the result of a cross-reference to a note."""
        if not text:
            return
        fields = self.context.fields
        if fields:
            if any(not one.shows_result and not one.unended for one in fields):
                return
            if reference := self.context.open_reference():
                reference.result.append(text)
                return
            for one in fields:
                one.has_result = one.has_result or bool(text.strip())
        self.pieces.append(Piece(escape_text(text), marks))

    def put(self, html: str, *, words: bool) -> None:
        """Add HTML that is no text."""
        self.pieces.append(Piece(html, PLAIN, words))

    def field_character(self, node: Node) -> None:
        """A complex field begins, comes to its result, or ends."""
        ended = self.context.field_character(node)
        if ended is None:
            return
        if ended.note_bookmark:
            self.reference(ended)
        elif ended.form_value and not ended.has_result:
            self.text(ended.form_value)

    def reference(self, field: Field) -> None:
        """Add a cross-reference to a note, if the field is one: it becomes a citation when all notes are known."""
        if placeholder := field.placeholder():
            self.put(placeholder, words=False)

    def drawing(self, node: Node) -> None:
        """Read a drawing."""
        found = read_drawing(node, self.context)
        self.boxes += found.boxes
        self.pictures += found.pictures
        self.rule = self.rule or found.is_rule

    def cite(self, key: str) -> None:
        """Cite a note here. Notes cannot cite notes."""
        if not self.context.in_note:
            self.put(citation_html(key), words=False)

    def end(self) -> None:
        """The paragraph is over: an open cross-reference is written, and no instruction goes beyond it."""
        for one in self.context.fields:
            if not one.shows_result:
                one.unended = True
            self.reference(one)

    def html(self) -> str:
        """The content as HTML, without white space at its edges."""
        return (
            to_html(trimmed(self.pieces)) if self.plain() or any(not one.words for one in self.pieces) else ""
        )

    def plain(self) -> str:
        """The words alone, on one line."""
        found = "".join(
            " " if piece.html == "<br>" else visible_text(piece)
            for piece in self.pieces
            if piece.words or piece.html == "<br>"
        )
        found = found.replace("&lt;", "<").replace("&gt;", ">").replace("&nbsp;", " ").replace("&amp;", "&")
        return " ".join(found.split())


# ---------------------------------------------------------------------- the readers


def _link(inline: InlineReader, node: Node, href: str) -> None:
    kind, target, external = inline.context.relations.get(node.get(f"{R}id") or "", ("", "", False))
    found = href
    anchor = node.get(f"{W}anchor") or ""
    if not kind and anchor and not inline.context.in_note:
        inline.context.link_targets.add(anchor)
        found = f"#{anchor}"
    elif external and kind.endswith("/hyperlink"):
        found = inline.context.web_address(target + (f"#{anchor}" if anchor and "#" not in target else ""))
    inline.read(node, found)


def _inserted(inline: InlineReader, node: Node, href: str) -> None:
    if next(node.iterchildren(), None) is not None:
        inline.context.report.add("inserted")
    inline.read(node, href)


def _deleted(inline: InlineReader, node: Node, href: str) -> None:
    inline.context.report.add("deleted")
    # A field may begin before a deletion and end within it.
    for child in node.iter(f"{W}fldChar"):
        inline.field_character(child)


def _content_control(inline: InlineReader, node: Node, href: str) -> None:
    if content := control_content(inline.context, node):
        for child in content:
            inline.read(child, href)


def control_content(context: Context, node: Node) -> list[Node]:
    """The content of a content control, unless it only asks to be filled in."""
    properties = node.find(f"{W}sdtPr")
    if properties is not None and flag(properties, "showingPlcHdr"):
        context.report.add("placeholder")
        return []
    return list(node.iterchildren(f"{W}sdtContent"))


def _simple_field(inline: InlineReader, node: Node, href: str) -> None:
    field = inline.context.open_simple_field(node)
    inline.read(node, href)
    inline.context.close_simple_field(field)
    inline.reference(field)


def _bookmark_start(inline: InlineReader, node: Node, href: str) -> None:
    if place := inline.context.open_bookmark(node.get(f"{W}id") or "", node.get(f"{W}name") or ""):
        inline.pieces.append(Piece(place, PLAIN))


def _bookmark_end(inline: InlineReader, node: Node, href: str) -> None:
    inline.context.open_bookmarks.pop(node.get(f"{W}id") or "", None)


def _alternate(inline: InlineReader, node: Node, href: str) -> None:
    if (branch := readable_alternative(node)) is not None:
        inline.read(branch, href)


def readable_alternative(node: Node) -> Node | None:
    """The first of several alternatives (`mc:AlternateContent`) that has content which can be read here."""
    return next((one for one in node.iterchildren(f"{MC}Choice", f"{MC}Fallback") if has_content(one)), None)


def has_content(node: Node) -> bool:
    """Whether an element holds words, a symbol, a note's reference or a picture, at any depth."""
    return isinstance(node.tag, str) and next(node.iter(*_CONTENT_TAGS), None) is not None


class SingleNode(list[Node]):
    """Wraps a node for a reader that asks for children."""

    def iterchildren(self) -> Iterator[Node]:
        return iter(self)


def _equation(inline: InlineReader, node: Node, href: str) -> None:
    words = " ".join(equation_text(node).split())
    if words:
        inline.context.report.add("equation", words)
        inline.text(words)


def _drawing(inline: InlineReader, node: Node, href: str) -> None:
    inline.drawing(node)


def _nothing(inline: InlineReader, node: Node, href: str) -> None:
    """Paragraph properties are read elsewhere."""


def _pass_through(inline: InlineReader, node: Node, href: str) -> None:
    inline.read(node, href)


_FIELD_CHARACTER, _INSTRUCTION, _COMMENT = f"{W}fldChar", f"{W}instrText", f"{W}commentReference"
_RUN = f"{W}r"
_TEXT, _BREAK, _RETURN = f"{W}t", f"{W}br", f"{W}cr"
_SPACES = frozenset({f"{W}tab", f"{W}ptab"})
_NO_BREAK_HYPHEN, _SYMBOL, _EMOJI, _RUBY = f"{W}noBreakHyphen", f"{W}sym", f"{_W16SE}symEx", f"{W}ruby"
_FOOTNOTE, _ENDNOTE = f"{W}footnoteReference", f"{W}endnoteReference"
ALTERNATE = f"{MC}AlternateContent"
_PICTURES = frozenset({f"{W}drawing", f"{W}pict", f"{W}object"})
_CONTENT_TAGS = (
    _TEXT,
    _SYMBOL,
    _EMOJI,
    _FOOTNOTE,
    _ENDNOTE,
    _BREAK,
    _NO_BREAK_HYPHEN,
    f"{M}t",
    *sorted(_PICTURES),
)
_READERS = {
    f"{W}r": InlineReader.run,
    f"{W}hyperlink": _link,
    f"{W}ins": _inserted,
    f"{W}moveTo": _inserted,
    f"{W}del": _deleted,
    f"{W}moveFrom": _deleted,
    f"{W}sdt": _content_control,
    f"{W}fldSimple": _simple_field,
    f"{W}bookmarkStart": _bookmark_start,
    f"{W}bookmarkEnd": _bookmark_end,
    f"{W}smartTag": _pass_through,
    f"{W}customXml": _pass_through,
    f"{W}dir": _pass_through,
    f"{W}bdo": _pass_through,
    f"{M}oMath": _equation,
    f"{M}oMathPara": _equation,
    ALTERNATE: _alternate,
    f"{W}pPr": _nothing,
    f"{W}pict": _drawing,
    f"{W}drawing": _drawing,
}
