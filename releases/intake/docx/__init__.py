"""Imports a Word document: title, date, a clean body with its notes, and a report of what was kept, changed and left out."""

import re
from dataclasses import dataclass
from datetime import date
from typing import IO

from django.conf import settings
from django.utils.translation import gettext as _
from lxml.html import HtmlElement, fragment_fromstring, tostring

from releases.intake import Unreadable
from releases.intake.dates import dated
from releases.intake.docx.blocks import BlockWriter, Paragraph
from releases.intake.docx.context import END, REFERENCE, SEPARATOR, Context
from releases.intake.docx.drawings import EmbeddedPicture, import_pictures
from releases.intake.docx.formatting import BOOKMARK_MARK, citation_html
from releases.intake.docx.headings import MUCH_LARGER, headings_to_paragraphs, rank_headings, split_title
from releases.intake.docx.numbering import Numbering
from releases.intake.docx.package import Package, W, too_large
from releases.intake.docx.styles import Styles
from releases.intake.notes import rewrite_notes
from releases.intake.report import Report
from releases.models.revision import TITLE_LENGTH
from releases.text.clean import clean
from releases.text.clean.reconcile import shortened
from releases.text.tree import escape_text

# A title or a date stands among the first paragraphs, or it is something else.
HEAD = 10
_AGAIN = re.compile(f"{REFERENCE}([^{SEPARATOR}]*){SEPARATOR}([^{END}]*){END}")
_CITED = re.compile('<a href="#fn-([a-z0-9]+)">')
_NUMBER = re.compile(r"\s*[\[(]?(?:[0-9]{1,5}|[ivxlcIVXLC]{1,8}|[^\w\s]{1,4})?[\])]?")


@dataclass(frozen=True)
class WordDocument:
    """What was read from a document. `body` is clean. Title, place or date are empty where none was plainly there.

    `pictures` are unpacked only by `import_pictures`: the file has to be open until then.
    """

    title: str
    body: str
    day: date | None
    place: str
    pictures: tuple[EmbeddedPicture, ...]
    report: Report


class _HeadReader:
    """Finds title and date among the first paragraphs."""

    def __init__(self, report: Report, *, text_size: int) -> None:
        self.report = report
        self.text_size = text_size
        self.title = ""
        self.heading = ""  # the first of the first rank without a number: the title if it is the only one
        self.likely_title = ""  # a first line that is much larger than the text
        self.tops = 0
        self.day: date | None = None
        self.place = ""
        self.citations: list[str] = []
        self.seen = 0
        self.in_title = False

    def claim(self, paragraph: Paragraph) -> bool:
        """Whether a paragraph was title or date. Then it is not part of the body."""
        self.tops += paragraph.level == 1
        if self.seen > HEAD:
            return False
        words = paragraph.inline.plain()
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
        if found is None or not all(piece.words for piece in paragraph.inline.pieces):
            return self._is_likely_title(paragraph, words)
        self.day, self.place = found
        self.report.add("date", words)
        if self.place:
            self.report.add("place", self.place)
        return True

    def _is_likely_title(self, paragraph: Paragraph, words: str) -> bool:
        if (
            paragraph.likely_heading
            and self.seen == 1
            and paragraph.inline.smallest >= self.text_size + MUCH_LARGER
        ):
            self.likely_title = words
            self._keep_citations(paragraph)
            return True
        return False

    def _keep_citations(self, paragraph: Paragraph) -> None:
        self.citations += [
            piece.html for piece in paragraph.inline.pieces if not piece.words and piece.html != "<br>"
        ]

    def resolve(self, body: str) -> tuple[str, str, int]:
        """The title, the body without it, and the highest rank that a heading may still have."""
        if self.likely_title and (self.title or self.tops == 1):  # it stands above the title
            body = f"<p>{escape_text(self.likely_title)}</p>{body}"
        elif self.likely_title:
            return self.likely_title, body, 1
        if not self.title and self.heading and self.tops == 1:
            body, citations = split_title(body)
            self.citations.append(citations)
            return self.heading, body, 2
        return self.title, body, 1


def read(file: IO[bytes], *, max_bytes: int | None = None) -> WordDocument:
    """Read a .docx. Raises `Unreadable`, and nothing else, for whatever cannot be read; changes nothing anywhere.

    Time and memory follow the size of the text, which is bounded; pictures are not unpacked here.
    """
    package = Package(file, max_bytes=max_bytes or settings.DOCX_MAX_MB * 1024 * 1024)
    relations = package.relations(package.main)
    parts = {kind.rsplit("/", 1)[-1]: target for kind, target, external in relations.values() if not external}
    report = Report()
    styles = Styles.of(package.tree(parts.get("styles", "")))
    context = Context(package, styles, Numbering.of(package.tree(parts.get("numbering", "")), styles), report)
    context.read_part(package.main)
    head = _HeadReader(report, text_size=styles.text_size)
    blocks = BlockWriter(context, claim=head.claim)
    blocks.read(package.blocks(package.main, f"{W}document", level=2))
    title, body, first = head.resolve(blocks.finished())
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
    body = rank_headings(_with_cross_references(body, context), report, first=first)
    body = _with_other_notes(body, context)
    notes = _notes(context, parts, body)
    pictures = tuple(EmbeddedPicture(name, part, package) for part, name in context.shown.items())
    return WordDocument(title, _cleaned(body + notes, report), head.day, head.place, pictures, report)


