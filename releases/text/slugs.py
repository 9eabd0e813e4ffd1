"""Slugs: the last part of an address, from words in any script; and the letters that search folds as slugs do."""

import re
import unicodedata
from collections.abc import Container

from releases.text.normal import normal

# Folding (search) and slugs use the same table: Ørsted and Łódź are found as, and stand in addresses as, orsted and lodz.
# Folded letters only: capitals have been lowered before (casefold makes ß "ss" by itself).
PLAIN = {
    "ø": "o", "ł": "l", "đ": "d", "ɖ": "d", "ð": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ŋ": "n",
    "ŧ": "t", "ə": "e", "ɵ": "o", "ɛ": "e", "ɔ": "o", "ɓ": "b", "ɗ": "d", "ɠ": "g", "ɣ": "g", "ƙ": "k", "ƴ": "y", "ƶ": "z",
    "ĸ": "k", "ƒ": "f", "ɨ": "i", "ʉ": "u", "ƀ": "b", "ǥ": "g", "ⱥ": "a", "ȼ": "c", "ɇ": "e", "ɉ": "j", "ɍ": "r", "ɏ": "y",
    "ʻ": "", "ʼ": "", "ʹ": "", "ʺ": "",
}  # fmt: skip


LENGTH = 100
_LATIN = re.compile(r"[a-z]")
_PLAIN = str.maketrans(PLAIN)
# Between letters these join: "Lawyer's" is "lawyers", not "lawyer-s".
_JOINED = re.compile(r"(?<=\w)['\u2018\u2019\u02bc](?=\w)")


def slug_of(words: str, *, taken: Container[str] = (), fallback: str = "release") -> str:
    """A slug for `words` that is not in `taken`.

    Latin letters lose their accents and strokes (`releases.text.slugs`); where the words have none, letters of their own script stay, with the marks
    that belong to them (Tibetan vowels, Arabic points). At most `LENGTH` characters, cut between words.
    """
    text = normal("NFKC", words).casefold()
    text = _JOINED.sub("", text)
    plain = "".join(c for c in normal("NFKD", text) if not unicodedata.combining(c))
    plain = plain.translate(_PLAIN)
    if _LATIN.search(plain):
        text = re.sub(r"[^a-z0-9]+", "-", plain)
    else:
        text = "".join(c if unicodedata.category(c)[0] in "LMN" else "-" for c in normal("NFC", text))
        text = re.sub(r"-+", "-", text)
    base = _shorten(text.strip("-"), LENGTH) or fallback
    if base.isdecimal():
        base = f"{fallback}-{base}"  # a bare number would be read as a year of the archive
    slug, number = base, 1
    while slug in taken:
        number += 1
        slug = f"{_shorten(base, LENGTH - len(str(number)) - 1)}-{number}"
    return slug


def _shorten(slug: str, length: int) -> str:
    if len(slug) <= length:
        return slug
    cut = slug[: length + 1].rfind("-")
    return slug[: cut if cut > length // 2 else length].strip("-")
