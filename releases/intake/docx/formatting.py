"""How a run is formatted (bold, raised, hidden, a symbol font), and how neighbours formatted alike are written as HTML."""

import re
from collections.abc import Callable
from itertools import groupby
from typing import NamedTuple

from releases.intake.docx.context import BOOKMARK, END, Context
from releases.intake.docx.package import Node, W
from releases.intake.docx.styles import ParagraphStyle, flag, font_size, symbol_font, value, vertical_align
from releases.intake.report import Report
from releases.text.tables import symbol
from releases.text.tree import escape_value


class Marks(NamedTuple):
    """The inline formatting of a piece of text, from the outside in."""

    href: str = ""
    direction: str = ""
    language: str = ""
    bold: bool = False
    italic: bool = False
    raised: str = ""


class Piece(NamedTuple):
    """A piece of HTML with its formatting. `words` is False for citations and line breaks."""

    html: str
    marks: Marks
    words: bool = True


PLAIN = Marks()
BOOKMARK_MARK = re.compile(f"{BOOKMARK}([^{END}]*){END}")


def citation_html(key: str) -> str:
    """A citation as bodies hold it. Cleaning sets its number."""
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
    # Targets of links are invisible, and are kept.
    before, after = (
        [one for one in part if BOOKMARK_MARK.search(one.html)] for part in (pieces[:start], pieces[stop:])
    )
    return [*before, *found, *after]


def visible_text(piece: Piece) -> str:
    """What a reader sees of a piece: without placeholders of bookmarks."""
    return BOOKMARK_MARK.sub("", piece.html)


def _words(piece: Piece) -> str:
    return "" if piece.html == "<br>" else visible_text(piece).replace("&nbsp;", " ")


def to_html(pieces: list[Piece], level: int = 0) -> str:
    """HTML in which neighbours with the same formatting share one element."""
    if level == len(_ELEMENTS):
        return "".join(piece.html for piece in pieces)
    found = ""
    for (start, end), group in groupby(pieces, lambda piece: _ELEMENTS[level](piece.marks)):
        found += start + to_html(list(group), level + 1) + end
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


class RunFormat(NamedTuple):
    """The formatting of a run. `font` is the name of a symbol font, "" for every other font."""

    marks: Marks
    hidden: bool = False
    capitals: bool = False
    font: str = ""
    size: int = 0


def run_format(
    properties: Node | None, context: Context, around: ParagraphStyle, href: str, *, right_to_left: bool
) -> RunFormat:
    """The formatting of a run: its own properties first, then those of its style."""
    href = href or context.link
    if properties is None:
        return RunFormat(Marks(href) if href else PLAIN, hidden=around.hidden, size=around.size)
    style = context.styles.run(value(properties, "rStyle") or "")
    runs = flag(properties, "rtl")
    runs = style.right_to_left if runs is None else runs
    # Right-to-left scripts have properties of their own for bold and italic.
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
        context.report.add("struck")
    capitals = flag(properties, "caps")
    if flag(properties, "smallCaps"):
        context.report.add("small-capitals")
    direction, language = "", ""
    if runs and not right_to_left:
        direction = "rtl"
        raw = properties.find(f"{W}lang")
        language = (raw.get(f"{W}bidi") or "") if raw is not None else ""
        language = language if _LANGUAGE.fullmatch(language) else ""
    raised = vertical_align(properties)
    marks = Marks(
        href,
        direction,
        language,
        bool(style.bold if bold is None else bold) and around.role not in ("heading", "title"),
        bool(style.italic if italic is None else italic) and around.role != "quote",
        style.raised if raised is None else raised,
    )
    return RunFormat(
        marks,
        hidden=hidden,
        capitals=bool(style.capitals if capitals is None else capitals),
        font=symbol_font(properties),
        size=font_size(properties) or style.size or around.size,
    )


def displayed_text(text: str, fmt: RunFormat, report: Report) -> str:
    """The text as Word displays it: capitals, and the characters of symbol fonts."""
    if not fmt.font:
        return text.upper() if fmt.capitals else text
    words = ""
    for letter in text:
        if found := letter if letter.isspace() else symbol(fmt.font, ord(letter)):
            words += found
        else:
            report.add("symbol", f"{fmt.font}: {ord(letter):X}")
    return words
