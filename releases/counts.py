"""How many releases stand in each month, under each topic, and under two topics together: kept in rows, not counted anew.

The rows count what is live and not withdrawn, whatever its date, so that no embargo's end has to write anything. Readers are
told those numbers less what is not due yet, which an index finds; both are read in one statement, for what is scheduled in
between would be missed by one and counted by the other.

Years and months are those of the newsroom's clock. `Edition.counted_in` names its time zone. Where that is another one now, or
none, nobody goes by the rows, and all is counted anew. The next public change writes all of them.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any, NamedTuple, TypeVar

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count, DateTimeField, F, QuerySet, Sum, Value
from django.db.models.functions import Cast, ExtractYear, TruncMonth
from django.utils import timezone

from newsroom.portions import portions
from releases import clock
from releases.models import Edition, Release, ReleaseTopic, SharedTally, Tally
from releases.models.release import ReleaseQuerySet
from releases.models.statement import Statement
from releases.models.statement import Value as Given

Key = TypeVar("Key")

# As many rows as a statement of SQLite is sure to take.
AT_ONCE = 100
# The `topic` of the rows that count all releases, and the `month` of those that count a year.
ANY, WHOLE_YEAR = 0, 0


class Counted(NamedTuple):
    """A release that is live and not withdrawn: its language, its date, its public topics (primary keys)."""

    language: str
    publish_at: datetime
    topics: frozenset[int]


# ------------------------------------------------------------------ writing


def times_refiled() -> int:
    """To be asked before the topics of releases that are being published are looked at."""
    return Edition.objects.filter(pk=1).values_list("refiled", flat=True).first() or 0


def hold_edition() -> Edition | None:
    """From here to the end of the transaction nobody else counts, or raises the edition."""
    return Edition.objects.select_for_update().filter(pk=1).first()


def recount(
    edition: Edition | None,
    before: Iterable[Counted],
    after: Iterable[Counted],
    *,
    refiled: int | None = None,
) -> None:
    """These were counted, and those are to be. The edition is held, and `times_refiled` was asked before the first were looked
    at; without it they are filed elsewhere, and nothing else about them has changed.

    A publication and a merge of topics may meet at one release. Whoever comes second waits for the other at the edition, and
    has looked at its topics too early: then all is counted anew.
    """
    tallies, shared = _tallied(after), _shared(after)
    tallies.subtract(_tallied(before))
    shared.subtract(_shared(before))
    if not (any(tallies.values()) or any(shared.values())):
        return
    if refiled is None:
        Edition.objects.filter(pk=1).update(refiled=F("refiled") + 1)
    if edition is None or edition.counted_in != settings.TIME_ZONE or refiled not in (None, edition.refiled):
        rebuild_counts()
        return
    _add(Tally, ("language", "topic", "year", "month"), tallies)
    _add(SharedTally, ("language", "topic", "other"), shared)


def counts_are_kept() -> bool:
    """Do the rows count all that there is, by the months of the newsroom's clock as it is set now?"""
    return Edition.objects.filter(pk=1, counted_in=settings.TIME_ZONE).exists()


@transaction.atomic
def rebuild_counts() -> int:
    """Count all of them anew; how many releases there are to count."""
    hold_edition()
    tallies: Counter[tuple[str | int, ...]] = Counter()
    shared: Counter[tuple[str | int, ...]] = Counter()
    number = 0
    for one in _all_counted():
        number += 1
        tallies.update(_tallied([one]))
        shared.update(_shared([one]))
    for model, fields, counts in (
        (Tally, ("language", "topic", "year", "month"), tallies),
        (SharedTally, ("language", "topic", "other"), shared),
    ):
        model.objects.all().delete()
        _add(model, fields, counts)
    Edition.objects.filter(pk=1).update(counted_in=settings.TIME_ZONE)
    return number


def _all_counted() -> Iterator[Counted]:
    rows = (
        Release.objects.live().order_by("pk").values_list("pk", "language", "publish_at", "topic_items__tag")
    )
    for _pk, of_release in groupby(rows.iterator(), key=lambda row: row[0]):
        topics = list(of_release)
        _key, language, publish_at, _topic = topics[0]
        if publish_at:
            yield Counted(language, publish_at, frozenset(row[3] for row in topics if row[3]))


def _tallied(some: Iterable[Counted]) -> Counter[tuple[str | int, ...]]:
    found: Counter[tuple[str | int, ...]] = Counter()
    for one in some:
        day = clock.day(one.publish_at)
        found[one.language, ANY, day.year, day.month] += 1
        found.update((one.language, topic, day.year, WHOLE_YEAR) for topic in one.topics)
    return found


