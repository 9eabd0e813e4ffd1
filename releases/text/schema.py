"""The schema of a body: one table of allowed elements, attributes and addresses, from which cleaner and editor are configured."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import Any, Final
from urllib.parse import quote

import nh3

from releases.text.tables import table

# A note's key is random, made once and never renumbered; only the number that readers see changes.
KEY: Final = re.compile(table("notes")["key"])
NOTE_LIST_CLASS: Final = "footnotes"
CITATION_CLASS: Final = "footnote-ref"


@dataclass(frozen=True)
class Element:
    """An allowed element: its attributes, its one allowed class, the editor's extensions that make it."""

    tag: str
    attributes: tuple[str, ...] = ()
    css_class: str | None = None
    extensions: tuple[str, ...] = ()
    void: bool = False


_LANGUAGE = ("lang", "dir")
_SPAN = ("colspan", "rowspan")

ELEMENTS: Final[tuple[Element, ...]] = (
    # Paragraph is one of the editor's own core extensions: always on, so not named here.
    Element("p", _LANGUAGE),
    Element("h2", _LANGUAGE, extensions=("Heading",)),
    Element("h3", _LANGUAGE, extensions=("Heading",)),
    Element("strong", extensions=("Bold",)),
    Element("em", extensions=("Italic",)),
    Element("sup", css_class=CITATION_CLASS, extensions=("Superscript", "FootnoteRef")),
    Element("sub", extensions=("Subscript",)),
    Element("a", ("href", "id"), extensions=("Link",)),
    Element("span", _LANGUAGE),
    Element("ul", extensions=("BulletList", "ListItem")),
    Element(
        "ol",
        ("start",),
        NOTE_LIST_CLASS,
        extensions=("OrderedList", "ListItem", "FootnoteList", "FootnoteSync"),
    ),
    Element("li", ("id", *_LANGUAGE), extensions=("ListItem", "Footnote")),
    Element("blockquote", _LANGUAGE, extensions=("Blockquote",)),
    Element("table", extensions=("Table",)),
    Element("tbody", extensions=("Table",)),
    Element("tr", extensions=("TableRow",)),
    Element("th", (*_SPAN, *_LANGUAGE), extensions=("TableHeader",)),
    Element("td", (*_SPAN, *_LANGUAGE), extensions=("TableCell",)),
    Element("hr", extensions=("HorizontalRule",), void=True),
    Element("br", extensions=("HardBreak",), void=True),
)
BY_TAG: Final[Mapping[str, Element]] = {element.tag: element for element in ELEMENTS}

SCHEMES: Final = ("http", "https", "mailto")

# The whole value of an attribute must match. Addresses have rules of their own (`link_address`).
ATTRIBUTE_VALUES: Final[Mapping[str, re.Pattern[str]]] = {
    "id": re.compile(rf"fn-{KEY.pattern}|fnref-{KEY.pattern}(-[1-9][0-9]{{0,5}})?"),
    "lang": re.compile(r"(?=.{1,35}$)[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*"),
    "dir": re.compile(r"ltr|rtl|auto"),
    "start": re.compile(r"-?[0-9]{1,6}"),
    "colspan": re.compile(r"[1-9][0-9]{0,2}"),
    "rowspan": re.compile(r"[1-9][0-9]{0,2}"),
    "href": re.compile(rf"#fn-{KEY.pattern}|/(?!/).*|https?://.+|mailto:.+", re.DOTALL),
}

# Elements with the same meaning.
RENAMED: Final[Mapping[str, str]] = {
    "b": "strong",
    "i": "em",
    "cite": "em",
    "dfn": "em",
    "h1": "h2",
    "h4": "h3",
    "h5": "h3",
    "h6": "h3",
    "menu": "ul",
    "dir": "ul",
}

# Block elements that are not kept, but that separate paragraphs.
_BLOCK_NAMES = """
    address article aside body center dd details dialog div dl dt fieldset figcaption figure footer form
    header hgroup html legend listing main nav optgroup option pre search section summary
"""
BOUNDARIES: Final = frozenset(_BLOCK_NAMES.split())
# Parts of a table that are not kept themselves; their rows are.
TABLE_PARTS: Final = frozenset({"thead", "tbody", "tfoot"})

# Removed with their content: code, and text that a browser does not show either.
DROPPED: Final = frozenset({"script", "style", "template", "title", "iframe", "noembed", "noframes"})


def allowed_value(attribute: str, value: str) -> bool:
    """Whether an attribute may have this value."""
    pattern = ATTRIBUTE_VALUES.get(attribute)
    return pattern is not None and pattern.fullmatch(value) is not None


def _attribute_filter(tag: str, attribute: str, value: str) -> str | None:
    if attribute == "class":  # nh3 itself holds it to css_class
        return value
    return value if allowed_value(attribute, value) else None


def nh3_arguments() -> dict[str, Any]:
    """The keyword arguments for `nh3.Cleaner` that let through exactly what the table allows."""
    return {
        "tags": set(BY_TAG),
        "clean_content_tags": set(DROPPED),
        "attributes": {e.tag: set(e.attributes) for e in ELEMENTS if e.attributes},
        "allowed_classes": {e.tag: {e.css_class} for e in ELEMENTS if e.css_class},
        "attribute_filter": _attribute_filter,
        "url_schemes": set(SCHEMES),
        "link_rel": None,
    }


def editor_extensions() -> dict[str, Any]:
    """The extensions of django-prose-editor (0.28) that can write what the table allows, and nothing else."""
    configured: dict[str, Any] = {
        "Heading": {"levels": [int(e.tag[1]) for e in ELEMENTS if "Heading" in e.extensions]},
        "Link": {"enableTarget": False, "protocols": list(SCHEMES)},
    }
    # FootnoteDocument takes the place of the stock Document: blocks, then at most one list of notes.
    extensions: dict[str, Any] = {"Document": False, "FootnoteDocument": True}
    for element in ELEMENTS:
        for name in element.extensions:
            extensions.setdefault(name, configured.get(name, True))
    extensions["EditorAccess"] = True
    return extensions


# Characters that browsers remove from an address: "java\nscript:" is "javascript:" to them.
_IGNORED: Final = re.compile(r"[\t\n\r]")
_EDGES: Final = "".join(chr(code) for code in range(0x21))
_SCHEME: Final = re.compile(r"([a-zA-Z][a-zA-Z0-9+.\-]*):")
_TO_QUOTE: Final = re.compile(r"[\x00-\x20\x7f-\xa0<>\"`\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
_CLEANER: Final = nh3.Cleaner(**nh3_arguments())


@lru_cache(maxsize=2048)
def link_address(value: str) -> str | None:
    """The address to store for what an `href` said, or None where the link may not stand.

    Allowed are http, https and mailto, and paths of this site (`/…`, not `//…`).
    """
    address = _IGNORED.sub("", value.strip(_EDGES))
    scheme = _SCHEME.match(address)
    if scheme:
        name = scheme[1].lower()
        if name not in SCHEMES:
            return None
        rest = address[scheme.end() :]
        if name != "mailto":
            rest = rest.replace("\\", "/")
            if not re.match(r"//[^/]", rest):
                return None
        address = f"{name}:{rest}"
        if not rest:
            return None
    elif not re.match(r"/(?![/\\])", address):
        return None
    address = _TO_QUOTE.sub(lambda match: quote(match[0]), address)
    # nh3 has the last word: it knows which hosts and ports are invalid.
    cleaned = _CLEANER.clean(f'<a href="{escape(address)}">-</a>')
    return address if cleaned.startswith("<a href=") else None
