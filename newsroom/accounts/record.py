"""The record of access: writing it, bounding what strangers can write into it, and letting old entries go."""

from __future__ import annotations

import getpass
from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.cache import cache
from django.db import IntegrityError, OperationalError, transaction
from django.db.models import F, Sum
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from .devices import address_of, device_of
from .models import AccessEntry, AccessExpiry, User

if TYPE_CHECKING:
    from releases.models import Revision

# Rows that one minute may add for attempts; what comes beyond is counted in one row a kind.
MOST_A_MINUTE = 60
# Wrong passwords and codes of one person within an hour of which that person is told.
MANY_FAILURES = 5
FAILURES = ("failure", "second step failed", "confirmation failed")


def note(
    kind: str,
    *,
    person: User | None = None,
    by: User | None = None,
    request: HttpRequest | None = None,
    command: str = "",
    at: datetime | None = None,
    **detail: Any,
) -> AccessEntry:
    """Write what happened to the account of `person`. Who did it is `by`, or whoever is signed in at `request`.

    `command` is the management command that did it: then the machine's account stands in place of a person.
    """
    return AccessEntry.objects.create(
        kind=kind,
        person=person,
        by=by or asking(request),
        at=at or timezone.now(),
        name=_operator() if command else "",
        address=address_of(request) if request else "",
        device=f"manage.py {command}" if command else device_of(request) if request else "",
        detail=detail,
    )


def count(
    kind: str,
    *,
    person: User | None = None,
    by: User | None = None,
    name: str = "",
    request: HttpRequest | None = None,
    per: timedelta = timedelta(minutes=1),
    at: datetime | None = None,
    **detail: Any,
) -> None:
    """Write what may happen many times: one row for all of a kind, account, name and address within `per`, with how often.

    However many names and addresses a stranger uses, a minute adds `MOST_A_MINUTE` rows, and one more a kind.
    """
    at = at or timezone.now()
    beginning = datetime.fromtimestamp(
        at.timestamp() // per.total_seconds() * per.total_seconds(), tz=at.tzinfo
    )
    address = address_of(request) if request else ""
    row = AccessEntry(
        kind=kind, person=person, by=by, at=at, name=name, address=address,
        device=device_of(request) if request else "", detail=detail,
        tally=_tally(beginning, kind, person and person.pk, by and by.pk, name, address, sorted(detail.items())),
    )  # fmt: skip
    if _one_more(row.tally):
        return
    lately = AccessEntry.objects.filter(at__gte=at - timedelta(minutes=1), tally__isnull=False)
    if lately.count() >= MOST_A_MINUTE:
        row = AccessEntry(kind=kind, at=at, tally=_tally(beginning, kind, "the rest"))
        if _one_more(row.tally):
            return
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:  # the same at the same moment
        _one_more(row.tally)


def note_preview(revision: Revision, *, request: HttpRequest, by: User) -> None:
    """Write that somebody on the staff looks at a preview: one entry an hour, since the form shows it by itself.

    Where the database takes no writing at the moment, the page comes all the same.
    """
    try:
        with transaction.atomic():
            count(
                "preview opened", person=by, by=by, request=request, per=timedelta(hours=1),
                release=revision.release_id, revision=revision.number,
            )  # fmt: skip
    except OperationalError:
        return


def _one_more(tally: str | None) -> bool:
    return bool(AccessEntry.objects.filter(tally=tally).update(count=F("count") + 1))


def _tally(*parts: object) -> str:
    return sha256(repr(parts).encode()).hexdigest()


def failed(
    kind: str,
    *,
    person: User | None,
    name: str = "",
    request: HttpRequest | None,
    at: datetime | None = None,
    **detail: Any,
) -> None:
    """Count a wrong password or code. A name that is nobody's is kept as a digest: it may be a password in the wrong field."""
    at = at or timezone.now()
    count(
        kind, person=person, name="" if person else digest_of_name(name, at), request=request, at=at, **detail
    )
    # Of a name that is nobody's, too: who works here is not to be told by the time that an answer takes.
    if failures_of(person, since=at - timedelta(hours=1)) >= MANY_FAILURES:
        count("repeated failures", person=person, per=timedelta(hours=1), at=at)


def failures_of(person: User | None, *, since: datetime) -> int:
    """How many wrong passwords and codes there were for this account; for none, where it is nobody's."""
    found = AccessEntry.objects.filter(person=(person and person.pk) or 0, kind__in=FAILURES, at__gte=since)
    return found.aggregate(all=Sum("count"))["all"] or 0


def digest_of_name(name: str, at: datetime) -> str:
    """Eight digits: the same name looks the same for a day, and nobody without the key can tell which it was."""
    told = f"{at:%Y-%m-%d}|{User.normalize_username(name.strip()).casefold()}"
    return salted_hmac("newsroom.accounts.record.name", told, algorithm="sha256").hexdigest()[:8]


def expire(at: datetime | None = None) -> int:
    """Delete the entries that are older than ACCESS_RECORD_DAYS; how many. Nothing else can delete one."""
    at = at or timezone.now()
    before = at - timedelta(days=settings.ACCESS_RECORD_DAYS)
    if not AccessEntry.objects.filter(at__lt=before).exists():
        return 0
    with transaction.atomic():
        door = AccessExpiry.objects.create(before=before)
        deleted, _kinds = AccessEntry.objects.filter(at__lt=before).delete()
        door.delete()
        note("record expired", at=at, entries=deleted)
    return deleted


def expire_daily(at: datetime | None = None) -> bool:
    """`expire`, once a day: whoever signs in or runs a timer's command keeps the record short, without a timer of its own.

    Whether this was the time of the day.
    """
    if not cache.add("accounts.record.expired", True, 24 * 60 * 60):
        return False
    expire(at)
    return True


def note_changes(
    person: User,
    before: dict[str, Any],
    names: Iterable[str],
    *,
    request: HttpRequest,
    at: datetime | None = None,
) -> None:
    """Write which of the columns `names` of a person differ from what they were: as [before, after]."""
    changed: dict[str, Any] = {
        name: [before[name], getattr(person, name)] for name in names if before[name] != getattr(person, name)
    }
    if changed:
        note("person changed", person=person, request=request, at=at, **changed)


def asking(request: HttpRequest | None) -> User | None:
    """Whoever is signed in, if anybody."""
    user = getattr(request, "user", None)
    return user if isinstance(user, User) and user.is_authenticated else None


def _operator() -> str:
    try:
        return getpass.getuser()[:150]
    except (KeyError, OSError):  # a container's user without a name
        return ""
