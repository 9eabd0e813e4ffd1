"""Looking at one source: HEAD, then at most a little of a GET, along its redirects, and what that says in words."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin, urlsplit

from django.utils.translation import gettext as _

from releases.models.source import SourceState
from releases.sources.fetcher import Answer, Net, Unreachable, ask
from releases.text.links import address_of

MOST_HOPS = 5
PERMANENT = {301, 308}
REDIRECTS = {301, 302, 303, 307, 308}
GONE = {404, 410}
BUSY = {429, 503}
# A busy host that does not say for how long; and none gets to put itself off for longer than a week.
A_WHILE = timedelta(hours=1)
LONGEST_WAIT = timedelta(days=7)
# Of an address that is led to.
LONGEST = 4000

# Called before each request with its address: waits for the host's turn. True: robots.txt lets us ask.
Turn = Callable[[str], bool]


class Later(Exception):
    """The host is not to be asked now; `at` says when."""

    def __init__(self, at: datetime) -> None:
        super().__init__(at.isoformat())
        self.at = at


@dataclass(frozen=True)
class Finding:
    """What a look found. `retry_at` and `busy`: the host that asked to be left alone, and until when."""

    state: SourceState
    reason: str = ""
    status: int | None = None
    moved_to: str = ""
    busy: str | None = None
    retry_at: datetime | None = None


def visit(url: str, *, turn: Turn, net: Net, at: datetime) -> Finding:
    """Look at `url`. Raises nothing but `Later`. Whether "not found" means gone is for the caller to say, who knows what
    was found before."""
    address, lasting, moved_to, seen = url, True, "", {url}
    try:
        for _hop in range(MOST_HOPS + 1):
            answer = _look(address, turn, net)
            if answer is None:
                return _unknown(_("The site asks robots not to look (robots.txt)."), url, address)
            if answer.status not in REDIRECTS or not answer.location:
                return _judged(url, address, answer, moved_to, at)
            lasting = lasting and answer.status in PERMANENT
            target = address_of(urljoin(address, answer.location.strip()))
            if target is None or len(target) > LONGEST:
                return _unknown(
                    _("It leads to something that is not on the web."), url, address, answer.status
                )
            if target in seen:
                return _unknown(_("It leads round in a circle."), url, url, answer.status)
            seen.add(target)
            address = target
            if lasting:
                moved_to = target
    except Unreachable as error:
        return _unknown(str(error), url, address)
    return _unknown(_("It leads on and on: more than %d redirects.") % MOST_HOPS, url, url)


def _look(address: str, turn: Turn, net: Net) -> Answer | None:
    """HEAD, and GET where that was not answered well: many servers know no HEAD. None where robots are not welcome."""
    if not turn(address):
        return None
    answer = ask("HEAD", address, net)
    if answer.status >= 400 and answer.status not in BUSY:
        turn(address)
        answer = ask("GET", address, net)
    return answer


def _judged(url: str, address: str, answer: Answer, moved_to: str, at: datetime) -> Finding:
    status = answer.status
    if 200 <= status < 300 or status in {304, 416}:  # nothing new, or nothing so far down: it is there
        if moved_to:
            return Finding(SourceState.MOVED, _("It leads on for good."), status, moved_to)
        return Finding(SourceState.ALIVE, "", status)
    if status in GONE:
        words = _("There is no such page any more (%d).") % status
        return replace(_unknown(words, url, address, status), state=SourceState.GONE)
    if status in BUSY:
        words = _("Its server asks to be left alone for now (%d).") % status
        until = wait_until(answer.retry_after, at) or at + A_WHILE
        return replace(_unknown(words, url, address, status), busy=urlsplit(address).hostname, retry_at=until)
    return _unknown(_in_words(status), url, address, status)


def _in_words(status: int) -> str:
    if status == 401:
        return _("It wants a name and password (401).")
    if status == 403:
        return _("Its server does not let robots in, or nobody (403).")
    if status == 451:
        return _("It is withheld for legal reasons (451).")
    if status >= 500:
        return _("Its server has a fault (%d).") % status
    return _("Its server answered %d.") % status


def _unknown(reason: str, url: str, address: str, status: int | None = None) -> Finding:
    """`address` is where `url` had led when it ended."""
    if address != url:
        reason = _("It leads to %(host)s. There: %(reason)s") % {
            "host": urlsplit(address).hostname, "reason": reason,
        }  # fmt: skip
    return Finding(SourceState.UNKNOWN, reason, status)


def wait_until(retry_after: str, at: datetime) -> datetime | None:
    """Until when to leave a host alone (RFC 9110, 10.2.3: seconds, or a date)."""
    words = retry_after.strip()
    if words.isascii() and words.isdigit():
        wait = timedelta(seconds=min(int(words[:9]), LONGEST_WAIT.total_seconds()))
    else:
        try:
            until = parsedate_to_datetime(words)
        except (TypeError, ValueError):
            return None
        until = until if until.tzinfo else until.replace(tzinfo=UTC)
        wait = min(until - at, LONGEST_WAIT)
    return at + wait if wait > timedelta(0) else None
