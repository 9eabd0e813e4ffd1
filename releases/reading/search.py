"""What an address asks of the search, the one address that asks it, and the ways to narrow a result."""

from dataclasses import dataclass, replace
from functools import lru_cache
from operator import itemgetter
from typing import Protocol
from urllib.parse import quote_plus

from django.conf import settings

from releases.models import Topic
from releases.numbers import whole
from releases.reading.topics import Vocabulary
from releases.search import BEST, NEWEST, Filters, Found
from releases.search.query import Query, parse

MOST_TOPICS = 8
# What `read` reads, and the page beside it.
READS = ("q", "topic*", "year", "language", "sort", "page")


class Parameters(Protocol):
    """What stands behind a question mark (Django's QueryDict)."""

    def get(self, key: str, default: str = "") -> str:
        """The last value of a name."""

    def getlist(self, key: str) -> list[str]:
        """All values of a name."""


@dataclass(frozen=True)
class Asked:
    """A query with its filters. `topics` are slugs; an impossible `year` or `language` finds nothing."""

    query: Query
    topics: tuple[str, ...] = ()
    year: int | None = None
    language: str = ""
    order: str = BEST

    @property
    def anything(self) -> bool:
        """Is there anything to be found or to be chosen from?"""
        return bool(self.query.clauses or self.topics or self.year is not None or self.language)

    @property
    def is_plain(self) -> bool:
        """Nothing but words and phrases that are to be found?

        What is found for them consists of our own words; in all else somebody could put theirs into a title of ours.
        """
        words = bool(self.query.clauses) and not any(clause.without for clause in self.query.clauses)
        return words and self == Asked(self.query)

    def but(self, **changes: object) -> "Asked":
        """The same with something else chosen."""
        return replace(self, **changes)

    def address(self, *, order: bool = True, page: int = 1) -> str:
        """What stands behind the question mark, in normal order and nothing more: the permalink."""
        pairs = [_pair("q", self.query.text)] if self.query.text else []
        pairs += [_pair("topic", slug) for slug in self.topics]
        if self.year is not None:
            pairs.append(f"year={self.year:04d}")  # as it is read
        if self.language:
            pairs.append(_pair("language", self.language))
        if order and self.order != BEST:
            pairs.append(f"sort={self.order}")
        if page > 1:
            pairs.append(f"page={page}")
        return "&".join(pairs)


@lru_cache(5_000)
def _pair(name: str, value: str) -> str:
    # A page of results names sixty addresses that differ in one part.
    return f"{name}={quote_plus(value)}"


def read(parameters: Parameters, *, typing: bool = False) -> Asked:
    """Understand whatever stands behind the question mark; what makes no sense is left out."""
    year = parameters.get("year", "")
    slugs = sorted({slug for slug in parameters.getlist("topic") if slug and "\x00" not in slug})
    return Asked(
        query=parse(parameters.get("q", ""), typing=typing),
        topics=tuple(slugs[:MOST_TOPICS]),
        year=whole(year) if len(year) == 4 else None,
        language=_plain(parameters.get("language", "")),
        order=NEWEST if parameters.get("sort") == NEWEST else BEST,
    )


def _plain(language: str) -> str:
    return language if len(language) <= 10 and language.isascii() and language.isprintable() else ""


# Of the topics of a result; the others are found by choosing one of these first.
MOST_FACETS = 32


@dataclass(frozen=True)
class Choice:
    """A way to narrow the result, or to widen it again where it is `chosen`."""

    name: str
    path: str
    count: int
    chosen: bool = False
    spoken: str = ""


def filters_of(asked: Asked, topics: Vocabulary) -> Filters:
    """The filters of an address; a topic that was merged is what it was merged into, an unknown one finds nothing."""
    known = {topic.slug: topic.pk for topic in topics.topics} if asked.topics else {}
    wanted = []
    for slug in asked.topics:
        if slug not in known:
            standing = Topic.objects.standing_at(slug)
            known[slug] = standing.pk if standing else 0
        wanted.append(known[slug])
    return Filters(tuple(wanted), asked.year, asked.language)


def _path(here: str, query: str) -> str:
    return f"{here}?{query}" if query else here


def _topics(asked: Asked, found: Found, topics: Vocabulary, here: str) -> list[Choice]:
    """The chosen ones first, then the most frequent, those alike in the index's order."""
    counted = [
        (topic.slug not in asked.topics, -found.topics.get(topic.pk, 0), topic) for topic in topics.topics
    ]
    counted.sort(key=itemgetter(0, 1))
    choices = []
    for other, count, topic in counted[:MOST_FACETS]:
        if count or not other:
            rest = tuple(one for one in asked.topics if one != topic.slug)
            change = asked.but(topics=tuple(sorted((*rest, topic.slug))) if other else rest)
            choices.append(Choice(topic.name, _path(here, change.address()), -count, not other, topic.spoken))
    return choices


def _years(asked: Asked, found: Found, here: str) -> list[Choice]:
    years = sorted({*found.years, *([asked.year] if asked.year is not None else [])}, reverse=True)
    return [
        Choice(
            f"{year:04d}",
            _path(here, asked.but(year=None if year == asked.year else year).address()),
            found.years.get(year, 0),
            year == asked.year,
        )
        for year in years
    ]


def _languages(asked: Asked, found: Found, here: str) -> list[Choice]:
    return [
        Choice(
            name,
            _path(here, asked.but(language="" if code == asked.language else code).address()),
            found.languages.get(code, 0),
            code == asked.language,
            code,
        )
        for code, name in settings.LANGUAGES
        if code in found.languages or code == asked.language
    ]


def _orders(asked: Asked, here: str) -> list[tuple[str, str, bool]]:
    """Both orders: name, path, whether it is this one."""
    return [
        (order, _path(here, asked.but(order=order).address()), order == asked.order)
        for order in (BEST, NEWEST)
    ]
