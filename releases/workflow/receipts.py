"""What was stored of what an open form sent.

A browser asks before it drops its own copy, and a save asks before it reports a conflict."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone

from newsroom.accounts.models import User
from releases.models import Event, Receipt, Release
from releases.permissions import may

# The turn of a form whose words another form has included: whatever it sent is part of what came after.
LAST_TURN = 2**31 - 1
# As long as a browser keeps its copy (static/js/admin/local-copies.js).
STORED_FOR = timedelta(days=90)


@dataclass(frozen=True)
class Submission:
    """What an open form sends. `visit` names the form and `turn` counts. It includes the words of the forms in `follows`."""

    visit: UUID
    turn: int
    follows: tuple[UUID, ...] = ()


def base_save_number(
    release: Release, submission: Submission | None, seen: int | None, *, by: User
) -> int | None:
    """The save on which the words that are sent are based: `seen`, or the newest one if the form itself sent that.

    A form that lost its answer, or that includes the words of one closed a second ago, knows an older number than its own save
    has. Nobody gets a conflict with themselves.
    """
    current = release.current
    if submission is None or seen is None or current is None or current.save_number == seen:
        return seen
    own = Receipt.objects.filter(
        user=by,
        release=release,
        visit__in=(submission.visit, *submission.follows),
        save_number=current.save_number,
    )
    return current.save_number if own.exists() else seen


def is_outdated(submission: Submission | None, *, by: User) -> bool:
    """Has the same form sent something later that is stored already? What comes late must not replace it."""
    if submission is None:
        return False
    return Receipt.objects.filter(user=by, visit=submission.visit, turn__gt=submission.turn).exists()


def acknowledge(
    release: Release,
    submission: Submission | None,
    *,
    by: User,
    whole: bool = True,
    save_number: int | None = None,
    at: datetime | None = None,
) -> None:
    """Note, in the transaction of the save, that what was sent is stored: as the newest save, or as `save_number`."""
    at = at or timezone.now()
    current = release.current
    if submission is None or current is None:
        return
    values = {
        "release": release, "turn": submission.turn, "whole": whole, "at": at,
        "save_number": current.save_number if save_number is None else save_number,
    }  # fmt: skip
    _receipt, new = Receipt.objects.update_or_create(user=by, visit=submission.visit, defaults=values)
    if whole:
        for visit in submission.follows:
            Receipt.objects.update_or_create(user=by, visit=visit, defaults={**values, "turn": LAST_TURN})
    if new:
        Receipt.objects.filter(user=by, at__lt=at - STORED_FOR).delete()


def cleaned_at(release_id: int) -> int:
    """The first save of a release without the words, or the picture, last removed from everything for somebody's safety; 0 where none were.
    What was written upon an earlier one may hold them."""
    verbs = ("remove words", "remove picture")
    removals = Event.objects.filter(release=release_id, verb__in=verbs).values_list("detail", flat=True)
    return max((detail.get("save", 0) for detail in removals), default=0)


def must_forget(release_id: int, upon: int, *, by: User) -> bool:
    """Has a browser of theirs to drop what it keeps, written `upon` that save? Of a release that they may not see, and never wrote in,
    nothing is told; one that was removed whole is nobody's any more."""
    release = Release.objects.filter(pk=release_id).first()
    if release is None:
        return Event.objects.filter(verb="remove release", detail__release=release_id).exists()
    if may(by, "view", release) or Receipt.objects.filter(user=by, release=release).exists():
        return upon < cleaned_at(release_id)
    return False


def receipt_of(visit: UUID, *, by: User) -> Receipt | None:
    """What was stored last of that open form, if it is theirs."""
    return Receipt.objects.filter(user=by, visit=visit).first()
