"""Finding: which releases match, in which order, how they spread over facets, and how a list of results shows them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import product
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from django.db.models import Case, F, QuerySet, TextField, Value, When
from django.utils import timezone

from releases import clock
from releases.addresses import address
from releases.edition_cache import EditionCache, Newest
from releases.editions import EditionNow
from releases.models import Release, Revision, SearchEntry
from releases.models.statement import Statement
from releases.parts import FRAME
from releases.search.bitmap import BitmapIndex
from releases.search.engine import IdList, IndexQuery, matching_ids
from releases.search.highlight import Snippet, beginning, marked, snippets
from releases.search.query import Clause, Query

BEST, NEWEST = "best", "newest"
Key = TypeVar("Key", int, str)


@dataclass(frozen=True)
class Filters:
    """What else a release must be: under all `topics` (primary keys), of a year, in a language."""

    topics: tuple[int, ...] = ()
    year: int | None = None
    language: str = ""


@dataclass(frozen=True)
class SearchResult:
    """`releases` are the primary keys of the page asked for; counts by topic are within the result, counts by year and
    by language are of what another choice there would give."""

    total: int
    releases: list[int]
    topics: dict[int, int]
    years: dict[int, int]
    languages: dict[str, int]


def find(
    query: Query,
    index: BitmapIndex,
    filters: Filters = Filters(),
    *,
    order: str = BEST,
    start: int = 0,
    stop: int = 20,
) -> SearchResult:
    """The releases in the index that have what the query wants.

    Best first: those with everything in the title, then those that are about it, then those that have the words side by
    side; the newest first among equals. This order is the same on every database, and explains itself.
    """
    best = order == BEST and bool(query.wanted)
    hits, ranks = _matching(query, index, ranked=best)
    of_topics = hits
    for topic in filters.topics:
        of_topics &= index.topics.get(topic, 0)
    of_year = index.years.get(filters.year, 0) if filters.year is not None else index.all
    of_language = index.languages.get(filters.language, 0) if filters.language else index.all
    result = of_topics & of_year & of_language
    if best and (result & ranks[0]).bit_count() < stop:
        # Which texts are about it is asked only for a page that the titles do not fill. Every title counts among them.
        (about,) = index.matching([IndexQuery(query.about_expression)])
        ranks.insert(1, ranks[0] | about)
    return SearchResult(
        total=result.bit_count(),
        releases=list(_ranked(result, ranks, index, start, stop)),
        topics=_counts(result, index.topics),
        years=_counts(of_topics & of_language, index.years),
        languages=_counts(of_topics & of_year, index.languages),
    )


def _matching(query: Query, index: BitmapIndex, *, ranked: bool) -> tuple[int, list[int]]:
    """All releases with what is wanted and nothing unwanted. With `ranked` also the sets of those with it in the title,
    and of those with it side by side."""
    wanted, ranks = [], []
    if query.wanted:
        contains = tuple(clause.contains for clause in query.wanted if clause.contains)
        wanted = [IndexQuery(query.expression(), contains)]
    if ranked:
        ranks = [IndexQuery(one) for one in (query.title_expression, query.near_expression) if one]
    sets = index.matching([*wanted, *ranks, *(IndexQuery.for_clause(clause) for clause in query.unwanted)])
    everything = index.all if query.unwanted or not query.text else 0
    hits = sets[0] if wanted else everything
    first = len(wanted) + len(ranks)
    for unwanted in sets[first:]:
        hits &= ~unwanted
    return hits, sets[len(wanted) : first]


def _ranked(result: int, ranks: list[int], index: BitmapIndex, start: int, stop: int) -> Iterator[int]:
    """The best first: the releases in all `ranks`, then those in all but the last, and so on, until the page is full."""
    for membership in product((True, False), repeat=len(ranks)):
        releases = result
        for rank, member in zip(ranks, membership, strict=True):
            releases &= rank if member else ~rank
        number = releases.bit_count()
        if start < number and stop > 0:
            yield from index.slice(releases, max(start, 0), min(stop, number))
        start, stop = start - number, stop - number
        if stop <= 0:
            return


def _counts(result: int, sets: Mapping[Key, int]) -> dict[Key, int]:
    """A facet: how many of the result have each value; none that has none."""
    counted = ((value, (result & bits).bit_count()) for value, bits in sets.items())
    return {value: number for value, number in counted if number}


def matching_entries(query: Query) -> QuerySet[SearchEntry]:
    """The rows, live and working, that have what is wanted and nothing unwanted; none for a query without words."""
    if not query.clauses:
        return SearchEntry.objects.none()
    if query.wanted:
        return SearchEntry.objects.filter(pk__in=IdList(ids_of_entries(query)))
    unwanted = [IndexQuery.for_clause(clause) for clause in query.unwanted]
    return SearchEntry.objects.exclude(
        pk__in=IdList({one for some in matching_ids(unwanted) for one in some})
    )


def ids_of_entries(query: Query) -> set[int]:
    """The ids of these rows, for a query that wants something."""
    unwanted = [IndexQuery.for_clause(clause) for clause in query.unwanted]
    contains = tuple(clause.contains for clause in query.wanted if clause.contains)
    wanted, *rest = matching_ids([IndexQuery(query.expression(), contains), *unwanted])
    return set(wanted).difference(*rest)


@dataclass(frozen=True)
class NoteSnippet:
    """A note with what the text does not contain; `anchor` is its place on the release's page."""

    number: int
    anchor: str
    snippet: Snippet


