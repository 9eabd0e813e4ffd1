"""Verbs on sign-in links: making one, looking one up, using it once, withdrawing it. Nobody chooses a password for somebody else."""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Literal

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from . import record
from .models import Invitation, User
from .people import end_sessions, remove_second_factor

State = Literal["open", "used", "withdrawn", "expired"]
_signer = signing.Signer(salt="newsroom.accounts.invitations")


@transaction.atomic
def invite(person: User, *, request: HttpRequest, at: datetime | None = None) -> str:
    """Make a link for `person` and give what stands in it; an earlier one dies. It is kept nowhere, so it is shown once."""
    at = at or timezone.now()
    User.objects.select_for_update().get(pk=person.pk)  # two chiefs at once make one after the other
    withdraw(person, request=request, at=at)
    token = _signer.sign(secrets.token_urlsafe(24))
    made = Invitation.objects.create(
        person=person,
        digest=_digest(token),
        made_at=at,
        made_by=record.asking(request),
        expires_at=at + timedelta(hours=settings.INVITATION_HOURS),
    )
    record.note("invitation made", person=person, request=request, at=at, until=made.expires_at.isoformat())
    return token


@transaction.atomic
def renew(
    person: User, *, request: HttpRequest, reset_factor: bool = False, at: datetime | None = None
) -> str:
    """A link for somebody who forgot their password. The old one opens nothing from now on, and every session ends.

    The second factor stays, unless it is lost, too: who finds the link still has to have it.
    """
    if person.has_usable_password():
        person.set_unusable_password()
        person.save(update_fields=["password"])
        record.note("password ended", person=person, request=request, at=at)
    if reset_factor:
        remove_second_factor(person, request=request)
    else:
        end_sessions(person, request=request)
    return invite(person, request=request, at=at)


def find(token: str) -> Invitation | None:
    """The link that this stands in, whatever became of it; None for what this site has not made."""
    try:
        _signer.unsign(token)
    except signing.BadSignature:
        return None
    return Invitation.objects.select_related("person").filter(digest=_digest(token)).first()


def state_of(invitation: Invitation, at: datetime | None = None) -> State:
    """Whether it can be used, or why not."""
    if invitation.used_at:
        return "used"
    if invitation.withdrawn_at or not invitation.person.is_active:
        return "withdrawn"
    return "open" if (at or timezone.now()) < invitation.expires_at else "expired"


@transaction.atomic
def accept(
    invitation: Invitation, password: str, *, request: HttpRequest, at: datetime | None = None
) -> bool:
    """Set the password that the person has chosen. Of any number who use a link at one moment it is one: True."""
    at = at or timezone.now()
    person = User.objects.select_for_update().get(pk=invitation.person_id)
    # All conditions stand in the statement itself. A join would be looked at before the row is waited for, and two could win.
    mine = Invitation.objects.unused().filter(pk=invitation.pk, expires_at__gt=at)
    if not person.is_active or not mine.update(used_at=at):
        return False
    person.set_password(password)
    person.save(update_fields=["password"])
    record.note("invitation used", person=person, by=person, request=request, at=at)
    record.note("password set", person=person, by=person, request=request, at=at)
    return True


@transaction.atomic
def withdraw(person: User, *, request: HttpRequest, at: datetime | None = None) -> bool:
    """Let the open link of `person` die; whether there was one."""
    at = at or timezone.now()
    note_expired(at)
    found = Invitation.objects.unused().filter(person=person)
    was_open = found.filter(expires_at__gt=at).exists()
    found.update(withdrawn_at=at)
    if was_open:
        record.note("invitation withdrawn", person=person, request=request, at=at)
    return was_open


@transaction.atomic
def note_expired(at: datetime | None = None) -> None:
    """Put on record which links have expired without being used."""
    at = at or timezone.now()
    for one in (
        Invitation.objects.unused().filter(expires_at__lte=at, expiry_recorded=False).select_related("person")
    ):
        if Invitation.objects.filter(pk=one.pk, expiry_recorded=False).update(expiry_recorded=True):
            record.note("invitation expired", person=one.person, at=at)


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()
