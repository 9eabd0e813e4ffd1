"""How a name is spelled in the newsroom: what is found of what was typed, and what may be the same name and is found, too."""

import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from newsroom.safety.scrub.places import around, columns
from releases.text.removal import Removal
from releases.text.spellings import variants

MOST: Final = 60
# An ending is so long at most; a longer word is another one.
_ENDING: Final = 12


@dataclass
class Spelling:
    """As it is written most often, how often it is found, and the first place. `typed`: what was typed finds it."""

    text: str
    typed: bool
    before: str = ""
    after: str = ""
    written: Counter[str] = field(default_factory=Counter)

    @property
    def times(self) -> int:
        """How often."""
        return self.written.total()


def look(typed: Sequence[str], *, whole_words: bool = True) -> list[Spelling]:
    """Every spelling that is found, in one reading: those of what was typed first, then the most frequent.

    Raises ValueError as `Removal` does.
    """
    exact = Removal(typed, "", whole_words=whole_words)
    loose = [Removal(typed, "", whole_words=False)]
    if others := _searchable(dict.fromkeys(variant for one in typed for variant in variants(one))):
        loose.append(Removal(others, ""))
    found: dict[str, Spelling] = {}
    for _model, _row, _name, texts in columns():
        for text in texts:
            end = 0
            # The longest first of those that begin at the same place.
            spans = [span for one in loose for span in one.spans(text)]
            for start, last in sorted(spans, key=lambda span: (span[0], -span[1])):
                if start < end:
                    continue
                start, end = _whole_word(text, start, last)
                hit = " ".join(text[start:end].split())
                key = unicodedata.normalize("NFKC", hit).casefold()
                if key not in found:
                    before, after = around(text, start, end)
                    found[key] = Spelling(hit, _is_all_of(exact, hit), before, after)
                found[key].written[hit] += 1
    for one in found.values():
        one.text = one.written.most_common(1)[0][0]
    return sorted(found.values(), key=lambda one: (not one.typed, -one.times, one.text))[:MOST]


def _is_all_of(exact: Removal, hit: str) -> bool:
    """Does what was typed take all of it? Where parts of words were asked for, a part does."""
    spans = exact.spans(hit)
    return bool(spans) and (not exact.whole_words or spans[0] == (0, len(hit)))


def _searchable(spellings: dict[str, None]) -> list[str]:
    return [one for one in spellings if sum(map(str.isalnum, one)) >= 2]


def _whole_word(text: str, start: int, end: int) -> tuple[int, int]:
    """With what a script that parts its words writes onto them: an ending, or the word that they are a part of."""
    first, last = start, end
    while start > first - _ENDING and start > 0 and _joins(text[start - 1]) and _joins(text[first]):
        start -= 1
    while end < last + _ENDING and end < len(text) and _joins(text[end]) and _joins(text[last - 1]):
        end += 1
    return start, end


def _joins(character: str) -> bool:
    return character < "\u0e00" and (character.isalnum() or unicodedata.category(character) == "Mn")
