"""Topics as pages name them: the index, what is filed under each, and by which words the search knows each."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.conf import settings
from django.db.models import Count, Exists, IntegerField, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce, ExtractYear
from django.utils import timezone

from releases import clock
from releases.addresses import address
from releases.editions import EditionNow, Kept
from releases.languages import frame_language
from releases.models import Release, ReleaseTopic, Topic
from releases.models.topic import in_index_order
from releases.search.analysis import tokens
from releases.search.query import Query


@dataclass(frozen=True)
class Entry:
    """A topic as the index names it. `spoken` is the name's language where the page around it is in another one."""

    topic: Topic
    name: str
    path: str
    spoken: str = ""
    of_release: bool = False
    count: int | None = None


def entry(topic: Topic, language: str) -> Entry:
    """How lists in `language` name a topic; what the index's query has found out about it goes along."""
    of_name = language if topic.names.get(language) else settings.LANGUAGE_CODE
    return Entry(
        topic=topic,
        name=topic.name_in(language),
        path=topic.get_absolute_url(language),
        spoken="" if of_name == language == frame_language(language) else of_name,
        of_release=getattr(topic, "of_release", False),
        count=getattr(topic, "visible_count", None),
    )


def topic_index(language: str, *, release: Release | None = None) -> list[Entry]:
    """All topics in the index's order, in one query; those of `release` are marked."""
    topics = Topic.objects.current().only("name", "slug", "names", "description")
    if release:
        of_release = ReleaseTopic.objects.filter(tag=OuterRef("pk"), content_object=release)
        topics = topics.annotate(of_release=Exists(of_release))
    return entries(topics, language)


def counted_index(language: str, *, at: datetime | None = None) -> list[Entry]:
    """All topics, each with the number of visible releases in `language`, in one query."""
    visible = Release.objects.visible(at).filter(language=language)
    filed = (
        ReleaseTopic.objects.filter(tag=OuterRef("pk"), content_object__in=visible)
        .order_by()
        .values("tag")
        .annotate(number=Count("pk"))
        .values("number")
    )
    count = Coalesce(Subquery(filed), Value(0), output_field=IntegerField())
    return entries(Topic.objects.current().annotate(visible_count=count), language)


def entries(topics: Iterable[Topic], language: str) -> list[Entry]:
    """Entries in the index's order."""
    return [entry(topic, language) for topic in in_index_order(topics, language)]


NAMED = 6


@dataclass(frozen=True)
class Named:
    """A topic as far as the search needs it; `spoken` as in `Entry`, `names` all that it is found by."""

    pk: int
    slug: str
    name: str
    spoken: str
    names: tuple[str, ...]

    def path(self, language: str) -> str:
        """Its page."""
        return address("topic", self.slug, language=language)


@dataclass(frozen=True)
class Vocabulary:
    """All topics, in the index's order."""

    topics: Sequence[Named]

    def named(self, query: Query) -> list[Named]:
        """The topics that go by a name, or by another word, in which all that is wanted stands."""
        met = [
            found
            for clause in query.wanted
            for found in self._met(clause.tokens, clause.forms[-1], clause.prefix)
        ]
        if not met:
            return []
        places = sorted({place for place, _name in set.intersection(*met)})
        return [self.topics[place] for place in places[:NAMED]]

    def _met(self, words: Sequence[str], begun: str, prefix: bool) -> Iterator[set[tuple[int, str]]]:
        """For each word the names that have it; with `prefix` those too that have one that begins like the last."""
        *whole, last = words
        yield from (self._by_word.get(word, set()) for word in whole)
        if not prefix:
            yield self._by_word.get(last, set())
            return
        yield {
            name for word, names in self._by_word.items() if word.startswith((begun, last)) for name in names
        }

    @cached_property
    def _by_word(self) -> dict[str, set[tuple[int, str]]]:
        """For a word the names that have it, each as its topic's place and itself."""
        found = defaultdict(set)
        for place, topic in enumerate(self.topics):
            for name in topic.names:
                for word in tokens(name):
                    found[word].add((place, name))
        return dict(found)


_kept: Kept[Vocabulary] = Kept()


def vocabulary_of(edition: EditionNow, language: str) -> Vocabulary:
    """The vocabulary of an edition as a list in `language` names it."""
    return _kept.get(edition, lambda: _vocabulary(language), language)


def _vocabulary(language: str) -> Vocabulary:
    others = Topic.objects.other_words()
    return Vocabulary(
        [
            Named(
                entry.topic.pk,
                entry.topic.slug,
                entry.name,
                entry.spoken,
                (entry.name, entry.topic.name, *others.get(entry.topic.pk, ())),
            )
            for entry in topic_index(language)
        ]
    )


MOST_RELATED = 8


@dataclass(frozen=True)
class Year:
    """A year in which something was published, and how much."""

    year: int
    count: int


def years_of(topic: Topic, language: str, *, at: datetime | None = None) -> list[Year]:
    """The years, by the newsroom's clock, that have visible releases under `topic`, newest first (one query)."""
    rows = (
        Release.objects.visible(at)
        .filter(language=language, topic_items__tag=topic)
        .order_by()
        .annotate(year=ExtractYear(clock.within("publish_at"), tzinfo=timezone.get_default_timezone()))
        .values_list("year")
        .annotate(number=Count("pk"))
        .order_by("-year")
    )
    return [Year(year, number) for year, number in rows]


def related(topic: Topic, index: list[Entry], language: str, *, at: datetime | None = None) -> list[Entry]:
    """The topics under which most of the visible releases of `topic` stand as well (one query)."""
    visible = Release.objects.visible(at).filter(language=language, topic_items__tag=topic)
    rows = (
        ReleaseTopic.objects.filter(content_object__in=visible.order_by().values("pk"))
        .exclude(tag=topic)
        .order_by()
        .values_list("tag")
        .annotate(number=Count("pk"))
    )
    together = dict(rows)
    found = [entry for entry in index if entry.topic.pk in together]
    # Sorting keeps the order of the index among those that share as many.
    return sorted(found, key=lambda entry: -together[entry.topic.pk])[:MOST_RELATED]
