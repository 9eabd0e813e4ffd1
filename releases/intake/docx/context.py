"""What is known of a document while it is read: its parts, the notes cited so far, and Word's fields, open and closed."""

import hashlib
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from releases.intake import Unreadable
from releases.intake.docx.numbering import Numbering
from releases.intake.docx.package import Node, Package, W
from releases.intake.docx.styles import Styles, flag, number, value
from releases.intake.report import Report
from releases.text.tree import escape_text

# Characters that XML 1.0 cannot hold stand around what is filled in when the whole document is known.
AGAIN, SPLIT, END, HEADING, PLACE = "\x01", "\x02", "\x03", "\x04", "\x05"
# Bookmarks that Word sets by itself and nobody links to.
_BY_ITSELF = ("_GoBack", "_Hlk", "_Toc", "OLE_LINK")
_NAME = re.compile(r"[^\x00-\x20\"<>&]{1,80}")
MAX_FIELDS = 100
MAX_BOOKMARKS = 64


@dataclass
class Field:
    """A field between its "begin" and "end". What it shows is kept; what it says is only looked at."""

    instruction: str = ""
    shows: bool = False  # "separate" was passed: what follows is what a reader sees
    loose: bool = False  # its instruction went on beyond a paragraph: text is text again
    href: str = ""
    again: str = ""  # the bookmark of a note that is cited again
    words: list[str] = field(default_factory=list)
    answer: str = ""  # what a field of a form shows unless it shows words of its own
    said: bool = False  # it has shown words


@dataclass
class Story:
    """One document. `relations` are those of the part being read (a note's links are listed apart)."""

    package: Package
    styles: Styles
    numbering: Numbering
    report: Report
    relations: dict[str, tuple[str, str, bool]] = field(default_factory=dict)
    cited: dict[str, tuple[str, str]] = field(default_factory=dict)  # key: ("footnotes" or "endnotes", id)
    bookmarks: dict[str, str] = field(default_factory=dict)  # name: key of the note that is cited in it
    shown: dict[str, str] = field(default_factory=dict)  # part of a picture: what is said about it
    led_to: set[str] = field(default_factory=set)  # bookmarks to which links lead
    in_note: bool = False
    fields: list[Field] = field(default_factory=list)
    open_bookmarks: dict[str, str] = field(default_factory=dict)

    def cite(self, kind: str, note: str) -> str:
        """The key of a note that is cited here."""
        key = hashlib.sha256(f"{kind} {note}".encode()).hexdigest()[:8]
        self.cited.setdefault(key, (kind, note))
        for name in self.open_bookmarks.values():
            self.bookmarks.setdefault(name, key)
        return key

    def open_bookmark(self, node_id: str, name: str) -> str:
        """A bookmark begins; those that never end are forgotten in time. What stands in the text at its place."""
        self.open_bookmarks[node_id] = name
        if len(self.open_bookmarks) > MAX_BOOKMARKS:
            del self.open_bookmarks[next(iter(self.open_bookmarks))]
        if self.in_note or not _NAME.fullmatch(name) or name.startswith(_BY_ITSELF):
            return ""
        return f"{PLACE}{name}{END}"

    @property
    def link(self) -> str:
        """The address that an open HYPERLINK field gives to what it shows."""
        return next((one.href for one in reversed(self.fields) if one.shows and one.href), "")

    def citing_again(self) -> Field | None:
        """The open cross-reference to a note whose shown number is being gathered."""
        return next((one for one in self.fields if one.again), None)

    def read_part(self, part: str) -> None:
        """Turn to another part: nothing that was open goes on in it."""
        self.relations = self.package.relations(part)
        self.fields, self.open_bookmarks = [], {}


if TYPE_CHECKING:
    from releases.intake.docx.runs import Line

_WORD = re.compile(r'"((?:[^"\\]|\\.)*)"|(\S+)')


def field_character(line: "Line", node: Node) -> None:
    """A complex field begins, comes to what it shows, or ends."""
    fields = line.story.fields
    kind = node.get(f"{W}fldCharType")
    if kind == "begin":
        if len(fields) >= MAX_FIELDS:
            raise Unreadable(
                _("This file has fields within fields deeper than Word writes, and was not read.")
            )
        fields.append(Field(answer=_answer(node)))
    elif kind == "separate" and fields:
        _turn(line, fields[-1])
    elif kind == "end" and fields:
        if not fields[-1].shows:
            _turn(line, fields[-1])
        one = fields.pop()
        if one.again:
            field_end(line, one)
        elif one.answer and not one.said:
            line.text(one.answer)


def _answer(node: Node) -> str:
    """What a field of a form shows that holds its answer apart: a box that is ticked or not, a choice of a list."""
    box = node.find(f"{W}ffData/{W}checkBox")
    if box is not None:
        ticked = flag(box, "checked")
        return "☒" if (flag(box, "default") if ticked is None else ticked) else "☐"
    choices = node.find(f"{W}ffData/{W}ddList")
    if choices is None:
        return ""
    entries = [one.get(f"{W}val") or "" for one in choices.iterchildren(f"{W}listEntry")]
    place = number(value(choices, "result"), number(value(choices, "default"), 0, 0, 999), 0, 999)
    return entries[place] if place < len(entries) else ""


def simple_field(line: "Line", node: Node, href: str) -> None:
    """A field in one element: its instruction is an attribute, what it shows its content."""
    if len(line.story.fields) >= MAX_FIELDS:
        raise Unreadable(_("This file has fields within fields deeper than Word writes, and was not read."))
    one = Field(instruction=(node.get(f"{W}instr") or "")[:4000])
    line.story.fields.append(one)
    _turn(line, one)
    line.read(node, href)
    if one in line.story.fields:
        del line.story.fields[line.story.fields.index(one) :]
    if one.again:
        field_end(line, one)


def field_end(line: "Line", one: Field) -> None:
    """A cross-reference to a note is over: note the place, and what it showed in case the note is not found."""
    shown = "".join(one.words)
    line.put_again(f"{AGAIN}{one.again}{SPLIT}{escape_text(shown)}{END}")
    one.again, one.words = "", []


def _turn(line: "Line", one: Field) -> None:
    """The instruction is complete; what follows is shown."""
    one.shows = True
    words = [quoted or plain for quoted, plain in _WORD.findall(one.instruction)]
    name = words[0].upper() if words else ""
    if name == "HYPERLINK":
        target, anchor = "", ""
        rest = iter(words[1:])
        for word in rest:
            if word == "\\l":
                anchor = next(rest, "")
            elif word in ("\\o", "\\t"):
                next(rest, "")
            elif not word.startswith("\\"):
                target = target or word
        one.href = line.web_address(target) if target else ""
        if one.href and anchor and "#" not in one.href:
            one.href = line.web_address(f"{one.href}#{anchor}")
    elif name == "NOTEREF" or name == "FTNREF":
        bookmark = next((word for word in words[1:] if not word.startswith("\\")), "")
        one.again = "".join(character for character in bookmark if character >= " ")[:200]
