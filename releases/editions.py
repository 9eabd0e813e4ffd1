"""The edition: a name for the state of everything public, on which every cached page hangs."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from threading import Lock
from time import monotonic
from typing import Any, ClassVar, Generic, TypeVar

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Max, Min, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from releases.models import Edition, Release

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Made = TypeVar("Made")


@dataclass(frozen=True)
class EditionNow:
    """`number` counts public changes; `newest` is the latest date that is due, so that the end of an embargo is a
    new edition by itself; `next_due` is the next embargo's end, which nothing may be cached beyond."""

    number: int
    changed_at: datetime
    newest: datetime | None
    next_due: datetime | None

    @property
    def name(self) -> str:
        """Changes exactly when something public may have changed."""
        return f"{self.number}-{self.newest.timestamp() if self.newest else 0:.6f}"

    @property
    def modified_at(self) -> datetime:
        """When readers last got to see something else."""
        return max(self.changed_at, self.newest) if self.newest else self.changed_at


# The latest edition that this process has seen, and when (by its own steady clock).
_seen: tuple[EditionNow, float] | None = None
_changed = float("-inf")


def last_seen(within: timedelta) -> EditionNow | None:
    """For when the database does not answer: what this process knew last, if that is no older and nothing has changed since
    that this process knows of, above all no withdrawal."""
    seen = _seen
    return (
        seen[0] if seen and monotonic() - seen[1] <= within.total_seconds() and seen[1] > _changed else None
    )


def _forget_seen() -> None:
    global _changed
    _changed = monotonic()


def current(at: datetime | None = None) -> EditionNow:
    """The edition at `at`, in one query."""
    global _seen
    asked = monotonic()
    found = _current(at)
    _seen = found, asked
    return found


def _current(at: datetime | None) -> EditionNow:
    statement, params = _statement(connection.vendor)
    moment = connection.ops.adapt_datetimefield_value(at or timezone.now())
    with connection.cursor() as cursor:
        cursor.execute(statement, [moment if param is None else param for param in params])
        row = cursor.fetchone()
    if row is None:  # a database that was emptied; the clock goes on in it all the same
        return EditionNow(0, EPOCH, *_dates(at or timezone.now()))
    number, raised_at, newest, next_due = row
    return EditionNow(number, _moment(raised_at) or EPOCH, _moment(newest), _moment(next_due))


@cache
def _statement(vendor: str) -> tuple[str, tuple[str | int | datetime | None, ...]]:
    """The statement of that query and its parameters, None for the moment. Every request asks it, and for Django to write
    it takes ten times as long as for the database to answer."""
    live = _live().annotate(one=OuterRef("pk"))
    query = Edition.objects.filter(pk=1).values_list(
        "number",
        "raised_at",
        Subquery(live.filter(publish_at__lte=EPOCH).values("one").annotate(t=Max("publish_at")).values("t")),
        Subquery(live.filter(publish_at__gt=EPOCH).values("one").annotate(t=Min("publish_at")).values("t")),
    )
    statement, params = query.query.sql_with_params()
    moment = connection.ops.adapt_datetimefield_value(EPOCH)
    return statement, tuple(None if param == moment else param for param in params)


def _dates(at: datetime) -> tuple[datetime | None, datetime | None]:
    dates = _live().aggregate(
        newest=Max("publish_at", filter=Q(publish_at__lte=at)),
        next_due=Min("publish_at", filter=Q(publish_at__gt=at)),
    )
    return dates["newest"], dates["next_due"]


def _live() -> QuerySet[Release]:
    return Release.objects.filter(live__isnull=False, withdrawn_at=None).order_by()


def _moment(value: datetime | str | None) -> datetime | None:
    """SQLite gives moments in UTC without saying so, those of a subquery as text."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    return value.replace(tzinfo=UTC) if value and value.tzinfo is None else value


def raise_edition(at: datetime) -> None:
    """Something public changes: call it inside the transaction that changes it."""
    _forget_seen()
    transaction.on_commit(_forget_seen)
    if not Edition.objects.filter(pk=1).update(number=F("number") + 1, raised_at=at):
        Edition.objects.create(pk=1, number=1, raised_at=at)  # a database that was emptied


class EditionCache(Generic[Made]):
    """What is made once for an edition, in each process, by whoever asks first; the next edition's takes its place."""

    everywhere: ClassVar[list["EditionCache[Any]"]] = []

    def __init__(self) -> None:
        self._made: dict[tuple[object, str], Made] = {}
        self._lock = Lock()
        self.everywhere.append(self)

    def get(self, edition: EditionNow, make: Callable[[], Made], name: str = "") -> Made:
        """The one of that name, made by `make` where there is none yet."""
        of = (str(settings.DATABASES["default"].get("NAME")), edition.name, edition.changed_at)
        made = self._made.get((of, name))
        if made is None:
            with self._lock:
                made = self._made.get((of, name))
                if made is None:
                    made = make()
                    self._made = {key: one for key, one in self._made.items() if key[0] == of} | {
                        (of, name): made
                    }
        return made

    def all(self) -> list[Made]:
        """Those that this process has made for the latest edition."""
        return list(self._made.values())

    def forget(self) -> None:
        """Let all be made anew."""
        self._made = {}


def forget_all() -> None:
    """For tests, which begin the same edition again and again."""
    for kept in EditionCache.everywhere:
        kept.forget()
