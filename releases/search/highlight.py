"""Highlighting: the places of a text that show why it was found, with the words marked."""

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from itertools import islice
from typing import NamedTuple

from releases.search.analysis import GROUPING, HYPHENS, IDEOGRAPH, PIECE, WHOLE, simplified, stem, words
from releases.search.query import Clause, Query

# Characters around the first word found; ideographs say more in less room.
BEFORE, AFTER = 60, 160
# How many candidates are checked before the whole text is read.
MOST_CANDIDATES = 50
# Words that do not start with their stem: dying, lying, tying, skies.
IRREGULAR = frozenset({"die", "lie", "tie", "sky"})
# Characters that folding may change. All others are compared as they are written.
FOLDED = re.compile(
    "[^\\x00-\\x7f\u00a0-\u00a7\u00a9\u00ab\u00ac\u00b0\u00b1\u00b6\u00b7\u00bb\u00bf\u0400-\u0482\u2010-\u2027\u2030-\u205e"
    "\u3000-\u3007\u3008-\u3020\u3041-\u3096\u30a1-\u30fe\u4e00-\u9fff\uff01-\uff0f\uff1a-\uff20]"
)
# Signs inside a word (`analysis.WHOLE`), and how far such a word is looked at.
_SIGNS = frozenset(f".{GROUPING}{HYPHENS}")
LONGEST_SIGNED = 32
_INSIDE = rf"[.{GROUPING}{HYPHENS}](?=[^\W_])"
# Where a word starts: not within a word, nor at the s of a possessive. Scripts without spaces have an edge everywhere. It is not
# part of the patterns of words, since to compile it takes longer than all the rest of a search.
AT_EDGE = re.compile(
    rf"(?<!(?!{IDEOGRAPH.pattern})[^\W_])"
    rf"(?<!(?!{IDEOGRAPH.pattern})\w['\u2018\u2019\uff07](?=s(?![^\W_])))",
    re.IGNORECASE,
)


class Fragment(NamedTuple):
    """A stretch of text, marked or not."""

    text: str
    marked: bool = False


Snippet = tuple[Fragment, ...]


def marked(text: str, query: Query) -> Snippet:
    """The whole of a short text with everything found in it marked."""
    return tuple(_fragments(text, 0, len(text), _spans(text, query.wanted)))


def beginning(text: str) -> Snippet:
    """How a text begins, when there is nothing to mark."""
    return _cut(text.replace("\n", " "), 0, []) if text else ()


def snippets(text: str, query: Query, *, most: int = 2) -> tuple[tuple[Snippet, ...], tuple[Clause, ...]]:
    """At most so many snippets of a long text that show what was found, and the clauses that it does not contain."""
    text = text.replace("\n", " ")
    waiting = list(query.wanted)
    found: list[Snippet] = []
    missing: list[Clause] = []
    while waiting:
        clause = waiting.pop(0)
        span = _first(text, clause)
        if span is None:
            missing.append(clause)
            continue
        if len(found) == most:
            continue
        start, stop = max(0, span[0] - BEFORE - 24), min(len(text), span[0] + AFTER + 48)
        start, stop = _edge(text, start, back=True), _edge(text, stop)
        spans = [(one + start, other + start) for one, other in _spans(text[start:stop], query.wanted)]
        snippet = _cut(text, span[0], spans)
        found.append(snippet)
        shown = "".join(fragment.text for fragment in snippet)
        waiting = [other for other in waiting if not _spans(shown, [other])]
    return tuple(found), tuple(missing)


