"""The words of one paragraph on one line, with or without the numbers of its notes."""

import re
from collections.abc import Iterator
from typing import Final, Literal

from releases.text.tree import Node

NoteStyle = Literal["drop", "bracket"]

TEXT_BLOCKS: Final = ("p", "h2", "h3")
_WHITE: Final = re.compile(r"[ \t\n\xa0]+")
# What never stands behind a space that only a citation parted from it.
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
    for piece in _pieces(block, notes):
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


def _pieces(node: Node, notes: NoteStyle) -> Iterator[str | None]:
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
                yield from _pieces(child, notes)
        else:
            yield from _pieces(child, notes)
        if child.tail:
            yield child.tail
