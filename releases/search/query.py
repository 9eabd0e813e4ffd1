"""What a reader typed, understood: words, "phrases", -without, and the beginnings of words*."""

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

# A question is a sentence at most; whoever pastes a page is told that it was cut.
LONGEST = 300
MOST_CLAUSES, MOST_TOKENS = 16, 60
# Shorter beginnings are the beginnings of everything.
SHORTEST_PREFIX = 2

_PLAIN = str.maketrans(dict.fromkeys("“”„‟«»〝〞＂", '"') | {"－": "-", "＊": "*"})
_PIECES = re.compile(r'(?P<without>(?<!\S)[-\u2212])?(?:"(?P<phrase>[^"]*)(?:"|$)|(?P<word>[^\s"]+))')


@dataclass(frozen=True)
class Term:
    """One entry of the index, or with `prefix` all that begin so."""

    text: str
    prefix: bool = False


# Every group must be met, each by one of its terms. Words of letters and the signs of `terms` alone.
Expression = tuple[tuple[Term, ...], ...]


@dataclass(frozen=True)
class Clause:
    """Neighbouring tokens to be found, or with `without` not to be found; with `prefix` the last may go on."""

    forms: tuple[str, ...]
    without: bool = False
    prefix: bool = False

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
        begun = [Term(sign + last, prefix=True), Term(sign + stem(last))]
        if not sign:
            begun.append(Term(WRITTEN + last, prefix=True))
        settled = tuple((Term(sign + text),) for text in phrase_terms([stem(form) for form in before]))
        return (*settled, tuple(dict.fromkeys(begun)))

    def _parts(self, sign: str) -> Expression:
        """What is sure of a part of a sentence; `contains` proves the rest."""
        open_start, open_end = self.open_ends
        first, last = self.tokens[0], self.tokens[-1]
        if len(self.tokens) == 1:
            return ((Term(sign + PART + first, prefix=len(first) > 1),),)
        whole = self.tokens[open_start : len(self.tokens) - open_end]
        terms = [Term(sign + text) for text in phrase_terms(whole)]
        terms += [Term(sign + PART + first)] if open_start else []
        # Of a lone letter it is not asked what begins so.
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
        """Met by texts that have everything wanted in their title."""
        return self.expression(TITLE)

    @property
    def about_expression(self) -> Expression:
        """Met by texts that are about everything wanted."""
        return self.expression(ABOUT)

    @property
    def near_expression(self) -> Expression:
        """Met by texts in which all that is wanted stands side by side; empty where that says nothing new."""
        if len(self.wanted) < 2 or any(clause.prefix for clause in self.wanted):
            return ()
        tokens = [token for clause in self.wanted for token in clause.tokens]
        return tuple((Term(text),) for text in dict.fromkeys(phrase_terms(tokens)))


def parse(typed: str, *, typing: bool = False) -> Query:
    """Understand anything: what has no letter or digit asks for nothing. `typing`: the last word may not be whole yet."""
    cut = len(typed) > LONGEST
    text = " ".join(_printable(typed[:LONGEST]).split())
    clauses: dict[Clause, None] = {}
    room = MOST_TOKENS
    plain = text.translate(_PLAIN)
    for piece in _PIECES.finditer(plain):
        said = piece["word"] if piece["phrase"] is None else piece["phrase"]
        forms = words(said)
        if not forms:
            continue
        open_end = piece["word"] is not None and (
            said.endswith("*") or (typing and piece.end() == len(plain) and not typed[-1:].isspace())
        )
        if len(forms) > room or len(clauses) == MOST_CLAUSES:
            cut = True
            forms = forms[:room] if len(clauses) < MOST_CLAUSES else []
        if not forms:
            break
        room -= len(forms)
        prefix = open_end and len(forms[-1]) >= SHORTEST_PREFIX and not _found_by_parts(forms[-1])
        clauses[Clause(tuple(forms), without=bool(piece["without"]), prefix=prefix)] = None
    return Query(text, tuple(clauses), cut)


def _found_by_parts(form: str) -> bool:
    return bool(IDEOGRAPH.match(form) or AFFIXED.search(form))


def _printable(text: str) -> str:
    """Without what no page can show: control characters and halves of characters."""
    return "".join(" " if unicodedata.category(c) in ("Cc", "Cs") else c for c in text)
