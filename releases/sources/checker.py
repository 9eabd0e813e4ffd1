"""The check of one source: HEAD, then if need be a short GET, following redirects; the result with a reason in words."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin, urlsplit

from django.utils.translation import gettext as _

from releases.models.source import SourceState
from releases.sources.fetcher import Answer, Network, Unreachable, fetch
from releases.text.links import address_of

MAX_REDIRECTS = 5
PERMANENT = {301, 308}
REDIRECTS = {301, 302, 303, 307, 308}
GONE = {404, 410}
BUSY = {429, 503}
# How long a busy host is left alone that does not say for how long, and for how long at most.
DEFAULT_BACKOFF = timedelta(hours=1)
MAX_BACKOFF = timedelta(days=7)
# Of the target of a redirect, in characters.
MAX_URL_LENGTH = 4000

# Called with the address before each request: waits until the host may be asked; False where robots.txt forbids it.
WaitForTurn = Callable[[str], bool]


class Postponed(Exception):
    """The host may not be asked now, but from `at` on."""

    def __init__(self, at: datetime) -> None:
        super().__init__(at.isoformat())
        self.at = at


@dataclass(frozen=True)
class CheckResult:
    """What a check found. `busy_host` is the host that wants to be left alone, until `retry_at`."""

    state: SourceState
    reason: str = ""
    status: int | None = None
    moved_to: str = ""
    busy_host: str | None = None
    retry_at: datetime | None = None


def check(url: str, *, wait_for_turn: WaitForTurn, net: Network, at: datetime) -> CheckResult:
    """Check `url`. Raises `Postponed` only. Whether "not found" means gone is for the caller, who knows the check before."""
    address, permanent, moved_to, seen = url, True, "", {url}
    try:
        for _redirect in range(MAX_REDIRECTS + 1):
            answer = _request(address, wait_for_turn, net)
            if answer is None:
                return _unknown(_("The site asks robots not to look (robots.txt)."), url, address)
            if answer.status not in REDIRECTS or not answer.location:
                return _classify(url, address, answer, moved_to, at)
            permanent = permanent and answer.status in PERMANENT
            target = address_of(urljoin(address, answer.location.strip()))
            if target is None or len(target) > MAX_URL_LENGTH:
                return _unknown(
                    _("It leads to something that is not on the web."), url, address, answer.status
                )
            if target in seen:
                return _unknown(_("It leads round in a circle."), url, url, answer.status)
            seen.add(target)
            address = target
            if permanent:
                moved_to = target
    except Unreachable as error:
        return _unknown(str(error), url, address)
    return _unknown(_("It leads on and on: more than %d redirects.") % MAX_REDIRECTS, url, url)


def _request(address: str, wait_for_turn: WaitForTurn, net: Network) -> Answer | None:
    """HEAD, and GET after an error, because many servers know no HEAD. None where robots.txt forbids it."""
    if not wait_for_turn(address):
        return None
    answer = fetch("HEAD", address, net)
    if answer.status >= 400 and answer.status not in BUSY:
        wait_for_turn(address)
        answer = fetch("GET", address, net)
    return answer


def _classify(url: str, address: str, answer: Answer, moved_to: str, at: datetime) -> CheckResult:
    status = answer.status
    if 200 <= status < 300 or status in {304, 416}:  # not modified, or shorter than the range: it is there
        if moved_to:
            return CheckResult(SourceState.MOVED, _("It leads on for good."), status, moved_to)
        return CheckResult(SourceState.ALIVE, "", status)
    if status in GONE:
        words = _("There is no such page any more (%d).") % status
        return replace(_unknown(words, url, address, status), state=SourceState.GONE)
    if status in BUSY:
        words = _("Its server asks to be left alone for now (%d).") % status
        until = parse_retry_after(answer.retry_after, at) or at + DEFAULT_BACKOFF
        return replace(
            _unknown(words, url, address, status), busy_host=urlsplit(address).hostname, retry_at=until
        )
    return _unknown(_status_reason(status), url, address, status)


def _status_reason(status: int) -> str:
    if status == 401:
        return _("It wants a name and password (401).")
    if status == 403:
        return _("Its server does not let robots in, or nobody (403).")
    if status == 451:
        return _("It is withheld for legal reasons (451).")
    if status >= 500:
        return _("Its server has a fault (%d).") % status
    return _("Its server answered %d.") % status


def _unknown(reason: str, url: str, address: str, status: int | None = None) -> CheckResult:
    """`address` is where the redirects of `url` ended."""
    if address != url:
        reason = _("It leads to %(host)s. There: %(reason)s") % {
            "host": urlsplit(address).hostname, "reason": reason,
        }  # fmt: skip
    return CheckResult(SourceState.UNKNOWN, reason, status)


def parse_retry_after(retry_after: str, at: datetime) -> datetime | None:
    """The moment that a Retry-After header names (RFC 9110, 10.2.3: seconds, or a date)."""
    words = retry_after.strip()
    if words.isascii() and words.isdigit():
        wait = timedelta(seconds=min(int(words[:9]), MAX_BACKOFF.total_seconds()))
    else:
        try:
            until = parsedate_to_datetime(words)
        except (TypeError, ValueError):
            return None
        until = until if until.tzinfo else until.replace(tzinfo=UTC)
        wait = min(until - at, MAX_BACKOFF)
    return at + wait if wait > timedelta(0) else None
