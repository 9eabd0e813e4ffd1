"""What an address asks of the search, and the one address that asks it."""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Protocol
from urllib.parse import quote_plus

from releases.numbers import whole
from releases.search.find import BEST, NEWEST
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
