"""What has been kept of what an open form sent: asked for before a browser drops its copy, and before a save is a conflict."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone

from newsroom.accounts.models import User
from releases.models import Receipt, Release

# A form whose words another one has taken over has nothing more to say: whatever it sent is part of what came after.
LAST_TURN = 2**31 - 1
# As long as a browser keeps its copy (static/js/admin/local-copies.js).
KEPT_FOR = timedelta(days=90)


@dataclass(frozen=True)
class Sending:
    """`visit` names the opened form and `turn` counts what it sends; it holds the words of the visits in `follows`, too."""

    visit: UUID
    turn: int
    follows: tuple[UUID, ...] = ()


def written_upon(release: Release, sending: Sending | None, seen: int | None, *, by: User) -> int | None:
    """The save upon which the words that are sent were written: `seen`, or the newest one where it is the form's own.

    A form whose answer got lost, or that took over the words of one closed a second ago, knows an older number than
    its own save has got: nobody meets a conflict with oneself.
    """
    current = release.current
    if sending is None or seen is None or current is None or current.save_number == seen:
        return seen
    own = Receipt.objects.filter(
        user=by, release=release, visit__in=(sending.visit, *sending.follows), save_number=current.save_number
    )
    return current.save_number if own.exists() else seen


def overtaken(sending: Sending | None, *, by: User) -> bool:
    """Has the same form sent something later that is kept already? What comes late must not replace it."""
    if sending is None:
        return False
    return Receipt.objects.filter(user=by, visit=sending.visit, turn__gt=sending.turn).exists()


def acknowledge(
    release: Release,
    sending: Sending | None,
    *,
    by: User,
    whole: bool = True,
    save_number: int | None = None,
    at: datetime | None = None,
) -> None:
    """Note, in the transaction of the save, that what was sent is kept: as the newest save, or as `save_number`."""
    at = at or timezone.now()
    current = release.current
    if sending is None or current is None:
        return
    said = {
        "release": release, "turn": sending.turn, "whole": whole, "at": at,
        "save_number": current.save_number if save_number is None else save_number,
    }  # fmt: skip
    _receipt, new = Receipt.objects.update_or_create(user=by, visit=sending.visit, defaults=said)
    if whole:
        for visit in sending.follows:
            Receipt.objects.update_or_create(user=by, visit=visit, defaults={**said, "turn": LAST_TURN})
    if new:
        Receipt.objects.filter(user=by, at__lt=at - KEPT_FOR).delete()


def kept(visit: UUID, *, by: User) -> Receipt | None:
    """What has been kept of this visit of theirs."""
    return Receipt.objects.filter(user=by, visit=visit).first()
