"""Politeness towards other people's servers: one run at a time per host, a delay between requests, their robots.txt."""

import re
import time
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from protego import Protego

from releases.models.source import SourceHost
from releases.sources.checker import MAX_REDIRECTS, REDIRECTS, Postponed, parse_retry_after
from releases.sources.fetcher import AGENT, Network, Unreachable, fetch
from releases.text.links import address_of

# ------------------------------------------------------------------ robots.txt

# RFC 9309, 2.5: at least so much of the file has to be read. No more is.
ROBOTS_MAX_BYTES = 500 * 1024
ROBOTS_MAX_DELAY = 60.0  # seconds
# A line that begins a group, in all the spellings that Protego takes.
_USER_AGENT = re.compile(r"\s*user[- ]?agent\b\s*:?\s*([^#]*)", re.IGNORECASE)
# The robots that no group of ours names share one name, which no robot has.
_ANOTHER = "another-robot"


class Rules:
    """What a site's robots.txt asks of the robot `agent` (RFC 9309; its name alone, in small letters). Protego reads the rules;
    the file comes from strangers."""

    def __init__(self, text: str, *, agent: str) -> None:
        lines = _readable(text).splitlines()
        self.text = "\n".join(_named(line, agent) for line in lines if line.strip())
        self._agent = agent
        self._parsed = Protego.parse(self.text)

    def allows(self, path: str) -> bool:
        """Whether the robot may request this path (with its query)."""
        return self._parsed.can_fetch(f"https://site{path}", self._agent)

    @property
    def delay(self) -> float:
        """How many seconds the site wants between two requests, within reason."""
        return min(self._parsed.crawl_delay(self._agent) or 0.0, ROBOTS_MAX_DELAY)

    def stored(self) -> dict[str, Any]:
        """As JSON, for `from_stored`."""
        return {"text": self.text}

    @classmethod
    def from_stored(cls, stored: dict[str, Any], *, agent: str) -> "Rules | None":
        """What `stored` wrote; None for anything else."""
        text = stored.get("text")
        return cls(text, agent=agent) if isinstance(text, str) else None


def _readable(text: str) -> str:
    """Without the byte order mark, which hides the first line, and without NUL, which PostgreSQL does not store."""
    return text[:ROBOTS_MAX_BYTES].removeprefix("\ufeff").replace("\x00", "")


def _named(line: str, agent: str) -> str:
    """The line; where it names a robot, with the name that RFC 9309, 2.2.1 compares: the part before the slash, as a whole.

    Protego also takes a part of a name for the name ("newsroom" for "newsroom-sources"). And it copies each rule for each
    name of its group: a file with thousands of both would fill the memory. Three names remain: ours, `*` and another.
    """
    found = _USER_AGENT.match(line)
    if not found:
        return line
    name = found[1].strip().lower()
    if name != "*":
        name = agent if re.split(r"[^a-z_-]", name)[0] == agent else _ANOTHER
    return f"User-agent: {name}"


# ------------------------------------------------------------------ whose turn it is

# RFC 9309, 2.4: a copy of robots.txt is used for a day.
ROBOTS_MAX_AGE = timedelta(days=1)
# When to come back to a host that another run has claimed.
CLAIMED_RETRY = timedelta(minutes=15)
# A claim that is older belongs to a run that died: it is longer than a run and its last check.
CLAIM_EXPIRY = timedelta(minutes=30)