def _shared(some: Iterable[Counted]) -> Counter[tuple[str | int, ...]]:
    return Counter(
        (one.language, topic, other)
        for one in some
        for topic in one.topics
        for other in one.topics
        if topic != other
    )


def _add(
    model: type[Tally | SharedTally], fields: Sequence[str], counts: Counter[tuple[str | int, ...]]
) -> None:
    """Add to the rows with these keys, or make them, in one statement for many."""
    rows = sorted((*key, number) for key, number in counts.items() if number)
    quote = connection.ops.quote_name
    table, columns = quote(model._meta.db_table), [quote(name) for name in fields]
    for portion in portions(rows, AT_ONCE):
        places = ", ".join([f"({', '.join(['%s'] * (len(fields) + 1))})"] * len(portion))
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {table} ({', '.join(columns)}, number) VALUES {places} "  # noqa: S608  names of our own
                f"ON CONFLICT ({', '.join(columns)}) DO UPDATE SET number = {table}.number + excluded.number",
                [value for row in portion for value in row],
            )


# ------------------------------------------------------------------ reading


def counts_of_months(language: str, *, at: datetime) -> Counter[tuple[int, int]]:
    """By year and month."""
    rows = _kept("months", at, language)
    return months_counted_anew(language, at=at) if rows is None else _summed(rows)


def counts_of_years(topic: int, language: str, *, at: datetime) -> Counter[int]:
    """Of the releases under a topic (primary key), by year."""
    rows = _kept("years", at, language, topic)
    if rows is None:
        return years_counted_anew(topic, language, at=at)
    return _summed((year, number) for (year, _month), number in rows)


def counts_of_topics(language: str, *, at: datetime) -> Counter[int]:
    """By topic (primary key)."""
    rows = _kept("topics", at, language)
    if rows is None:
        return topics_counted_anew(language, at=at)
    return _summed((topic, number) for (topic, _nothing), number in rows)


def counts_shared(topic: int, language: str, *, at: datetime) -> Counter[int]:
    """Of the releases under a topic, how many stand under each other one as well (primary keys)."""
    rows = _kept("shared", at, language, topic)
    if rows is None:
        return shared_counted_anew(topic, language, at=at)
    return _summed((other, number) for (other, _nothing), number in rows)


def counts_of_languages(*, at: datetime) -> Counter[str]:
    """By language."""
    rows = _kept("languages", at)
    if rows is None:
        return languages_counted_anew(at=at)
    return _summed((language, number) for (language, _nothing), number in rows)


def _summed(rows: Iterable[tuple[Key, int]]) -> Counter[Key]:
    found: Counter[Key] = Counter()
    for key, number in rows:
        found[key] += number
    return +found


def _kept(
    what: str, at: datetime, language: str = "", topic: int = ANY
) -> list[tuple[tuple[Any, int], int]] | None:
    """Two keys, and a number to add; None where the rows say nothing about this clock."""
    rows = _STATEMENTS[what].rows(
        {"language": language, "topic": topic, "zone": settings.TIME_ZONE, "moment": at}
    )
    found = [(_keys(one, two, due), number) for one, two, number, due, known in rows if not known]
    return found if len(found) < len(rows) else None


def _keys(one: Any, two: int, due: datetime | None) -> tuple[Any, int]:
    """Of what is not due yet the year and month of its date."""
    if due is None:
        return one, two
    day = clock.day(due)
    return day.year, day.month


# ------------------------------------------------------------------ what is asked

Rows = QuerySet[Any, Any]
_NONE, _ONE, _LESS = Value(0), Value(1), Value(-1)
_NEVER = Cast(Value(None), DateTimeField())


def _less_what_is_later(kept: Rows, later: Rows, zone: str, nothing: Value = _NONE) -> Rows:
    """All in one statement, with a row besides where what is kept counts by this clock."""
    known = Edition.objects.filter(pk=1, counted_in=zone)
    return kept.union(later, known.values_list(nothing, _NONE, _NONE, _NEVER, _ONE), all=True)


def _later(moment: datetime, **where: object) -> ReleaseQuerySet:
    return Release.objects.live().filter(publish_at__gt=moment, **where).order_by()


def _months(language: str, zone: str, moment: datetime) -> Rows:
    kept = Tally.objects.filter(language=language, topic=ANY)
    return _less_what_is_later(
        kept.values_list("year", "month", F("number"), _NEVER, _NONE),
        _later(moment, language=language).values_list(_NONE, _NONE, _LESS, F("publish_at"), _NONE),
        zone,
    )


