"""Finding: which releases, how many, how they spread over topics, years and languages, and in which order they come."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import product
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import QuerySet

from releases.addresses import address
from releases.models import Release, Revision, SearchEntry
from releases.search.bitmap import Shelf
from releases.search.engine import Among, Question, ids
from releases.search.highlight import Snippet, beginning, marked, snippets
from releases.search.query import Query

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


def entries_for(query: Query) -> QuerySet[SearchEntry]:
    """The rows, live and working, that have what is wanted and nothing unwanted; none for a query without words."""
    if not query.clauses:
        return SearchEntry.objects.none()
    unwanted = [Question.of(clause) for clause in query.unwanted]
    if query.wanted:
        contains = tuple(clause.contains for clause in query.wanted if clause.contains)
        wanted, *rest = ids([Question(query.expression(), contains), *unwanted])
        found = set(wanted).difference(*rest)
        return SearchEntry.objects.filter(pk__in=Among(found))
    return SearchEntry.objects.exclude(pk__in=Among({one for some in ids(unwanted) for one in some}))


@dataclass(frozen=True)
class InNote:
    """A note that has what the text has not; `path` leads to it."""

    number: int
    path: str
    snippet: Snippet


@dataclass(frozen=True)
class Hit:
    """A release that was found; `title` is its `name` with the words marked."""

    name: str
    language: str
    path: str
    publish_at: datetime
    title: Snippet
    snippets: Sequence[Snippet]
    notes: Sequence[InNote]


class _Words(NamedTuple):
    """A row of the one query. No models: making twenty of them and their revisions takes longer than reading them."""

    pk: int
    language: str
    slug: str
    uuid: UUID
    publish_at: datetime
    live: int
    title: str
    summary: str
    text: str

    @property
    def path(self) -> str:
        return address("release", self.slug, language=self.language)


_COLUMNS = (
    "pk",
    "language",
    "slug",
    "uuid",
    "publish_at",
    "live",
    "live__title",
    "live__summary",
    "live__body_text",
)


def hits_of(pks: Sequence[int], query: Query, *, at: datetime | None = None) -> list[Hit]:
    """These releases in this order, through the one gate once more, in a query; notes are read where they are needed."""
    rows = Release.objects.visible(at).filter(pk__in=pks).order_by().values_list(*_COLUMNS)
    by_pk = {row[0]: _Words(*row) for row in rows}
    shown = [(by_pk[pk], *_in_text(by_pk[pk], query)) for pk in pks if pk in by_pk]
    unread = [words.live for words, _, missing in shown if missing]
    notes = dict(Revision.objects.filter(pk__in=unread).values_list("pk", "notes")) if unread else {}
    hits = []
    for words, found, missing in shown:
        in_notes = tuple(_in_notes(words, notes[words.live], missing)) if missing else ()
        # What is written in a way that cannot be marked still begins somehow.
        places = found if found or in_notes else (beginning(_text(words)),)
        title = marked(words.title, query)
        hits.append(Hit(words.title, words.language, words.path, words.publish_at, title, places, in_notes))
    return hits


def _in_text(words: _Words, query: Query) -> tuple[Sequence[Snippet], list[Query]]:
    """Places in summary and text; and what neither they nor the title have."""
    found, absent = snippets(_text(words), query)
    alone = [Query("", (clause,)) for clause in absent]
    missing = [one for one in alone if not any(bit.marked for bit in marked(words.title, one))]
    return found, missing


def _text(words: _Words) -> str:
    return "\n\n".join(part for part in (words.summary, words.text) if part)


def _in_notes(words: _Words, notes: Sequence[dict[str, Any]], missing: Sequence[Query]) -> Iterator[InNote]:
    waiting = list(missing)
    prefix = Release(uuid=words.uuid).note_prefix
    for note in notes:
        here = [(one, snippets(note["text"], one, most=1)[0]) for one in waiting]
        here = [(one, found) for one, found in here if found]
        if here:
            path = f"{words.path}#{prefix}fn-{note['key']}"
            yield InNote(note["number"], path, here[0][1][0])
            met = [one for one, _ in here]
            waiting = [one for one in waiting if one not in met]
        if not waiting:
            return
