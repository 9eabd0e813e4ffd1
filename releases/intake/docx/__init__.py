"""A Word document to a title, a date, a clean body with its notes, and a report of what became of what."""

import re
from dataclasses import dataclass
from datetime import date
from typing import IO

from django.conf import settings
from django.utils.translation import gettext as _
from lxml.html import HtmlElement, fragment_fromstring, tostring

from releases.intake import Unreadable
from releases.intake.dates import dated
from releases.intake.docx.blocks import Blocks, Paragraph
from releases.intake.docx.context import END, REFERENCE, SPLIT, Story
from releases.intake.docx.drawings import Shown, into_library
from releases.intake.docx.formatting import PLACED, citation
from releases.intake.docx.headings import MUCH_LARGER, ranked, title_of, unranked
from releases.intake.docx.numbering import Numbering
from releases.intake.docx.package import Package, W, too_much
from releases.intake.docx.styles import Styles
from releases.intake.notes import rewrite_notes
from releases.intake.report import Report
from releases.models.revision import TITLE_LENGTH
from releases.text.clean import clean
from releases.text.clean.reconcile import shortened
from releases.text.tree import escape_text

# A title or a date stands among the first paragraphs, or it is something else.
HEAD = 10
_AGAIN = re.compile(f"{REFERENCE}([^{SPLIT}]*){SPLIT}([^{END}]*){END}")
_CITED = re.compile('<a href="#fn-([a-z0-9]+)">')
_NUMBER = re.compile(r"\s*[\[(]?(?:[0-9]{1,5}|[ivxlcIVXLC]{1,8}|[^\w\s]{1,4})?[\])]?")


@dataclass(frozen=True)
class Reading:
    """What a document said. `body` is clean; an empty title, place or date was not plainly there.

    `pictures` are read from the file when `into_library` asks for them: it has to be open until then.
    """

    title: str
    body: str
    day: date | None
    place: str
    pictures: tuple[Shown, ...]
    report: Report


class _Head:
    """Looks for title and date among the first paragraphs."""

    def __init__(self, report: Report, *, text_size: int) -> None:
        self.report = report
        self.text_size = text_size
        self.title = ""
        self.heading = ""  # of the first rank, without a number: the title if it is the only one
        self.by_hand = ""  # a first line that is much larger than the text
        self.tops = 0
        self.day: date | None = None
        self.place = ""
        self.citations: list[str] = []
        self.seen = 0
        self.in_title = False

    def take(self, paragraph: Paragraph) -> bool:
        """Whether a paragraph was title or date, and so is none of the body's."""
        self.tops += paragraph.level == 1
        if self.seen > HEAD:
            return False
        words = paragraph.line.plain()
        if not words:
            return False
        self.seen += 1
        if paragraph.style.role == "title" and (not self.title or self.in_title):
            self.title = f"{self.title} {words}".strip()
            self.in_title = True
            self._keep_citations(paragraph)
            return True
        self.in_title = False
        if paragraph.level == 1 and not paragraph.label:
            self.heading = self.heading or words
            return False
        found = dated(words) if self.day is None else None
        if found is None or not all(piece.words for piece in paragraph.line.pieces):
            return self._is_title_by_hand(paragraph, words)
        self.day, self.place = found
        self.report.add("date", words)
        if self.place:
            self.report.add("place", self.place)
        return True

    def _is_title_by_hand(self, paragraph: Paragraph, words: str) -> bool:
        if paragraph.by_hand and self.seen == 1 and paragraph.line.smallest >= self.text_size + MUCH_LARGER:
            self.by_hand = words
            self._keep_citations(paragraph)
            return True
        return False

    def _keep_citations(self, paragraph: Paragraph) -> None:
        self.citations += [
            piece.html for piece in paragraph.line.pieces if not piece.words and piece.html != "<br>"
        ]

    def settled(self, body: str) -> tuple[str, str, int]:
        """The title, the body without it, and the highest rank that a heading may still have."""
        if self.by_hand and (self.title or self.tops == 1):  # it stands over the title, and was not it
            body = f"<p>{escape_text(self.by_hand)}</p>{body}"
        elif self.by_hand:
            return self.by_hand, body, 1
        if not self.title and self.heading and self.tops == 1:
            body, citations = title_of(body)
            self.citations.append(citations)
            return self.heading, body, 2
        return self.title, body, 1


def read(file: IO[bytes], *, max_bytes: int | None = None) -> Reading:
    """Read a .docx. Raises `Unreadable`, and nothing else, for whatever cannot be read; changes nothing anywhere.

    Time and memory follow the size of the text, which is bounded; pictures are not unpacked here.
    """
    package = Package(file, max_bytes=max_bytes or settings.DOCX_MAX_MB * 1024 * 1024)
    relations = package.relations(package.main)
    parts = {kind.rsplit("/", 1)[-1]: target for kind, target, external in relations.values() if not external}
    report = Report()
    styles = Styles.of(package.tree(parts.get("styles", "")))
    story = Story(package, styles, Numbering.of(package.tree(parts.get("numbering", "")), styles), report)
    story.read_part(package.main)
    head = _Head(report, text_size=styles.text_size)
    blocks = Blocks(story, take=head.take)
    blocks.read(package.blocks(package.main, f"{W}document", level=2))
    title, body, first = head.settled(blocks.finished())
    if len(title) > TITLE_LENGTH:
        body = f"<p>{escape_text(title)}</p>{body}"
        title = shortened(title)
        report.add("title-cut")
    if citations := "".join(head.citations):
        report.add("title-note")
        body = _with_citations(body, citations)
    report.add("title" if title else "no-title")
    if head.day is None:
        report.add("no-date")
    if "header" in parts or "footer" in parts:
        report.add("header")
    body = ranked(_cited_again(body, story), report, first=first)
    body = _with_notes_by_hand(body, story)
    notes = _notes(story, parts, body)
    pictures = tuple(Shown(name, part, package) for part, name in story.shown.items())
    return Reading(title, _cleaned(body + notes, report), head.day, head.place, pictures, report)


