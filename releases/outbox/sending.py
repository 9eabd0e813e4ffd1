"""Telling the hub: each feed once, again later when it fails, and again when a sender died over it."""

import logging
import time
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import HTTPRedirectHandler, Request, build_opener

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone
from django_tasks import task, task_backends

from releases.addresses import absolute
from releases.models.ping import Ping

logger = logging.getLogger(__name__)

TIMEOUT = 5  # seconds that the hub may take to answer
# After a publication, in the editor's own request where tasks run at once: no more than this; the rest is the command's.
AT_ONCE = 5
# A sender that has not come back by then died; somebody else takes over.
TAKEN = timedelta(minutes=5)
# 1, 2, 4 … minutes, then hours: 12 attempts are nearly three days.
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=12)
ATTEMPTS = 12
BATCH = 200
KEPT = timedelta(days=30)


@dataclass(frozen=True)
class Sent:
    """How many feeds the hub was told of, how many will be tried again, how many were given up, and for how many there
    was no time."""

    told: int = 0
    failed: int = 0
    given_up: int = 0
    left: int = 0


class _NoRedirects(HTTPRedirectHandler):
    """A hub that has moved is a matter for the operator: a redirected POST would become a GET."""

    def redirect_request(self, *args: object) -> None:
        return None


_opener = build_opener(_NoRedirects)


def enqueue(due_at: datetime) -> None:
    """Have the pings sent: now, or at the embargo's end where the tasks' backend can wait (else by the command)."""
    waits = task_backends["default"].supports_defer
    if due_at <= timezone.now():
        send_pings.enqueue()
    elif waits:
        send_pings.using(run_after=due_at).enqueue()


@task()
def send_pings() -> int:
    """Send what is due; how many feeds the hub was told of. Where the tasks' backend can wait, what is left is its own
    next task; else it is the command's."""
    sent = send_due(seconds=AT_ONCE)
    if (sent.failed or sent.left) and task_backends["default"].supports_defer:
        waiting = Ping.objects.filter(sent_at=None, taken_at=None, attempts__lt=ATTEMPTS)
        if due_at := waiting.values_list("due_at", flat=True).first():
            send_pings.using(run_after=max(due_at, timezone.now())).enqueue()
    return sent.told


def send_due(*, at: datetime | None = None, seconds: float | None = None) -> Sent:
    """Tell the hub of every feed that is due, in `seconds` at the most. Any number of senders may run at once."""
    started = time.monotonic()
    if not settings.WEBSUB_HUB:
        return Sent()
    sent = Sent()
    while taken := _take(at or timezone.now()):
        sent = _tell_of(taken, sent, at, started + seconds if seconds is not None else None)
        if sent.left:
            break
    Ping.objects.filter(sent_at__lt=(at or timezone.now()) - KEPT).delete()
    return sent


def _tell_of(taken: Mapping[str, list[Ping]], sent: Sent, at: datetime | None, until: float | None) -> Sent:
    """Tell of what was taken, and count it to what was `sent` before; `until` is a moment of the monotonic clock."""
    told, failed, given_up, left = sent.told, sent.failed, sent.given_up, 0
    for path, pings in taken.items():
        if until is not None and time.monotonic() > until:
            _put_back(pings)
            left += 1
            continue
        error = tell(absolute(path))
        now = at or timezone.now()
        if not error:
            told += 1
            Ping.objects.filter(pk__in=[ping.pk for ping in pings]).update(
                sent_at=now, taken_at=None, error=""
            )
            continue
        for ping in pings:
            ping.error, ping.taken_at = error[:300], None
            ping.due_at = now + wait_after(ping.attempts)
            ping.save(update_fields=["error", "taken_at", "due_at"])
        over = all(ping.attempts >= ATTEMPTS for ping in pings)
        given_up, failed = given_up + over, failed + (not over)
        logger.warning("the hub was not told of %s: %s", path, error)
    return Sent(told, failed, given_up, left)


def tell(address: str) -> str:
    """Tell the hub that the feed at `address` changed (WebSub, 7); what went wrong, or nothing."""
    form = urlencode({"hub.mode": "publish", "hub.url": address}).encode()
    request = Request(settings.WEBSUB_HUB, data=form, headers={"User-Agent": "newsroom"})  # noqa: S310  settings takes http(s) alone
    try:
        with _opener.open(request, timeout=TIMEOUT) as answer:
            return "" if 200 <= answer.status < 300 else f"HTTP {answer.status}"
    except (URLError, OSError, ValueError) as error:
        return str(error) or type(error).__name__


def wait_after(attempts: int) -> timedelta:
    """How long to leave the hub alone after so many attempts."""
    return min(FIRST_WAIT * 2 ** (attempts - 1), LONGEST_WAIT)


@transaction.atomic
def _take(at: datetime) -> dict[str, list[Ping]]:
    """What is due, marked as being sent, by feed: a feed that changed three times is told of once."""
    free = Q(taken_at=None) | Q(taken_at__lt=at - TAKEN)
    waiting = Ping.objects.filter(free, sent_at=None, due_at__lte=at, attempts__lt=ATTEMPTS)
    locks = connection.features.has_select_for_update_skip_locked
    # Of each feed all there is, so that it is told of once.
    paths = dict.fromkeys(waiting.values_list("path", flat=True)[:BATCH])
    pings = list(waiting.filter(path__in=paths).select_for_update(skip_locked=locks))
    by_path: dict[str, list[Ping]] = defaultdict(list)
    for ping in pings:
        ping.taken_at, ping.attempts = at, ping.attempts + 1
        by_path[ping.path].append(ping)
    Ping.objects.bulk_update(pings, ["taken_at", "attempts"])
    return by_path


def _put_back(pings: list[Ping]) -> None:
    for ping in pings:
        ping.taken_at, ping.attempts = None, ping.attempts - 1
    Ping.objects.bulk_update(pings, ["taken_at", "attempts"])
