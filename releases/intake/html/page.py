"""Reads one saved page by a mapping: its title, date, body with notes, and topics."""

import posixpath
import re
from dataclasses import dataclass
from datetime import date
from urllib.parse import urljoin, urlsplit

from django.utils.translation import gettext as _
from lxml import etree
from lxml.html import HTMLParser, document_fromstring, tostring

from releases.intake import Unreadable
from releases.intake.html.mapping import Node, PageMapping
from releases.intake.html.normalise import (
    convert_symbol_fonts,
    detect_headings,
    remove_unwanted,
    split_numbered_lists,
    write_quotation_marks,
)
from releases.intake.notes import page_address, raised_classes, rewrite_notes
from releases.intake.report import Report
from releases.models.revision import SUMMARY_LENGTH, TITLE_LENGTH
from releases.text.clean import clean
from releases.text.clean.reconcile import shortened
from releases.text.links import clean_link

MAX_BYTES = 10 * 1024 * 1024
# In the text: ten times what a report of five hundred pages has. Reading takes time for each, about a second for as many.
MAX_ELEMENTS = 20_000
_DEEPEST = 400
_TO = re.compile(r'(<a\b[^<>]*?) to-="')


@dataclass(frozen=True)
class Page:
    """What was read from a page. `path` is its old address, `source` its permanent id."""

    source: str
    path: str
    title: str
    day: date | None
    body: str
    summary: str
    place: str
    topics: list[str]
    report: Report


class SavedPage:
    """A parsed page of which only the permanent id was read yet. Raises `Unreadable`."""

    def __init__(self, data: bytes, mapping: PageMapping, *, name: str) -> None:
        self.root = _tree(data, mapping)
        self.mapping = mapping
        self.path = mapping.text("former_path", self.root) or "/" + name
        self.source = mapping.text("source_id", self.root) or name

    def read(self) -> Page:
        """Read all of it, once. Raises `Unreadable`."""
        root, mapping, report = self.root, self.mapping, Report()
        title = mapping.text("title", root)
        bodies = mapping.select["body"].elements(root)
        if not title or not bodies:
            raise Unreadable(_("“%s” is not where the mapping says.") % ("title" if not title else "body"))
        day = mapping.day(root)
        summary = mapping.text("summary", root)
        topics = mapping.select["topics"].texts(root) if "topics" in mapping.select else []
        place = mapping.text("place", root)
        body = _body(bodies, mapping, root, source=self.source, path=self.path, report=report)
        if len(title) > TITLE_LENGTH:
            title = shortened(title)
            report.add("title-cut")
        if day:
            report.add("date")
        else:  # what stands there was read in no way, or is a day that nobody means
            report.add(
                "no-date", "; ".join(mapping.select["date"].texts(root)) if "date" in mapping.select else ""
            )
        return Page(
            self.source, self.path, title, day, body, summary[:SUMMARY_LENGTH], place[:100], topics, report
        )


def read_page(data: bytes, mapping: PageMapping, *, name: str) -> Page:
    """Read a page; `name` is its path in the folder. Raises `Unreadable`."""
    return SavedPage(data, mapping, name=name).read()


def _tree(data: bytes, mapping: PageMapping) -> Node:
    if len(data) > MAX_BYTES:
        raise Unreadable(_("The page is larger than %d MB.") % (MAX_BYTES // 1024 // 1024))
    encoding = mapping.encoding or None
    if encoding is None:
        try:
            data.decode("utf-8")
            encoding = "utf-8"
        except UnicodeDecodeError:
            pass  # libxml2 looks for what the page itself says
    try:
        parser = HTMLParser(
            encoding=encoding, no_network=True, remove_comments=True, remove_pis=True, huge_tree=False
        )
        root = document_fromstring(data.replace(b"\x00", b""), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, LookupError, ValueError) as error:
        raise Unreadable(_("This is no page of HTML.")) from error
    return root


def _body(
    bodies: list[Node], mapping: PageMapping, root: Node, *, source: str, path: str, report: Report
) -> str:
    region = next(iter(mapping.select["notes"].elements(root)), None) if "notes" in mapping.select else None
    for selector in mapping.remove:
        for node in selector.elements(root):
            if node.getparent() is not None and node not in bodies:
                if any(body in set(node.iterancestors()) for body in bodies):
                    report.add("removed", "".join(node.itertext()))
                    report.drop("removed", "".join(node.itertext()))
                node.drop_tree()
    if sum(1 for body in bodies for _ in body.iter()) > MAX_ELEMENTS:
        raise Unreadable(_("The body is too long or too deep to keep."))
    holder = etree.SubElement(root, "div")
    for body in bodies:
        if not any(body is not other and body in set(other.iter()) for other in bodies):
            body.tail = None
            holder.append(body)
    if region is not None and region not in set(holder.iter()):
        region.tail = None
        holder.append(region)
    css = " ".join(node.text or "" for node in root.iter("style"))
    remove_unwanted(holder, report)
    convert_symbol_fonts(holder, report)
    write_quotation_marks(holder, mapping.language)
    split_numbered_lists(holder)
    own = _addresses(root, mapping, path)
    rewrite_notes(holder, seed=source, report=report, region=region, raised=raised_classes(css), own=own)
    detect_headings(holder, report)
    _links(holder, mapping, path, report)
    html = _html(holder)
    cleaned = clean((holder.text or "") + html)
    for problem in cleaned.problems:
        if problem.fatal:
            raise Unreadable(_("The body is too long or too deep to keep."))
        report.add(problem.code, problem.excerpt)
    return cleaned.html


def _html(holder: Node) -> str:
    """What stands in it. lxml writes the letters of an `href` as percent signs, in the names of hosts too: not of `to-`."""
    for link in holder.iter("a"):
        if (href := link.attrib.pop("href", None)) is not None:
            link.set("to-", href)
    html = "".join(tostring(child, encoding="unicode") for child in holder)
    return _TO.sub(r'\1 href="', html)


def _addresses(root: Node, mapping: PageMapping, path: str) -> frozenset[str]:
    """What the page itself goes by: what it says, its old path, its name in the folder."""
    declared = [
        *root.xpath("//link[@rel='canonical']/@href"),
        *root.xpath("//meta[@property='og:url']/@content"),
    ]
    return frozenset(
        page_address(one)
        for one in (*declared, mapping.site.rstrip("/") + path, path, posixpath.basename(path))
    )


def _links(holder: Node, mapping: PageMapping, path: str, report: Report) -> None:
    """Links within the old site become paths, which lead on to where the page is now; others lose their tracking."""
    for link in list(holder.iter("a")):
        href = (link.get("href") or "").strip()
        if not href or href.startswith("#"):
            continue
        try:
            if mapping.site and (href == mapping.site or href.startswith(mapping.site.rstrip("/") + "/")):
                href = href[len(mapping.site.rstrip("/")) :] or "/"
            elif not urlsplit(href).scheme and not href.startswith("//"):
                href = urljoin(path, href)
        except ValueError:
            link.attrib.pop("href")
            continue
        if href.startswith("/") and not href.startswith("//"):
            link.set("href", href)
            continue
        found = clean_link(f"https:{href}" if href.startswith("//") else href)
        if found.tracked:
            report.add("untracked")
        if found.href:
            link.set("href", found.href)
        else:
            report.add("link-refused", href)
            link.attrib.pop("href")