def _with_citations(body: str, citations: str) -> str:
    """Citations that a title cannot keep, at the end of the first paragraph."""
    before, end, after = body.partition("</p>")
    return f"{before}{citations}</p>{after}" if end else f"<p>{citations}</p>{body}"


def _cited_again(body: str, story: Story) -> str:
    """Cross-references to notes become further citations; what does not lead to a note stays what it showed."""

    def cite(match: re.Match[str]) -> str:
        key = story.bookmarks.get(match[1])
        if key is None:
            return match[2]
        story.report.add("cited-again")
        return citation(key) + match[2][_end_of_number(match[2]) :]

    return _AGAIN.sub(cite, body)


def _with_notes_by_hand(body: str, story: Story) -> str:
    """Notes that were made without Word's own footnotes: by links, or as a list that counts; and figures kept from words."""
    body = PLACED.sub(lambda match: f'<a id="{match[1]}"></a>' if match[1] in story.led_to else "", body)
    if not body:
        return ""
    holder = fragment_fromstring(body, create_parent="div")
    for place in list(holder.iter("a")):
        if place.get("href") is None:
            _name_what_follows(place)
    rewrite_notes(holder, seed="docx", report=story.report, written=True)
    for sup in list(holder.iter("sup")):
        between = {one.get("class") for one in (sup.getprevious(), sup.getnext()) if one is not None}
        if (
            not sup.get("class")
            and "footnote-ref" in between
            and (sup.text_content().strip() or ",") in ",;，、"
        ):
            sup.drop_tree()  # what parted two raised figures
    return escape_text(holder.text or "") + "".join(tostring(child, encoding="unicode") for child in holder)


def _name_what_follows(place: HtmlElement) -> None:
    """A place to which links lead becomes the name of the paragraph that begins there, or of the link that stands there."""
    around, after = place.getparent(), place.getnext()
    if after is not None and not place.tail and after.tag in ("a", "sup") and after.get("id") is None:
        named = after
    elif (
        around.getparent() is not None and around[0] is place and not around.text and around.get("id") is None
    ):
        named = around
    else:
        return
    named.set("id", place.get("id"))
    place.drop_tree()


def _end_of_number(shown: str) -> int:
    match = _NUMBER.match(shown)
    return match.end() if match else 0


def _notes(story: Story, parts: dict[str, str], body: str) -> str:
    """The notes that the body cites, as a list; a note that another note names is named by its number."""
    order = {key: n for n, key in enumerate(dict.fromkeys(_CITED.findall(body)), 1)}
    wanted = {story.cited[key]: key for key in order if key in story.cited}
    written: dict[str, str] = {}

    def name(match: re.Match[str]) -> str:
        key = story.bookmarks.get(match[1], "")
        return f"{order[key]}{match[2][_end_of_number(match[2]) :]}" if key in order else match[2]

    story.in_note = True
    for kind in ("footnotes", "endnotes"):
        part = parts.get(kind)
        if not part or not any(one == kind for one, _id in wanted):
            continue
        story.read_part(part)
        for node in story.package.blocks(part, f"{W}{kind}", level=1):
            key = wanted.get((kind, node.get(f"{W}id") or ""))
            if key is None or key in written or node.get(f"{W}type") not in (None, "normal"):
                continue
            _drop_own_mark(node)
            blocks = Blocks(story)
            blocks.read(node.iterchildren())
            words = unranked(_AGAIN.sub(name, blocks.finished()))
            written[key] = f'<li id="fn-{key}">{words}</li>'
            if sum(map(len, written.values())) > 4_000_000:
                raise too_much()
    if written:
        story.report.add("notes", count=len(written))
    return '<ol class="footnotes">' + "".join(written[key] for key in order if key in written) + "</ol>"


def _drop_own_mark(note: object) -> None:
    """Take away the mark that a note with a mark of its own ("*") shows at its beginning."""
    first = next(note.iter(f"{W}r"), None)  # type: ignore[attr-defined]  # an lxml element, which has no types
    if first is None or first.find(f"{W}footnoteRef") is not None or first.find(f"{W}endnoteRef") is not None:
        return
    text = "".join(part.text or "" for part in first.iterchildren(f"{W}t"))
    raised = first.find(f"{W}rPr/{W}vertAlign") is not None or first.find(f"{W}rPr/{W}rStyle") is not None
    if raised and len(text.strip()) <= 3 and not any(letter.isalnum() for letter in text):
        first.getparent().remove(first)


def _cleaned(html: str, report: Report) -> str:
    """The body as it may be stored."""
    cleaned = clean(html)
    for problem in cleaned.problems:
        if problem.fatal:
            raise Unreadable(_("The text of this file is too long for one release. Import it in parts."))
        report.add(problem.code, problem.excerpt)
    return cleaned.html


__all__ = ["Reading", "Unreadable", "into_library", "read"]
