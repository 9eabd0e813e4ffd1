"""Unicode's normal forms in time that grows with the text. Python sorts the marks on a letter by moving each past all others, which takes
the square of their number; so of more marks than any language writes on one letter the rest is left out (UAX 15, 13.1)."""

import re
import unicodedata
from typing import Literal

MOST_MARKS = 30
# Runs without a character of the scripts that have no marks: Latin, kana, Han, Hangul.
_PERHAPS = re.compile(
    rf"[^\x00-\u02ff\u2010-\u2027\u3000-\u3029\u3030-\u3098\u309b-\ua66e\uac00-\ud7ff]{{{MOST_MARKS + 1},}}"
)


def normal(form: Literal["NFC", "NFD", "NFKC", "NFKD"], text: str) -> str:
    """The text in that form, with `MOST_MARKS` marks on a letter at most."""
    return unicodedata.normalize(form, _PERHAPS.sub(_bounded, text))


def _bounded(run: re.Match[str]) -> str:
    kept, marks = [], 0
    for character in run[0]:
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks <= MOST_MARKS:
            kept.append(character)
    return "".join(kept)
