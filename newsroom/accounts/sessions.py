"""Where people are signed in: each browser a row, which ends by itself when it is not used, and by whoever may end it.

Django's session engine stays as it is. The row is looked up with the person, so that a session whose row has ended is nobody's at
the very next request.
"""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import OperationalError, transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from . import record
from .devices import address_of, device_of
from .models import OpenSession, User

# In Django's session: the primary key of the row.
KEY = "open_session"
# The last use is written so often, and a session that is used is never ended for what was not written.
EVERY = timedelta(minutes=1)
# What an open page asks by itself: nobody has done anything.
AUTOMATIC = {("POST", "/presence/"), ("GET", "/left/")}


def begin(
    request: HttpRequest, user: User, *, proved: bool = True, at: datetime | None = None
) -> OpenSession:
    """Somebody has signed in here; not `proved`: a while ago."""
    at = at or timezone.now()
    row = OpenSession.objects.create(
        person=user,
        began_at=at,
        last_at=at,
        confirmed_at=at if proved else at - timedelta(days=1),
        address=address_of(request),
        device=device_of(request),
    )
    request.session[KEY] = row.pk
    return row


def goes_on(request: HttpRequest, user: User, at: datetime | None = None) -> bool:
    """Whether this session is still `user`'s; that it is used now is remembered."""
    at = at or timezone.now()
    key = request.session.get(KEY)
    if key is None:  # of a version before this one
        begin(request, user, proved=False, at=at)
        return True
    row = OpenSession.objects.filter(pk=key, person=user, ended_at=None).first()
    if row is None:
        return False
    if at - row.last_at >= idle_limit() + EVERY:
        end(row, request=None, why="idle", at=at)
        return False
    if at - row.last_at >= EVERY and not _is_automatic(request):
        try:
            with transaction.atomic():
                OpenSession.objects.filter(pk=row.pk).update(last_at=at)
        except OperationalError:  # the page comes all the same, while the database takes no writing
            return True
    return True


def idle_limit() -> timedelta:
    """For how long a session may go unused."""
    return timedelta(minutes=settings.SESSION_IDLE_MINUTES)


def time_left(request: HttpRequest, at: datetime | None = None) -> timedelta:
    """For how long this session will go on if nobody does anything."""
    row = OpenSession.objects.get(pk=request.session[KEY])
    ends = min(row.last_at + idle_limit(), row.began_at + timedelta(seconds=settings.SESSION_COOKIE_AGE))
    return max(ends - (at or timezone.now()), timedelta())


def of(user: User, at: datetime | None = None) -> QuerySet[OpenSession]:
    """The browsers in which `user` is signed in now."""
    at = at or timezone.now()
    return OpenSession.objects.filter(
        person=user,
        ended_at=None,
        last_at__gt=at - idle_limit() - EVERY,
        began_at__gt=at - timedelta(seconds=settings.SESSION_COOKIE_AGE),
    )


def end(row: OpenSession, *, request: HttpRequest | None, why: str = "", at: datetime | None = None) -> bool:
    """End one; whether it was open."""
    at = at or timezone.now()
    ended = bool(OpenSession.objects.filter(pk=row.pk, ended_at=None).update(ended_at=at))
    if ended:
        more: dict[str, Any] = {"why": why} if why else {}
        record.note(
            "session ended", person=row.person, request=request, at=at, which=row.device or "–", **more
        )
    return ended


def end_others(request: HttpRequest, user: User, at: datetime | None = None) -> int:
    """End all sessions of whoever asks but this one; how many."""
    at = at or timezone.now()
    others = of(user, at).exclude(pk=request.session.get(KEY, 0))
    ended = others.update(ended_at=at)
    if ended:
        record.note("session ended", person=user, request=request, at=at, which="others")
    return ended


def end_quietly(request: HttpRequest, at: datetime | None = None) -> None:
    """End this one, of which the record has an entry already: somebody has signed out."""
    OpenSession.objects.filter(pk=request.session.get(KEY, 0)).update(ended_at=at or timezone.now())


def confirm(request: HttpRequest, at: datetime | None = None) -> None:
    """The person has proved once more who they are."""
    OpenSession.objects.filter(pk=request.session.get(KEY, 0)).update(confirmed_at=at or timezone.now())


def is_confirmed(request: HttpRequest, at: datetime | None = None) -> bool:
    """Whether they have done so lately, signing in included."""
    since = (at or timezone.now()) - timedelta(seconds=settings.ACCOUNT_REAUTHENTICATION_TIMEOUT)
    return OpenSession.objects.filter(pk=request.session.get(KEY, 0), confirmed_at__gt=since).exists()


def forget(at: datetime | None = None) -> None:
    """Delete the rows of sessions that ended long ago; the record has their beginnings and ends."""
    at = at or timezone.now()
    OpenSession.objects.filter(began_at__lt=at - timedelta(seconds=2 * settings.SESSION_COOKIE_AGE)).delete()


def _is_automatic(request: HttpRequest) -> bool:
    return any(request.method == method and request.path_info.endswith(end) for method, end in AUTOMATIC)
