"""The vocabulary as the search knows it: the topics in the index's order, and by which words each is found."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from releases.addresses import address
from releases.editions import EditionNow, Kept
from releases.models import Topic
from releases.reading.index import topic_index
from releases.search.analysis import tokens
from releases.search.query import Query

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
