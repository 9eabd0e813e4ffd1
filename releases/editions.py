"""The edition: a name for the state of everything public, on which every cached page hangs."""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import F, Max, Min, OuterRef, Q, Subquery
from django.utils import timezone

from releases.models import Edition, Release

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


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


def current(at: datetime | None = None) -> EditionNow:
    """The edition at `at`, in one query."""
    at = at or timezone.now()
    live = (
        Release.objects.filter(live__isnull=False, withdrawn_at=None).order_by().annotate(one=OuterRef("pk"))
    )
    row = (
        Edition.objects.filter(pk=1)
        .annotate(
            newest=Subquery(
                live.filter(publish_at__lte=at).values("one").annotate(t=Max("publish_at")).values("t")
            ),
            next_due=Subquery(
                live.filter(publish_at__gt=at).values("one").annotate(t=Min("publish_at")).values("t")
            ),
        )
        .first()
    )
    if row is None:  # a database that was emptied; the clock goes on in it all the same
        dates = Release.objects.filter(live__isnull=False, withdrawn_at=None).aggregate(
            newest=Max("publish_at", filter=Q(publish_at__lte=at)),
            next_due=Min("publish_at", filter=Q(publish_at__gt=at)),
        )
        return EditionNow(0, EPOCH, dates["newest"], dates["next_due"])
    return EditionNow(row.number, row.raised_at, row.newest, row.next_due)


def raise_edition(at: datetime) -> None:
    """Something public changes: call it inside the transaction that changes it."""
    if not Edition.objects.filter(pk=1).update(number=F("number") + 1, raised_at=at):
        Edition.objects.create(pk=1, number=1, raised_at=at)  # a database that was emptied
