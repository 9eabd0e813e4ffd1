"""The state of reading a document: its parts, the notes cited so far, the open bookmarks and fields."""

import hashlib
import re
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from releases.intake import Unreadable
from releases.intake.docx.numbering import Numbering
from releases.intake.docx.package import Node, Package, W
from releases.intake.docx.styles import Styles, flag, number, value
from releases.intake.report import Report
from releases.text.links import clean_link
from releases.text.tree import escape_text

# Delimiters of placeholders, which are filled in when the whole document is known. XML 1.0 cannot hold these characters.
REFERENCE, SEPARATOR, END, HEADING, BOOKMARK = "\x01", "\x02", "\x03", "\x04", "\x05"
# Bookmarks that Word sets automatically and nobody links to.
_AUTOMATIC = ("_GoBack", "_Hlk", "_Toc", "OLE_LINK")
_ARGUMENT = re.compile(r'"((?:[^"\\]|\\.)*)"|(\S+)')
_NAME = re.compile(r"[^\x00-\x20\"<>&]{1,80}")
MAX_FIELDS = 100
MAX_INSTRUCTION = 4000
MAX_BOOKMARKS = 64


@dataclass
class Field:
    """A field between its "begin" and "end". Its result is kept; its instruction is only looked at."""

    instruction: str = ""
    shows_result: bool = False  # "separate" was passed: what follows is what a reader sees
    unended: bool = False  # its instruction went on beyond a paragraph: text is text again
    href: str = ""
    note_bookmark: str = ""  # of a cross-reference: the bookmark of the note that is cited again
    result: list[str] = field(default_factory=list)  # of a cross-reference: what it shows
    form_value: str = ""  # what a form field shows unless it has a result of its own
    has_result: bool = False

    def placeholder(self) -> str:
        """What stands for a cross-reference to a note until all notes are known, once; "" for other fields.

        It holds what the field showed, in case the note is not found.
        """
        if not self.note_bookmark:
            return ""
        found = f"{REFERENCE}{self.note_bookmark}{SEPARATOR}{escape_text(''.join(self.result))}{END}"
        self.note_bookmark, self.result = "", []
        return found


@dataclass
class Context:
    """One document while it is read. `relations` are those of the current part: notes have their own."""

    package: Package
    styles: Styles
    numbering: Numbering
    report: Report
    relations: dict[str, tuple[str, str, bool]] = field(default_factory=dict)
    cited: dict[str, tuple[str, str]] = field(default_factory=dict)  # key: ("footnotes" or "endnotes", id)
    bookmarks: dict[str, str] = field(default_factory=dict)  # name: key of the note that is cited in it
    shown: dict[str, str] = field(default_factory=dict)  # part of a picture: its description
    link_targets: set[str] = field(default_factory=set)  # bookmarks to which links lead
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
        """A bookmark begins. Returns its placeholder. Only the latest `MAX_BOOKMARKS` stay open: some never end."""
        self.open_bookmarks[node_id] = name
        if len(self.open_bookmarks) > MAX_BOOKMARKS:
            del self.open_bookmarks[next(iter(self.open_bookmarks))]
        if self.in_note or not _NAME.fullmatch(name) or name.startswith(_AUTOMATIC):
            return ""
        return f"{BOOKMARK}{name}{END}"

    @property
    def link(self) -> str:
        """The address that an open HYPERLINK field gives to what it shows."""
        return next((one.href for one in reversed(self.fields) if one.shows_result and one.href), "")

    def open_reference(self) -> Field | None:
        """The open cross-reference to a note whose result is being gathered."""
        return next((one for one in self.fields if one.note_bookmark), None)

    def read_part(self, part: str) -> None:
        """Turn to another part. Open fields and bookmarks do not continue in it."""
        self.relations = self.package.relations(part)
        self.fields, self.open_bookmarks = [], {}

    def web_address(self, target: str) -> str:
        """The address of a link as it may be kept; "" and a line in the report where it may not."""
        href, tracked = clean_link(target)
        if tracked:
            self.report.add("untracked")
        if target and not href:
            self.report.add("link-refused", target)
        return href

    # ------------------------------------------------------------------ fields

    def field_character(self, node: Node) -> Field | None:
        """A complex field begins, comes to its result, or ends; returns the field that ended."""
        kind = node.get(f"{W}fldCharType")
        if kind == "begin":
            self._open(Field(form_value=_form_value(node)))
        elif kind == "separate" and self.fields:
            self._interpret(self.fields[-1])
        elif kind == "end" and self.fields:
            if not self.fields[-1].shows_result:
                self._interpret(self.fields[-1])
            return self.fields.pop()
        return None

    def open_simple_field(self, node: Node) -> Field:
        """A field in one element: its instruction is an attribute, its result the content."""
        found = Field(instruction=(node.get(f"{W}instr") or "")[:MAX_INSTRUCTION])
        self._open(found)
        self._interpret(found)
        return found

    def close_simple_field(self, one: Field) -> None:
        """The element is over, and with it whatever fields were left open in it."""
        if one in self.fields:
            del self.fields[self.fields.index(one) :]

    def instruction_text(self, text: str) -> None:
        """A part of the instruction of the innermost open field."""
        if self.fields and len(self.fields[-1].instruction) < MAX_INSTRUCTION:
            self.fields[-1].instruction += text

    def _open(self, one: Field) -> None:
        if len(self.fields) >= MAX_FIELDS:
            raise Unreadable(
                _("This file has fields within fields deeper than Word writes, and was not read.")
            )
        self.fields.append(one)

    def _interpret(self, one: Field) -> None:
        """The instruction is complete; what follows is the result."""
        one.shows_result = True
        words = [quoted or plain for quoted, plain in _ARGUMENT.findall(one.instruction)]
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
            one.href = self.web_address(target) if target else ""
            if one.href and anchor and "#" not in one.href:
                one.href = self.web_address(f"{one.href}#{anchor}")
        elif name in ("NOTEREF", "FTNREF"):
            bookmark = next((word for word in words[1:] if not word.startswith("\\")), "")
            one.note_bookmark = "".join(character for character in bookmark if character >= " ")[:200]


def _form_value(node: Node) -> str:
    """What a form field shows that holds its value apart: a box that is ticked or not, a choice of a list."""
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
