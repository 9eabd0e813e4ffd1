"""The query language: words, "phrases", -without, and prefixes of words*."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property

from releases.search.analysis import (
    ABOUT,
    AFFIXED,
    IDEOGRAPH,
    PART,
    TITLE,
    WRITTEN,
    needle,
    phrase_terms,
    stem,
    words,
)

# A query is a sentence at most. Of a longer one the page says that it was cut.
LONGEST = 300
MOST_CLAUSES, MOST_TOKENS = 16, 60
# Shorter prefixes match everything.
SHORTEST_PREFIX = 2

_PLAIN = str.maketrans(dict.fromkeys("“”„‟«»〝〞＂", '"') | {"－": "-", "＊": "*"})
_PIECES = re.compile(r'(?P<without>(?<!\S)[-\u2212])?(?:"(?P<phrase>[^"]*)(?:"|$)|(?P<word>[^\s"]+))')


@dataclass(frozen=True)
class Term:
    """One term of the index, or with `prefix` all terms that start with it."""

    text: str
    prefix: bool = False


# A conjunction of disjunctions: of each group one term. They consist of letters, digits and the signs of `analysis`.
Expression = tuple[tuple[Term, ...], ...]


@dataclass(frozen=True)
class Clause:
    """Neighbouring words to be found, or with `without` not to be found. With `prefix` the last one may be the start of a
    word."""

    forms: tuple[str, ...]
    without: bool = False
    prefix: bool = False

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        # What is known of a clause is looked up by it a hundred times a page.
        return hash((self.forms, self.without, self.prefix))

    @cached_property
    def tokens(self) -> tuple[str, ...]:
        """The forms without their endings."""
        return tuple(stem(form) for form in self.forms)

    @cached_property
    def open_ends(self) -> tuple[bool, bool]:
        """May the first word start earlier, and may the last one go on? So any part of a word in such a script is found."""
        return bool(AFFIXED.search(self.forms[0])), bool(AFFIXED.search(self.forms[-1]))

    @property
    def contains(self) -> str:
        """What has to be looked for in the text itself, because the terms of a longer phrase do not prove it."""
        if self.prefix or len(self.forms) == 1:
            return ""
        return needle(self.tokens) if len(self.forms) > 2 or any(self.open_ends) else ""

    def expression(self, sign: str = "") -> Expression:
        """The terms that a text must have; `sign` asks for them in its title or in what it is about."""
        if any(self.open_ends) and not self.prefix and sign != ABOUT:
            return self._parts(sign)
        if not self.prefix:
            return tuple((Term(sign + text),) for text in phrase_terms(self.tokens))
        *before, last = self.forms
        prefixes = [Term(sign + last, prefix=True), Term(sign + stem(last))]
        if not sign:
            prefixes.append(Term(WRITTEN + last, prefix=True))
        complete = tuple((Term(sign + text),) for text in phrase_terms([stem(form) for form in before]))
        return (*complete, tuple(dict.fromkeys(prefixes)))

    def _parts(self, sign: str) -> Expression:
        """Terms that every text with this part of a sentence has; `contains` proves the rest."""
        open_start, open_end = self.open_ends
        first, last = self.tokens[0], self.tokens[-1]
        if len(self.tokens) == 1:
            return ((Term(sign + PART + first, prefix=len(first) > 1),),)
        whole = self.tokens[open_start : len(self.tokens) - open_end]
        terms = [Term(sign + text) for text in phrase_terms(whole)]
        terms += [Term(sign + PART + first)] if open_start else []
        # A single letter is not used as a prefix.
        terms += (
            [Term(sign + last if len(last) > 1 else sign + PART + last, prefix=len(last) > 1)]
            if open_end
            else []
        )
        return tuple((term,) for term in terms)


@dataclass(frozen=True)
class Query:
    """`text` as it was understood (cut to size), and its clauses."""

    text: str
    clauses: tuple[Clause, ...]
    cut: bool = False

    @cached_property
    def wanted(self) -> tuple[Clause, ...]:
        """What is to be found."""
        return tuple(clause for clause in self.clauses if not clause.without)

    @property
    def unwanted(self) -> tuple[Clause, ...]:
        """What is not to be found."""
        return tuple(clause for clause in self.clauses if clause.without)

    def expression(self, sign: str = "") -> Expression:
        """The terms of everything wanted."""
        return tuple(dict.fromkeys(group for clause in self.wanted for group in clause.expression(sign)))

    @property
    def title_expression(self) -> Expression:
        """Matches texts with everything wanted in their title."""
        return self.expression(TITLE)

    @property
    def about_expression(self) -> Expression:
        """Matches texts that are about everything wanted."""
        return self.expression(ABOUT)

    @property
    def near_expression(self) -> Expression:
        """Matches texts in which everything wanted is side by side; empty where that adds nothing."""
        if len(self.wanted) < 2 or any(clause.prefix for clause in self.wanted):
            return ()
        tokens = [token for clause in self.wanted for token in clause.tokens]
        return tuple((Term(text),) for text in dict.fromkeys(phrase_terms(tokens)))


def parse(typed: str, *, typing: bool = False) -> Query:
    """Parses any text; without a letter or digit there are no clauses. `typing`: the last word may not be whole yet."""
    cut = len(typed) > LONGEST
    text = " ".join(_printable(typed[:LONGEST]).split())
    clauses: dict[Clause, None] = {}
    room = MOST_TOKENS
    plain = text.translate(_PLAIN)
    for piece in _PIECES.finditer(plain):
        typed_words = piece["word"] if piece["phrase"] is None else piece["phrase"]
        forms = words(typed_words)
        if not forms:
            continue
        open_end = piece["word"] is not None and (
            typed_words.endswith("*") or (typing and piece.end() == len(plain) and not typed[-1:].isspace())
        )
        if len(forms) > room or len(clauses) == MOST_CLAUSES:
            cut = True
            forms = forms[:room] if len(clauses) < MOST_CLAUSES else []
        if not forms:
            break
        room -= len(forms)
        prefix = open_end and len(forms[-1]) >= SHORTEST_PREFIX and not _matches_inside_words(forms[-1])
        clauses[Clause(tuple(forms), without=bool(piece["without"]), prefix=prefix)] = None
    return Query(text, tuple(clauses), cut)


def _matches_inside_words(form: str) -> bool:
    return bool(IDEOGRAPH.match(form) or AFFIXED.search(form))


def _printable(text: str) -> str:
    """Without what no page can show: control characters and lone surrogates."""
    return "".join(" " if unicodedata.category(c) in ("Cc", "Cs") else c for c in text)