@dataclass(frozen=True, eq=False)
class Found:
    """What a revision (`live`, its primary key) shows of a question: the title with the words marked, and snippets. What pages
    have `written` of it is kept beside it."""

    live: int
    title: Snippet
    snippets: Sequence[Snippet]
    notes: Sequence[NoteSnippet]
    written: dict[tuple[object, ...], str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Hit:
    """A release that was found, and what its live revision shows."""

    name: str
    language: str
    slug: str
    publish_at: datetime
    found: Found

    @property
    def path(self) -> str:
        """The address of its page."""
        return address("release", self.slug, language=self.language)


# How many are kept in each process; about 4 kB each.
MOST_KEPT = 1_000
# By release (primary key) and what is to be found in it.
FoundBefore = Newest[tuple[int, tuple[Clause, ...]], Found]
_found_before: EditionCache[FoundBefore] = EditionCache()


def found_before(edition: EditionNow) -> FoundBefore:
    """What revisions show of questions. Whoever narrows a search, turns its page, or asks again after a publication, is shown many
    releases again: a revision that was live never changes, so that the release's row alone is read again, through `visible`. It is
    forgotten when everything changes, as when words are removed from all texts."""
    return _found_before.get(edition, lambda: Newest(MOST_KEPT), parts={FRAME})


class _Row(NamedTuple):
    """A row of the one query. No models: making twenty of them and their revisions takes longer than reading them."""

    pk: int
    language: str
    slug: str
    publish_at: datetime
    live: int
    title: str
    summary: str
    text: str


_COLUMNS = ("pk", "language", "slug", "publish_at", "live", "live__title", "live__summary")


def _unless(known: Sequence[int]) -> Case:
    """The text, but of revisions of which nothing has to be read."""
    is_known = When(live__in=IdList(known), then=Value("", output_field=TextField()))
    return Case(is_known, default=F("live__body_text"))


_ROWS = Statement(
    lambda pks, known, moment: (
        Release.objects.visible(moment)
        .filter(pk__in=IdList(pks))
        .order_by()
        .values_list(*_COLUMNS, _unless(known))
    ),
    pks=[-71],
    known=[-72],
    moment=clock.FIRST,
)
_NOTES = Statement(
    lambda pks: (
        Revision.objects.filter(pk__in=IdList(pks)).order_by().values_list("pk", "notes", "release__uuid")
    ),
    pks=[-71],
)


def hits_for(
    pks: Sequence[int], query: Query, before: FoundBefore | None = None, *, at: datetime | None = None
) -> list[Hit]:
    """These releases in this order, through `visible` once more, in one query. Texts are read only of those that were not found
    `before`, and notes only where they are needed."""
    wanted = query.wanted
    known = {pk: found for pk in pks if (found := before.get((pk, wanted)))} if before else {}
    lives = [found.live for found in known.values()]
    rows = [_Row(*row) for row in _ROWS.rows({"pks": pks, "known": lives, "moment": at or timezone.now()})]
    by_pk = {row.pk: row for row in rows}
    new = [row for row in rows if row.pk not in known or known[row.pk].live != row.live]
    if new:
        read = _found_in(new, query)
        known |= read
        if before is not None:
            for pk, found in read.items():
                before.keep((pk, wanted), found)
    return [
        Hit(row.title, row.language, row.slug, row.publish_at, known[pk])
        for pk in pks
        if (row := by_pk.get(pk))
    ]


def _found_in(rows: Sequence[_Row], query: Query) -> dict[int, Found]:
    """By release, what its text shows; or its notes, in one query, for what is neither in the text nor in the title."""
    shown = [(row, *_in_text(row, query)) for row in rows]
    unread = [row.live for row, _, missing in shown if missing]
    notes = {pk: (found, uuid) for pk, found, uuid in _NOTES.rows({"pks": unread})} if unread else {}
    read = {}
    for row, in_text, missing in shown:
        in_notes = tuple(_in_notes(*notes[row.live], missing)) if missing else ()
        # Where nothing can be marked, the beginning is shown.
        snippets_ = in_text if in_text or in_notes else (beginning(_text(row)),)
        read[row.pk] = Found(row.live, marked(row.title, query), snippets_, in_notes)
    return read


def _in_text(row: _Row, query: Query) -> tuple[Sequence[Snippet], list[Query]]:
    """Snippets of summary and text; and the conditions that neither they nor the title meet."""
    found, absent = snippets(_text(row), query)
    alone = [Query("", (clause,)) for clause in absent]
    missing = [one for one in alone if not any(fragment.marked for fragment in marked(row.title, one))]
    return found, missing


def _text(row: _Row) -> str:
    return "\n\n".join(part for part in (row.summary, row.text) if part)


def _in_notes(notes: Sequence[dict[str, Any]], uuid: UUID, missing: Sequence[Query]) -> Iterator[NoteSnippet]:
    waiting = list(missing)
    prefix = Release(uuid=uuid).note_prefix
    for note in notes:
        tried = [(query, snippets(note["text"], query, most=1)[0]) for query in waiting]
        met = [(query, found) for query, found in tried if found]
        if met:
            yield NoteSnippet(note["number"], f"#{prefix}fn-{note['key']}", met[0][1][0])
            waiting = [query for query, found in tried if not found]
        if not waiting:
            return
