"""Where every visible release stands: sets of them as bits, so that counting by topic, year and language costs nothing.

The index says which rows have the words; everything else is known beforehand. A set of releases is one integer with a bit
a release, the newest first, so the most significant: filters are `&`, counts are `bit_count`, and the first page is the
first bits. A shelf belongs to an edition: it is put up once for each, in each process, from `Release.objects.visible()`.
"""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Lock

from django.conf import settings
from django.db.models import Max, Min, QuerySet
from django.utils import timezone

from releases.editions import EditionNow
from releases.models import Release, SearchEntry
from releases.search.engine import Packed, unpacked


@dataclass(frozen=True)
class Shelf:
    """`releases` holds primary keys in order; `places` says for an id of the index where its release stands."""

    releases: Sequence[int]
    places: Sequence[int]
    languages: dict[str, int]
    years: dict[int, int]
    topics: dict[int, int]

    @property
    def all(self) -> int:
        """Every release."""
        return (1 << len(self.releases)) - 1

    def bits(self, ids: Iterable[int]) -> int:
        """The set of the releases with these ids of the index; what no reader may see is not on the shelf."""
        return _bits(ids, self.places, len(self.releases))

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


_put_up: dict[tuple[object, ...], Shelf] = {}
_lock = Lock()


def shelf_of(edition: EditionNow, *, at: datetime | None = None) -> Shelf:
    """The shelf of an edition: put up by whoever asks first."""
    name = (str(settings.DATABASES["default"].get("NAME")), edition.name, edition.changed_at)
    shelf = _put_up.get(name)
    if shelf is None:
        with _lock:
            shelf = _put_up.get(name)
            if shelf is None:
                shelf = put_up(at=at)
                _put_up.clear()
                _put_up[name] = shelf
    return shelf


def take_down() -> None:
    """Forget it: for tests, which begin the same edition again and again."""
    _put_up.clear()


def put_up(*, at: datetime | None = None) -> Shelf:
    """Read where everything visible stands: a query for the order, one each for languages and topics, one a year."""
    at = at or timezone.now()
    entries = SearchEntry.objects.filter(kind=SearchEntry.LIVE, release__in=Release.objects.visible(at))
    rows = list(entries.order_by("-release__publish_at", "-release_id").values_list("pk", "release_id"))
    size = len(rows)
    places = array("l", [size]) * (max((pk for pk, _ in rows), default=0) + 1)
    for place, (pk, _) in enumerate(rows):
        places[pk] = place

    def sets_by(column: str) -> dict:
        found = entries.order_by().values_list(column).annotate(ids=Packed("pk"))
        return {value: _bits(unpacked(ids), places, size) for value, ids in found if value is not None}

    return Shelf(
        releases=array("q", (release for _, release in rows)),
        places=places,
        languages=sets_by("release__language"),
        years=dict(_years(entries, size)),
        topics=sets_by("release__topic_items__tag"),
    )


def _years(entries: QuerySet[SearchEntry], size: int) -> Iterator[tuple[int, int]]:
    """A year is a stretch of the shelf: its length is enough to know. By the newsroom's clock."""
    ends = entries.aggregate(first=Min("release__publish_at"), last=Max("release__publish_at"))
    if not size:
        return
    zone = timezone.get_default_timezone()
    first, last = (timezone.localtime(ends[name], zone).year for name in ("first", "last"))
    before = 0
    for year in range(last, first - 1, -1):
        since, until = (datetime(one, 1, 1, tzinfo=zone).astimezone(UTC) for one in (year, year + 1))
        number = entries.filter(release__publish_at__gte=since, release__publish_at__lt=until).count()
        before += number
        if number:
            yield year, ((1 << number) - 1) << (size - before)


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