def _cut(text: str, position: int, spans: Sequence[tuple[int, int]]) -> Snippet:
    dense = not text.isascii() and bool(IDEOGRAPH.search(text[position : position + 12]))
    before, after = (BEFORE // 3, AFTER // 2) if dense else (BEFORE, AFTER)
    start = _edge(text, max(0, position - before), back=True) if position > before else 0
    stop = _edge(text, min(len(text), position + after))
    # A word that is marked is shown whole.
    stop = max([stop, *(end for begin, end in spans if begin < stop < end)])
    fragments = list(_fragments(text, start, stop, spans))
    if start > 0:
        fragments.insert(0, Fragment("… "))
    if stop < len(text.rstrip()):
        fragments.append(Fragment(" …"))
    return tuple(fragments)


def _edge(text: str, position: int, *, back: bool = False) -> int:
    """The edge of a word near `position`: at a space where there is one, else between two pieces."""
    if position <= 0 or position >= len(text):
        return max(0, min(position, len(text)))
    low, high = max(0, position - 24), min(len(text), position + 24)
    if back:
        space = text.rfind(" ", low, position)
        if space >= 0:
            return space + 1
    else:
        space = text.find(" ", position, high)
        if space >= 0:
            return space
    starts = [piece.start() for piece in PIECE.finditer(text, low, high)]
    near = [start for start in starts if (start <= position if back else start >= position)]
    if not near:
        return position
    return near[-1] if back else near[0]


def _fragments(text: str, start: int, stop: int, spans: Sequence[tuple[int, int]]) -> Iterator[Fragment]:
    at = start
    for begin, end in _merged(spans):
        begin, end = max(begin, start), min(end, stop)
        if begin >= end:
            continue
        if begin > at:
            yield Fragment(text[at:begin])
        yield Fragment(text[begin:end], marked=True)
        at = end
    if at < stop:
        yield Fragment(text[at:stop])


def _merged(spans: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Spans in order; those that overlap are merged."""
    current: tuple[int, int] | None = None
    for begin, end in sorted(spans):
        if current and begin < current[1]:
            current = (current[0], max(current[1], end))
        else:
            if current:
                yield current
            current = (begin, end)
    if current:
        yield current


def _spans(text: str, clauses: Sequence[Clause]) -> list[tuple[int, int]]:
    """Every place where one of the clauses occurs: by its pattern where that is exact, else word by word."""
    plain = _is_plain(text)
    spans = []
    found_words: list[tuple[str, int, int]] = []
    for clause in clauses:
        if plain and _is_exact(clause):
            span_at = _word_at if len(clause.tokens) == 1 else _phrase_at
            spans += [
                span
                for candidate in _candidates(clause, text)
                if (span := span_at(candidate.start(), clause, text)) is not None
            ]
        else:
            found_words = found_words or _words_in(text)
            spans += _occurrences(clause, found_words)
    return spans


def _word_at(position: int, clause: Clause, text: str) -> tuple[int, int] | None:
    """The word that starts at `position`, if it is the wanted one. `_phrase_at` gives the same in three times the time."""
    piece = PIECE.match(text, position)
    if piece is None or _inside_word(text, position):
        return None
    (wanted,), starts = clause.tokens, clause.forms[0]
    for form in _folded(piece[0]):
        if stem(form) == wanted or (clause.prefix and form.startswith(starts)):
            return piece.span()
    return None


def _phrase_at(position: int, clause: Clause, text: str) -> tuple[int, int] | None:
    """The span of a clause that starts at `position`."""
    if _inside_word(text, position):
        return None
    found = _occurrences(clause, _words_in(text, position, len(clause.tokens)))
    return found[0] if found and found[0][0] == position else None


def _inside_word(text: str, position: int) -> bool:
    """Is `position` inside a word with signs?"""
    if text[position - 1 : position] not in _SIGNS:
        return False
    return any(
        word.start() < position < word.end()
        for word in WHOLE.finditer(text, max(0, position - LONGEST_SIGNED), position + 1 + LONGEST_SIGNED)
    )


def _words_in(text: str, start: int = 0, most: int | None = None) -> list[tuple[str, int, int]]:
    """The folded words from `start` on, each with the span of the piece that it is in; of `most` pieces."""
    pieces = islice(PIECE.finditer(text, start), most)
    return [(form, piece.start(), piece.end()) for piece in pieces for form in _folded(piece[0])]


def _occurrences(clause: Clause, found_words: Sequence[tuple[str, int, int]]) -> list[tuple[int, int]]:
    stems = [stem(form) for form, _, _ in found_words]
    last = len(clause.tokens) - 1
    return [
        (found_words[position][1], found_words[position + last][2])
        for position in _first_words(clause, found_words, stems)
    ]


def _first_words(
    clause: Clause, found_words: Sequence[tuple[str, int, int]], stems: Sequence[str]
) -> list[int]:
    """The numbers of the words at which a clause starts."""
    first, *rest = clause.tokens
    if any(clause.open_ends) and not clause.prefix:
        return [position for position in range(len(stems) - len(rest)) if _is_part(clause, stems, position)]
    if clause.prefix and not rest:
        starts = clause.forms[0]
        return [n for n, token in enumerate(stems) if token == first or found_words[n][0].startswith(starts)]
    positions = [position for position, token in enumerate(stems) if token == first]
    if clause.prefix:
        *rest, last = rest
        starts, length = clause.forms[-1], len(rest) + 1
        positions = [
            position
            for position in positions
            if position + length < len(stems)
            and (stems[position + length] == last or found_words[position + length][0].startswith(starts))
        ]
    return [position for position in positions if stems[position + 1 : position + 1 + len(rest)] == rest]


def _is_part(clause: Clause, stems: Sequence[str], position: int) -> bool:
    """Does the clause start within the word at `position`, and end within a later one, or the same?"""
    open_start, open_end = clause.open_ends
    first, *rest = clause.tokens
    if not rest:
        return first in stems[position]
    *between, last = rest
    end = position + len(rest)
    return (
        (stems[position].endswith(first) if open_start else stems[position] == first)
        and list(stems[position + 1 : end]) == between
        and (stems[end].startswith(last) if open_end else stems[end] == last)
    )


@lru_cache(20_000)
def _folded(piece: str) -> tuple[str, ...]:
    return tuple(words(piece))


def _first(text: str, clause: Clause) -> tuple[int, int] | None:
    """The first place of a clause: its pattern is tried before the text is read word by word."""
    whole = _shows_every_form(clause)
    for number, candidate in enumerate(_candidates(clause, text)):
        if number == MOST_CANDIDATES:
            break
        start, stop = candidate.span()
        if not whole:
            start = _edge(text, max(0, start - 1), back=True)
            stop = _edge(text, min(len(text), stop + 16 * len(clause.forms)))
        spans = _spans(text[start:stop], [clause])
        if spans:
            return spans[0][0] + start, spans[0][1] + start
    else:
        if _rules_out(clause, text):
            return None
    spans = _spans(text, [clause])
    return spans[0] if spans else None


def _candidates(clause: Clause, text: str) -> Iterator[re.Match[str]]:
    """The places that match a clause's pattern; where it starts with a word, those at which a word starts."""
    pattern, starts = _pattern(clause)
    lower = text.lower() if starts else ""
    if starts is None or len(lower) != len(text):
        candidate = pattern.search(text)
        while candidate:
            if starts is None or AT_EDGE.match(text, candidate.start()):
                yield candidate
            candidate = pattern.search(text, candidate.start() + 1)
        return
    start = starts.search(lower)
    while start:
        at = start.start()
        if AT_EDGE.match(text, at) and (candidate := pattern.match(text, at)):
            yield candidate
        start = starts.search(lower, start.start() + 1)


@lru_cache(1_000)
def _shows_every_form(clause: Clause) -> bool:
    """Does the pattern cover the whole clause?"""
    return all(form.isascii() or IDEOGRAPH.match(form) for form in clause.forms)


@lru_cache(1_000)
def _pattern(clause: Clause) -> tuple[re.Pattern[str], re.Pattern[str] | None]:
    """A pattern for a clause: the part of each word that endings leave alone, characters in both Chinese scripts. And one of the
    small letters with which it may start, because a search for these alone takes a tenth of the time."""
    parts: list[str] = []
    starts: tuple[str, ...] = ()
    for form in clause.forms:
        if IDEOGRAPH.match(form):
            parts.append(f"[{re.escape(form + _traditional().get(form, ''))}]")
        elif form.isascii():
            stemmed = stem(form)
            root = stemmed[:-1] if len(stemmed) > 2 else stemmed
            signed = _with_signs(root)
            starts = starts if parts else (root if form.startswith(root) else form[0], *signed)
            letters = "|".join(map(re.escape, (root, form, *signed)))
            parts.append(rf"(?:{letters})(?:\w|{_INSIDE})*\.?(?:['\u2018\u2019\uff07]s)?")
        else:
            parts += [re.escape(form)] if not parts else []
            break  # vowel points and ligatures may be inside: those are found word by word
    beginning_of_it = re.compile("|".join(map(re.escape, starts))) if starts else None
    return re.compile(r"[\W_]*".join(parts), re.IGNORECASE), beginning_of_it


def _with_signs(starts: str) -> list[str]:
    """How a word with this start may be written with signs inside: "u.n", "e-mail", "10,000"."""
    if starts.isdecimal():
        return [starts[:size] + sign for size in (1, 2, 3) if size < len(starts) for sign in GROUPING]
    found = [f"{starts[0]}.{starts[1]}"] if starts[:2].isalpha() and len(starts) > 1 else []
    if starts[0] in "extu" and starts[1:2].isalpha():
        found += [f"{starts[0]}{hyphen}{starts[1:]}" for hyphen in HYPHENS]
    return found


@lru_cache(1_000)
def _is_exact(clause: Clause) -> bool:
    """Does the pattern match wherever a text that folding does not change contains the clause?"""
    return _shows_every_form(clause) and not any(stem(form) in IRREGULAR for form in clause.forms)


def _is_plain(text: str) -> bool:
    """Does folding leave its characters as they are?"""
    return text.isascii() or not FOLDED.search(text)


def _rules_out(clause: Clause, text: str) -> bool:
    """Is the clause absent where its pattern is? Accents, vowel points and irregular words may hide it."""
    return _is_exact(clause) and _is_plain(text)


@cache
def _traditional() -> dict[str, str]:
    """For a Simplified character all characters that are folded to it."""
    table: dict[str, str] = {}
    for code, plain in simplified().items():
        table[plain] = table.get(plain, "") + chr(code)
    return table
