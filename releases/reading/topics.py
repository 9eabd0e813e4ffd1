"""Topics as pages name them: the index, what is filed under each, and by which words the search knows each."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.conf import settings
from django.http import Http404
from django.utils import timezone

from newsroom.http import Request
from releases.addresses import address
from releases.counts import counts_of_topics, counts_of_years, counts_shared
from releases.edition_cache import EditionCache
from releases.editions import EditionNow
from releases.languages import frame_language
from releases.models import Topic
from releases.models.topic import in_index_order
from releases.parts import FRAME, counts_part, topic_part
from releases.reading.lists import list_context
from releases.reading.ready import releases_under
from releases.search.analysis import tokens
from releases.search.query import Query


@dataclass(frozen=True)
class TopicEntry:
    """A topic in a list of topics. `name_language` is the name's language where the page around it is in another one;
    `selected` marks those that a reader has chosen."""

    topic: Topic
    name: str
    path: str
    name_language: str = ""
    selected: bool = False


def topic_entry(topic: Topic, language: str) -> TopicEntry:
    """A topic as lists in `language` name it."""
    name_language = language if topic.names.get(language) else settings.LANGUAGE_CODE
    return TopicEntry(
        topic=topic,
        name=topic.name_in(language),
        path=topic.get_absolute_url(language),
        name_language="" if name_language == language == frame_language(language) else name_language,
    )


@dataclass(frozen=True, eq=False)
class TopicIndex:
    """All topics as lists in one language name them, made once while the vocabulary stays as it is. `entries` are the current
    ones in their order; `by_key` holds by primary key, in the same order, also those that were retired or merged into others."""

    entries: Sequence[TopicEntry]
    by_key: Mapping[int, TopicEntry]

    def __len__(self) -> int:
        return len(self.entries)

    def __iter__(self) -> Iterator[TopicEntry]:
        return iter(self.entries)

    def chosen(self, pks: Iterable[int]) -> list[TopicEntry]:
        """Those with these primary keys, whether they are current or not, in the order of the index. A release's row that is
        read a moment later may have a topic that is not here yet; the page is made anew with the next edition."""
        known = (pk for pk in pks if pk in self.by_key)
        return [self.by_key[pk] for pk in sorted(known, key=self._places.__getitem__)]

    def current(self, pks: Iterable[int]) -> list[TopicEntry]:
        """Those with these primary keys that are current, in the order of the index."""
        return [entry for entry in self.chosen(pks) if entry.topic.is_current]

    def at(self, path: str) -> int | None:
        """The current topic (primary key) whose page is at this path."""
        return self._by_path.get(path)

    @cached_property
    def _by_path(self) -> Mapping[str, int]:
        return {entry.path: entry.topic.pk for entry in self.entries}

    @cached_property
    def _places(self) -> Mapping[int, int]:
        return {pk: place for place, pk in enumerate(self.by_key)}


def topic_index(edition: EditionNow, language: str) -> TopicIndex:
    """The index of an edition."""
    return _indexes.get(edition, lambda: read_index(language), language, parts={FRAME})


_indexes: EditionCache[TopicIndex] = EditionCache()


def read_index(language: str) -> TopicIndex:
    """The index as it is, in one query."""
    topics = in_index_order(
        Topic.objects.only("name", "slug", "names", "description", "merged_into", "retired_at"), language
    )
    by_key = {topic.pk: topic_entry(topic, language) for topic in topics}
    return TopicIndex([by_key[topic.pk] for topic in topics if topic.is_current], by_key)


def counts_under(edition: EditionNow, language: str) -> Counter[int]:
    """How many visible releases in `language` stand under each topic (primary keys); made once while no count changes."""
    return _counts.get(
        edition,
        lambda: counts_of_topics(language, at=timezone.now()),
        language,
        parts={counts_part(language)},
    )


_counts: EditionCache[Counter[int]] = EditionCache()


def topic_entries(topics: Iterable[Topic], language: str) -> list[TopicEntry]:
    """These topics in the order of the index."""
    return [topic_entry(topic, language) for topic in in_index_order(topics, language)]


MOST_MATCHES = 6


@dataclass(frozen=True)
class SearchTopic:
    """A topic as the search needs it: `names` are all names and other words by which it is found."""

    pk: int
    slug: str
    name: str
    name_language: str
    names: tuple[str, ...]

    def path(self, language: str) -> str:
        """Its page."""
        return address("topic", self.slug, language=language)


@dataclass(frozen=True)
class SearchVocabulary:
    """All topics, in the index's order."""

    topics: Sequence[SearchTopic]

    def matching(self, query: Query) -> list[SearchTopic]:
        """The topics with one name, or other word, that contains everything that the query wants."""
        matches = [
            names
            for clause in query.wanted
            for names in self._names_with(clause.tokens, clause.forms[-1], prefix=clause.prefix)
        ]
        if not matches:
            return []
        positions = sorted({position for position, _name in set.intersection(*matches)})
        return [self.topics[position] for position in positions[:MOST_MATCHES]]

    def _names_with(
        self, words: Sequence[str], start: str, *, prefix: bool
    ) -> Iterator[set[tuple[int, str]]]:
        """For each word the names that contain it. With `prefix` the last word may also be how a name's word starts."""
        *whole, last = words
        yield from (self._by_word.get(word, set()) for word in whole)
        if not prefix:
            yield self._by_word.get(last, set())
            return
        yield {
            name for word, names in self._by_word.items() if word.startswith((start, last)) for name in names
        }

    @cached_property
    def _by_word(self) -> dict[str, set[tuple[int, str]]]:
        """The names that contain a word, each with the position of its topic."""
        found = defaultdict(set)
        for position, topic in enumerate(self.topics):
            for name in topic.names:
                for word in tokens(name):
                    found[word].add((position, name))
        return dict(found)


