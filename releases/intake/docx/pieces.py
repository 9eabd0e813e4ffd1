"""Pieces of marked text, and how neighbours that are set alike are written as HTML."""

import re
from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from releases.intake.docx.story import END, PLACE
from releases.text.tree import escape_value


class Marks(NamedTuple):
    """How a piece of text is set, from the outside in."""

    href: str = ""
    direction: str = ""
    language: str = ""
    bold: bool = False
    italic: bool = False
    raised: str = ""


class Piece(NamedTuple):
    """A piece of HTML and how it is set. `words` is False for citations and line breaks."""

    html: str
    marks: Marks
    words: bool = True


PLAIN = Marks()
PLACED = re.compile(f"{PLACE}([^{END}]*){END}")


def citation(key: str) -> str:
    """A citation as bodies hold it; its number comes with cleaning."""
    return f'<sup class="footnote-ref"><a href="#fn-{key}">0</a></sup>'


def trimmed(pieces: list[Piece]) -> list[Piece]:
    """Pieces without white space, and empty line breaks, at either end."""
    start, stop = 0, len(pieces)
    while start < stop and not _words(pieces[start]).lstrip():
        start += 1
    while stop > start and not _words(pieces[stop - 1]).rstrip():
        stop -= 1
    found = pieces[start:stop]
    if found and found[0].words:
        found[0] = found[0]._replace(html=found[0].html.lstrip())
    if found and found[-1].words:
        found[-1] = found[-1]._replace(html=found[-1].html.rstrip())
    # Places to which links lead are seen by nobody, and stay.
    before, after = (
        [one for one in part if PLACED.search(one.html)] for part in (pieces[:start], pieces[stop:])
    )
    return [*before, *found, *after]


def said(piece: Piece) -> str:
    """What a reader sees of a piece: no place to which a link may lead."""
    return PLACED.sub("", piece.html)


def _words(piece: Piece) -> str:
    return "" if piece.html == "<br>" else said(piece).replace("&nbsp;", " ")


_LEVELS = 5


def written(pieces: list[Piece], level: int = 0) -> str:
    """Neighbours that are set alike stand in one element."""
    if level == _LEVELS:
        return "".join(piece.html for piece in pieces)
    return "".join(_elements(pieces, level))


def _elements(pieces: list[Piece], level: int) -> Iterator[str]:
    def kind(piece: Piece) -> object:
        marks = piece.marks
        return (marks.href, (marks.direction, marks.language), marks.bold, marks.italic, marks.raised)[level]

    for said, group in groupby(pieces, kind):
        inner = written(list(group), level + 1)
        if level == 0 and said:
            yield f'<a href="{escape_value(str(said))}">{inner}</a>'
        elif level == 1 and said != ("", ""):
            direction, language = said  # type: ignore[misc]  # the pair that `kind` gives at this level
            attributes = f' lang="{language}"' * bool(language) + f' dir="{direction}"' * bool(direction)
            yield f"<span{attributes}>{inner}</span>"
        elif level > 1 and said:
            tag = said if level == 4 else ("", "", "strong", "em")[level]
            yield f"<{tag}>{inner}</{tag}>"
        else:
            yield inner
