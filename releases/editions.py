"""The edition: a name for the state of everything public, and what has changed from one to another.

A page that was made under one edition is right under another where none of its parts has changed (`releases.parts`):
`still_right(response.parts, then, now)`. Every public change writes which parts it changes in its own transaction; what changes
by the clock, at the end of an embargo, is worked out from the releases that came due.
"""

import logging
import os
from collections.abc import Callable, Iterable
from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from time import monotonic, time_ns

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F, Max, Min, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from releases import purges
from releases.models import Edition, EditionPart, Release
from releases.models.statement import Statement
from releases.parts import EVERYTHING, parts_of_arrival, tells_of_words

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
log = logging.getLogger(__name__)


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


# For how long a process may go by what it read last, unless the mark says otherwise: other machines have marks of their own.
EDITION_MEMORY = 1.0  # seconds


@dataclass(frozen=True)
class _Seen:
    """What this process read last, when it asked (by its own steady clock), and the mark before it asked."""

    edition: EditionNow
    asked: float
    mark: tuple[int, int] | None


_seen: _Seen | None = None
_changed = float("-inf")


def last_seen(within: timedelta) -> EditionNow | None:
    """For when the database does not answer: what this process knew last, if that is no older and nothing has changed since
    in this process or, by the mark, on this machine: above all no withdrawal."""
    seen = _seen
    if seen is None or monotonic() - seen.asked > within.total_seconds() or seen.asked <= _changed:
        return None
    return seen.edition if seen.mark is None or seen.mark == _mark() else None


def remembered(at: datetime) -> EditionNow | None:
    """The edition at `at` without a query, if this process read it a moment ago and nothing has changed since: no public
    change on this machine (the mark), no end of an embargo, no clock that was set back. None where that is not known."""
    seen = _seen
    if seen is None or not _changed < seen.asked > monotonic() - EDITION_MEMORY:
        return None
    newest, next_due = seen.edition.newest, seen.edition.next_due
    if (newest and at < newest) or (next_due and at >= next_due):
        return None
    return seen.edition if seen.mark is not None and seen.mark == _mark() else None


def read(at: datetime) -> EditionNow:
    """The edition at `at`, in one query, and remembered. Not for a transaction that changes something public: what it has not
    committed must not be known to other threads."""
    global _seen
    asked, mark = monotonic(), _mark_to_go_by()
    edition = _over_a_connection_that_works(lambda: current(at))
    if _seen is not None and _seen.edition != edition:
        _note_step(_seen.edition, edition)
    _seen = _Seen(edition, asked, mark)
    return edition


def _over_a_connection_that_works(ask: Callable[[], EditionNow]) -> EditionNow:
    """It is the first question of a request. So it shows by itself whether a connection that was kept still works, and Django need
    not ask another one before it."""
    if connection.connection is None or connection.in_atomic_block:
        return ask()
    connection.health_check_done = True  # type: ignore[attr-defined]  # the stubs do not know it
    try:
        return ask()
    except (OperationalError, InterfaceError):
        connection.close()
        return ask()


def advance(edition: EditionNow) -> None:
    """A replica told of an edition that this process does not know yet. It is remembered no longer for that: how far the replica
    is behind is known by what the primary said alone."""
    global _seen
    if _seen is not None and _seen.edition.number < edition.number:
        _seen = _Seen(edition, _seen.asked, _seen.mark)


def _mark_path() -> str:
    return f"{settings.DATA_DIR}/edition"


def _mark() -> tuple[int, int] | None:
    """When something public last changed on this machine, by the file that every change touches. None without that file."""
    try:
        found = os.stat(_mark_path())
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ino


def _mark_to_go_by() -> tuple[int, int] | None:
    """The mark, made where it is missing. None where this process cannot touch it: another that runs as this one could not
    touch it either, so every one has to ask the database."""
    if _mark() is None:
        _make_mark()
    return _mark() if os.access(_mark_path(), os.W_OK) else None


