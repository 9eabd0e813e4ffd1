"""Cleaned HTML as an lxml tree and back, in the exact form in which browsers and nh3 write HTML; a block as a line of text."""

import re
from collections.abc import Iterator
from typing import Any, Final, Literal

from lxml import etree

from releases.text.schema import ELEMENTS

# lxml ships no types; the name says what is meant.
Node = Any

_VOID: Final = frozenset(element.tag for element in ELEMENTS if element.void)
_VOID_TAG: Final = re.compile(rf"<({'|'.join(sorted(_VOID))})>")


def parse(html: str) -> Node:
    """The tree of cleaned HTML under one `body` element.

    Cleaned HTML is XML but for its void elements and `&nbsp;`. Reading it as XML keeps libxml2's
    own, pre-HTML5 ideas about repairing HTML out of the way. Raises `lxml.etree.XMLSyntaxError`
    for anything that is not cleaned HTML.
    """
    source = _VOID_TAG.sub(r"<\1/>", html).replace("&nbsp;", "&#160;")
    # A parser is not shared between threads: each call has its own, which costs microseconds.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    return etree.fromstring(f"<body>{source}</body>", parser)


def escape_text(text: str) -> str:
    """Text as a browser's `innerHTML` writes it."""
    return text.replace("&", "&amp;").replace("\xa0", "&nbsp;").replace("<", "&lt;").replace(">", "&gt;")


def escape_value(value: str) -> str:
    """An attribute's value as it is written between double quotes."""
    return escape_text(value).replace('"', "&quot;")


def inner_html(node: Node) -> str:
    """The HTML of the content of a node."""
    pieces: list[str] = []
    _add_inner(node, pieces)
    return "".join(pieces)


def _add_inner(node: Node, pieces: list[str]) -> None:
    # One list for all: a generator in a generator hands every piece on through each level.
    if text := node.text:
        pieces.append(escape_text(text))
    for child in node:
        tag = child.tag
        attributes = "".join([f' {name}="{escape_value(value)}"' for name, value in child.items()])
        pieces.append(f"<{tag}{attributes}>")
        if tag not in _VOID:
            _add_inner(child, pieces)
            pieces.append(f"</{tag}>")
        if tail := child.tail:
            pieces.append(escape_text(tail))


def append_text(parent: Node, text: str) -> None:
    """Add text at the end of a node."""
    last = next(parent.iterchildren(reversed=True), None)
    if last is None:
        parent.text = (parent.text or "") + text
    else:
        last.tail = (last.tail or "") + text


def text_of(node: Node) -> str:
    """All text in a node, as it stands."""
    return "".join(node.itertext())


NoteStyle = Literal["drop", "bracket"]

TEXT_BLOCKS: Final = ("p", "h2", "h3")
_WHITE: Final = re.compile(r"[ \t\n\xa0]+")
# No space stays before these where a citation was dropped.
CLOSING: Final = frozenset(",.;:!?)]}»”’、。，；：！？）」』》〉།")
_SUPERSCRIPT: Final = str.maketrans("0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ")
_SUBSCRIPT: Final = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")
_RAISED: Final = {
    "sup": (re.compile(r"[0-9+\-=()n]+"), _SUPERSCRIPT),
    "sub": (re.compile(r"[0-9+\-=()]+"), _SUBSCRIPT),
}


def line_of(block: Node, notes: NoteStyle) -> str:
    """The words of one paragraph on one line."""
    written: list[str] = []
    dropped = False
    for piece in _line_pieces(block, notes):
        if piece is None:
            dropped = True
            continue
        if not piece:
            continue
        if dropped and piece[0] in CLOSING and written:
            written[-1] = written[-1].rstrip()
        dropped = False
        written.append(piece)
    return _WHITE.sub(" ", "".join(written)).strip(" ")


def _line_pieces(node: Node, notes: NoteStyle) -> Iterator[str | None]:
    """The texts in a node in their order; None where a citation is left out."""
    if node.text:
        yield node.text
    for child in node.iterchildren():
        if child.tag == "sup" and child.get("class"):
            yield f"[{child[0].text}]" if notes == "bracket" and len(child) else None
        elif child.tag == "br":
            yield " "
        elif child.tag in _RAISED:
            pattern, table = _RAISED[child.tag]
            text = "".join(child.itertext())
            if pattern.fullmatch(text) and not len(child):
                yield text.translate(table)  # 10⁶ is not 106
            else:
                yield from _line_pieces(child, notes)
        else:
            yield from _line_pieces(child, notes)
        if child.tail:
            yield child.tail
