"""A bitmap index of all visible releases, so that counting by topic, year and language costs nothing.

The inverted index says which rows have the words; everything else is known beforehand. A set of releases is one integer
with a bit for each release. The newest release has the most significant bit: filters are `&`, counts are `bit_count`, and
the first page is the first bits. A bitmap index belongs to an edition: each process builds it once for each, from
`Release.objects.visible()`.
"""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Lock

from django.db.models import TextField
from django.db.models.functions import Cast

from releases import clock
from releases.edition_cache import EditionCache
from releases.editions import EditionNow
from releases.models import Release, ReleaseTopic, SearchEntry
from releases.search.engine import IndexQuery, PackedIds, matching_ids, unpack_ids

# How many bytes of answers, and how many answers, are cached: narrowing a search, or turning its page, asks the inverted index
# nothing new.
CACHE_BYTES, CACHE_ENTRIES = 8_000_000, 1_000


@dataclass(frozen=True)
class BitmapIndex:
    """`releases` are primary keys, newest first. `positions` gives, for the id of a row of the inverted index, the position
    of its release; `entries` are the ids of all rows with one."""

    releases: Sequence[int]
    positions: Sequence[int]
    entries: frozenset[int]
    languages: dict[str, int]
    years: dict[int, int]
    topics: dict[int, int]
    cached: dict[IndexQuery, int] = field(default_factory=dict, repr=False, compare=False)

    @property
    def all(self) -> int:
        """Every release."""
        return (1 << len(self.releases)) - 1

    def matching(self, queries: Sequence[IndexQuery]) -> list[int]:
        """For each query the set of releases that match; the inverted index is asked once, for what is not cached."""
        found = {query: self.cached[query] for query in queries if query in self.cached}
        unknown = [query for query in dict.fromkeys(queries) if query not in found]
        for query, rows in zip(unknown, matching_ids(unknown), strict=True):
            found[query] = self.bitmap_of(rows)
        room = min(CACHE_ENTRIES, CACHE_BYTES // (len(self.releases) // 8 + 100))
        with _lock:
            for query in unknown:
                self.cached[query] = found[query]
            while len(self.cached) > room:
                del self.cached[next(iter(self.cached))]
        return [found[query] for query in queries]

    def bitmap_of(self, rows: Sequence[int]) -> int:
        """The set of the releases of these rows; rows of what no reader may see have no position."""
        if 2 * len(rows) < len(self.entries):
            return _bitmap(rows, self.positions, len(self.releases))
        # Of a common word the rows without it are fewer, and taking the difference is faster.
        return self.all & ~_bitmap(self.entries.difference(rows), self.positions, len(self.releases))

    def slice(self, bits: int, start: int, stop: int) -> Iterator[int]:
        """The primary keys of a set from its `start`th to before its `stop`th, newest first."""
        digits = f"{bits:0{len(self.releases)}b}"
        position = -1
        for number in range(stop):
            position = digits.find("1", position + 1)
            if position < 0:
                return
            if number >= start:
                yield self.releases[position]


_lock = Lock()
bitmap_indexes: EditionCache[BitmapIndex] = EditionCache()


def bitmap_index(edition: EditionNow, *, at: datetime | None = None) -> BitmapIndex:
    """The bitmap index of an edition, built by the first who asks."""
    return bitmap_indexes.get(edition, lambda: build_bitmap_index(at=at))


def build_bitmap_index(*, at: datetime | None = None) -> BitmapIndex:
    """Reads everything visible, in two queries without a join more than the gate needs."""
    visible = SearchEntry.objects.filter(kind=SearchEntry.LIVE, release__in=Release.objects.visible(at))
    rows = list(
        visible.order_by("-release__publish_at", "-release_id").values_list(
            # As text, in UTC on both databases, because reading a hundred thousand dates takes half a second.
            "pk", "release_id", "release__language", Cast("release__publish_at", TextField())
        )
    )  # fmt: skip
    size = len(rows)
    releases = array("q", (release for _, release, _, _ in rows))
    entries = [pk for pk, _, _, _ in rows]
    of_languages: dict[str, bytearray] = {}
    for position, (_, _, language, _) in enumerate(rows):
        if language not in of_languages:
            of_languages[language] = bytearray(b"0") * size
        of_languages[language][position] = 49
    # What is not visible has no position, so the topics of embargoed and withdrawn releases count for nothing.
    release_positions = _positions(releases)
    filed = ReleaseTopic.objects.order_by().values_list("tag").annotate(ids=PackedIds("content_object_id"))
    topics = {tag: _bitmap(unpack_ids(ids), release_positions, size) for tag, ids in filed}
    return BitmapIndex(
        releases=releases,
        positions=_positions(entries),
        entries=frozenset(entries),
        languages={language: int(digits, 2) for language, digits in of_languages.items()},
        years=dict(_years([moment for _, _, _, moment in rows])),
        topics={tag: bits for tag, bits in topics.items() if bits},
    )


def _positions(ids: Sequence[int]) -> Sequence[int]:
    """For each id its position in `ids`; for all others the position behind the last."""
    positions = array("l", [len(ids)]) * (max(ids, default=0) + 1)
    for position, one in enumerate(ids):
        positions[one] = position
    return positions


def _years(moments: list[str]) -> Iterator[tuple[int, int]]:
    """A year, by the newsroom's clock, is a run of bits; `moments` are the dates of the releases, newest first."""
    size = len(moments)
    before = 0
    while before < size:
        year = clock.local(datetime.fromisoformat(moments[before][:19]).replace(tzinfo=UTC)).year
        # Not by `%Y`, which writes the year 26 with two digits.
        begins = clock.start_of(year).replace(tzinfo=None).isoformat(" ")
        # The release that gave the year belongs to it: so each step covers at least one, and the loop ends.
        low, high = before + 1, size
        while low < high:
            middle = (low + high) // 2
            low, high = (middle + 1, high) if moments[middle] >= begins else (low, middle)
        yield year, ((1 << (low - before)) - 1) << (size - low)
        before = low


def _bitmap(ids: Iterable[int], positions: Sequence[int], size: int) -> int:
    # One byte for each position, the digits of a binary number. The last one is for rows without a position.
    digits = bytearray(b"0") * (size + 1)
    try:
        for position in map(positions.__getitem__, ids):
            digits[position] = 49
    except IndexError:  # a row younger than this index
        known = len(positions)
        for one in ids:
            if one < known:
                digits[positions[one]] = 49
    return int(digits[:size] or b"0", 2)
