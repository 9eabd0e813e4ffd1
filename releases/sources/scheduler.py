"""A run of checks: which sources are due, a bounded number of them, host by host, safe to repeat after a crash."""

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

from newsroom.tasks import task
from releases.models.source import REASON_LENGTH, Source, SourceCitation, SourceHost, SourceState
from releases.sources.checker import GONE, CheckResult, Postponed, check
from releases.sources.fetcher import Network
from releases.sources.politeness import CLAIM_EXPIRY, Politeness

logger = logging.getLogger(__name__)

# A run ends after so long; the next one goes on.
MAX_SECONDS = 600
# Of one host in a run.
MAX_PER_HOST = 20
# A source that answered is checked again after this; one that did not after a day, then ever less often.
RECHECK_AFTER = timedelta(days=30)
RETRY_AFTER = timedelta(days=1)


@dataclass(frozen=True)
class RunSummary:
    """How many sources a run found in each state, and how many it postponed."""

    alive: int = 0
    moved: int = 0
    gone: int = 0
    unknown: int = 0
    postponed: int = 0

    @property
    def checked(self) -> int:
        """How many were checked."""
        return self.alive + self.moved + self.gone + self.unknown


@task()
def check_sources() -> int:
    """Do one run; returns how many sources were checked."""
    return check_due().checked


def check_due(
    *,
    at: datetime | None = None,
    limit: int | None = None,
    seconds: float = MAX_SECONDS,
    net: Network | None = None,
) -> RunSummary:
    """Check the sources that are due: at most `limit` (SOURCES_PER_RUN), for at most `seconds`.

    Nothing happens unless CHECK_SOURCES is on. Several runs may be under way at once.
    """
    if not settings.CHECK_SOURCES:
        return RunSummary()
    net = net or Network()
    ends = time.monotonic() + seconds
    claimed = _claim_due(at or timezone.now(), settings.SOURCES_PER_RUN if limit is None else limit)
    politeness = Politeness([host for host, _sources in claimed], net, at=at)
    try:
        return _run(politeness, deque(sources for _host, sources in claimed), at, ends)
    finally:
        politeness.release_hosts()


def _run(
    politeness: Politeness, waiting: deque[deque[Source]], at: datetime | None, ends: float
) -> RunSummary:
    """One source of each host in turn, so that others are asked during the delay of one host."""
    counts: Counter[str] = Counter()
    while waiting and time.monotonic() < ends:
        sources = waiting.popleft()
        source = sources.popleft()
        if sources:
            waiting.append(sources)
        now = at or timezone.now()
        # Its releases may have been withdrawn since the run began.
        if not SourceCitation.objects.visible(now).filter(source=source.pk).exists():
            continue
        try:
            result = check(source.url, wait_for_turn=politeness.wait_for_turn, net=politeness.net, at=now)
        except Postponed as postponed:
            Source.objects.filter(pk=source.pk).update(next_check_at=postponed.at)
            counts["postponed"] += 1
            continue
        except Exception:
            logger.exception("the check of a source failed")
            result = CheckResult(SourceState.UNKNOWN, _("The check itself failed: the log says why."))
        if result.retry_at and result.busy_host:
            politeness.back_off(result.busy_host, result.retry_at)
        counts[_record(source, result, at or timezone.now())] += 1
    return RunSummary(**counts)


def _claim_due(at: datetime, limit: int) -> list[tuple[SourceHost, deque[Source]]]:
    """Claim hosts that have sources due, those first that were not asked for longest; returns them with these sources."""
    due = Source.objects.due(at)
    known = SourceHost.objects.filter(host=OuterRef("host"))
    new = due.filter(~Exists(known)).order_by().values_list("host", flat=True).distinct()[:limit]
    SourceHost.objects.bulk_create([SourceHost(host=host) for host in new], ignore_conflicts=True)
    with transaction.atomic():
        free = Q(taken_at=None) | Q(taken_at__lt=at - CLAIM_EXPIRY)
        ready = Q(not_before=None) | Q(not_before__lte=at)
        locks = connection.features.has_select_for_update_skip_locked
        hosts = list(
            SourceHost.objects.defer("robots")
            .filter(free, ready, Exists(due.filter(host=OuterRef("host"))))
            .select_for_update(skip_locked=locks)
            .order_by(F("asked_at").asc(nulls_first=True), "pk")[:limit]
        )
        SourceHost.objects.filter(pk__in=[host.pk for host in hosts]).update(taken_at=at)
    claimed = []
    for host in hosts:
        first = due.filter(host=host.host).order_by(F("next_check_at").asc(nulls_first=True), "pk")
        sources = deque(first[: min(MAX_PER_HOST, limit)])
        limit -= len(sources)
        claimed.append((host, sources))
        if not limit:
            break
    unused = [host.pk for host in hosts[len(claimed) :]]
    SourceHost.objects.filter(pk__in=unused).update(taken_at=None)
    return [(host, sources) for host, sources in claimed if sources]


def _record(source: Source, result: CheckResult, at: datetime) -> str:
    """Store the result, leaving alone a copy that somebody may have named meanwhile; returns the state."""
    state, reason, wait = result.state, result.reason, RECHECK_AFTER
    failures = 0 if state in (SourceState.ALIVE, SourceState.MOVED) else min(source.failures + 1, 1000)
    if state == SourceState.GONE and source.status not in GONE:
        # Sites have bad days: only two checks in a row that find nothing mean gone.
        state, wait = SourceState.UNKNOWN, RETRY_AFTER
        reason = _("%s It is looked at once more before it counts as gone.") % reason
    elif state == SourceState.UNKNOWN:
        wait = min(RETRY_AFTER * 2 ** min(failures - 1, 10), RECHECK_AFTER)
    Source.objects.filter(pk=source.pk).update(
        state=state, reason=reason[:REASON_LENGTH], status=result.status, moved_to=result.moved_to,
        checked_at=at, failures=failures, next_check_at=at + wait,
    )  # fmt: skip
    return str(state.value)