def _years(language: str, topic: int, zone: str, moment: datetime) -> Rows:
    kept = Tally.objects.filter(language=language, topic=topic)
    later = _later(moment, language=language, topic_items__tag=topic)
    return _less_what_is_later(
        kept.values_list("year", _NONE, F("number"), _NEVER, _NONE),
        later.values_list(_NONE, _NONE, _LESS, F("publish_at"), _NONE),
        zone,
    )


def _topics(language: str, zone: str, moment: datetime) -> Rows:
    kept = Tally.objects.filter(language=language, topic__gt=ANY).values("topic")
    later = _later(moment, language=language, topic_items__isnull=False)
    return _less_what_is_later(
        kept.annotate(sum=Sum("number")).values_list("topic", _NONE, "sum", _NEVER, _NONE),
        later.values_list("topic_items__tag", _NONE, _LESS, _NEVER, _NONE),
        zone,
    )


def _shared_with(language: str, topic: int, zone: str, moment: datetime) -> Rows:
    kept = SharedTally.objects.filter(language=language, topic=topic)
    later = _later(moment, language=language, topic_items__tag=topic)
    beside = ReleaseTopic.objects.filter(content_object__in=later.values("pk")).exclude(tag=topic)
    return _less_what_is_later(
        kept.values_list("other", _NONE, F("number"), _NEVER, _NONE),
        beside.values_list("tag", _NONE, _LESS, _NEVER, _NONE),
        zone,
    )


def _languages(zone: str, moment: datetime) -> Rows:
    kept = Tally.objects.filter(topic=ANY).values("language").annotate(sum=Sum("number"))
    return _less_what_is_later(
        kept.values_list("language", _NONE, "sum", _NEVER, _NONE),
        _later(moment).values_list("language", _NONE, _LESS, _NEVER, _NONE),
        zone,
        Value(""),
    )


_ALL: dict[str, Given] = {"zone": "?zone", "moment": clock.FIRST}
_IN: dict[str, Given] = {**_ALL, "language": "?language"}
_UNDER: dict[str, Given] = {**_IN, "topic": 7_205_759_403_792_791}
_STATEMENTS = {
    "months": Statement(_months, **_IN),
    "years": Statement(_years, **_UNDER),
    "topics": Statement(_topics, **_IN),
    "shared": Statement(_shared_with, **_UNDER),
    "languages": Statement(_languages, **_ALL),
}


# ------------------------------------------------------------------ counting anew


def months_counted_anew(language: str, *, at: datetime) -> Counter[tuple[int, int]]:
    """The same as `counts_of_months`, without what is kept."""
    month = TruncMonth(clock.clamped("publish_at"), tzinfo=timezone.get_default_timezone())
    rows = Release.objects.visible(at).filter(language=language).order_by().annotate(month=month)
    counted = rows.values_list("month").annotate(number=Count("pk"))
    return Counter({(first.year, first.month): number for first, number in counted})


def years_counted_anew(topic: int, language: str, *, at: datetime) -> Counter[int]:
    """The same as `counts_of_years`, without what is kept."""
    year = ExtractYear(clock.clamped("publish_at"), tzinfo=timezone.get_default_timezone())
    rows = Release.objects.visible(at).filter(language=language, topic_items__tag=topic).order_by()
    return Counter(dict(rows.annotate(year=year).values_list("year").annotate(number=Count("pk"))))


def topics_counted_anew(language: str, *, at: datetime) -> Counter[int]:
    """The same as `counts_of_topics`, without what is kept."""
    visible = Release.objects.visible(at).filter(language=language).order_by()
    filed = ReleaseTopic.objects.filter(content_object__in=visible).order_by()
    return Counter(dict(filed.values_list("tag").annotate(number=Count("pk"))))


def shared_counted_anew(topic: int, language: str, *, at: datetime) -> Counter[int]:
    """The same as `counts_shared`, without what is kept."""
    visible = Release.objects.visible(at).filter(language=language, topic_items__tag=topic).order_by()
    beside = ReleaseTopic.objects.filter(content_object__in=visible.values("pk")).exclude(tag=topic)
    return Counter(dict(beside.order_by().values_list("tag").annotate(number=Count("pk"))))


def languages_counted_anew(*, at: datetime) -> Counter[str]:
    """The same as `counts_of_languages`, without what is kept."""
    rows = Release.objects.visible(at).order_by().values_list("language")
    return Counter(dict(rows.annotate(number=Count("pk"))))
