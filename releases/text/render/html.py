"""A cleaned body as HTML for a page or a feed: links to and from notes, names for those who listen, archived copies."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from typing import Final
from urllib.parse import urljoin

from lxml import etree

from releases.text.clean import stored_tree
from releases.text.links import address_of
from releases.text.notes import citations_in, note_list, notes_in
from releases.text.tree import Node, append_text, escape_text, escape_value, inner_html

# Where a text runs to the left, the way back leads to the right. The variation selector asks for the plain arrow;
# without it some phones draw an emoji.
_BACK: Final = {"ltr": "↩\ufe0e", "rtl": "↪\ufe0e"}


@dataclass(frozen=True)
class FrameWords:
    """The frame's words around notes and tables, in the language of the page.

    `{n}` stands for a number, `{letter}` for the letter that readers see. `language` is that of these words and
    `text_language` that of the text, where they differ; `direction` is the text's.
    """

    notes: str = "Notes"
    back: str = "Back to the text, note {n}"
    back_nth: str = "Back to the text, note {n}, citation {letter}"
    note: str = "Note {n}"
    table: str = "Table"
    language: str = ""
    text_language: str = ""
    direction: str = "ltr"

    def spoken(self) -> dict[str, str]:
        """The attributes of an element that these words stand on; none in the text's own language."""
        return {"lang": self.language, "dir": "ltr"} if self.language else {}


def page_html(html: str, *, prefix: str, words: FrameWords) -> str:
    """A body for a page of this site.

    Every id begins with `prefix`, so that several releases can share a page. Roles are those of DPUB-ARIA
    1.1; `doc-endnote` is deprecated there, so a note is a plain list item. The notes are a section with a
    heading, which is how those who listen to a page find it again.
    """
    root = stored_tree(html)
    numbers = {key: number for number, (key, _) in enumerate(notes_in(root), 1)}
    places: dict[str, list[str]] = {}
    for key, mark in citations_in(root):
        number = str(numbers.get(key, mark[0].text))
        identity = _place(prefix, key, places)
        before = mark.getprevious()
        # Notes 1 and 2 side by side are not note 12: the page parts them.
        follows = before is not None and before.get("class", "").startswith("note-ref") and not before.tail
        mark.set("class", "note-ref note-ref-next" if follows else "note-ref")
        link = _relink(mark, "", f"#{prefix}fn-{key}", identity)
        _bracketed(link, number)
        link.set("role", "doc-noteref")
        link.set("aria-label", words.note.replace("{n}", number))
        _speak(link, words)
    for place, (key, note) in enumerate(notes_in(root), 1):
        _identify(note, prefix, key)
        links = _back_links(places.get(key, ()), place, words, "")
        for link in links:
            link.set("class", "note-back")
            link.set("role", "doc-backlink")
        _end_note(note, links, _BACK[words.direction] if len(links) > 1 else "")
    _wrap_tables(root, words)
    for link in root.iter("a"):
        if link.get("href") == "".join(link.itertext()):
            link.set("class", "bare")  # on paper its address need not be written twice
    holder = note_list(root)
    if holder is not None:
        holder.attrib.pop("class")
        section = etree.Element(
            "section", {"class": "notes", "role": "doc-endnotes", "aria-labelledby": f"{prefix}notes"}
        )
        root.replace(holder, section)
        heading = etree.SubElement(section, "h2", {"id": f"{prefix}notes", **words.spoken()})
        heading.text = words.notes
        section.append(holder)
    return inner_html(root)


def feed_html(html: str, *, prefix: str, address: str, words: FrameWords) -> str:
    """A body for a feed, where `address` is the release's absolute address.

    All links are absolute: feed readers resolve relative ones against all sorts of things. The classes are
    those that readers with pop-up notes look for: `footnote` on the link itself, `footnotes` around the
    notes, `reversefootnote` on the way back. Numbers stand in brackets, because what strips the tags for
    a preview would otherwise make "30" and note 4 into "304".
    """
    root = stored_tree(html)
    for link in root.iter("a"):
        href = link.get("href", "")
        if href.startswith("/"):
            link.set("href", urljoin(address, href))
    numbers = {key: number for number, (key, _) in enumerate(notes_in(root), 1)}
    places: dict[str, list[str]] = {}
    for key, mark in citations_in(root):
        number = str(numbers.get(key, mark[0].text))
        identity = _place(prefix, key, places)
        mark.attrib.pop("class")
        _relink(mark, f"[{number}]", f"{address}#{prefix}fn-{key}", identity).set("class", "footnote")
    for place, (key, note) in enumerate(notes_in(root), 1):
        _identify(note, prefix, key)
        links = _back_links(places.get(key, ()), place, words, address)
        for link in links:
            link.set("class", "reversefootnote")
            # Readers of feeds drop what they do not know, and the W3C's validator warns of it.
            link.set("title", link.attrib.pop("aria-label"))
            link.text = link.text if len(links) == 1 else f"{_BACK[words.direction]}{link.text}"
        _end_note(note, links)
    holder = note_list(root)
    if holder is not None:
        holder.attrib.pop("class")
        box = etree.Element("div", {"class": "footnotes"})
        root.replace(holder, box)
        etree.SubElement(box, "h2", words.spoken()).text = words.notes
        box.append(holder)
    return inner_html(root)


