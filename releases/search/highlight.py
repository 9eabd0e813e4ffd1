"""The places where a text has what was asked for, with the words to be marked."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice

from releases.search.analysis import GROUPING, HYPHENS, IDEOGRAPH, PIECE, WHOLE, simplified, stem, words
from releases.search.query import Clause, Query

# Characters around the first word found; ideographs say more in less room.
BEFORE, AFTER = 60, 160
# How many likely places are read closely before the text is read whole.
MOST_CANDIDATES = 50
# Words whose stem is not how they begin: dying, lying, tying, skies.
IRREGULAR = frozenset({"die", "lie", "tie", "sky"})
# Anything but characters that are compared as they stand: others may be folded to letters that they do not look like.
FOLDED = re.compile(
    "[^\\x00-\\x7f\u00a0-\u00a7\u00a9\u00ab\u00ac\u00b0\u00b1\u00b6\u00b7\u00bb\u00bf\u0400-\u0482\u2010-\u2027\u2030-\u205e"
    "\u3000-\u3007\u3008-\u3020\u3041-\u3096\u30a1-\u30fe\u4e00-\u9fff\uff01-\uff0f\uff1a-\uff20]"
)
# Not within a word, nor the s of a possessive; what stands in a row without spaces has an edge everywhere.
# A sign inside a word (`fold.WHOLE`), and how far such words are looked at.
_SIGNS = frozenset(f".{GROUPING}{HYPHENS}")
LONGEST_SIGNED = 32
_INSIDE = rf"[.{GROUPING}{HYPHENS}](?=[^\W_])"
AT_EDGE = (
    rf"(?<!(?!{IDEOGRAPH.pattern})[^\W_])"
    rf"(?<!(?!{IDEOGRAPH.pattern})\w['\u2018\u2019\uff07](?=s(?![^\W_])))"
)


@dataclass(frozen=True)
class Fragment:
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
    """At most so many places of a long text that show what was found, and the clauses that it does not have."""
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
        shown = "".join(bit.text for bit in snippet)
        waiting = [other for other in waiting if not _spans(shown, [other])]
    return tuple(found), tuple(missing)


def _cut(text: str, place: int, spans: Sequence[tuple[int, int]]) -> Snippet:
    dense = bool(IDEOGRAPH.match(text, place)) or bool(IDEOGRAPH.search(text[place : place + 12]))
    before, after = (BEFORE // 3, AFTER // 2) if dense else (BEFORE, AFTER)
    start = _edge(text, max(0, place - before), back=True) if place > before else 0
    stop = _edge(text, min(len(text), place + after))
    # A word that is marked is shown whole.
    stop = max([stop, *(end for begin, end in spans if begin < stop < end)])
    bits = list(_fragments(text, start, stop, spans))
    if start > 0:
        bits.insert(0, Fragment("… "))
    if stop < len(text.rstrip()):
        bits.append(Fragment(" …"))
    return tuple(bits)


def _edge(text: str, place: int, *, back: bool = False) -> int:
    """The edge of a word near `place`: at a space where there is one, else between two pieces."""
    if place <= 0 or place >= len(text):
        return max(0, min(place, len(text)))
    low, high = max(0, place - 24), min(len(text), place + 24)
    if back:
        space = text.rfind(" ", low, place)
        if space >= 0:
            return space + 1
    else:
        space = text.find(" ", place, high)
        if space >= 0:
            return space
    starts = [piece.start() for piece in PIECE.finditer(text, low, high)]
    near = [start for start in starts if (start <= place if back else start >= place)]
    if not near:
        return place
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
    """Spans in order, those that overlap made one."""
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
    """Every place where a clause stands in `text`: at its look where that is sure, else by reading word by word."""
    plain = not FOLDED.search(text)
    spans = []
    read: list[tuple[str, int, int]] = []
    for clause in clauses:
        if plain and _is_exact(clause):
            at = _word_at if len(clause.tokens) == 1 else _phrase_at
            spans += [
                span
                for likely in _candidates(clause, text)
                if (span := at(likely.start(), clause, text)) is not None
            ]
        else:
            read = read or _words_in(text)
            spans += _occurrences(clause, read)
    return spans


def _word_at(place: int, clause: Clause, text: str) -> tuple[int, int] | None:
    """The word that begins at `place`, if it is the one that is wanted; `_phrase_at` says the same in thrice the time."""
    piece = PIECE.match(text, place)
    if piece is None or _inside_word(text, place):
        return None
    (wanted,), starts = clause.tokens, clause.forms[0]
    for form in _folded(piece[0]):
        if stem(form) == wanted or (clause.prefix and form.startswith(starts)):
            return piece.span()
    return None


def _phrase_at(place: int, clause: Clause, text: str) -> tuple[int, int] | None:
    """Where a clause ends that begins at `place`."""
    if _inside_word(text, place):
        return None
    standing = _occurrences(clause, _words_in(text, place, len(clause.tokens)))
    return standing[0] if standing and standing[0][0] == place else None


def _inside_word(text: str, place: int) -> bool:
    """Does a word that has signs inside go on at `place`?"""
    if text[place - 1 : place] not in _SIGNS:
        return False
    return any(
        word.start() < place < word.end()
        for word in WHOLE.finditer(text, max(0, place - LONGEST_SIGNED), place + 1 + LONGEST_SIGNED)
    )


def _words_in(text: str, start: int = 0, most: int | None = None) -> list[tuple[str, int, int]]:
    """The words from `start` on, folded, with the pieces in which they stand; of so many pieces."""
    pieces = islice(PIECE.finditer(text, start), most)
    return [(form, piece.start(), piece.end()) for piece in pieces for form in _folded(piece[0])]


def _occurrences(clause: Clause, read: Sequence[tuple[str, int, int]]) -> list[tuple[int, int]]:
    stems = [stem(form) for form, _, _ in read]
    last = len(clause.tokens) - 1
    return [(read[place][1], read[place + last][2]) for place in _first_words(clause, read, stems)]


def _first_words(clause: Clause, read: Sequence[tuple[str, int, int]], stems: Sequence[str]) -> list[int]:
    """At which words a clause begins."""
    first, *rest = clause.tokens
    if any(clause.open_ends) and not clause.prefix:
        return [place for place in range(len(stems) - len(rest)) if _is_part(clause, stems, place)]
    if clause.prefix and not rest:
        starts = clause.forms[0]
        return [n for n, token in enumerate(stems) if token == first or read[n][0].startswith(starts)]
    places = [place for place, token in enumerate(stems) if token == first]
    if clause.prefix:
        *rest, last = rest
        starts, length = clause.forms[-1], len(rest) + 1
        places = [
            place
            for place in places
            if place + length < len(stems)
            and (stems[place + length] == last or read[place + length][0].startswith(starts))
        ]
    return [place for place in places if stems[place + 1 : place + 1 + len(rest)] == rest]


def _is_part(clause: Clause, stems: Sequence[str], place: int) -> bool:
    """Does it begin within the word at `place`, and end within a later one, or the same?"""
    starts, goes_on = clause.open_ends
    first, *rest = clause.tokens
    if not rest:
        return first in stems[place]
    *between, last = rest
    end = place + len(rest)
    return (
        (stems[place].endswith(first) if starts else stems[place] == first)
        and list(stems[place + 1 : end]) == between
        and (stems[end].startswith(last) if goes_on else stems[end] == last)
    )


@lru_cache(20_000)
def _folded(piece: str) -> tuple[str, ...]:
    return tuple(words(piece))


def _first(text: str, clause: Clause) -> tuple[int, int] | None:
    """Where a clause stands first, found by its look before the text is read word by word."""
    whole = _shows_every_form(clause)
    for number, likely in enumerate(_candidates(clause, text)):
        if number == MOST_CANDIDATES:
            break
        start, stop = likely.span()
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
    """The places that look as if a clause began there."""
    look, starts = _pattern(clause)
    lower = text.lower() if starts else ""
    if not starts or len(lower) != len(text):
        likely = look.search(text)
        while likely:
            yield likely
            likely = look.search(text, likely.start() + 1)
        return
    places = {letters: place for letters in starts if (place := lower.find(letters)) >= 0}
    while places:
        letters = min(places, key=places.__getitem__)
        place = places[letters]
        if likely := look.match(text, place):
            yield likely
        places[letters] = lower.find(letters, place + 1)
        if places[letters] < 0:
            del places[letters]


def _shows_every_form(clause: Clause) -> bool:
    return all(form.isascii() or IDEOGRAPH.match(form) for form in clause.forms)


@lru_cache(1_000)
def _pattern(clause: Clause) -> tuple[re.Pattern[str], tuple[str, ...]]:
    """What a clause may look like: of words the part that endings leave alone, of characters both Chinese scripts. And
    all that it may begin with, because a plain search for letters takes a tenth of the time."""
    parts: list[str] = []
    starts: tuple[str, ...] = ()
    for form in clause.forms:
        if IDEOGRAPH.match(form):
            parts.append(f"[{re.escape(form + _traditional().get(form, ''))}]")
        elif form.isascii():
            known = stem(form)
            kept = known[:-1] if len(known) > 2 else known
            signed = _with_signs(kept)
            starts = starts if parts else (kept if form.startswith(kept) else form[0], *signed)
            letters = "|".join(map(re.escape, (kept, form, *signed)))
            parts.append(rf"{AT_EDGE}(?:{letters})(?:\w|{_INSIDE})*\.?(?:['\u2018\u2019\uff07]s)?")
        else:
            parts += [re.escape(form)] if not parts else []
            break  # points and joined letters may stand inside: reading word by word knows better
    return re.compile(r"[\W_]*".join(parts), re.IGNORECASE), starts


def _with_signs(starts: str) -> list[str]:
    """How a word that begins so may begin with signs inside: "u.n", "e-mail", "10,000"."""
    if starts.isdecimal():
        return [starts[:size] + sign for size in (1, 2, 3) if size < len(starts) for sign in GROUPING]
    found = [f"{starts[0]}.{starts[1]}"] if starts[:2].isalpha() and len(starts) > 1 else []
    if starts[0] in "extu" and starts[1:2].isalpha():
        found += [f"{starts[0]}{hyphen}{starts[1:]}" for hyphen in HYPHENS]
    return found


def _is_exact(clause: Clause) -> bool:
    return _shows_every_form(clause) and not any(stem(form) in IRREGULAR for form in clause.forms)


def _rules_out(clause: Clause, text: str) -> bool:
    """Does a text that shows nothing more of this look not have it? Accents, points and irregular words may hide it."""
    return _is_exact(clause) and not FOLDED.search(text)


@cache
def _traditional() -> dict[str, str]:
    """For a Simplified character all that are folded to it."""
    table: dict[str, str] = {}
    for code, plain in simplified().items():
        table[plain] = table.get(plain, "") + chr(code)
    return table
