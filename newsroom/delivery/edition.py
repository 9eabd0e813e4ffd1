"""The edition that answers a request, and the database that its rows come from: the primary, or a replica that is level with it."""

import logging
import random
from collections.abc import Callable
from datetime import datetime, timedelta
from time import monotonic

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, DatabaseError, InterfaceError, OperationalError
from django.http import HttpResponse
from django.utils import timezone

from newsroom.delivery import health
from newsroom.http import SIGNED_IN_ADDRESSES, STAFF_ADDRESSES, Request
from releases import editions
from releases.databases import reading_from
from releases.editions import EditionNow

log = logging.getLogger(__name__)

NOT_PUBLIC = (*STAFF_ADDRESSES, "/static/")
# For how long a replica that failed, or was behind, is not asked again.
LOST, BEHIND = 5.0, 0.2  # seconds
# So shortly before the end of an embargo the primary alone is asked: the date may have just been moved.
BEFORE_AN_END = timedelta(seconds=5)
# For how long a replica that says what this process knew last may stand in for a primary that does not answer.
STALE_FOR = timedelta(minutes=10)
GetResponse = Callable[[Request], HttpResponse]


class EditionMiddleware:
    """Refuses a host that is not ours, and gives every page for readers the edition, from the same connection as its rows and
    before them: then a page that is a moment newer than its edition's name is made anew, and none that is older is kept.

    Where there are replicas, a reader's page is made of one of them, edition and rows alike, if that has everything public that
    the primary had when this process asked it last (`editions.EDITION_MEMORY`). So no replica, however far behind, shows for
    longer than without it what was withdrawn. Whoever signs in reads what they wrote: pages for them are the primary's.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        if request.method not in {"GET", "HEAD"} or request.path_info.startswith(NOT_PUBLIC):
            return self.get_response(request)
        request.get_host()
        with_replicas = len(settings.DATABASES) > 1 and not request.path_info.startswith(SIGNED_IN_ADDRESSES)
        fault = self._fault(request, with_replicas=with_replicas)
        if not with_replicas:
            return health.unavailable(request, fault) if fault else self.get_response(request)
        if fault:
            request.stale = True
            known = editions.last_seen(STALE_FOR)
            response = self._by_replica(request, known, exactly=True) if known else None
            return response or health.unavailable(request, fault)
        return self._by_replica(request, request.edition) or self.get_response(request)

    def _fault(self, request: Request, *, with_replicas: bool) -> Exception | None:
        """Give the request the edition of the primary; why that cannot be done."""
        fault: Exception | None = getattr(request, "fault", None)
        if fault:
            return fault
        if hasattr(request, "edition"):
            return None
        now, began = timezone.now(), monotonic()
        if with_replicas and _is_left(DEFAULT_DB_ALIAS):
            return OperationalError("the primary did not answer a moment ago")
        try:
            request.edition = (editions.remembered(now) if with_replicas else None) or editions.read(now)
        except (DatabaseError, InterfaceError) as error:
            if not health.is_fault(error):
                raise
            # As long as that took: where it hangs others need not wait for it, and where it is back soon that is noticed.
            _leave(DEFAULT_DB_ALIAS, min(monotonic() - began, LOST))
            return error
        return None

    def _by_replica(
        self, request: Request, known: EditionNow, *, exactly: bool = False
    ) -> HttpResponse | None:
        """The answer of a replica that has everything public of the edition that is known of the primary; None without one."""
        for alias in _replicas():
            edition = _level(alias, known, timezone.now(), exactly=exactly)
            if edition is None:
                continue
            request.edition = edition
            with reading_from(alias):
                response = self.get_response(request)
            if not health.is_unavailable(response):
                return response
            _leave(alias, LOST)
        request.edition = known
        return None


_left_until: dict[str, float] = {}


def _replicas() -> list[str]:
    """Those that may be asked, in any order, so that each gets its share."""
    found = [one for one in settings.DATABASES if one != DEFAULT_DB_ALIAS and not _is_left(one)]
    random.shuffle(found)
    return found


def _is_left(alias: str) -> bool:
    return _left_until.get(alias, 0.0) > monotonic()


def _leave(alias: str, seconds: float) -> None:
    """Ask it again later."""
    _left_until[alias] = monotonic() + seconds


def _level(alias: str, known: EditionNow, at: datetime, *, exactly: bool) -> EditionNow | None:
    """The edition of a replica at `at`; None where it lacks something that is known, where it is `exactly` the known one that is
    wanted and it is not, or where an embargo is about to end."""
    try:
        with reading_from(alias):
            edition = editions.current(at)
    except (DatabaseError, InterfaceError) as error:
        if not health.is_fault(error):
            raise
        log.warning("%s does not answer (%s); the primary does its work.", alias, type(error).__name__)
        _leave(alias, LOST)
        return None
    if edition != known and (exactly or edition.number <= known.number):
        _leave(alias, BEHIND)
        return None
    if edition.next_due and edition.next_due - at < BEFORE_AN_END:
        return None
    if edition.number > known.number:
        editions.advance(edition)
    return edition