def _place(prefix: str, key: str, places: dict[str, list[str]]) -> str:
    """The id of the next citation of a note."""
    known = places.setdefault(key, [])
    nth = f"-{len(known) + 1}" if known else ""
    known.append(f"{prefix}fnref-{key}{nth}")
    return known[-1]


def _relink(mark: Node, text: str, href: str, identity: str) -> Node:
    link = mark[0]
    link.text = text
    link.set("href", href)
    link.set("id", identity)
    return link


def _bracketed(link: Node, number: str) -> None:
    """A page shows the number alone, but its text has brackets (css/words.css): "on May 30", note 4, must not become
    "on May 304" where it is copied, printed to a PDF, or shown by what takes no style sheet."""
    for text, tail in (("[", number), ("]", "")):
        bracket = etree.SubElement(link, "span", {"class": "note-bracket"})
        bracket.text, bracket.tail = text, tail or None


def _speak(link: Node, words: FrameWords) -> None:
    for name, value in words.spoken().items():
        link.set(name, value)


def _identify(note: Node, prefix: str, key: str) -> None:
    note.set("id", f"{prefix}fn-{key}")


def _letter(number: int) -> str:
    """1 is a, 26 is z, 27 is aa."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("a") + rest) + letters
    return letters


def _back_links(places: Sequence[str], number: int, words: FrameWords, address: str) -> list[Node]:
    links = []
    for nth, place in enumerate(places, 1):
        link = etree.Element("a", {"href": f"{address}#{place}"})
        if len(places) == 1:
            link.text, label = _BACK[words.direction], words.back
        else:
            # The name holds what is seen: who steers by voice says "click b" (WCAG 2.5.3).
            link.text, label = _letter(nth), words.back_nth.replace("{letter}", _letter(nth))
        link.set("aria-label", label.replace("{n}", str(number)))
        _speak(link, words)
        links.append(link)
    return links


def _end_note(note: Node, links: list[Node], arrow: str = "") -> None:
    """Put the links back to the text behind the last words of a note, on the same line."""
    last = next(note.iterchildren(reversed=True), note)
    if links:
        append_text(last, "\xa0")
    if arrow:
        etree.SubElement(last, "span", {"aria-hidden": "true"}).text = arrow
        append_text(last, "\xa0")
    for index, link in enumerate(links):
        if index:
            append_text(last, " ")
        last.append(link)


def _wrap_tables(root: Node, words: FrameWords) -> None:
    """Let wide tables scroll in a box of their own that the keyboard reaches, and say what a header heads."""
    tables = [table for table in root.iter("table") if next(table.iterancestors("table"), None) is None]
    for number, table in enumerate(tables, 1):
        label = words.table if len(tables) == 1 else f"{words.table} {number}"
        box = etree.Element(
            "div", {"class": "table-scroll", "role": "region", "tabindex": "0", "aria-label": label}
        )
        if words.language:  # of the label; the table goes on in the text's own
            box.set("lang", words.language)
            table.set("lang", table.get("lang", words.text_language))
        table.getparent().replace(table, box)
        box.append(table)
    for header in root.iter("th"):
        row = header.getparent()
        first = row.getprevious() is None
        header.set("scope", "col" if first else "row")


# ------------------------------------------------------------------ archived copies

# What `render` writes: links are not nested, and no value holds a bare quotation mark or angle bracket.
_LINK: Final = re.compile(r'<a ([^>]*?)href="(https?://[^">]*)"([^>]*)>(.*?)</a>', re.DOTALL)
_TAG: Final = re.compile(r"<[^>]*>")


@dataclass(frozen=True)
class Copy:
    """Where an archived copy stands, and the day on which it was made (ISO 8601)."""

    address: str
    day: str


@dataclass(frozen=True)
class CopyWords:
    """The word that readers see, what it is called for those who listen (`{words}` stands for the link's own), and the
    language of both, where it is not that of the text."""

    archived: str = "archived"
    of: str = "archived: {words}"
    language: str = ""


def with_copies(html: str, copies: Mapping[str, Copy], words: CopyWords) -> str:
    """Rendered HTML of a page or a feed in which every link to an address of `copies` is followed by its copy.

    The link itself still leads to what was cited and gets `data-versionurl` and `data-versiondate`
    (https://robustlinks.mementoweb.org/spec/).
    """
    if not copies:
        return html

    def marked(link: re.Match[str]) -> str:
        before, href, after, inner = link.groups()
        copy = copies.get(address_of(unescape(href)) or "")
        if copy is None:
            return link[0]
        address, day = escape_value(copy.address), escape_value(copy.day)
        text = " ".join(unescape(_TAG.sub("", inner)).split())
        label = escape_value(words.of.replace("{words}", text))
        spoken = f' lang="{escape_value(words.language)}" dir="ltr"' if words.language else ""
        return (
            f'<a {before}href="{href}"{after} data-versionurl="{address}" data-versiondate="{day}">{inner}</a>'
            f' <span class="archived"{spoken}>[<a href="{address}" aria-label="{label}">'
            f"{escape_text(words.archived)}</a>]</span>"
        )

    return _LINK.sub(marked, html)
