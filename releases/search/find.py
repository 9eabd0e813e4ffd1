"""Finding: which releases, how many, how they spread over topics, years and languages, and in which order they come."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from releases.search.engine import Question
from releases.search.query import Query
from releases.search.shelf import Shelf

BEST, NEWEST = "best", "newest"


@dataclass(frozen=True)
class Filters:
    """What else a release must be: under all `topics` (primary keys), of a year, in a language."""

    topics: tuple[int, ...] = ()
    year: int | None = None
    language: str = ""


@dataclass(frozen=True)
class Found:
    """`releases` are the primary keys of the page asked for; counts by topic are within the result, counts by year and
    by language are of what another choice there would give."""

    total: int
    releases: list[int]
    topics: dict[int, int]
    years: dict[int, int]
    languages: dict[str, int]


def find(
    query: Query,
    shelf: Shelf,
    filters: Filters = Filters(),
    *,
    order: str = BEST,
    start: int = 0,
    stop: int = 20,
) -> Found:
    """The releases on the shelf that have what the query wants.

    Best first: those with everything in the title, then those that are about it, then those that have the words side by
    side; the newest first among equals. This order is the same on every database, and explains itself.
    """
    best = order == BEST and bool(query.wanted)
    hits, ranks = _hits(query, shelf, ranked=best)
    of_topics = hits
    for topic in filters.topics:
        of_topics &= shelf.topics.get(topic, 0)
    of_year = shelf.years.get(filters.year, 0) if filters.year is not None else shelf.all
    of_language = shelf.languages.get(filters.language, 0) if filters.language else shelf.all
    result = of_topics & of_year & of_language
    if best and (result & ranks[0]).bit_count() < stop:
        # Only a page that goes beyond the titles is asked what texts are about; what a title says, its text is about.
        (about,) = shelf.met([Question(query.about_expression)])
        ranks.insert(1, ranks[0] | about)
    return Found(
        total=result.bit_count(),
        releases=list(_in_order(result, ranks, shelf, start, stop)),
        topics=_counts(result, shelf.topics),
        years=_counts(of_topics & of_language, shelf.years),
        languages=_counts(of_topics & of_year, shelf.languages),
    )


def _hits(query: Query, shelf: Shelf, *, ranked: bool) -> tuple[int, list[int]]:
    """All that has what is wanted and nothing unwanted; and, where asked for, what has it in the title, and what has it
    side by side."""
    wanted, better = [], []
    if query.wanted:
        contains = tuple(clause.contains for clause in query.wanted if clause.contains)
        wanted = [Question(query.expression(), contains)]
    if ranked:
        better = [Question(one) for one in (query.title_expression, query.near_expression) if one]
    sets = shelf.met([*wanted, *better, *(Question.of(clause) for clause in query.unwanted)])
    everything = shelf.all if query.unwanted or not query.text else 0
    hits = sets[0] if wanted else everything
    first = len(wanted) + len(better)
    for unwanted in sets[first:]:
        hits &= ~unwanted
    return hits, sets[len(wanted) : first]


def _in_order(result: int, ranks: list[int], shelf: Shelf, start: int, stop: int) -> Iterator[int]:
    """Walk through the classes that the ranks make (in all, in all but the last, …) until the page is full."""
    for met in product((True, False), repeat=len(ranks)):
        of_class = result
        for rank, wanted in zip(ranks, met, strict=True):
            of_class &= rank if wanted else ~rank
        number = of_class.bit_count()
        if start < number and stop > 0:
            yield from shelf.first(of_class, max(start, 0), min(stop, number))
        start, stop = start - number, stop - number
        if stop <= 0:
            return


def _counts(result: int, sets: dict) -> dict:
    counted = ((name, (result & bits).bit_count()) for name, bits in sets.items())
    return {name: number for name, number in counted if number}
