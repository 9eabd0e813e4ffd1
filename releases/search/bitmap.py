"""Where every visible release stands: sets of them as bits, so that counting by topic, year and language costs nothing.

The index says which rows have the words; everything else is known beforehand. A set of releases is one integer with a bit
a release, the newest first, so the most significant: filters are `&`, counts are `bit_count`, and the first page is the
first bits. A shelf belongs to an edition: it is put up once for each, in each process, from `Release.objects.visible()`.
"""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Lock

from django.db.models import TextField
from django.db.models.functions import Cast

from releases import clock
from releases.editions import EditionNow, Kept
from releases.models import Release, ReleaseTopic, SearchEntry
from releases.search.engine import Packed, Question, ids, unpacked

# Bytes of answers that a shelf remembers: whoever narrows a search, or turns its page, asks the index nothing new.
KEPT, MOST_KEPT = 8_000_000, 1_000


@dataclass(frozen=True)
class Shelf:
    """`releases` holds primary keys in order; `places` says for an id of the index where its release stands, and
    `entries` are the ids of all that stand here."""

    releases: Sequence[int]
    places: Sequence[int]
    entries: frozenset[int]
    languages: dict[str, int]
    years: dict[int, int]
    topics: dict[int, int]
    answers: dict[Question, int] = field(default_factory=dict, repr=False, compare=False)

    @property
    def all(self) -> int:
        """Every release."""
        return (1 << len(self.releases)) - 1

    def met(self, questions: Sequence[Question]) -> list[int]:
        """For each question the set of releases that meet it; the index is asked once, for what was not asked before."""
        found = {question: self.answers.get(question) for question in questions}
        unknown = [question for question, bits in found.items() if bits is None]
        for question, rows in zip(unknown, ids(unknown), strict=True):
            found[question] = self.bits(rows)
        room = min(MOST_KEPT, KEPT // (len(self.releases) // 8 + 100))
        with _lock:
            for question in unknown:
                self.answers[question] = found[question]
            while len(self.answers) > room:
                del self.answers[next(iter(self.answers))]
        return [found[question] for question in questions]

    def bits(self, rows: Sequence[int]) -> int:
        """The set of the releases with these ids of the index; what no reader may see is not on the shelf."""
        if 2 * len(rows) < len(self.entries):
            return _bits(rows, self.places, len(self.releases))
        # Of a common word those that lack it are fewer, and come sooner than they are counted one by one.
        return self.all & ~_bits(self.entries.difference(rows), self.places, len(self.releases))

    def first(self, bits: int, start: int, stop: int) -> Iterator[int]:
        """The primary keys of a set from its `start`th to before its `stop`th, newest first."""
        written = f"{bits:0{len(self.releases)}b}"
        at = -1
        for number in range(stop):
            at = written.find("1", at + 1)
            if at < 0:
                return
            if number >= start:
                yield self.releases[at]


_lock = Lock()
shelves: Kept[Shelf] = Kept()


def shelf_of(edition: EditionNow, *, at: datetime | None = None) -> Shelf:
    """The shelf of an edition: put up by whoever asks first."""
    return shelves.get(edition, lambda: put_up(at=at))


def put_up(*, at: datetime | None = None) -> Shelf:
    """Read where everything visible stands, in two queries without a join more than the gate needs."""
    entries = SearchEntry.objects.filter(kind=SearchEntry.LIVE, release__in=Release.objects.visible(at))
    rows = list(
        entries.order_by("-release__publish_at", "-release_id").values_list(
            # As text, in UTC on both databases, because reading a hundred thousand dates takes half a second.
            "pk", "release_id", "release__language", Cast("release__publish_at", TextField())
        )
    )  # fmt: skip
    size = len(rows)
    releases = array("q", (release for _, release, _, _ in rows))
    entries = [pk for pk, _, _, _ in rows]
    of_languages: dict[str, bytearray] = {}
    for place, (_, _, language, _) in enumerate(rows):
        if language not in of_languages:
            of_languages[language] = bytearray(b"0") * size
        of_languages[language][place] = 49
    # What is not visible has no place, so the topics of embargoed and withdrawn releases count for nothing.
    of_releases = _places(releases)
    filed = ReleaseTopic.objects.order_by().values_list("tag").annotate(ids=Packed("content_object_id"))
    topics = {tag: _bits(unpacked(ids), of_releases, size) for tag, ids in filed}
    return Shelf(
        releases=releases,
        places=_places(entries),
        entries=frozenset(entries),
        languages={language: int(digits, 2) for language, digits in of_languages.items()},
        years=dict(_years([moment for _, _, _, moment in rows])),
        topics={tag: bits for tag, bits in topics.items() if bits},
    )


def _places(ids: Sequence[int]) -> Sequence[int]:
    """For each id where it stands in `ids`; for all others the place behind the last."""
    places = array("l", [len(ids)]) * (max(ids, default=0) + 1)
    for place, one in enumerate(ids):
        places[one] = place
    return places


def _years(moments: list[str]) -> Iterator[tuple[int, int]]:
    """A year, by the newsroom's clock, is a stretch of the shelf; `moments` are the dates on it, newest first."""
    size = len(moments)
    before = 0
    while before < size:
        year = clock.local(datetime.fromisoformat(moments[before][:19]).replace(tzinfo=UTC)).year
        # Not by `%Y`, which writes the year 26 with two digits.
        begins = clock.begins(year).replace(tzinfo=None).isoformat(" ")
        # The one that named the year is of it, so that every step takes one at the least and there is a last step.
        low, high = before + 1, size
        while low < high:
            middle = (low + high) // 2
            low, high = (middle + 1, high) if moments[middle] >= begins else (low, middle)
        yield year, ((1 << (low - before)) - 1) << (size - low)
        before = low


def _bits(ids: Iterable[int], places: Sequence[int], size: int) -> int:
    # One byte a place, written as the digits of a binary number; the last takes what has no place.
    digits = bytearray(b"0") * (size + 1)
    try:
        for place in map(places.__getitem__, ids):
            digits[place] = 49
    except IndexError:  # a row younger than the shelf
        known = len(places)
        for one in ids:
            if one < known:
                digits[places[one]] = 49
    return int(digits[:size] or b"0", 2)