class Politeness:
    """How one run treats hosts. `hosts` are those that it has claimed; redirects may lead to further ones."""

    def __init__(self, hosts: Iterable[SourceHost], net: Network, *, at: datetime | None = None) -> None:
        self.net, self.at = net, at
        self.hosts = {host.host: host for host in hosts}
        # By host: when this run asked it last (monotonic seconds), why it could not be asked, its robots.txt.
        self.last_request: dict[str, float] = {}
        self.unreachable: dict[str, str] = {}
        self.rules: dict[str, Rules] = {}

    def release_hosts(self) -> None:
        """The run is over: give up its claims."""
        SourceHost.objects.filter(pk__in=[host.pk for host in self.hosts.values()]).update(taken_at=None)

    def back_off(self, name: str, until: datetime) -> None:
        """Ask this host nothing before `until`, as it wished."""
        self.hosts[name].not_before = until
        SourceHost.objects.filter(host=name).update(not_before=until)

    def wait_for_turn(self, address: str) -> bool:
        """Wait until the host of `address` may be asked; False where its robots.txt forbids this address.

        Raises `Postponed` and `Unreachable`.
        """
        parts = urlsplit(address)
        name = parts.hostname or ""
        host = self.hosts.get(name) or self._claim(name)
        now = self._now()
        if host.not_before and host.not_before > now:
            raise Postponed(host.not_before)
        rules = self._rules(host, f"{parts.scheme}://{parts.netloc}/robots.txt", now)
        if not rules.allows((parts.path or "/") + (f"?{parts.query}" if parts.query else "")):
            return False
        self._wait(host, rules.delay)
        return True

    def _now(self) -> datetime:
        return self.at or timezone.now()

    def _claim(self, name: str) -> SourceHost:
        """The host that a redirect leads to; raises `Postponed` where another run has it."""
        host, _made = SourceHost.objects.get_or_create(host=name)
        now = self._now()
        free = Q(taken_at=None) | Q(taken_at__lt=now - CLAIM_EXPIRY)
        if not SourceHost.objects.filter(free, pk=host.pk).update(taken_at=now):
            raise Postponed(now + CLAIMED_RETRY)
        self.hosts[name] = host
        return host

    def _wait(self, host: SourceHost, delay: float = 0) -> None:
        """Sleep out the delay since the last request: by this run's clock, or by the date that an earlier run stored."""
        delay = max(self.net.delay, delay)
        if host.host in self.last_request:
            left = self.last_request[host.host] + delay - time.monotonic()
        elif host.asked_at:
            left = min(delay, delay - (self._now() - host.asked_at).total_seconds())
        else:
            left = 0
        if left > 0:
            self.net.sleep(left)
        self.last_request[host.host] = time.monotonic()
        host.asked_at = self._now()
        SourceHost.objects.filter(pk=host.pk).update(asked_at=host.asked_at)

    def _rules(self, host: SourceHost, address: str, now: datetime) -> Rules:
        """The host's rules: of this run, of the database, or else from the host itself."""
        if host.host in self.rules:
            return self.rules[host.host]
        fresh = host.robots_at and host.robots_at > now - ROBOTS_MAX_AGE
        rules = Rules.from_stored(host.robots, agent=AGENT) if fresh else None
        if rules is None:
            rules = self._load_rules(host, address, now)
        self.rules[host.host] = rules
        return rules

    def _load_rules(self, host: SourceHost, address: str, now: datetime) -> Rules:
        if host.host in self.unreachable:  # this run has just tried
            raise Unreachable(self.unreachable[host.host])
        self._wait(host)
        try:
            rules = self._fetch_rules(host, address, now)
        except Unreachable as error:
            self.unreachable[host.host] = str(error)
            raise
        host.robots, host.robots_at = rules.stored(), now
        SourceHost.objects.filter(pk=host.pk).update(robots=host.robots, robots_at=host.robots_at)
        return rules

    def _fetch_rules(self, host: SourceHost, address: str, now: datetime) -> Rules:
        """RFC 9309, 2.3.1: without a file there are no rules; a server that cannot answer (429, 5xx) is not asked at all."""
        answer = fetch("GET", address, self.net, max_bytes=ROBOTS_MAX_BYTES)
        for _redirect in range(MAX_REDIRECTS):
            target = address_of(urljoin(address, answer.location)) if answer.location else None
            if answer.status not in REDIRECTS or target is None:
                break
            address = target
            answer = fetch("GET", address, self.net, max_bytes=ROBOTS_MAX_BYTES)
        if answer.status == 429 or answer.status >= 500:
            if until := parse_retry_after(answer.retry_after, now):
                self.back_off(host.host, until)
                raise Postponed(until)
            raise Unreachable(
                _("Its robots.txt could not be read (%d), so it was left alone.") % answer.status
            )
        text = answer.body.decode("utf-8", "replace") if answer.status == 200 else ""
        return Rules(text, agent=AGENT)
