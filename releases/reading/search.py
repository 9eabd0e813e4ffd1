"""What an address asks of the search, the one address that asks it, and the facets that narrow a result."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from operator import itemgetter
from urllib.parse import quote_plus

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.http import QueryDict

from releases.addresses import absolute, address, with_query
from releases.edition_cache import EditionCache, Newest
from releases.editions import EditionNow
from releases.models import Topic
from releases.numbers import whole
from releases.reading.lists import PER_PAGE
from releases.reading.topics import SearchVocabulary, search_vocabulary
from releases.search import BEST, NEWEST, Filters, Query, SearchResult, bitmap_index, find, parse
from releases.search.find import found_before, hits_for

# The query parameters of a search, as `public` reads them.
READS = ("q", "topic*", "year", "language", "sort", "page")
# Filters that an address may name.
MOST_TOPICS = 8
# Topics that are offered to narrow a result; the others are found by choosing one of these first.
MOST_OFFERED = 32
MOST_SUGGESTED, MOST_SUGGESTED_TOPICS = 8, 3


@dataclass(frozen=True)
class SearchParameters:
    """A query with its filters. `topics` are slugs; an impossible `year` or `language` finds nothing."""

    query: Query
    topics: tuple[str, ...] = ()
    year: int | None = None
    language: str = ""
    order: str = BEST

    @property
    def has_filters(self) -> bool:
        """Is the result narrowed by anything but words?"""
        return bool(self.topics or self.year is not None or self.language)

    @property
    def is_empty(self) -> bool:
        """Is there nothing to be found and nothing to choose from?"""
        return not (self.query.clauses or self.has_filters)

    @property
    def is_plain(self) -> bool:
        """Nothing but words and phrases that are to be found?

        Search engines may index such a page: it consists of our own words. In any other, somebody could put theirs into a
        title of ours.
        """
        words = bool(self.query.clauses) and not any(clause.without for clause in self.query.clauses)
        return words and self == SearchParameters(self.query)

    def query_string(self, *, order: bool = True, page: int = 1) -> str:
        """The canonical query string. With the address of the search it is the permalink."""
        pairs = self.pairs()
        if not order:
            del pairs["sort"]
        found = [one for some in pairs.values() for one in some]
        if page > 1:
            found.append(f"page={page}")
        return "&".join(found)

    def pairs(self) -> dict[str, list[str]]:
        """The names and values of the canonical query string, by name, in its order; of what is not asked there are none."""
        return {
            "q": [_pair("q", self.query.text)] if self.query.text else [],
            "topic": [_pair("topic", slug) for slug in self.topics],
            "year": [] if self.year is None else [f"year={self.year:04d}"],  # as it is read
            "language": [_pair("language", self.language)] if self.language else [],
            "sort": [] if self.order == BEST else [f"sort={self.order}"],
        }

    def filters(self, vocabulary: SearchVocabulary) -> Filters:
        """The filters with primary keys. A merged topic means the one that it was merged into; an unknown one finds nothing."""
        known = {topic.slug: topic.pk for topic in vocabulary.topics} if self.topics else {}
        wanted = []
        for slug in self.topics:
            if slug not in known:
                topic = Topic.objects.at_address(slug)
                known[slug] = topic.pk if topic else 0
            wanted.append(known[slug])
        return Filters(tuple(wanted), self.year, self.language)


@lru_cache(5_000)
def _pair(name: str, value: str) -> str:
    # A page of results contains sixty addresses that differ in one part.
    return f"{name}={quote_plus(value)}"


def search_parameters(query: QueryDict, *, typing: bool = False) -> SearchParameters:
    """Reads any query string; what makes no sense is left out. `typing`: the last word may not be whole yet."""
    year = query.get("year", "")
    slugs = sorted({slug for slug in query.getlist("topic") if slug and "\x00" not in slug})
    return SearchParameters(
        query=parse(query.get("q", ""), typing=typing),
        topics=tuple(slugs[:MOST_TOPICS]),
        year=whole(year) if len(year) == 4 else None,
        language=_language(query.get("language", "")),
        order=NEWEST if query.get("sort") == NEWEST else BEST,
    )


def _language(code: str) -> str:
    return code if len(code) <= 10 and code.isascii() and code.isprintable() else ""


@dataclass(slots=True)
class FacetValue:
    """A value by which a result can be narrowed. `path` selects it, or removes it where it is `selected`;
    `name_language` is the language of its name where that is not the frame's."""

    name: str
    path: str
    count: int
    selected: bool = False
    name_language: str = ""


class Facet(list[FacetValue]):
    """The values of a facet: those `shown` at once, and `more`. What pages have `written` of it is kept beside it."""

    def __init__(self, values: Sequence[FacetValue], shown: int | None = None) -> None:
        super().__init__(values)
        self.written: dict[str, str] = {}
        is_part = shown is None
        self.shown: Sequence[FacetValue] = self if is_part else Facet(values[:shown])
        self.more: Sequence[FacetValue] = () if is_part else Facet(values[shown:])
        self.selected_among_more = any(value.selected for value in self.more)


