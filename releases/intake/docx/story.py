"""What is known of a document while it is read: its parts, the notes cited so far, the fields that are open."""

import hashlib
import re
from dataclasses import dataclass, field

from releases.intake.docx.numbering import Numbering
from releases.intake.docx.package import Package
from releases.intake.docx.styles import Styles
from releases.intake.report import Report

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
