"""Text analysis: folding, words, stems, and the terms of them that the index holds; the same on every database.

The databases are asked one kind of question only, "which rows have all of these terms?", which an inverted index answers
without looking at a row. Everything else is made of terms:

    right         a word, without its ending
    ¤rights       the word as it was written, where that is another one; only a prefix asks for it
    ·human·right  two neighbours, so that a phrase of two words, or of two Chinese characters, is one term
    ¶right        a term of the title            ¶·human·right
    §right        a term of the title, of the summary, or one that comes up again and again: what the text is about
    ¦قوق          the end of a word from each of its letters on, and each letter, in scripts that write affixes onto both
                  ends of words: a prefix of such a term is any part of a word             ¶¦قوق

A longer phrase has all its neighbours and is then looked for in `sequence`, the tokens in their order. The signs are
chosen so that none of them is a letter: no text can hold a term by itself.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise

from releases.text.normal import normal
from releases.text.slugs import PLAIN

# Nobody types a longer word; a run of letters without end is no word.
LONGEST = 64

# Scripts written without spaces between words: every character (for Tibetan: every syllable) is a word of its own, so
# that any part of a sentence is a phrase.
_IDEOGRAPHS = (
    "\u3005-\u3007\u3021-\u3029\u3038-\u303b\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3105-\u312f"
    "\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua48c\uf900-\ufaff\U00016fe0-\U00016fe4"
    "\U0001b000-\U0001b16f\U00020000-\U0003ffff"
)
_UNSPACED = "\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0eda\u0edc-\u0edf\u1000-\u109f\u1780-\u17d3\u19e0-\u19ff\ua9e0-\ua9fe\uaa60-\uaa7f"
# Marks that change how a word sounds but not which word people mean: accents of Latin, Greek and Cyrillic, Arabic
# vowels and the hamza above a letter, Hebrew points; and signs that are not seen at all. Marks of other scripts (Tibetan
# and Indic vowels, Japanese voicing) are letters to their readers.
_DROPPED = re.compile(
    "[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f"
    "\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064"
    "\u2066-\u206f\ufe00-\ufe0f\ufeff]"
)
_EQUIVALENT = PLAIN | {
    "\u0671": "\u0627", "\u0649": "\u064a", "\u06cc": "\u064a", "\u0629": "\u0647", "\u06be": "\u0647",
    "\u06c1": "\u0647", "\u06a9": "\u0643", "\u0f0c": "\u0f0b",
}  # fmt: skip
# "China's" is China; any other apostrophe parts two words, which are then next to each other.
_POSSESSIVE = re.compile(r"(?<=[a-z])['\u2018\u2019\uff07]s(?![a-z])")
# 10⁶ is not 106.
_RAISED = re.compile("[⁰¹²³⁴-⁹]+")
# One word with signs inside and without them: U.N. and UN, e-mail and email, 10,000 and 10000. Of hyphens only those after
# a letter that is no word by itself: who looks for "author" means "co-author" too.
_LETTERS = "A-Za-z\u00c0-\u024f\u0370-\u03ff\u0400-\u052f"
HYPHENS = "\u2010\u2011-"  # the last of a class
# A full-width comma is none of these: it parts two numbers.
GROUPING = ",'\u2019\u00a0\u2009\u202f\u066c"
_GROUPED = "|".join(rf"\d{{1,3}}(?:{sign}\d{{3}})+(?!{sign}?\d)" for sign in GROUPING)
_SIGNED = (
    rf"(?<![^\W_])(?:[{_LETTERS}](?:\.[{_LETTERS}])+(?![^\W_])\.?|(?:{_GROUPED})(?![^\W_])"
    rf"|[eExXtTuU][{HYPHENS}][{_LETTERS}]{{3,}}(?![^\W_]))"
)
WHOLE = re.compile(_SIGNED)
_SIGNS = str.maketrans("", "", f".{HYPHENS}{GROUPING}")
# What is left of them, or comes of their wide forms, parts words.
_PARTING = re.compile(f"[.,\u066c{HYPHENS}]")
_NOT_ASCII = re.compile("[^\x00-\x7f]+")
_DIGIT = re.compile(r"\d")


def _marks() -> str:
    """The characters beyond letters and digits that belong inside words, as ranges of a character class."""
    ranges: list[list[int]] = []
    for code in range(0x300, 0x1E900):
        if unicodedata.category(chr(code)) in ("Mn", "Mc", "Me"):
            if ranges and ranges[-1][1] == code - 1:
                ranges[-1][1] = code
            else:
                ranges.append([code, code])
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in ranges)


MARKS = _marks()
# Plain letters first: each of them would be compared with all those ranges.
_WORD = re.compile(
    f"[{_IDEOGRAPHS}]|[{_UNSPACED}]|(?:[a-z0-9]++|(?![{_IDEOGRAPHS}{_UNSPACED}])(?:[^\\W_]|[{MARKS}]))+"
)
# The same for text that is not folded: the pieces between which a reader sees an edge.
PIECE = re.compile(
    rf"{_SIGNED}(?:['\u2018\u2019\uff07][sS](?![^\W_]))?"
    f"|[{_IDEOGRAPHS}][\u3099\u309a\ufe00-\ufe0f\U000e0100-\U000e01ef]?|[{_UNSPACED}]"
    f"|(?:(?![{_IDEOGRAPHS}{_UNSPACED}])(?:[^\\W_]|[{MARKS}\u00ad\u200b-\u200f\u2060]))+"
    r"(?:(?<=\w)['\u2018\u2019\uff07][sS](?![^\W_]))?"
)
IDEOGRAPH = re.compile(f"[{_IDEOGRAPHS}{_UNSPACED}]")
# Scripts with affixes at both ends of words: Arabic writes "and", "the" and "by" onto a word, Uyghur its cases, Tibetan its
# particles onto the last syllable, Korean its particles and whole words. Such a word is found by any part of it.
AFFIXED = re.compile("[ؠ-ۿݐ-ݿࡰ-ࣿༀ-࿿\u1100-\u11ff\u3131-\u318e\ua960-\ua97c\uac00-\ud7fb]")


@cache
def simplified() -> dict[int, str]:
    """Every Traditional character and its Simplified one.

    One character at a time: a table that looked at neighbours would turn a part of a sentence into something else than
    the same part of the whole sentence.
    """
    import opencc  # when the first search or save needs it: no other page does

    ranges = ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0x20000, 0x323B0))
    characters = [chr(code) for first, last in ranges for code in range(first, last)]
    changed = opencc.OpenCC("t2s").convert("\n".join(characters)).split("\n")
    table = {
        one: other for one, other in zip(characters, changed, strict=True) if one != other and len(other) == 1
    }
    return {ord(one): table.get(other, other) for one, other in table.items()}


@cache
def _table() -> dict[int, str]:
    return simplified() | {ord(one): other for one, other in _EQUIVALENT.items()}


def fold(text: str) -> str:
    """`text` as it is compared; folding what is folded changes nothing."""
    text = WHOLE.sub(_unsigned, text)
    if text.isascii():
        return _POSSESSIVE.sub("", _PARTING.sub(" ", text.lower()))
    text = _PARTING.sub(" ", normal("NFKC", _RAISED.sub(r" \g<0>", text)).casefold())
    # One curly quotation mark shall not send a whole English paragraph through the table of Chinese.
    text = _NOT_ASCII.sub(_equivalent, normal("NFKD", text))
    return _POSSESSIVE.sub("", normal("NFC", text))


def _equivalent(run: re.Match[str]) -> str:
    # Digits of every script are the same digits.
    return _DIGIT.sub(_plain_digit, _DROPPED.sub("", run[0]).translate(_table()))


def _plain_digit(digit: re.Match[str]) -> str:
    return str(unicodedata.decimal(digit[0]))


def _unsigned(word: re.Match[str]) -> str:
    return word[0].translate(_SIGNS)


@lru_cache(100_000)
def stem(word: str) -> str:
    """A folded word without its English endings; words in other letters, and numbers, stay as they are."""
    if not (word.isascii() and word.isalpha()):
        return word
    from snowballstemmer.english_stemmer import EnglishStemmer  # likewise

    return str(EnglishStemmer().stemWord(word))


def words(text: str) -> list[str]:
    """The folded words of `text`, endings and all."""
    return [word[:LONGEST] for word in _WORD.findall(fold(text))]


def tokens(text: str) -> list[str]:
    """The stems of `text`, in order: what is compared."""
    return [stem(word) for word in words(text)]


PAIR, TITLE, ABOUT, WRITTEN, PART = "·", "¶", "§", "¤", "¦"
# Between paragraphs, which no phrase bridges.
BREAK = "|"
# A word that comes up so often in a text, and at least once in so many words, is what the text is about.
OFTEN, IN_WORDS = 3, 150
# PostgreSQL stores at most a megabyte of terms in a row. Only a book has more: it loses its last pairs, never its words.
MOST_BYTES = 900_000


@dataclass(frozen=True)
class Indexed:
    """What is stored of a text: `sequence` its tokens in order, `terms` what the index holds, each parted by spaces."""

    sequence: str
    terms: str


def pair(first: str, second: str) -> str:
    """The term of two neighbours."""
    return f"{PAIR}{first}{PAIR}{second}"


def phrase_terms(tokens: Sequence[str]) -> list[str]:
    """The terms of a phrase: a lone word itself, else all pairs of neighbours."""
    if len(tokens) < 2:
        return list(tokens)
    return [
        f"{PAIR}{first}{PAIR}{second}" for first, second in pairwise(tokens)
    ]  # `pair`, without a call for each


def suffix_terms(words: Iterable[str]) -> list[str]:
    """The terms by which any part of a word is found, for words in scripts with affixes."""
    affixed = [word for word in words if AFFIXED.search(word)]
    found = [word[start:] for word in affixed for start in range(len(word))]
    return [PART + part for part in dict.fromkeys([*found, *(letter for word in affixed for letter in word)])]


def needle(tokens: Sequence[str]) -> str:
    """A phrase as `sequence` contains it, between the edges of words; without edges in scripts with affixes."""
    begin, end = ("" if AFFIXED.search(token) else " " for token in (tokens[0], tokens[-1]))
    return f"{begin}{' '.join(tokens)}{end}"


def indexed(*, title: str, summary: Iterable[str] = (), rest: Iterable[str] = ()) -> Indexed:
    """The title, the lines of the summary, and all other paragraphs and notes, made ready for the index."""
    written: dict[str, None] = {}
    counts: Counter[str] = Counter()
    blocks: list[str] = []

    def collect(text: str) -> list[str]:
        forms = words(text)
        written.update(dict.fromkeys(forms))
        tokens = [stem(form) for form in forms]
        counts.update(tokens)
        found = tokens + phrase_terms(tokens) if len(tokens) > 1 else tokens
        if len(tokens) > 1:
            counts.update(found[len(tokens) :])
        if tokens:
            blocks.append(" ".join(tokens))
        return found

    of_title = collect(title)
    about = dict.fromkeys(of_title)
    for text in summary:
        about.update(dict.fromkeys(collect(text)))
    for text in rest:
        collect(text)
    length = sum(block.count(" ") + 1 for block in blocks)
    often = max(OFTEN, length // IN_WORDS)
    about.update((term, None) for term, count in counts.items() if count >= often)
    single: list[str] = []
    double: list[str] = []
    for term in counts:
        (double if term[0] == PAIR else single).append(term)
    terms = [
        *(TITLE + term for term in dict.fromkeys(of_title)),
        *single,
        *(WRITTEN + form for form in written if stem(form) != form),
        *suffix_terms(written),
        *(TITLE + part for part in suffix_terms(of_title)),
        *(ABOUT + term for term in about),
        *double,
    ]
    return Indexed(sequence=f" {f' {BREAK} '.join(blocks)} ", terms=" ".join(_that_fit(terms)))


def _that_fit(terms: list[str]) -> list[str]:
    room = MOST_BYTES
    if sum(map(len, terms)) * 4 + len(terms) <= room:
        return terms
    fitting = []
    for term in terms:
        room -= len(term.encode()) + 1
        if room < 0:
            break
        fitting.append(term)
    return fitting
