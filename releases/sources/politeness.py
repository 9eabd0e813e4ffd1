"""Politeness towards other people's servers: one run at a time per host, a delay between requests, their robots.txt."""

import time
from collections.abc import Iterable
from datetime import datetime, timedelta
from urllib.parse import urljoin, urlsplit

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from releases.models.source import SourceHost
from releases.sources.checker import MAX_REDIRECTS, REDIRECTS, Postponed, parse_retry_after
from releases.sources.fetcher import AGENT, Network, Unreachable, fetch
from releases.sources.robots import MAX_BYTES, Rules
from releases.text.links import address_of

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
        answer = fetch("GET", address, self.net, max_bytes=MAX_BYTES)
        for _redirect in range(MAX_REDIRECTS):
            target = address_of(urljoin(address, answer.location)) if answer.location else None
            if answer.status not in REDIRECTS or target is None:
                break
            address = target
            answer = fetch("GET", address, self.net, max_bytes=MAX_BYTES)
        if answer.status == 429 or answer.status >= 500:
            if until := parse_retry_after(answer.retry_after, now):
                self.back_off(host.host, until)
                raise Postponed(until)
            raise Unreachable(
                _("Its robots.txt could not be read (%d), so it was left alone.") % answer.status
            )
        text = answer.body.decode("utf-8", "replace") if answer.status == 200 else ""
        return Rules(text, agent=AGENT)
