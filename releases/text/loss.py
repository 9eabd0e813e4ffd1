"""How many words of a text were lost by a change, wherever they were."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from html import unescape
from itertools import islice
from typing import Final

_CJK: Final = "\u2e80-\u9fff\uf900-\ufaff\uac00-\ud7af\U00020000-\U0003ffff"
# Tibetan syllables end with a tsheg, which is no letter.
_WORD: Final = re.compile(rf"[{_CJK}]|[^\W_{_CJK}]+")
# A citation's number changes when a note before it goes.
_NO_WORDS: Final = re.compile(r'<sup class="footnote-ref">.*?</sup>|<[^>]*>', re.DOTALL)

# So many words gone are a large deletion, or a third of a shorter text, and never fewer than three.
MANY: Final = 20
SHARE: Final = 3
FEW: Final = 3


def words_in(html: str) -> Iterator[str]:
    """The words of a body, its notes included. An ideograph is one."""
    return (match[0] for match in _WORD.finditer(unescape(_NO_WORDS.sub(" ", html))))


def words_of_plain(text: str) -> Iterator[str]:
    """The words of a title or a summary."""
    return (match[0] for match in _WORD.finditer(text))


def count_lost(old: Iterable[str], new: Iterable[str]) -> int:
    """How many words of `old` are not in `new`. Repeated words are counted each time."""
    return (Counter(old) - Counter(new)).total()


def is_large(lost: int, old: Iterable[str]) -> bool:
    """Whether `lost` of the words `old` are so many that somebody may want them back."""
    if lost < FEW or lost >= MANY:
        return lost >= MANY
    return lost >= max(FEW, sum(1 for _ in islice(old, MANY * SHARE)) // SHARE)


def differing_part(old: str, new: str) -> tuple[str, str]:
    """Two bodies without the paragraphs that both begin and end with: a small change in a long text is compared fast."""
    if (at := old.rfind("</p>", 0, _common(old, new))) >= 0:
        old, new = old[at + len("</p>") :], new[at + len("</p>") :]
    end = _common(old, new, from_end=True)
    end = len(old) - at if (at := old.find("<p", len(old) - end)) >= 0 else 0
    return (old[:-end], new[:-end]) if end else (old, new)


def _common(old: str, new: str, *, from_end: bool = False) -> int:
    """The length of the common prefix, or suffix, by binary search: comparing slices is fast."""
    low, high = 0, min(len(old), len(new))
    while low < high:
        middle = (low + high + 1) // 2
        alike = old[-middle:] == new[-middle:] if from_end else old[:middle] == new[:middle]
        low, high = (middle, high) if alike else (low, middle - 1)
    return low
