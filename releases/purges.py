"""Purges: caches in front of the site are told which parts of it have changed, until each of them has taken it."""

import hashlib
import json
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache, partial
from threading import Timer
from urllib.error import URLError
from urllib.parse import quote
from urllib.request import HTTPRedirectHandler, Request, build_opener

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from newsroom.tasks import task
from releases.models import Edition, EditionPart, Purge
from releases.parts import EVERYTHING

log = logging.getLogger(__name__)
TIMEOUT = 2.0  # seconds; an editor waits for it
# When it is told again: an answer that was on its way at the change, or came from another machine that did not know of it yet
# (`releases.editions.EDITION_MEMORY`), may have come to the cache after the purge.
AGAIN = 2.0
# Somebody who took it and did not come back is given up after this; after a failure it is tried again after 1, 2, 4 … seconds.
TAKEN = timedelta(seconds=30)
LONGEST_WAIT = timedelta(minutes=5)
# A page has the key of each of its parts, one that all have, and perhaps one for what depends on every change.
SITE, ANY_CHANGE = "site", "any change"
# Of more keys than these one purge names the site instead: headers are bounded to 8 KB by most servers.
MOST_KEYS = 200


@dataclass(frozen=True)
class Sent:
    """How many caches were told, and how many will be told again."""

    told: int = 0
    failed: int = 0


@lru_cache(4_000)
def key_of(part: str) -> str:
    """Short, and of no use to who wants to know what a page depends on."""
    words = f"{settings.SITE_URL} {part}".encode()
    return hashlib.blake2b(words, digest_size=6, key=settings.SECRET_KEY.encode()[:64]).hexdigest()


def page_headers(parts: frozenset[str]) -> list[tuple[str, str]]:
    """The surrogate keys of a page that depends on these parts; nothing where no cache is to be told."""
    if not settings.PURGE_URLS:
        return []
    names = {SITE, *parts}
    if EVERYTHING in parts or len(parts) > MOST_KEYS:
        names = {SITE, ANY_CHANGE}
    keys = sorted(key_of(name) for name in names)
    spaced = " ".join(keys)
    return [("Surrogate-Key", spaced), ("xkey", spaced), ("Cache-Tag", ",".join(keys))]


def keys_of_change(parts: Iterable[str]) -> list[str]:
    """What is purged where these parts have changed."""
    names = set(parts)
    if EVERYTHING in names or len(names) > MOST_KEYS:
        return [key_of(SITE)]
    return sorted(key_of(name) for name in (*names, ANY_CHANGE))


def enqueue() -> None:
    """After a public change, once it is committed: tell the caches now, and once more in a moment."""
    if settings.PURGE_URLS:
        transaction.on_commit(send_purges.enqueue)


@task()
def send_purges() -> int:
    """How many caches were told."""
    return send_due().told


def send_due(*, at: datetime | None = None) -> Sent:
    """Tell each cache of what changed since it was told last. Any number of senders may run at once."""
    told = failed = 0
    for url in settings.PURGE_URLS:
        now = at or timezone.now()
        purge, number = _take(url, now)
        if purge is None:
            continue
        changed = EditionPart.objects.filter(number__gt=purge.number, number__lte=number)
        keys = keys_of_change(changed.values_list("name", flat=True)[: MOST_KEYS + 1])
        error = request_purge(url, keys)
        if error:
            failed += 1
            log.warning("The cache at %s was not told of a change: %s", url, error)
            wait = min(timedelta(seconds=2 ** min(purge.attempts, 12)), LONGEST_WAIT)
            Purge.objects.filter(pk=purge.pk).update(
                error=error[:300], taken_at=None, due_at=now + wait, attempts=purge.attempts + 1
            )
        else:
            told += 1
            Purge.objects.filter(pk=purge.pk).update(
                number=number, error="", taken_at=None, due_at=now, attempts=0
            )
            again = Timer(AGAIN, partial(request_purge, url, keys))
            again.daemon = True
            again.start()
    return Sent(told, failed)


@transaction.atomic
def _take(url: str, at: datetime) -> tuple[Purge | None, int]:
    """The row of this cache if it has still to be told of something, and up to which edition."""
    number = Edition.objects.filter(pk=1).values_list("number", flat=True).first() or 0
    Purge.objects.get_or_create(url=url, defaults={"due_at": at})
    free = Q(taken_at=None) | Q(taken_at__lt=at - TAKEN)
    # A database that was brought back from a copy counts from before.
    behind = Q(number__lt=number) | Q(number__gt=number)
    waiting = Purge.objects.select_for_update().filter(free, behind, url=url, due_at__lte=at)
    purge = waiting.first()
    if purge is not None:
        purge.number = purge.number if purge.number < number else 0
        purge.taken_at = at
        purge.save(update_fields=["number", "taken_at"])
    return purge, number


class _NoRedirects(HTTPRedirectHandler):
    """A cache that has moved is a matter for the operator."""

    def redirect_request(self, *args: object) -> None:
        return None


_opener = build_opener(_NoRedirects)


def request_purge(url: str, keys: list[str]) -> str:
    """One request, made of the settings; what went wrong, or nothing."""
    # All at once where a place for all of them is named, else one after the other.
    portions = [[key] for key in keys] if _names_one(url) else [keys]
    for portion in portions:
        if error := _request(url, portion):
            return error
    return ""


def _names_one(url: str) -> bool:
    return any(
        "{key}" in template for template in (url, settings.PURGE_BODY, *settings.PURGE_HEADERS.values())
    )


def _filled(template: str, keys: list[str], *, in_url: bool = False) -> str:
    spaced = quote(" ".join(keys)) if in_url else " ".join(keys)
    values = {"{keys}": spaced, "{key}": keys[0], "{commas}": ",".join(keys), "{json}": json.dumps(keys)}
    for name, value in values.items():
        template = template.replace(name, value)
    return template


def _request(url: str, keys: list[str]) -> str:
    headers = {name: _filled(value, keys) for name, value in settings.PURGE_HEADERS.items()}
    body = _filled(settings.PURGE_BODY, keys).encode() or None
    request = Request(  # noqa: S310  settings takes http(s) alone
        _filled(url, keys, in_url=True),
        data=body,
        headers={"User-Agent": "newsroom", **headers},
        method=settings.PURGE_METHOD,
    )
    try:
        with _opener.open(request, timeout=TIMEOUT) as answer:
            return "" if 200 <= answer.status < 300 else f"HTTP {answer.status}"
    except (URLError, OSError, ValueError) as error:
        return str(error) or type(error).__name__
