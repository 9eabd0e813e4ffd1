"""A round of checks: a bounded number of sources, one request at a time to any host, taken up again after a crash."""

import logging
import time
from collections import Counter, deque
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task

from releases.models.source import REASON_LENGTH, Source, SourceCitation, SourceHost, SourceState
from releases.sources.checker import GONE, Finding, Later, visit
from releases.sources.fetcher import Net
from releases.sources.politeness import TAKEN, Guest

logger = logging.getLogger(__name__)

# A round ends by then; what is left is the next one's.
SECONDS = 600
# No host fills a round.
PER_HOST = 20
# What was found is looked at again so much later, and what was not first so soon, then less and less often.
AGAIN = timedelta(days=30)
SOON = timedelta(days=1)


@dataclass(frozen=True)
class Checked:
    """How many sources a round found in each state, and how many it put off."""

    alive: int = 0
    moved: int = 0
    gone: int = 0
    unknown: int = 0
    put_off: int = 0

    @property
    def looked_at(self) -> int:
        """How many were looked at."""
        return self.alive + self.moved + self.gone + self.unknown


@task()
def check_sources() -> int:
    """Do a round; how many sources were looked at."""
    return check_due().looked_at


def check_due(
    *, at: datetime | None = None, most: int | None = None, seconds: float = SECONDS, net: Net | None = None
) -> Checked:
    """Look at the sources that are due, at most `most` (SOURCES_PER_RUN), for at most `seconds`. Nothing happens unless
    CHECK_SOURCES is on. Any number of rounds may run at once."""
    if not settings.CHECK_SOURCES:
        return Checked()
    net = net or Net()
    ends = time.monotonic() + seconds
    taken = _take(at or timezone.now(), settings.SOURCES_PER_RUN if most is None else most)
    guest = Guest([host for host, _sources in taken], net, at=at)
    try:
        return _round(guest, deque(sources for _host, sources in taken), at, ends)
    finally:
        guest.leave()


def _round(guest: Guest, waiting: deque[deque[Source]], at: datetime | None, ends: float) -> Checked:
    """One source of each host in turn, so that the pauses between two requests to one host are spent on others."""
    found: Counter[str] = Counter()
    while waiting and time.monotonic() < ends:
        sources = waiting.popleft()
        source = sources.popleft()
        if sources:
            waiting.append(sources)
        now = at or timezone.now()
        # It may have been withdrawn since the round began.
        if not SourceCitation.objects.visible(now).filter(source=source.pk).exists():
            continue
        try:
            finding = visit(source.url, turn=guest.turn, net=guest.net, at=now)
        except Later as later:
            Source.objects.filter(pk=source.pk).update(next_check_at=later.at)
            found["put_off"] += 1
            continue
        except Exception:
            logger.exception("the check of a source failed")
            finding = Finding(SourceState.UNKNOWN, _("The check itself failed: the log says why."))
        if finding.retry_at and finding.busy:
            guest.leave_alone(finding.busy, finding.retry_at)
        found[_keep(source, finding, at or timezone.now())] += 1
    return Checked(**found)


def _take(at: datetime, most: int) -> list[tuple[SourceHost, deque[Source]]]:
    """Hosts with sources that are due, marked as taken, the longest unasked first, with these sources."""
    due = Source.objects.due(at)
    known = SourceHost.objects.filter(host=OuterRef("host"))
    new = due.filter(~Exists(known)).order_by().values_list("host", flat=True).distinct()[:most]
    SourceHost.objects.bulk_create([SourceHost(host=host) for host in new], ignore_conflicts=True)
    with transaction.atomic():
        free = Q(taken_at=None) | Q(taken_at__lt=at - TAKEN)
        ready = Q(not_before=None) | Q(not_before__lte=at)
        locks = connection.features.has_select_for_update_skip_locked
        hosts = list(
            SourceHost.objects.filter(free, ready, Exists(due.filter(host=OuterRef("host"))))
            .select_for_update(skip_locked=locks)
            .order_by(F("asked_at").asc(nulls_first=True), "pk")[:most]
        )
        SourceHost.objects.filter(pk__in=[host.pk for host in hosts]).update(taken_at=at)
    taken = []
    for host in hosts:
        first = due.filter(host=host.host).order_by(F("next_check_at").asc(nulls_first=True), "pk")
        sources = deque(first[: min(PER_HOST, most)])
        most -= len(sources)
        taken.append((host, sources))
        if not most:
            break
    left = [host.pk for host in hosts[len(taken) :]]
    SourceHost.objects.filter(pk__in=left).update(taken_at=None)
    return [(host, sources) for host, sources in taken if sources]


def _keep(source: Source, finding: Finding, at: datetime) -> str:
    """Write down what was found, beside a copy that somebody may have named meanwhile; returns the state."""
    state, reason, wait = finding.state, finding.reason, AGAIN
    failures = 0 if state in (SourceState.ALIVE, SourceState.MOVED) else min(source.failures + 1, 1000)
    if state == SourceState.GONE and source.status not in GONE:
        # Sites have bad days: gone is what two looks in a row did not find.
        state, wait = SourceState.UNKNOWN, SOON
        reason = _("%s It is looked at once more before it counts as gone.") % reason
    elif state == SourceState.UNKNOWN:
        wait = min(SOON * 2 ** min(failures - 1, 10), AGAIN)
    Source.objects.filter(pk=source.pk).update(
        state=state, reason=reason[:REASON_LENGTH], status=finding.status, moved_to=finding.moved_to,
        checked_at=at, failures=failures, next_check_at=at + wait,
    )  # fmt: skip
    return str(state.value)