def _make_mark() -> None:
    with suppress(OSError):
        os.makedirs(settings.DATA_DIR, mode=0o700, exist_ok=True)
        with open(_mark_path(), "a"):
            pass


def _forget_seen() -> None:
    """Now, in this process; and by the mark in every other of this machine."""
    global _changed
    _changed = monotonic()
    # The clock of the file system may stand still for milliseconds, in which two changes would look alike.
    now = time_ns()
    try:
        os.utime(_mark_path(), ns=(now, now))
    except FileNotFoundError:
        _make_mark()
    except OSError as error:
        log.warning("Other processes learn of a change within %s s only: %s", EDITION_MEMORY, error)


def current(at: datetime | None = None) -> EditionNow:
    """The edition at `at`, in one query."""
    rows = _EDITION.rows({"moment": at or timezone.now()})
    if not rows:  # a database that was emptied; the clock goes on in it all the same
        return EditionNow(0, EPOCH, *_dates(at or timezone.now()))
    return EditionNow(*rows[0])


def _edition(moment: datetime) -> QuerySet[Edition, tuple[int, datetime, datetime | None, datetime | None]]:
    live = Release.objects.live().order_by().annotate(one=OuterRef("pk"))
    return Edition.objects.filter(pk=1).values_list(
        "number",
        "raised_at",
        Subquery(live.filter(publish_at__lte=moment).values("one").annotate(t=Max("publish_at")).values("t")),
        Subquery(live.filter(publish_at__gt=moment).values("one").annotate(t=Min("publish_at")).values("t")),
    )


_EDITION = Statement(_edition, moment=EPOCH)


def _dates(at: datetime) -> tuple[datetime | None, datetime | None]:
    newest, next_due = (
        Max("publish_at", filter=Q(publish_at__lte=at)),
        Min("publish_at", filter=Q(publish_at__gt=at)),
    )
    dates = Release.objects.live().order_by().aggregate(newest=newest, next_due=next_due)
    return dates["newest"], dates["next_due"]


# A change of more parts than these is a change of everything, and so is the end of more embargoes.
MOST_PARTS = 500
MOST_DUE = 20


@transaction.atomic
def raise_edition(at: datetime, parts: Iterable[str] = (EVERYTHING,)) -> None:
    """Something public changes, and these parts of it: call it inside the transaction that changes them."""
    _forget_seen()
    transaction.on_commit(_forget_seen)
    purges.enqueue()
    # From here to the end of the transaction nobody else raises it: numbers are written in their order.
    if not Edition.objects.filter(pk=1).update(number=F("number") + 1, raised_at=at):
        Edition.objects.create(pk=1, number=1, raised_at=at)  # a database that was emptied
    number = Edition.objects.values_list("number", flat=True).get(pk=1)
    changed = set(parts) or {EVERYTHING}
    # Whoever raised it last may have said nothing: an older version of the site, while this one takes its place.
    said = EditionPart.objects.aggregate(last=Max("number"))["last"]
    if EVERYTHING in changed or len(changed) > MOST_PARTS or said != number - 1:
        if said not in (None, number - 1):
            Edition.objects.filter(pk=1).update(counted_in="")  # it kept no counts, either
        # Says all that the others say.
        EditionPart.objects.exclude(name=EVERYTHING).delete()
        changed = {EVERYTHING}
    EditionPart.objects.bulk_create(
        (EditionPart(name=name, number=number) for name in sorted(changed)),
        update_conflicts=True,
        unique_fields=["name"],
        update_fields=["number"],
    )


def still_right(parts: AbstractSet[str], then: EditionNow, now: EditionNow) -> bool:
    """Is a page that depends on these parts, and was made under the edition `then`, the same under `now`?"""
    changed = changed_between(then, now)
    return not changed or (
        EVERYTHING not in parts and EVERYTHING not in changed and parts.isdisjoint(changed)
    )


