"""What of a text goes into the index: the same list of terms on every database, so that all of them find the same.

The databases are asked one kind of question only, "which rows have all of these terms?", which an inverted index answers
without looking at a row. Everything else is made of terms:

    right         a word, without its ending
    ¤rights       the word as it was written, where that is another one; only a prefix asks for it
    ·human·right  two neighbours, so that a phrase of two words, or of two Chinese characters, is one term
    ¶right        a term of the title            ¶·human·right
    §right        a term of the title, of the summary, or one that comes up again and again: what the text is about
    ¦قوق          how a word ends, from each of its letters on, and each letter, in the scripts whose words grow at both
                  ends: what begins so is any part of a word             ¶¦قوق

A longer phrase has all its neighbours and is then looked for in `sequence`, the tokens in their order. The signs are
chosen so that none of them is a letter: no text can hold a term by itself.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from releases.search.fold import GROWN, stem, words

PAIR, TITLE, ABOUT, WRITTEN, PART = "·", "¶", "§", "¤", "¦"
# Between paragraphs, which no phrase bridges.
BREAK = "|"
# A word that comes up so often in a text, and at least once in so many words, is what the text is about.
OFTEN, IN_WORDS = 3, 150
# PostgreSQL takes a megabyte of terms a row. Only a book has more: its words stay, its last neighbours go.
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
    return [pair(first, second) for first, second in pairwise(tokens)]


def parts(words: Iterable[str]) -> list[str]:
    """The terms by which any part of a word is found, for those that are found so."""
    grown = [word for word in words if GROWN.search(word)]
    found = [word[start:] for word in grown for start in range(len(word))]
    return [PART + part for part in dict.fromkeys([*found, *(letter for word in grown for letter in word)])]


def needle(tokens: Sequence[str]) -> str:
    """A phrase as it stands in `sequence`: from where a word begins to where one ends, where the script has it so."""
    begin, end = ("" if GROWN.search(token) else " " for token in (tokens[0], tokens[-1]))
    return f"{begin}{' '.join(tokens)}{end}"


def indexed(*, title: str, summary: Iterable[str] = (), rest: Iterable[str] = ()) -> Indexed:
    """The title, the lines of the summary, and all other paragraphs and notes, made ready for the index."""
    written: dict[str, None] = {}
    counts: Counter[str] = Counter()
    blocks: list[str] = []

    def take(text: str) -> list[str]:
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

    of_title = take(title)
    about = dict.fromkeys(of_title)
    for text in summary:
        about.update(dict.fromkeys(take(text)))
    for text in rest:
        take(text)
    length = sum(block.count(" ") + 1 for block in blocks)
    often = max(OFTEN, length // IN_WORDS)
    about.update((term, None) for term, count in counts.items() if count >= often)
    single = [term for term in counts if not term.startswith(PAIR)]
    double = [term for term in counts if term.startswith(PAIR)]
    terms = [
        *(TITLE + term for term in dict.fromkeys(of_title)),
        *single,
        *(WRITTEN + form for form in written if stem(form) != form),
        *parts(written),
        *(TITLE + part for part in parts(of_title)),
        *(ABOUT + term for term in about),
        *double,
    ]
    return Indexed(sequence=f" {f' {BREAK} '.join(blocks)} ", terms=" ".join(_that_fit(terms)))


def _that_fit(terms: list[str]) -> list[str]:
    room = MOST_BYTES
    if sum(map(len, terms)) * 4 + len(terms) <= room:
        return terms
    kept = []
    for term in terms:
        room -= len(term.encode()) + 1
        if room < 0:
            break
        kept.append(term)
    return kept
