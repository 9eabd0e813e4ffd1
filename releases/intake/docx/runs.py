"""What stands in a paragraph: runs, links, fields, citations and tracked changes, to pieces of marked text."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from releases.intake import Unreadable
from releases.intake.docx.context import Field, Story
from releases.intake.docx.drawings import read_drawing
from releases.intake.docx.equations import M, linear
from releases.intake.docx.formatting import (
    PLAIN,
    Marks,
    Piece,
    Setting,
    citation,
    said,
    setting_of,
    shown,
    trimmed,
    written,
)
from releases.intake.docx.package import Node, R, W
from releases.intake.docx.styles import ParagraphStyle, flag, is_on
from releases.text.tables import symbol
from releases.text.tree import escape_text

_W16SE = "{http://schemas.microsoft.com/office/word/2015/wordml/symex}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MAX_DEPTH = 80


class Line:
    """The pieces of one paragraph while they are gathered, and the boxes of text that hang on it."""

    def __init__(self, story: Story, style: ParagraphStyle, *, right_to_left: bool) -> None:
        self.story = story
        self.style = style
        self.right_to_left = right_to_left
        self.pieces: list[Piece] = []
        self.boxes: list[Node] = []
        self.pictures: list[str] = []  # what is said of each that hangs on it
        self.rule = False
        self.smallest = 0  # of its letters, in half points
        self.depth = 0

    # ------------------------------------------------------------------ reading

    def read(self, parent: Node, href: str = "") -> None:
        """Take in the children of a paragraph, or of something inline that holds runs."""
        self.depth += 1
        if self.depth > _MAX_DEPTH:
            raise Unreadable(
                _("This file has things within things deeper than Word writes, and was not read.")
            )
        for node in parent.iterchildren():
            reader = _READERS.get(node.tag)
            if reader is not None:
                reader(self, node, href)
            elif says(node):  # whatever Word calls it: words are never left out for its name
                self.read(node, href)
        self.depth -= 1

    def run(self, node: Node, href: str) -> None:
        """A run: text in one setting, or a citation, a break, a picture, a mark of a field."""
        setting = setting_of(
            node.find(f"{W}rPr"), self.story, self.style, href, right_to_left=self.right_to_left
        )
        before = len(self.pieces)
        self._contents(node, setting, href)
        if setting.hidden and len(self.pieces) == before and node.find(_TEXT) is not None:
            self.story.report.add("hidden")

    def _contents(self, node: Node, setting: Setting, href: str) -> None:
        custom = False
        for child in node.iterchildren():
            tag = child.tag
            if tag == _FIELD_CHARACTER:
                self.field_character(child)
            elif tag == _INSTRUCTION:
                self.story.instruction_text(child.text or "")
            elif tag == _COMMENT:
                self.story.report.add("comment")
            elif setting.hidden:
                continue
            elif tag == _TEXT:
                if custom:  # a note's mark of the writer's own choice, such as "*"
                    custom = False
                else:
                    self.text(shown(child.text or "", setting, self.story.report), setting.marks)
                    if (child.text or "").strip():
                        self.smallest = min(self.smallest or setting.size, setting.size)
            elif tag in _SPACES:
                self.text(" ", setting.marks)
            elif tag in (_BREAK, _RETURN):
                if child.get(f"{W}type") in (None, "textWrapping"):
                    self.put("<br>", words=False)
                else:
                    self.text(" ", setting.marks)  # the end of a page or a column parts words, too
            elif tag == _NO_BREAK_HYPHEN:
                self.text("\u2011", setting.marks)
            elif tag in (_FOOTNOTE, _ENDNOTE):
                kind = "footnotes" if tag == _FOOTNOTE else "endnotes"
                self.cite(self.story.cite(kind, child.get(f"{W}id") or ""))
                custom = is_on(child.get(f"{W}customMarkFollows"), absent=False)
            elif tag in (_SYMBOL, _EMOJI):
                self._symbol(child, setting)
            elif tag in _PICTURES:
                self.drawing(child)
            elif tag == ALTERNATE:
                if (branch := readable_branch(child)) is not None:
                    self._contents(branch, setting, href)
            elif tag == _RUBY:
                self._ruby(child, href)
            elif says(child):  # whatever Word calls it
                if next(child.iter(_RUN), None) is not None:
                    self.read(Alone([child]), href)
                else:
                    self._contents(child, setting, href)

    def _symbol(self, node: Node, setting: Setting) -> None:
        space = W if node.tag == _SYMBOL else _W16SE
        font, code = node.get(f"{space}font") or "", node.get(f"{space}char") or ""
        point = int(code, 16) if re.fullmatch(r"[0-9A-Fa-f]{1,6}", code) else 0
        if found := symbol(font, point):
            self.text(found, setting.marks)
        else:
            self.story.report.add("symbol", f"{font}: {code[:6]}")

    def _ruby(self, node: Node, href: str) -> None:
        base = node.find(f"{W}rubyBase")
        if base is not None:
            self.story.report.add("ruby")
            self.read(base, href)

    # ------------------------------------------------------------------ writing

    def text(self, text: str, marks: Marks = PLAIN) -> None:
        """Add words, unless they are what a field says to Word, or the number of a note that is cited again."""
        if not text:
            return
        fields = self.story.fields
        if fields:
            if any(not one.shows_result and not one.unended for one in fields):
                return
            if reference := self.story.open_reference():
                reference.result.append(text)
                return
            for one in fields:
                one.has_result = one.has_result or bool(text.strip())
        self.pieces.append(Piece(escape_text(text), marks))

    def put(self, html: str, *, words: bool) -> None:
        """Add something that is no text."""
        self.pieces.append(Piece(html, PLAIN, words))

    def field_character(self, node: Node) -> None:
        """A complex field begins, comes to its result, or ends."""
        ended = self.story.field_character(node)
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
        """Take in what a drawing holds."""
        found = read_drawing(node, self.story)
        self.boxes += found.boxes
        self.pictures += found.pictures
        self.rule = self.rule or found.is_rule

    def cite(self, key: str) -> None:
        """Cite a note here. Notes cite none: there it would be lost on the way."""
        if not self.story.in_note:
            self.put(citation(key), words=False)

    def end(self) -> None:
        """The paragraph is over: what a field gathered is given back, and no instruction goes beyond it."""
        for one in self.story.fields:
            if not one.shows_result:
                one.unended = True
            self.reference(one)

    def html(self) -> str:
        """The paragraph's content as HTML, white space at its edges left out."""
        return (
            written(trimmed(self.pieces)) if self.plain() or any(not one.words for one in self.pieces) else ""
        )

    def plain(self) -> str:
        """The words alone, on one line."""
        found = "".join(
            " " if piece.html == "<br>" else said(piece)
            for piece in self.pieces
            if piece.words or piece.html == "<br>"
        )
        found = found.replace("&lt;", "<").replace("&gt;", ">").replace("&nbsp;", " ").replace("&amp;", "&")
        return " ".join(found.split())


