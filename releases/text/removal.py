"""Words that are to go: finding them however they are spelled or split, and putting something else in their place."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, Final
from urllib.parse import unquote

from releases.text.clean import clean, stored_tree
from releases.text.notes import citations_in, notes_in
from releases.text.schema import CITATION_CLASS
from releases.text.slugs import PLAIN
from releases.text.tree import Node, inner_html

_INLINE: Final = frozenset({"strong", "em", "sup", "sub", "a", "span"})
_APART: Final = r"[\s'·_.-]*"
_UNBROKEN: Final = re.compile(r"\S+")
_APOSTROPHES: Final = frozenset("'’‘ʼʻ`´＇")
SHORTEST: Final = 2


class Removal:
    """Some spellings, and what stands in their place. Capitals, accents, widths, Traditional characters, signs that are not seen,
    and what stands between the words of a name make no difference. Raises ValueError for a spelling that is too short."""

    def __init__(self, spellings: Iterable[str], by: str, *, whole_words: bool = True) -> None:
        patterns = []
        self.spellings, self.whole_words = tuple(spellings), whole_words
        for spelling in self.spellings:
            letters = [
                one for one in _folded(spelling)[0] if one.isalnum() or unicodedata.category(one)[0] == "M"
            ]
            if len(letters) < SHORTEST or len(letters) > 1000:
                raise ValueError(
                    f"{spelling[:40]!r} has {len(letters)} letters: it takes from {SHORTEST} to 1000."
                )
            patterns.append(_pattern(spelling, whole_words=whole_words))
        if not patterns:
            raise ValueError("Say which words.")
        self.pattern = re.compile("|".join(sorted(patterns, key=len, reverse=True)))
        self.by = by
        if self.spans(by):
            raise ValueError("What takes the place of the words holds them itself.")

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Where they stand in a text."""
        if not self.pattern.search(text.lower() if text.isascii() else text.translate(_FOLDS)):
            return []  # nearly always; where it came from need not be known
        folded, places = _folded(text)
        return [
            (places[found.start()], places[found.end() - 1] + 1) for found in self.pattern.finditer(folded)
        ]

    def stands_in(self, text: str) -> bool:
        """Do they, as they are or in an address?"""
        return bool(self.spans(text)) or self.stands_encoded_in(text)

    def stands_encoded_in(self, text: str) -> bool:
        """Do they, as an address writes them?"""
        return "%" in text and bool(self.spans(unquote(text)))

    def text(self, text: str) -> str:
        """A plain text without them."""
        for start, end in reversed(self.spans(text)):
            text = text[:start] + self.by + text[end:]
        if "%" not in text:
            return text
        return _UNBROKEN.sub(
            lambda found: self.by if "%" in found[0] and self.stands_in(found[0]) else found[0], text
        )

    def value(self, value: Any) -> Any:
        """What JSON holds without them."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return [self.value(one) for one in value]
        if isinstance(value, dict):
            return {self.text(str(name)): self.value(one) for name, one in value.items()}
        return value

    def html(self, html: str) -> str:
        """A stored body without them; a note that was cited in these words alone goes with them. Links to an address that holds them
        lose it."""
        root = stored_tree(html)
        if not self._remove(root):
            return html
        cited = {key for key, _node in citations_in(root)}
        for key, note in list(notes_in(root)):
            if key not in cited:
                note.getparent().remove(note)
        return clean(inner_html(root)).html

    def _remove(self, root: Node) -> bool:
        changed = False
        for link in [one for one in root.iter("a") if self.stands_in(one.get("href", ""))]:
            del link.attrib["href"]
            changed = True
        for run in _runs(root):
            whole = "".join(text for text, _set in run)
            for start, end in reversed(self.spans(whole)):
                changed = True
                _cut(run, start, end, self.by)
        return changed


# A text, how to set it, and what stood in between.
Piece = tuple[str, Callable[[str], None]]


def _runs(root: Node) -> list[list[Piece]]:
    """The texts of each block, whatever inline elements part them. A citation is no text: one amid the words goes with them."""
    runs: list[list[Piece]] = [[]]

    def look(node: Node) -> None:
        if node.text:
            runs[-1].append((node.text, lambda text: setattr(node, "text", text)))
        for child in node:
            inline = child.tag in _INLINE
            if child.tag == "sup" and child.get("class") == CITATION_CLASS:
                runs[-1].append(("", lambda _text, one=child: _drop(one)))  # type: ignore[misc]  # a default argument
            elif child.tag == "br":
                runs[-1].append(("", lambda _text: None))
            else:
                if not inline:
                    runs.append([])
                look(child)
                if not inline:
                    runs.append([])
            if child.tail:
                runs[-1].append((child.tail, lambda text, one=child: setattr(one, "tail", text)))  # type: ignore[misc]  # likewise

    look(root)
    return runs


def _drop(node: Node) -> None:
    # Its tail stays where it is, for others hold on to it; an empty span is cleaned away.
    tail = node.tail
    node.clear()
    node.tag, node.tail = "span", tail


def _cut(run: list[Piece], start: int, end: int, by: str) -> None:
    at = 0
    for number, (text, put) in enumerate(run):
        first, last = max(start - at, 0), min(end - at, len(text))
        if not text and start < at < end:
            put("")
        elif first < last:
            new = text[:first] + (by if start >= at else "") + text[last:]
            put(new)
            run[number] = (new, put)
            # What was cut before counts by the length that it had.
        at += len(text)


def _pattern(spelling: str, *, whole_words: bool) -> str:
    words = [re.escape(word) for word in re.split(r"[\s'·_.-]+", _folded(spelling)[0]) if word]
    if whole_words and all(one.isascii() for one in "".join(words)):
        # Inside a word a hyphen or an apostrophe may stand: Xi'an, Xiao-ming.
        words = ["['-]?".join(_letters(word)) for word in words]
    else:
        words = [r"[\s'-]?".join(_letters(word)) for word in words]
    found = _APART.join(words)
    first, last = _folded(spelling)[0].strip()[:1], _folded(spelling)[0].strip()[-1:]
    after = r"(?![^\W_])" if whole_words and _has_words(last) else ""
    if not (whole_words and _has_words(first)):
        return f"{found}{after}"
    # What stands before is asked after the first letter: `re` finds a letter many times faster than what it has to ask at each place.
    letter = _letters(found)[0]
    return f"{letter}(?<![^\\W_]{letter}){found[len(letter) :]}{after}"


def _letters(word: str) -> list[str]:
    return re.findall(r"\\.|.", word, re.DOTALL)


def _has_words(letter: str) -> bool:
    """Whether the script parts its words, and writes nothing onto their ends (as Arabic, Tibetan and Chinese do)."""
    return bool(letter) and (letter < "\u0590" or "\u1e00" <= letter <= "\u1fff")


@cache
def _simplified() -> dict[str, str]:
    import opencc

    ranges = ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0x20000, 0x323B0))
    characters = [chr(code) for first, last in ranges for code in range(first, last)]
    changed = opencc.OpenCC("t2s").convert("\n".join(characters)).split("\n")
    return {one: other for one, other in zip(characters, changed, strict=True) if len(other) == 1}


@cache
def _fold(character: str) -> str:
    if character in _APOSTROPHES:
        return "'"
    category = unicodedata.category(character)
    if category == "Pd" or character == "\u2212":
        return "-"
    if character in "·・‧•":
        return "·"
    if character.isspace():
        return " "
    found = ""
    for one in unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", character).casefold()):
        kind, code = unicodedata.category(one), ord(one)
        # Accents of Latin, Greek and Cyrillic, vowels of Arabic; vowels of Tibetan are letters.
        if kind in ("Cf", "Cc") or (kind == "Mn" and not 0x0900 <= code <= 0x1FFF) or one == "\u0640":
            continue
        one = PLAIN.get(one, one)
        found += _simplified().get(one, one) if code >= 0x3400 else one
    return found


class _Folds(dict[int, str]):
    """For `str.translate`, which is many times faster than a look at each character: what `_folded` makes of it."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        folded = character.lower() if character < "\x7f" else _fold(character)
        self[code] = "".join(" " if one.isspace() else one for one in folded)
        return self[code]


_FOLDS: Final = _Folds()


def _folded(text: str) -> tuple[str, list[int]]:
    """The text as it is compared, and for each of its characters where it came from."""
    if text.isascii():
        return text.lower(), list(range(len(text)))
    folded: list[str] = []
    places: list[int] = []
    for number, character in enumerate(text):
        for one in character.lower() if character < "\x7f" else _fold(character):
            folded.append(" " if one.isspace() else one)
            places.append(number)
    return "".join(folded), places
