"""Numbers of notes that stand glued to a word or a date, as in a plain text whose raised figures were lost: "extremism.”1",
"Asia,2", "May 304" (30 and note 4), "June 9.5". static/js/editor/plain/glued.js says the same rules of a pasted text; a test
compares them, and the words stand in the table that it reads."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final, NamedTuple

from releases.text.clean import stored_tree
from releases.text.labels import opening, points_elsewhere
from releases.text.notes import note_list
from releases.text.tables import table
from releases.text.tree import TEXT_BLOCKS, Node, line_of

_TABLE: Final = table("plain")
_MONTHS: Final = frozenset(_TABLE["months"])
_CLOSING: Final = frozenset(_TABLE["closing"])
_ADDRESS: Final = re.compile(r"https?://[^\s<>\"“”„«»。，、；（）]+", re.IGNORECASE)
_DAY: Final = re.compile(r"\d{1,2}(?:st|nd|rd|th)?,?\s$")
_LONGEST: Final = 3
# In a longer text nothing is looked for elsewhere: the reading stays linear.
_LONG_TEXT: Final = 300_000


# So many paragraphs without a number may belong to the entry before them; and so much is quoted before a number.
_MORE: Final = 2
_QUOTED: Final = 24


class GluedMark(NamedTuple):
    """A number that may be a mark: its place in the paragraph, and whether it can hardly be anything else."""

    start: int
    end: int
    value: int
    sure: bool


def stray_marks(html: str) -> list[tuple[str, int]]:
    """The numbers in a stored text that are glued to a word or a date and have a note: the words up to each, and it.

    Its notes are the body's own, or those of a list at its end that counts from 1 and is none yet.
    """
    root = stored_tree(html)
    holder = note_list(root)
    if holder is not None:
        root.remove(holder)
    blocks = list(root.iter(*TEXT_BLOCKS))
    lines = [line_of(block, "bracket") for block in blocks]
    count, end = (len(holder), len(lines)) if holder is not None else _list_at_end(blocks, lines)
    text = "\n".join(lines[:end])
    return [
        (_excerpt(line, found), found.value)
        for line in lines[:end]
        for found in glued_marks(line, text)
        if found.sure and found.value <= count
    ]


def _excerpt(line: str, found: GluedMark) -> str:
    """The words up to a number, beginning with a whole one where there are spaces."""
    start = max(0, found.start - _QUOTED)
    space = line.find(" ", start, found.start)
    return line[space + 1 if start and space >= 0 else start : found.end]


def _list_at_end(blocks: list[Node], lines: list[str]) -> tuple[int, int]:
    """How many entries a list at the end has that counts from 1, and where it begins: numbered paragraphs, or an `ol`."""
    for start in range(len(lines) - 1, 0, -1):
        if _entry(lines[start]) == 1:
            count, waiting = 0, 0
            for line in lines[start:]:
                waiting = 0 if _entry(line) == count + 1 else waiting + 1
                count += waiting == 0
                if waiting > _MORE:
                    break
            if count > 1:
                return count, start
    for start, block in enumerate(blocks):
        listed = next(block.iterancestors("ol"), None)
        if (
            listed is not None
            and not any(True for _ in listed.itersiblings())
            and listed.get("start", "1") == "1"
        ):
            return len(listed), start
    return 0, 0


def _entry(line: str) -> int:
    found = opening(line)
    return found[0].value if found and found[0].family == "number" else 0


def glued_marks(paragraph: str, text: str | None = None) -> list[GluedMark]:
    """The numbers of a paragraph that may be marks of notes; `text` is where a name may stand elsewhere."""
    signs = _ADDRESS.sub(lambda match: "\ufffc" * len(match[0]), paragraph)
    found: list[GluedMark] = []
    start = 0
    while start < len(signs):
        if not _is_digit(signs[start]):
            start += 1
            continue
        end = start
        while end < len(signs) and _is_digit(signs[end]):
            end += 1
        if start and end - start < 8 and not _continues(signs, end):
            before = signs[start - 1]
            if _is_letter(before):
                found += _behind_letter(signs, start, end, text or paragraph)
            elif before in _CLOSING:
                found += _behind_closing(signs, start, end)
            else:
                found += _inside_number(signs, start, end)
        start = end
    return found


def _is_digit(sign: str) -> bool:
    return sign.isdecimal()


def _is_letter(sign: str) -> bool:
    return unicodedata.category(sign)[0] in "LM"


def _number(digits: str) -> int:
    return int("".join(str(unicodedata.decimal(digit)) for digit in digits))


def _is_mark(digits: str) -> bool:
    return 0 < len(digits) <= _LONGEST and unicodedata.decimal(digits[0]) > 0


def _word_before(signs: str, end: int) -> tuple[str, int]:
    start = end
    while start > 0 and _is_letter(signs[start - 1]):
        start -= 1
    return signs[start:end], start


def _month_before(signs: str, end: int) -> bool:
    at = end
    if signs[max(0, at - 1) : at].isspace():
        at -= 1
    if signs[max(0, at - 1) : at] == ".":
        at -= 1
    return at < end and _word_before(signs, at)[0].lower() in _MONTHS


def _is_year(digits: str, first: int, last: int) -> bool:
    return len(digits) == 4 and first <= _number(digits) <= last


def _is_name(word: str, digits: str, text: str) -> bool:
    """ "G20" and "CO2" are names; "SCO2" is "SCO" and a note where "SCO" stands elsewhere, too, and "SCO2" nowhere else."""
    cased = word.lower() != word.upper()
    if not cased or (len(word) > 2 and word[1:] == word[1:].lower()):
        return False
    if len(text) > _LONG_TEXT:
        return True
    alone = re.search(rf"(?<![\w]){re.escape(word)}(?![\w])", text)
    return alone is None or text.count(word + digits) > 1


def _continues(signs: str, end: int) -> bool:
    after, following = signs[end : end + 1], signs[end + 1 : end + 2]
    if not after:
        return False
    if _is_letter(after) or after in "_%‰°$€£¥/@#=&\\":
        return True
    if after in ".,:'’-–" and following and _is_digit(following):
        return True
    if after in "-‐‑" and following and _is_letter(following):
        return True
    return after == "." and "a" <= following <= "z"


def _begins_sentence(signs: str, end: int) -> bool:
    rest = signs[end:].lstrip()
    if not rest:
        return True
    sign = rest[0]
    begins = sign in '"“‘«([' or (_is_letter(sign) and not (sign == sign.lower() and sign != sign.upper()))
    return begins and len(rest) < len(signs) - end


def _behind_letter(signs: str, start: int, end: int, text: str) -> Iterator[GluedMark]:
    """Behind a letter: "early May3", "恐怖主义1，"."""
    digits = signs[start:end]
    word, begins = _word_before(signs, start)
    before = signs[begins - 1 : begins] if begins else ""
    if not _is_mark(digits) or (before and (_is_digit(before) or before in "_@#\\/=&.")):
        return
    if not points_elsewhere(signs[max(0, start - 40) : start]):
        yield GluedMark(start, end, _number(digits), not _is_name(word, digits, text))


def _behind_closing(signs: str, start: int, end: int) -> Iterator[GluedMark]:
    """Behind what closes a word or a number: "extremism.”1", "Asia,2", "June 9.5", "in 2011.6"."""
    digits = signs[start:end]
    at = start - 1
    while at >= 0 and signs[at] in _CLOSING and start - at <= 4:
        at -= 1
    last = signs[start - 1]
    if not _is_mark(digits) or at < 0:
        return
    value = _number(digits)
    if _is_letter(signs[at]):
        word, begins = _word_before(signs, at + 1)
        if begins and signs[begins - 1] in "_@#\\/=&":
            return
        if last == "." and points_elsewhere(signs[max(0, start - 40) : start]):
            return
        yield GluedMark(start, end, value, last != ":" and not (last == "." and len(word) == 1))
        return
    if not _is_digit(signs[at]) or last in ":'’":
        return
    begins = at
    while begins > 0 and _is_digit(signs[begins - 1]):
        begins -= 1
    number = signs[begins : at + 1]
    day = len(number) < 3 and _number(number) <= 31 and _month_before(signs, begins)
    dated = day or _is_year(number, 1500, 2199)
    if last == ",":
        if dated and len(digits) < 3:
            yield GluedMark(start, end, value, True)
    elif last == ".":
        if _begins_sentence(signs, end):
            yield GluedMark(start, end, value, dated)
    else:
        yield GluedMark(start, end, value, True)


def _inside_number(signs: str, start: int, end: int) -> Iterator[GluedMark]:
    """At the end of a number: "May 304" is the 30th and note 4, "May 30, 20114" the year and note 4."""
    digits = signs[start:end]
    dated = _month_before(signs, start)
    if dated and 1 < len(digits) < 6 and _number(digits) > 31 and not _is_year(digits, 1400, 2199):
        for length in (1, 2):
            rest = digits[length:]
            first = unicodedata.decimal(digits[0])
            if _is_mark(rest) and first > 0 and _number(digits[:length]) <= 31:
                yield GluedMark(start + length, end, _number(rest), True)
    if 4 < len(digits) < 8 and _is_year(digits[:4], 1800, 2100) and _is_mark(digits[4:]):
        day = _DAY.search(signs[max(0, start - 8) : start])
        sure = dated or (day is not None and _month_before(signs, start - len(day[0])))
        yield GluedMark(start + 4, end, _number(digits[4:]), sure)
