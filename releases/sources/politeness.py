"""Manners: a pause between two requests to a host, one of us at a time, and what its robots.txt asks."""

import time
from collections.abc import Iterable
from datetime import datetime, timedelta
from urllib.parse import urljoin, urlsplit

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from releases.models.source import SourceHost
from releases.sources.checker import MOST_HOPS, REDIRECTS, Later, wait_until
from releases.sources.fetcher import AGENT, Net, Unreachable, ask
from releases.sources.robots import MOST_BYTES, Rules, parse
from releases.text.links import address_of

# RFC 9309, 2.4: what was read is good for a day.
ROBOTS_KEPT = timedelta(days=1)
# A host that another round is asking: come back then.
LATER = timedelta(minutes=15)
# Whoever took a host and has not come back by then died; it is longer than a round and its last visit.
TAKEN = timedelta(minutes=30)


class Guest:
    """One round's way with hosts: `hosts` are those that it has taken; others are met on redirects."""

    def __init__(self, hosts: Iterable[SourceHost], net: Net, *, at: datetime | None = None) -> None:
        self.net, self.at = net, at
        self.hosts = {host.host: host for host in hosts}
        self.asked: dict[str, float] = {}
        self.shut: dict[str, str] = {}

    def leave(self) -> None:
        """The round is over: others may have the hosts."""
        SourceHost.objects.filter(pk__in=[host.pk for host in self.hosts.values()]).update(taken_at=None)

    def leave_alone(self, name: str, until: datetime) -> None:
        """A host asked for it."""
        self.hosts[name].not_before = until
        SourceHost.objects.filter(host=name).update(not_before=until)

    def turn(self, address: str) -> bool:
        """Wait until the host of `address` may be asked; False where its robots.txt forbids this address. Raises `Later`
        and `Unreachable`."""
        parts = urlsplit(address)
        name = parts.hostname or ""
        host = self.hosts.get(name) or self._met(name)
        now = self._now()
        if host.not_before and host.not_before > now:
            raise Later(host.not_before)
        rules = self._rules(host, f"{parts.scheme}://{parts.netloc}/robots.txt", now)
        if not rules.allows((parts.path or "/") + (f"?{parts.query}" if parts.query else "")):
            return False
        self._pause(host, rules.delay)
        return True

    def _now(self) -> datetime:
        return self.at or timezone.now()

    def _met(self, name: str) -> SourceHost:
        """A host that a redirect leads to: taken as well, unless another round has it."""
        host, _made = SourceHost.objects.get_or_create(host=name)
        now = self._now()
        free = Q(taken_at=None) | Q(taken_at__lt=now - TAKEN)
        if not SourceHost.objects.filter(free, pk=host.pk).update(taken_at=now):
            raise Later(now + LATER)
        self.hosts[name] = host
        return host

    def _pause(self, host: SourceHost, delay: float = 0) -> None:
        """Between two requests of this round by its own clock; after those of an earlier one by the date of the last."""
        pause = max(self.net.pause, delay)
        if host.host in self.asked:
            left = self.asked[host.host] + pause - time.monotonic()
        elif host.asked_at:
            left = min(pause, pause - (self._now() - host.asked_at).total_seconds())
        else:
            left = 0
        if left > 0:
            self.net.sleep(left)
        self.asked[host.host] = time.monotonic()
        host.asked_at = self._now()
        SourceHost.objects.filter(pk=host.pk).update(asked_at=host.asked_at)

    def _rules(self, host: SourceHost, address: str, now: datetime) -> Rules:
        if host.robots_at and host.robots_at > now - ROBOTS_KEPT:
            return Rules.read(host.robots)
        if host.host in self.shut:  # it was asked a moment ago
            raise Unreachable(self.shut[host.host])
        self._pause(host)
        try:
            rules = self._asked_rules(host, address, now)
        except Unreachable as error:
            self.shut[host.host] = str(error)
            raise
        host.robots, host.robots_at = rules.stored(), now
        SourceHost.objects.filter(pk=host.pk).update(robots=host.robots, robots_at=host.robots_at)
        return rules

    def _asked_rules(self, host: SourceHost, address: str, now: datetime) -> Rules:
        """RFC 9309, 2.3.1: no file, no rules; a server that cannot say is to be left alone."""
        answer = ask("GET", address, self.net, most=MOST_BYTES)
        for _hop in range(MOST_HOPS):
            target = address_of(urljoin(address, answer.location)) if answer.location else None
            if answer.status not in REDIRECTS or target is None:
                break
            address = target
            answer = ask("GET", address, self.net, most=MOST_BYTES)
        if answer.status == 429 or answer.status >= 500:
            if until := wait_until(answer.retry_after, now):
                self.leave_alone(host.host, until)
                raise Later(until)
            raise Unreachable(
                _("Its robots.txt could not be read (%d), so it was left alone.") % answer.status
            )
        if answer.status != 200:
            return Rules()
        return parse(answer.body.decode("utf-8", "replace"), agent=AGENT)
