"""How much of a text is gone: its words, wherever they stood, and not its letters or its length."""

import re
from collections import Counter
from html import unescape
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


def words_in(html: str, *plain: str) -> Counter[str]:
    """The words of a body, its notes included, and of `plain` texts, each with how often it stands there. An ideograph
    is one."""
    texts = [unescape(_NO_WORDS.sub(" ", html)), *plain]
    return Counter(word for text in texts for word in _WORD.findall(text))


def gone(old: Counter[str], new: Counter[str]) -> int:
    """How many words of `old` are not in `new`."""
    return (old - new).total()


def is_large(lost: int, old: Counter[str]) -> bool:
    """Are `lost` words of `old` so many that somebody will want them back?"""
    return lost >= min(MANY, max(FEW, old.total() // SHARE))
