"""Archived copies in rendered HTML: the marks of Robust Links on the link, and a quiet link to the copy behind it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape
from typing import Final

from releases.text.links import address_of
from releases.text.tree import escape_text, escape_value

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