class Facets:
    """How a result spreads over topics, years and languages, as links that narrow or widen it."""

    def __init__(self, parameters: SearchParameters, result: SearchResult, search_path: str) -> None:
        self.parameters, self.result = parameters, result
        self.search_path, self._pairs = search_path, parameters.pairs()

    def topics(self, vocabulary: SearchVocabulary) -> Facet:
        """The selected ones first, then the most frequent; those as frequent in the index's order."""
        selected = self.parameters.topics
        counts = self.result.topics
        counted = [
            (topic.slug not in selected, -counts.get(topic.pk, 0), topic) for topic in vocabulary.topics
        ]
        counted.sort(key=itemgetter(0, 1))
        values = []
        for unselected, count, topic in counted[:MOST_OFFERED]:
            if count or not unselected:
                others = [slug for slug in selected if slug != topic.slug]
                slugs = sorted((*others, topic.slug)) if unselected else others
                path = self._path("topic", *[_pair("topic", slug) for slug in slugs])
                values.append(FacetValue(topic.name, path, -count, not unselected, topic.name_language))
        return Facet(values, 8)

    def years(self) -> Facet:
        """The newest first, with the selected one even if it finds nothing."""
        selected = self.parameters.year
        years = {*self.result.years, *([selected] if selected is not None else [])}
        values = [
            FacetValue(
                f"{year:04d}",
                self._path("year", *([] if year == selected else [f"year={year:04d}"])),
                self.result.years.get(year, 0),
                year == selected,
            )
            for year in sorted(years, reverse=True)
        ]
        return Facet(values, 6)

    def languages(self) -> Facet:
        """In the newsroom's order."""
        selected = self.parameters.language
        return Facet(
            [
                FacetValue(
                    name,
                    self._path("language", *([] if code == selected else [_pair("language", code)])),
                    self.result.languages.get(code, 0),
                    code == selected,
                    code,
                )
                for code, name in settings.LANGUAGES
                if code in self.result.languages or code == selected
            ]
        )

    def orders(self) -> list[tuple[str, str, bool]]:
        """Both orders: name, path, whether it is the present one."""
        return [
            (
                order,
                self._path("sort", *([] if order == BEST else [f"sort={order}"])),
                order == self.parameters.order,
            )
            for order in (BEST, NEWEST)
        ]

    def _path(self, name: str, *pairs: str) -> str:
        """The address of the same search with other pairs of that name."""
        before, after = self._around[name]
        if pairs:
            return f"{before}{'&'.join(pairs)}{after}"
        return f"{before}{after[1:]}" if after else before[:-1]

    @cached_property
    def _around(self) -> dict[str, tuple[str, str]]:
        """What stands before and after the pairs of each name: a page of results has sixty addresses that differ in one pair."""
        names = list(self._pairs)

        def joined(some: Iterable[str]) -> list[str]:
            return [one for name in some for one in self._pairs[name]]

        return {
            name: (
                "".join([f"{self.search_path}?", *(f"{one}&" for one in joined(names[:place]))]),
                "".join([f"&{one}" for one in joined(names[place + 1 :])]),
            )
            for place, name in enumerate(names)
        }


def find_page(
    parameters: SearchParameters, vocabulary: SearchVocabulary, edition: EditionNow, number: int
) -> SearchResult:
    """The result with the releases of one page of it; without conditions an empty one."""
    if parameters.is_empty:
        return SearchResult(0, [], {}, {}, {})
    start = (number - 1) * PER_PAGE
    return find(
        parameters.query,
        bitmap_index(edition),
        parameters.filters(vocabulary),
        order=parameters.order,
        start=start,
        stop=start + PER_PAGE,
    )


def search_context(
    parameters: SearchParameters,
    result: SearchResult,
    vocabulary: SearchVocabulary,
    edition: EditionNow,
    language: str,
    number: int,
) -> dict[str, object]:
    """What page `number` of a search shows, in `language`."""
    path = address("search", language=language)
    return {
        "here": "search",
        "search": parameters,
        "total": result.total,
        "hits": hits_for(result.releases, parameters.query, found_before(edition)),
        "page": Page(result.releases, number, Paginator(range(result.total), PER_PAGE)),
        "indexable": number == 1 and result.total > 0 and parameters.is_plain,
        **_around(parameters, result, vocabulary, edition, language),
        "permalink": with_query(path, parameters.query_string()),
        "feed_query": parameters.query_string(order=False),
        "canonical": with_query(path, parameters.query_string(page=number)),
    }


# How many questions, each in a language; about 25 kB each.
MOST_QUESTIONS = 100
_of_questions: EditionCache[Newest[tuple[str, SearchParameters], dict[str, object]]] = EditionCache()


def _around(
    parameters: SearchParameters,
    result: SearchResult,
    vocabulary: SearchVocabulary,
    edition: EditionNow,
    language: str,
) -> dict[str, object]:
    """What stands around the hits on each page of a search, kept for the edition: topics that are called so, facets, orders."""
    known = _of_questions.get(edition, lambda: Newest(MOST_QUESTIONS))
    if (found := known.get((language, parameters))) is not None:
        return found
    facets = Facets(parameters, result, address("search", language=language))
    found = {
        "matching_topics": [(topic, topic.path(language)) for topic in vocabulary.matching(parameters.query)],
        "topics": facets.topics(vocabulary),
        "years": facets.years(),
        "in_languages": facets.languages(),
        "orders": facets.orders(),
    }
    return known.keep((language, parameters), found)


def suggestions(parameters: SearchParameters, edition: EditionNow, language: str) -> list[object]:
    """Topics and releases for words that are still being typed, as OpenSearch's suggestions (version 1.1): what was typed,
    names, what they are, addresses."""
    found: list[tuple[str, str, str]] = []
    query = parameters.query
    if query.wanted:
        topics = search_vocabulary(edition, language).matching(query)[:MOST_SUGGESTED_TOPICS]
        found += [(topic.name, "topic", topic.path(language)) for topic in topics]
        result = find(query, bitmap_index(edition), stop=MOST_SUGGESTED - len(found))
        found += [(hit.name, hit.language, hit.path) for hit in hits_for(result.releases, query)]
    return [
        query.text,
        [name for name, _, _ in found],
        [kind for _, kind, _ in found],
        [absolute(path) for _, _, path in found],
    ]