def _with_citations(body: str, citations: str) -> str:
    """Put citations, which a title cannot keep, at the end of the first paragraph."""
    before, end, after = body.partition("</p>")
    return f"{before}{citations}</p>{after}" if end else f"<p>{citations}</p>{body}"


def _with_cross_references(body: str, context: Context) -> str:
    """Make cross-references to notes further citations. One that leads to no note becomes the text that it showed."""

    def cite(match: re.Match[str]) -> str:
        key = context.bookmarks.get(match[1])
        if key is None:
            return match[2]
        context.report.add("cited-again")
        return citation_html(key) + match[2][_end_of_number(match[2]) :]

    return _AGAIN.sub(cite, body)


def _with_other_notes(body: str, context: Context) -> str:
    """Find notes that were made without Word's own footnotes: by links, or as a numbered list."""
    body = BOOKMARK_MARK.sub(
        lambda match: f'<a id="{match[1]}"></a>' if match[1] in context.link_targets else "", body
    )
    if not body:
        return ""
    holder = fragment_fromstring(body, create_parent="div")
    for place in list(holder.iter("a")):
        if place.get("href") is None:
            _move_id_to_target(place)
    rewrite_notes(holder, seed="docx", report=context.report, written=True)
    for sup in list(holder.iter("sup")):
        between = {one.get("class") for one in (sup.getprevious(), sup.getnext()) if one is not None}
        if (
            not sup.get("class")
            and "footnote-ref" in between
            and (sup.text_content().strip() or ",") in ",;，、"
        ):
            sup.drop_tree()  # a separator between two citations
    return escape_text(holder.text or "") + "".join(tostring(child, encoding="unicode") for child in holder)


def _move_id_to_target(place: HtmlElement) -> None:
    """Give the id of a bookmark to the paragraph that begins there, or to the link that stands there."""
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


def _notes(context: Context, parts: dict[str, str], body: str) -> str:
    """The list of the notes that the body cites. A cross-reference to a note becomes its number."""
    order = {key: n for n, key in enumerate(dict.fromkeys(_CITED.findall(body)), 1)}
    wanted = {context.cited[key]: key for key in order if key in context.cited}
    written: dict[str, str] = {}

    def name(match: re.Match[str]) -> str:
        key = context.bookmarks.get(match[1], "")
        return f"{order[key]}{match[2][_end_of_number(match[2]) :]}" if key in order else match[2]

    context.in_note = True
    for kind in ("footnotes", "endnotes"):
        part = parts.get(kind)
        if not part or not any(one == kind for one, _id in wanted):
            continue
        context.read_part(part)
        for node in context.package.blocks(part, f"{W}{kind}", level=1):
            key = wanted.get((kind, node.get(f"{W}id") or ""))
            if key is None or key in written or node.get(f"{W}type") not in (None, "normal"):
                continue
            _drop_own_mark(node)
            blocks = BlockWriter(context)
            blocks.read(node.iterchildren())
            words = headings_to_paragraphs(_AGAIN.sub(name, blocks.finished()))
            written[key] = f'<li id="fn-{key}">{words}</li>'
            if sum(map(len, written.values())) > 4_000_000:
                raise too_large()
    if written:
        context.report.add("notes", count=len(written))
    return '<ol class="footnotes">' + "".join(written[key] for key in order if key in written) + "</ol>"


def _drop_own_mark(note: object) -> None:
    """Remove the mark of the writer's own choice ("*") with which a note begins."""
    first = next(note.iter(f"{W}r"), None)  # type: ignore[attr-defined]  # an lxml element, which has no types
    if first is None or first.find(f"{W}footnoteRef") is not None or first.find(f"{W}endnoteRef") is not None:
        return
    text = "".join(part.text or "" for part in first.iterchildren(f"{W}t"))
    raised = first.find(f"{W}rPr/{W}vertAlign") is not None or first.find(f"{W}rPr/{W}rStyle") is not None
    if raised and len(text.strip()) <= 3 and not any(letter.isalnum() for letter in text):
        first.getparent().remove(first)


def _cleaned(html: str, report: Report) -> str:
    """The cleaned body; its problems go into the report."""
    cleaned = clean(html)
    for problem in cleaned.problems:
        if problem.fatal:
            raise Unreadable(_("The text of this file is too long for one release. Import it in parts."))
        report.add(problem.code, problem.excerpt)
    return cleaned.html


__all__ = ["Unreadable", "WordDocument", "import_pictures", "read"]
