"""How many releases stand in each month, under each topic, and under two topics together: kept in rows, not counted anew.

The rows count what is live and not withdrawn, whatever its date, so that no embargo's end has to write anything. Readers are
told those numbers less what is not due yet, which an index finds; both are read in one statement, for what is scheduled in
between would be missed by one and counted by the other.

Years and months are those of the newsroom's clock. `Edition.counted_in` names its time zone. Where that is another one now, or
none, nobody goes by the rows: `None` is returned, and whoever asked counts anew. The next public change writes all of them.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import cache
from itertools import groupby, islice
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection, transaction
from django.db.models import DateTimeField, F, QuerySet, Sum, Value
from django.db.models.functions import Cast

from releases import clock
from releases.models import Edition, Release, ReleaseTopic, SharedTally, Tally

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
    rows = iter(sorted((*key, number) for key, number in counts.items() if number))
    quote = connection.ops.quote_name
    table, columns = quote(model._meta.db_table), [quote(name) for name in fields]
    while portion := list(islice(rows, AT_ONCE)):
        places = ", ".join([f"({', '.join(['%s'] * (len(fields) + 1))})"] * len(portion))
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {table} ({', '.join(columns)}, number) VALUES {places} "  # noqa: S608  names of our own
                f"ON CONFLICT ({', '.join(columns)}) DO UPDATE SET number = {table}.number + excluded.number",
                [value for row in portion for value in row],
            )


# ------------------------------------------------------------------ reading


def counts_of_months(language: str, *, at: datetime) -> Counter[tuple[int, int]] | None:
    """By year and month."""
    found: Counter[tuple[int, int]] = Counter()
    rows = _rows("months", at, language)
    if rows is None:
        return None
    for year, month, number, due in rows:
        day = clock.day(due) if due else None
        found[(day.year, day.month) if day else (year, month)] += number
    return +found


def counts_of_years(topic: int, language: str, *, at: datetime) -> Counter[int] | None:
    """Of the releases under a topic (primary key), by year."""
    found: Counter[int] = Counter()
    rows = _rows("years", at, language, topic)
    if rows is None:
        return None
    for year, _month, number, due in rows:
        found[clock.day(due).year if due else year] += number
    return +found


def counts_of_topics(language: str, *, at: datetime) -> Counter[int] | None:
    """By topic (primary key)."""
    return _by_topic(_rows("topics", at, language))


def counts_shared(topic: int, language: str, *, at: datetime) -> Counter[int] | None:
    """Of the releases under a topic, how many stand under each other one as well (primary keys)."""
    return _by_topic(_rows("shared", at, language, topic))


def _by_topic(rows: list[tuple[int, int, int, datetime | None]] | None) -> Counter[int] | None:
    if rows is None:
        return None
    found: Counter[int] = Counter()
    for topic, _nothing, number, _due in rows:
        found[topic] += number
    return +found


def _rows(
    what: str, at: datetime, language: str, topic: int = ANY
) -> list[tuple[int, int, int, datetime | None]] | None:
    """Two keys, a number, and the date of what is not due yet; None where the rows say nothing about this clock."""
    statement, params = _statement(connection.vendor, what)
    given: dict[Any, Any] = {
        _LANGUAGE: language,
        _TOPIC: topic,
        _ZONE: settings.TIME_ZONE,
        connection.ops.adapt_datetimefield_value(clock.FIRST): connection.ops.adapt_datetimefield_value(at),
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, [given.get(param, param) for param in params])
        rows = cursor.fetchall()
    found = [(one, two, number, clock.stored(due)) for one, two, number, due in rows if one != _KNOWN]
    return found if len(found) < len(rows) else None


# They stand in the statement for what is asked, and no language, topic or time zone is called so.
_LANGUAGE, _TOPIC, _ZONE = "\x00language", 7_205_759_403_792_791, "\x00zone"
_KNOWN = -1


@cache
def _statement(vendor: str, what: str) -> tuple[str, tuple[Any, ...]]:
    """Django takes longer to write it than the database to answer it."""
    none, one, less = Value(0), Value(1), Value(-1)
    never = Cast(Value(None), DateTimeField())
    later = Release.objects.live().filter(language=_LANGUAGE, publish_at__gt=clock.FIRST).order_by()
    due = F("publish_at")
    kept: QuerySet[Any, Any]
    less_these: QuerySet[Any, Any]
    if what == "months":
        kept = Tally.objects.filter(language=_LANGUAGE, topic=ANY).values_list(
            "year", "month", F("number"), never
        )
        less_these = later.values_list(none, none, less, due)
    elif what == "years":
        kept = Tally.objects.filter(language=_LANGUAGE, topic=_TOPIC).values_list(
            "year", none, F("number"), never
        )
        less_these = later.filter(topic_items__tag=_TOPIC).values_list(none, none, less, due)
    elif what == "topics":
        kept = (
            Tally.objects.filter(language=_LANGUAGE, topic__gt=ANY)
            .values("topic")
            .annotate(sum=Sum("number"))
            .values_list("topic", none, "sum", never)
        )
        less_these = later.filter(topic_items__isnull=False).values_list(
            "topic_items__tag", none, less, never
        )
    else:
        kept = SharedTally.objects.filter(language=_LANGUAGE, topic=_TOPIC).values_list(
            "other", none, F("number"), never
        )
        beside = ReleaseTopic.objects.filter(
            content_object__in=later.filter(topic_items__tag=_TOPIC).values("pk")
        )
        less_these = beside.exclude(tag=_TOPIC).values_list("tag", none, less, never)
    known = Edition.objects.filter(pk=one, counted_in=_ZONE).values_list(Value(_KNOWN), none, none, never)
    statement, params = kept.union(less_these, known, all=True).query.sql_with_params()
    return statement, tuple(params)
