"""How a run is formatted (bold, raised, hidden, a symbol font), and how neighbours formatted alike are written as HTML."""

import re
from collections.abc import Callable
from itertools import groupby
from typing import NamedTuple

from releases.intake.docx.context import BOOKMARK, END, Story
from releases.intake.docx.package import Node, W
from releases.intake.docx.styles import ParagraphStyle, flag, raised_in, size_in, symbol_font, value
from releases.intake.report import Report
from releases.text.tables import symbol
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
PLACED = re.compile(f"{BOOKMARK}([^{END}]*){END}")


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


def written(pieces: list[Piece], level: int = 0) -> str:
    """Neighbours that are set alike stand in one element."""
    if level == len(_ELEMENTS):
        return "".join(piece.html for piece in pieces)
    found = ""
    for (start, end), group in groupby(pieces, lambda piece: _ELEMENTS[level](piece.marks)):
        found += start + written(list(group), level + 1) + end
    return found


def _link(marks: Marks) -> tuple[str, str]:
    return (f'<a href="{escape_value(marks.href)}">', "</a>") if marks.href else ("", "")


def _span(marks: Marks) -> tuple[str, str]:
    attributes = f' lang="{marks.language}"' * bool(marks.language)
    attributes += f' dir="{marks.direction}"' * bool(marks.direction)
    return (f"<span{attributes}>", "</span>") if attributes else ("", "")


def _bold(marks: Marks) -> tuple[str, str]:
    return ("<strong>", "</strong>") if marks.bold else ("", "")


def _italic(marks: Marks) -> tuple[str, str]:
    return ("<em>", "</em>") if marks.italic else ("", "")


def _raised(marks: Marks) -> tuple[str, str]:
    return (f"<{marks.raised}>", f"</{marks.raised}>") if marks.raised else ("", "")


# The tags around a run, from the outside in.
_ELEMENTS: tuple[Callable[[Marks], tuple[str, str]], ...] = (_link, _span, _bold, _italic, _raised)

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")


class Setting(NamedTuple):
    """How a run is set. `font` is a symbol font's name, "" for every other font."""

    marks: Marks
    hidden: bool = False
    capitals: bool = False
    font: str = ""
    size: int = 0


def setting_of(
    properties: Node | None, story: Story, around: ParagraphStyle, href: str, *, right_to_left: bool
) -> Setting:
    """How a run is set: its own word first, then its style's."""
    href = href or story.link
    if properties is None:
        return Setting(Marks(href) if href else PLAIN, hidden=around.hidden, size=around.size)
    style = story.styles.run(value(properties, "rStyle") or "")
    runs = flag(properties, "rtl")
    runs = style.right_to_left if runs is None else runs
    # Arabic letters have switches of their own for bold and italic.
    names = ("bCs", "iCs") if runs else ("b", "i")
    bold, italic = (flag(properties, name) for name in names)
    hidden = flag(properties, "vanish")
    if hidden is None:
        hidden = style.hidden or around.hidden
    hidden = hidden or bool(flag(properties, "webHidden"))
    struck = flag(properties, "strike")
    if (
        style.struck
        if struck is None and flag(properties, "dstrike") is None
        else struck or flag(properties, "dstrike")
    ):
        story.report.add("struck")
    capitals = flag(properties, "caps")
    if flag(properties, "smallCaps"):
        story.report.add("small-capitals")
    direction, language = "", ""
    if runs and not right_to_left:
        direction = "rtl"
        said = properties.find(f"{W}lang")
        language = (said.get(f"{W}bidi") or "") if said is not None else ""
        language = language if _LANGUAGE.fullmatch(language) else ""
    raised = raised_in(properties)
    marks = Marks(
        href,
        direction,
        language,
        bool(style.bold if bold is None else bold) and around.role not in ("heading", "title"),
        bool(style.italic if italic is None else italic) and around.role != "quote",
        style.raised if raised is None else raised,
    )
    return Setting(
        marks,
        hidden=hidden,
        capitals=bool(style.capitals if capitals is None else capitals),
        font=symbol_font(properties),
        size=size_in(properties) or style.size or around.size,
    )


def shown(text: str, setting: Setting, report: Report) -> str:
    """The letters as Word shows them: capitals, and signs in the place of letters."""
    if not setting.font:
        return text.upper() if setting.capitals else text
    words = ""
    for letter in text:
        if found := letter if letter.isspace() else symbol(setting.font, ord(letter)):
            words += found
        else:
            report.add("symbol", f"{setting.font}: {ord(letter):X}")
    return words