def changed_between(old: EditionNow, new: EditionNow) -> frozenset[str]:
    """The parts that changed from one edition to another, and perhaps some that did not; with EVERYTHING among them where
    that is not known. Asked for the same two again it is answered from the memory of the process; else it takes a query
    or two, and some more where an embargo has ended."""
    if old == new:
        return frozenset()
    found = _changes.get(_pair(old, new))
    if found is None:
        found = _asked_changes(old, new)
        if len(_changes) >= MOST_PAIRS:
            _changes.clear()
        _changes[_pair(old, new)] = found
    return found


def shows_nothing_else(parts: AbstractSet[str], then: EditionNow, now: EditionNow) -> bool:
    """For when the database does not answer: has nothing that a page shows been changed or withdrawn since? It may be old all the same:
    a list that lacks what came later. False where this process does not know."""
    changed = _known_between(then, now)
    if changed is None or (changed and EVERYTHING in parts):
        return False
    return not any(tells_of_words(part) for part in changed & (parts | _ALL))


def _known_between(then: EditionNow, now: EditionNow) -> frozenset[str] | None:
    """What changed between them, where this process has asked that, or has read each edition in between."""
    if then == now:
        return frozenset()
    if (found := _changes.get(_pair(then, now))) is not None:
        return found
    changed: frozenset[str] = frozenset()
    for _ in range(MOST_PAIRS):
        step = _steps.get((database_name(), now))
        if step is None:
            return None
        now, of_step = step
        changed |= of_step
        if now == then:
            return changed
    return None


def _note_step(old: EditionNow, new: EditionNow) -> None:
    """What an edition changed that this process read after another one, while the database can still be asked."""
    if old.number <= new.number and (database_name(), new) not in _steps:
        if len(_steps) >= MOST_PAIRS:
            del _steps[next(iter(_steps))]
        _steps[database_name(), new] = old, changed_between(old, new)


def database_name() -> str:
    """What a process remembers is of one database; tests have several."""
    return str(settings.DATABASES["default"].get("NAME"))


def _pair(old: EditionNow, new: EditionNow) -> tuple[str, EditionNow, EditionNow]:
    return database_name(), old, new


_ALL = frozenset({EVERYTHING})
# What changed from one edition to another, for as many pairs as this process remembers.
MOST_PAIRS = 128
_changes: dict[tuple[str, EditionNow, EditionNow], frozenset[str]] = {}
# For an edition that it read, by database, the one that it had read before and what changed: the latest of them.
_steps: dict[tuple[str, EditionNow], tuple[EditionNow, frozenset[str]]] = {}


def _asked_changes(old: EditionNow, new: EditionNow) -> frozenset[str]:
    if old.number > new.number or (old.number == new.number and old.changed_at != new.changed_at):
        return _ALL  # a database that was emptied, or brought back from a copy
    # In this order: what comes due and is withdrawn between the two questions is among the parts of the withdrawal.
    due = _came_due(old.newest, new.newest)
    if old.number == new.number or EVERYTHING in due:
        return due
    rows = dict(
        EditionPart.objects.filter(number__gt=old.number).values_list("name", "number")[: MOST_PARTS + 1]
    )
    # Each raise says something. What this database, a copy perhaps, does not know of yet may be anything.
    known = bool(rows) and max(rows.values()) >= new.number
    return due | frozenset(rows) if known and len(rows) <= MOST_PARTS else _ALL


def _came_due(old: datetime | None, new: datetime | None) -> frozenset[str]:
    """What the clock has changed, be it that it ran on or, on another machine, is behind."""
    if old == new:
        return frozenset()
    first, last = (old, new) if old is None or (new is not None and old < new) else (new, old)
    since = Release.objects.live().order_by().filter(publish_at__lte=last)
    if first is not None:
        since = since.filter(publish_at__gt=first)
    pks = list(since.values_list("pk", flat=True)[: MOST_DUE + 1])
    return parts_of_arrival(pks) if len(pks) <= MOST_DUE else _ALL


# What else is forgotten with them.
forgotten_with: list[Callable[[], None]] = []


def forget_all() -> None:
    """For tests, which begin the same edition again and again."""
    global _seen
    _seen = None
    for forget in forgotten_with:
        forget()
    _changes.clear()
    _steps.clear()
