"""The short texts around notes: labels ("[4]", "iv", "①", "footnote 2"), the texts of back links, the headings of lists.

The words come from the table that the editor's paste reads as well; `static/js/editor/paste/labels.js` says the same rules.
"""

import itertools
import re
from functools import lru_cache
from typing import Any, Final, NamedTuple

from releases.text.tables import table

TABLE: Final[dict[str, Any]] = table("labels")

MAX_NUMBER: Final = 999
LONGEST_LABEL: Final = 32

_ZEROS: Final[str] = TABLE["zeros"]
_SUPERSCRIPTS: Final[str] = TABLE["superscripts"]
_CHINESE: Final[str] = TABLE["chinese"]
_CIRCLED: Final = {
    character: place for series in TABLE["circled"] for place, character in enumerate(series, 1)
}
_DIGITS: Final = "".join(chr(ord(zero) + n) for zero in _ZEROS for n in range(10))
_VALUES: Final = {character: place % 10 for place, character in enumerate(_DIGITS)} | {
    character: place for place, character in enumerate(_SUPERSCRIPTS)
}
_SYMBOLS: Final[str] = TABLE["symbols"]


def _any(characters: str) -> str:
    return "[" + re.escape(characters) + "]"


def _words(words: list[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_SPACE = r"[\s\u00a0\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufe0e\ufe0f]"
_ROMAN = r"(?=[ivxl])(?:xl|l?x{0,3})(?:ix|iv|v?i{0,3})"
_CORE = (
    rf"(?P<digits>{_any(_DIGITS)}{{1,3}}|{_any(_SUPERSCRIPTS)}{{1,3}})(?::\d{{1,3}}(?=[\]］]))?|(?P<circled>{_any(''.join(_CIRCLED))})"
    rf"|(?P<symbol>{_any(_SYMBOLS)}{{1,4}})|(?P<roman>{_ROMAN})(?![a-z])|(?P<letter>[a-z])(?![a-z])"
    rf"|(?P<chinese>{_any(_CHINESE)}{{1,3}})"
)
_BODY = (
    rf"{_SPACE}*(?P<open>{_any(TABLE['open'])})?{_SPACE}*(?:(?P<word>{_words(TABLE['words'])})(?:{_SPACE}|[.:#：])*"
    rf"|(?P<prefix>(?<=[\[［])[a-z-]{{1,12}}){_SPACE}+)?(?:{_CORE})(?:{_SPACE}*(?P<close>{_any(TABLE['close'])}))?"
)
_LABEL: Final = re.compile(rf"{_BODY}(?:{_SPACE}|[.:、．,，])*", re.IGNORECASE)
_OPENING: Final = re.compile(
    rf"{_BODY}(?P<point>{_SPACE}*[.:)、．：།])?(?P<space>{_SPACE}*)(?=(?P<next>.)|$)",
    re.IGNORECASE | re.DOTALL,
)
_ARROWS: Final = re.compile(f"{_any(TABLE['arrows'])}[\ufe0e\ufe0f]?")
_AROUND: Final = re.compile(rf"(?:{_SPACE}|[.,;:：·|/()\[\]（）［］,，、。\-–—།༌་])+")
_WAYS: Final = frozenset(" ".join(_AROUND.sub(" ", word.casefold()).split()) for word in TABLE["ways"])
_NOT_WAYS: Final = frozenset(
    " ".join(_AROUND.sub(" ", word.casefold()).split()) for word in TABLE["not_ways"]
)
_HEADINGS: Final = frozenset(
    " ".join(_AROUND.sub(" ", word.casefold()).split()) for word in TABLE["headings"]
)
# Arrows that no link holds, with the figure that some programs put behind each: "Report. ↩ ↩2".
_ARROWS_AT_END: Final = re.compile(
    rf"(?<!{_SPACE})(?<![\[(（·|])(?:{_SPACE}|[\[(（·|])*(?:(?<!\w){_any(TABLE['arrows'])}[\ufe0e\ufe0f]?{_SPACE}*(?:[{_DIGITS}{_SUPERSCRIPTS}]{{1,2}}|[a-z](?![a-z]))?"
    rf"(?:{_SPACE}|[\])）·|,;])*)+$",
    re.IGNORECASE,
)
_ARROWS_AT_START: Final = re.compile(rf"{_SPACE}*(?:{_any(TABLE['arrows'])}[\ufe0e\ufe0f]?{_SPACE}*)+")


# What begins a sentence behind a bare letter: "a Survey" begins with a label, "a survey" with a word.
_CAPITAL: Final = re.compile(r"[^\W\d_a-z]")


class Label(NamedTuple):
    """A label that was read. `family`: "number", "roman", "letter" or "symbol"; `value` counts from 1 (0 for symbols).

    `form` says how it is written: "[", "(", "circled", "raised", "word" or "".
    """

    family: str
    value: int
    key: str
    form: str


def label(text: str) -> Label | None:
    """`text` as a label and nothing else, or None: "[4]", "¹", "٣", "iv", "*", "[footnote 2]"."""
    if len(text) > LONGEST_LABEL:
        return None
    match = _LABEL.fullmatch(text)
    return _read(match) if match else None


def opening(text: str, *, bare: bool = False) -> tuple[Label, int] | None:
    """The label with which a note's words begin, and how many characters of `text` it takes; None if they begin with none.

    `bare`: a letter with nothing but a space behind it counts as well ("a Survey"); otherwise it is a word ("A man", "I").
    """
    match = _OPENING.match(text[:200])
    found = _read(match) if match else None
    if match is None or found is None:
        return None
    closed = match["close"] or match["point"] or match["circled"]
    if found.form == "raised" or closed:
        # "3.5 million" and "12:30" begin with no label.
        if match["point"] and not match["space"] and (match["next"] or "").isdigit():
            return None
        return found, match.end()
    # A bare letter or a bare symbol is a word of the text as well ("I", "a"), unless something sets it off.
    set_off = (
        match["space"]
        and (
            match["digits"]
            or bare
            or ((match["letter"] or match["roman"] or "A").islower() and _CAPITAL.match(match["next"] or ""))
        )
    ) or found.family == "symbol"
    return (found, match.end()) if set_off else None


def _read(match: re.Match[str]) -> Label | None:
    bracket = match["open"] or ""
    if match["prefix"] and bracket not in ("[", "［"):
        return None
    word = (match["word"] or match["prefix"] or "").casefold()
    square = bracket in ("[", "［", "〔", "【", "〖")
    form = "[" if square else "word" if word else "(" if bracket else ""
    if match["chinese"] and not (bracket or word):
        return None
    prefix = f"{word} " if match["prefix"] else ""
    if match["digits"]:
        value = int("".join(str(_VALUES[one]) for one in match["digits"]))
        if match["digits"][0] in _SUPERSCRIPTS:
            form = form or "raised"
        return Label("number", value, f"{prefix}{value}", form) if 0 < value <= MAX_NUMBER else None
    if match["circled"]:
        value = _CIRCLED[match["circled"]]
        return Label("number", value, f"{prefix}{value}", form or "circled")
    if match["chinese"]:
        value = _chinese(match["chinese"])
        return Label("number", value, f"{prefix}{value}", form)
    if match["symbol"]:
        return Label("symbol", 0, prefix + match["symbol"].translate(_STARS), form)
    if (match["roman"] and len(match["roman"]) > 1) or (match["roman"] or "").lower() == "i":
        return Label("roman", _roman(match["roman"].lower()), prefix + match["roman"], form)
    letter = match["letter"] or match["roman"]
    return Label("letter", ord(letter.lower()) - 96, prefix + letter, form)


_STARS: Final = str.maketrans("∗＊⁎⋆", "****")


def _roman(text: str) -> int:
    values = [{"i": 1, "v": 5, "x": 10, "l": 50}[one] for one in text]
    return sum(-one if one < after else one for one, after in zip(values, [*values[1:], 0], strict=True))


def _chinese(text: str) -> int:
    before, ten, after = text.partition("十")
    if not ten:
        return _CHINESE.index(text[-1]) + 1
    return ((_CHINESE.index(before[-1]) + 1) if before else 1) * 10 + (
        (_CHINESE.index(after[0]) + 1) if after else 0
    )


def are_consecutive(labels: list[Label]) -> bool:
    """Whether labels are consecutive: each is the next one of its family, or another symbol."""
    return all(_next(one, other) for one, other in itertools.pairwise(labels))


def _next(one: Label, other: Label) -> bool:
    if one.family == other.family == "symbol":
        return one.key != other.key
    return any(
        family == other_family and after - value == 1
        for family, value in possible_numbers(one)
        for other_family, after in possible_numbers(other)
    )


_RANKS: Final = "*†‡§¶‖"


def possible_numbers(one: Label) -> list[tuple[str, int]]:
    """The families in which a label may count, and its place in each.

    A single letter may also be a roman numeral ("h, i, j" and "iv, v, vi"); signs count by their kind or by how many they are.
    """
    found = [(one.family, one.value)]
    if one.family == "symbol":
        same = len(set(one.key)) == 1
        return [
            *([("signs", _RANKS.index(one.key) + 1)] if one.key in _RANKS else []),
            *([(f"times {one.key[0]}", len(one.key))] if same else []),
        ]
    single = one.key.lower()
    if len(single) == 1 and single in "ivxl":
        found = [("letter", ord(single) - 96), ("roman", _roman(single))]
    return found


def is_back_link_text(text: str) -> bool:
    """Whether the text of a link means "back to the text": "↩", "^", "↩2", "a", "Back to text", "返回正文"."""
    if len(text) > 80:
        return False
    without = _ARROWS.sub(" ", text)
    words = _folded(without)
    if not words:
        return without != text or not text.strip()
    if words in _WAYS or label(words) is not None:
        return True
    head, _space, last = words.rpartition(" ")
    return head in _WAYS and label(last) is not None


def is_top_link_text(text: str) -> bool:
    """Whether the text of a link means "to the top" or "to the contents"."""
    return len(text) <= 80 and _folded(_ARROWS.sub(" ", text)) in _NOT_WAYS


def is_heading(text: str) -> bool:
    """Whether a text is the heading of a list of notes: "Notes", "Sources:", "注释", "མཆན་"."""
    return len(text) <= 60 and _folded(text) in _HEADINGS


def without_arrows(text: str) -> str:
    """`text` without the arrows at its end that lead back."""
    return _ARROWS_AT_END.sub("", text).rstrip()


def without_arrow_before(text: str) -> str:
    """`text` without the arrow that stands before it, as Wikipedia has it."""
    found = _ARROWS_AT_START.match(text)
    return text[found.end() :] if found else text


_WAY_AT_END: Final = re.compile(
    rf"(?:^|(?<=[\s.;。།!?”]))(?:{_words([word for word in TABLE['ways'] if ' ' in word or not word.isascii()])})\s*[:：]?[\s,、]*$",
    re.IGNORECASE,
)


def without_back_words(text: str) -> str:
    """`text` without the words at its end that lead back, of which only the figures were links: "Back to text: 1, 2"."""
    return _WAY_AT_END.sub("", text).rstrip()


def has_arrow(text: str) -> bool:
    """Whether a note ends or begins with the arrow of a back link."""
    return bool(_ARROWS_AT_END.search(text[-40:]) or _ARROWS_AT_START.match(text))


_BEFORE: Final = re.compile(
    rf"(?:^|[^\w])(?:{_words([w for w in TABLE['points_elsewhere'] if w.isascii()])})\.?{_SPACE}*$"
    rf"|(?:{_words([w for w in TABLE['points_elsewhere'] if not w.isascii()])}){_SPACE}*$",
    re.IGNORECASE,
)


def points_elsewhere(before: str) -> bool:
    """Whether the words before a number make it the number of a section, page or article."""
    return bool(_BEFORE.search(before[-40:]))


# "5 m²" and "x²" and "CO₂": what is raised there is no mark.
_UNIT: Final = re.compile(
    r"(?:^|[\s\d(/·⋅])(?:[cdkmµμn]?m|mi|ft|in|yd|cm|sq|s|kg|CO|H|SO|NO|O)$|(?:^|[^\w'’])[a-zA-Z]$|[^\d]10$|^10$|[千公]?[米里]$"
)


def is_power(before: str, text: str) -> bool:
    """Whether a raised number belongs to a unit or a variable: "m²", "x³", "10⁶"."""
    found = label(text)
    return text.strip()[:1] in "-−–+" or (
        found is not None and found.family == "number" and bool(_UNIT.search(before[-12:]))
        and (found.value in (2, 3) or before.endswith("10") or (len(before) > 0 and before[-1].isalpha() and before[-1].isascii() and found.value < 10 and len(re.findall(r"[a-zA-Z]+$", before)[0]) == 1))
    )  # fmt: skip


@lru_cache(maxsize=256)
def quotation_marks(language: str) -> str:
    """The four quotation marks of a language: outer pair, inner pair (a space may stand on their inner sides)."""
    table: dict[str, str] = TABLE["quotes"]
    name = language.lower()
    while name and name not in table:
        name = name.rpartition("-")[0]
    return table[name]


def _folded(text: str) -> str:
    return " ".join(_AROUND.sub(" ", text.casefold().replace("\u200c", "")).split())


# What a run of words may hold as a mark: in square brackets, raised or circled. "(1)" counts points of the text as well.
MARKS_IN_TEXT: Final = re.compile(
    rf"[\[［〔【]\s*(?:(?:{_words(TABLE['words'])})\s*)?(?:[{_DIGITS}]{{1,3}}|[{_CHINESE}]{{1,3}}|[*†‡]{{1,3}}|[a-z])\s*[\]］〕】]"
    rf"|[(（]\s*(?:{_words(TABLE['words'])})\s*[{_DIGITS}]{{1,3}}\s*[)）]|[{_SUPERSCRIPTS}]{{1,3}}|[{''.join(_CIRCLED)}]",
    re.IGNORECASE,
)