# ---------------------------------------------------------------------- the readers


def _link(line: Line, node: Node, href: str) -> None:
    kind, target, external = line.story.relations.get(node.get(f"{R}id") or "", ("", "", False))
    found = href
    anchor = node.get(f"{W}anchor") or ""
    if not kind and anchor and not line.story.in_note:
        line.story.led_to.add(anchor)
        found = f"#{anchor}"
    elif external and kind.endswith("/hyperlink"):
        found = line.story.web_address(target + (f"#{anchor}" if anchor and "#" not in target else ""))
    line.read(node, found)


def _inserted(line: Line, node: Node, href: str) -> None:
    if next(node.iterchildren(), None) is not None:
        line.story.report.add("inserted")
    line.read(node, href)


def _deleted(line: Line, node: Node, href: str) -> None:
    line.story.report.add("deleted")
    # A field may begin before a deletion and end within it.
    for child in node.iter(f"{W}fldChar"):
        line.field_character(child)


def _content_control(line: Line, node: Node, href: str) -> None:
    if content := shown_content(line.story, node):
        for child in content:
            line.read(child, href)


def shown_content(story: Story, node: Node) -> list[Node]:
    """The content of a content control, unless it only asks to be filled in."""
    properties = node.find(f"{W}sdtPr")
    if properties is not None and flag(properties, "showingPlcHdr"):
        story.report.add("placeholder")
        return []
    return list(node.iterchildren(f"{W}sdtContent"))


def _simple_field(line: Line, node: Node, href: str) -> None:
    field = line.story.open_simple_field(node)
    line.read(node, href)
    line.story.close_simple_field(field)
    line.reference(field)


def _bookmark_start(line: Line, node: Node, href: str) -> None:
    if place := line.story.open_bookmark(node.get(f"{W}id") or "", node.get(f"{W}name") or ""):
        line.pieces.append(Piece(place, PLAIN))


def _bookmark_end(line: Line, node: Node, href: str) -> None:
    line.story.open_bookmarks.pop(node.get(f"{W}id") or "", None)


def _alternate(line: Line, node: Node, href: str) -> None:
    if (branch := readable_branch(node)) is not None:
        line.read(branch, href)


def readable_branch(node: Node) -> Node | None:
    """Of the ways of saying one thing the first that says something which can be read here."""
    return next((one for one in node.iterchildren(f"{MC}Choice", f"{MC}Fallback") if says(one)), None)


def says(node: Node) -> bool:
    """Does it hold words, a sign, a note's mark or a picture, however deep?"""
    return isinstance(node.tag, str) and next(node.iter(*_SAYING), None) is not None


class Alone(list[Node]):
    """A node without what it stands in, for a reader that asks for children."""

    def iterchildren(self) -> Iterator[Node]:
        return iter(self)


def _equation(line: Line, node: Node, href: str) -> None:
    words = " ".join(linear(node).split())
    if words:
        line.story.report.add("equation", words)
        line.text(words)


def _drawing(line: Line, node: Node, href: str) -> None:
    line.drawing(node)


def _nothing(line: Line, node: Node, href: str) -> None:
    """What is said about the paragraph has been read."""


def _pass_through(line: Line, node: Node, href: str) -> None:
    line.read(node, href)


_FIELD_CHARACTER, _INSTRUCTION, _COMMENT = f"{W}fldChar", f"{W}instrText", f"{W}commentReference"
_RUN = f"{W}r"
_TEXT, _BREAK, _RETURN = f"{W}t", f"{W}br", f"{W}cr"
_SPACES = frozenset({f"{W}tab", f"{W}ptab"})
_NO_BREAK_HYPHEN, _SYMBOL, _EMOJI, _RUBY = f"{W}noBreakHyphen", f"{W}sym", f"{_W16SE}symEx", f"{W}ruby"
_FOOTNOTE, _ENDNOTE = f"{W}footnoteReference", f"{W}endnoteReference"
ALTERNATE = f"{MC}AlternateContent"
_PICTURES = frozenset({f"{W}drawing", f"{W}pict", f"{W}object"})
_SAYING = (_TEXT, _SYMBOL, _EMOJI, _FOOTNOTE, _ENDNOTE, _BREAK, _NO_BREAK_HYPHEN, f"{M}t", *sorted(_PICTURES))
_READERS = {
    f"{W}r": Line.run,
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
