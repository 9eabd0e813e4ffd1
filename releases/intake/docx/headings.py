"""Headings: lines that look like headings without a heading style, the two ranks of a body, and the heading that is the title."""

import re
from collections.abc import Sequence

from releases.intake.dates import dated
from releases.intake.docx.context import HEADING
from releases.intake.docx.formatting import Piece
from releases.intake.report import Report
from releases.text.tables import table

LIKELY = 0  # the level of a line that looks like a heading and has no heading style
TABLE = table("headings")
LARGER, MUCH_LARGER = 2 * TABLE["larger"], 4 * TABLE["larger"]  # than the text, in half points
_ELEMENT = re.compile(f"(</?){HEADING}([0-9]+){HEADING}")
_FIRST_RANK = re.compile(f"<{HEADING}1{HEADING}[^>]*>(.*?)</{HEADING}1{HEADING}>", re.DOTALL)
_LIKELY = re.compile(
    f"<{HEADING}{LIKELY}{HEADING}([^>]*)>(.*?)</{HEADING}{LIKELY}{HEADING}>(?=(<[a-z]+)?)", re.DOTALL
)
_MAY_FOLLOW = {f"<{tag}" for tag in TABLE["over"]}
_CITATION = re.compile('<sup class="footnote-ref">.*?</sup>')
_ADDRESS = re.compile(r"@|https?:|www\.|^\W*\+?[\d\s()/-]{6,}$|^[^\w\s]+$")


def looks_like_heading(
    words: str, pieces: Sequence[Piece], *, bold: bool, smallest: int, text_size: int
) -> bool:
    """Whether a paragraph without a heading's style looks like one: alone, short, and bold or larger than the text.

    `bold` is the style's; `smallest` is the size of the smallest letters, `text_size` that of plain text, in half points.
    """
    if (
        not words
        or len(words) > TABLE["longest"]
        or words[-1] in TABLE["sentence_ends"]
        or any(piece.html == "<br>" for piece in pieces)
    ):
        return False
    if _ADDRESS.search(words) or dated(words) or not any(letter.isalpha() for letter in words):
        return False
    set_apart = all(piece.marks.bold or bold for piece in pieces if piece.words and piece.html.strip())
    return set_apart or smallest >= text_size + LARGER


def split_title(body: str) -> tuple[str, str]:
    """The body without its only heading of the first rank, and the citations of that heading."""
    found = _FIRST_RANK.search(body)
    if found is None:
        return body, ""
    return body[: found.start()] + body[found.end() :], "".join(_CITATION.findall(found[1]))


def rank_headings(body: str, report: Report, *, first: int) -> str:
    """Write headings in two ranks: the highest that the text uses (not above `first`), and all others."""
    levels = [int(level) for _start, level in _ELEMENT.findall(body)]
    raw = [level for level in levels if level != LIKELY]
    top = max(min(raw, default=first), 1)
    # Where every other line is bold, bold lines are no headings.
    many = body.count("<p") < levels.count(LIKELY) // 2
    body = _LIKELY.sub(lambda match: _likely_heading(match, report, "h3" if raw else "h2", plain=many), body)
    return _ELEMENT.sub(lambda match: f"{match[1]}h{2 if int(match[2]) == top else 3}", body)


def headings_to_paragraphs(html: str) -> str:
    """Write headings as paragraphs: notes have no headings."""
    return _ELEMENT.sub(lambda match: f"{match[1]}p", html)


def _likely_heading(match: re.Match[str], report: Report, rank: str, *, plain: bool) -> str:
    attributes, inner, follows = match.groups()
    if plain or follows not in _MAY_FOLLOW:
        return f"<p{attributes}>{inner}</p>"
    words = re.sub(r"</?strong>", "", inner)
    report.add("hand-heading", re.sub("<[^>]*>", "", words))
    return f"<{rank}{attributes}>{words}</{rank}>"
