"""How often a code may be wrong at the second step, and that a right one opens the door once.

Whoever holds the password reaches the second step. They must neither guess on, from however many addresses, nor shut the owner
out. So wrong codes are counted by account and address; all of them together, from browsers that the account does not know, by
account; and those from a browser in which the owner has signed in before for themselves. Each count first lets some pass, then
asks to wait, each time twice as long. Nothing that others do makes the owner wait in a known browser, and a passkey is not
guessed, so it is not counted at all.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from allauth.core.internal.ratelimit import truncate_ip
from allauth.mfa import app_settings as mfa_settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Case, F, Value, When
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import ngettext

from .devices import address_of, device_key, is_known
from .models import UsedCode, User, WrongCodes

# Wrong codes that cost nothing: from one place, and from all unknown browsers together.
FREE, FREE_IN_ALL = 5, 20
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=1)
FORGOTTEN = timedelta(days=1)


class Place(NamedTuple):
    """One thing that is counted."""

    name: str
    free: int


def demand(user: User, request: HttpRequest, at: datetime | None = None) -> None:
    """Raises ValidationError, saying how long to wait, where there were too many wrong codes."""
    at = at or timezone.now()
    left = max((_left(user, place, at) for place in _places(user, request)), default=timedelta())
    if left > timedelta():
        minutes = -(-int(left.total_seconds()) // 60) or 1
        words = ngettext(
            "Too many attempts. Wait %(minutes)d minute, or sign in with a passkey or on a device that you have used before.",
            "Too many attempts. Wait %(minutes)d minutes, or sign in with a passkey or on a device that you have used before.",
            minutes,
        )
        raise ValidationError(words % {"minutes": minutes}, code="too_many_login_attempts")


def wrong(user: User, request: HttpRequest, at: datetime | None = None) -> None:
    """Count a wrong code."""
    at = at or timezone.now()
    for place in _places(user, request):
        found = WrongCodes.objects.filter(person=user, place=place.name)
        number = Case(When(last_at__lt=at - FORGOTTEN, then=Value(1)), default=F("number") + 1)
        if not found.update(number=number, last_at=at):
            try:
                with transaction.atomic():
                    WrongCodes.objects.create(person=user, place=place.name, last_at=at)
            except IntegrityError:  # another one at the same moment
                found.update(number=F("number") + 1, last_at=at)


def right(user: User, request: HttpRequest) -> None:
    """Forget what was wrong at the owner's own place. What came from elsewhere goes on counting: others are still guessing."""
    WrongCodes.objects.filter(person=user, place=_places(user, request)[0].name).delete()


def use_once(user: User, code: str, at: datetime | None = None) -> bool:
    """Whether this code of the app opens the door for the first time. Of any number at one moment it is one."""
    at = at or timezone.now()
    UsedCode.objects.filter(person=user, until__lt=at).delete()
    lifetime = timedelta(seconds=mfa_settings.TOTP_PERIOD * (2 * mfa_settings.TOTP_TOLERANCE + 1))
    digits = "".join(filter(str.isalnum, code))
    digest = salted_hmac("newsroom.accounts.limits.code", digits, algorithm="sha256").hexdigest()
    try:
        with transaction.atomic():
            UsedCode.objects.create(person=user, digest=digest, until=at + lifetime)
    except IntegrityError:
        return False
    return True


def forget(at: datetime | None = None) -> None:
    """Delete the counts that no longer count."""
    WrongCodes.objects.filter(last_at__lt=(at or timezone.now()) - FORGOTTEN).delete()


def _places(user: User, request: HttpRequest) -> list[Place]:
    """What is counted for this request; one's own place is the first."""
    if is_known(request, user):
        return [Place(f"device {device_key(request)}"[:60], FREE)]
    return [Place(f"address {truncate_ip(address_of(request))}"[:60], FREE), Place("elsewhere", FREE_IN_ALL)]


def _left(user: User, place: Place, at: datetime) -> timedelta:
    """How long to wait here."""
    row = WrongCodes.objects.filter(person=user, place=place.name, last_at__gte=at - FORGOTTEN).first()
    if row is None or row.number < place.free:
        return timedelta()
    wait = min(FIRST_WAIT * 2 ** min(row.number - place.free, 10), LONGEST_WAIT)
    left: timedelta = row.last_at + wait - at
    return left