_cache: EditionCache[SearchVocabulary] = EditionCache()


def search_vocabulary(edition: EditionNow, language: str) -> SearchVocabulary:
    """The vocabulary of an edition as a list in `language` names it."""
    return _cache.get(edition, lambda: _vocabulary(edition, language), language, parts={FRAME})


def _vocabulary(edition: EditionNow, language: str) -> SearchVocabulary:
    others = Topic.objects.other_words()
    return SearchVocabulary(
        [
            SearchTopic(
                entry.topic.pk,
                entry.topic.slug,
                entry.name,
                entry.name_language,
                (entry.name, entry.topic.name, *others.get(entry.topic.pk, ())),
            )
            for entry in topic_index(edition, language)
        ]
    )


MOST_RELATED = 8


@dataclass(frozen=True)
class YearCount:
    """A year in which something was published, and how much."""

    year: int
    count: int


def years_of(topic: Topic, language: str, *, at: datetime | None = None) -> list[YearCount]:
    """The years, by the newsroom's clock, that have visible releases under `topic`, newest first (one query)."""
    counts = counts_of_years(topic.pk, language, at=at or timezone.now())
    return [YearCount(year, number) for year, number in sorted(counts.items(), reverse=True)]


def chosen_year(asked: str | None, years: Iterable[YearCount]) -> int | None:
    """The year of `?year=`; 404 for one in which a reader finds nothing, whatever is due in it."""
    if asked is None:
        return None
    for one in years:
        if asked == str(one.year):
            return one.year
    raise Http404("nothing was published then")


def related_topics(edition: EditionNow, topic: Topic, index: TopicIndex, language: str) -> list[TopicEntry]:
    """The topics that share most visible releases with `topic`; made once while none of these changes."""
    shared = _shared.get(
        edition,
        lambda: counts_shared(topic.pk, language, at=timezone.now()),
        f"{language} {topic.pk}",
        parts={topic_part(topic.pk, language)},
    )
    found = [entry for entry in index if shared[entry.topic.pk]]
    # The sort is stable: topics that share as many stay in the index's order.
    return sorted(found, key=lambda entry: -shared[entry.topic.pk])[:MOST_RELATED]


_shared: EditionCache[Counter[int]] = EditionCache()


_years: EditionCache[Sequence[YearCount]] = EditionCache()


def topic_context(request: Request, topic: Topic, index: TopicIndex) -> dict[str, object]:
    """What the page of a topic shows: its releases, all of them or those of `?year=`, and related topics."""
    language, edition = request.language, request.edition
    years = _years.get(
        edition,
        lambda: years_of(topic, language),
        f"{language} {topic.pk}",
        parts={topic_part(topic.pk, language)},
    )
    year = chosen_year(request.GET.get("year"), years)
    keys = releases_under(edition, topic, language).between(year)
    return {
        "entry": topic_entry(topic, language),
        "described_in": settings.LANGUAGE_CODE,
        "years": years,
        "year": year,
        "related": related_topics(edition, topic, index, language),
        **list_context(request, keys, "" if year is None else f"year={year}"),
    }
