"""Verbs on the way to readers and back: submit, return, approve, schedule, publish, correct, withdraw."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from newsroom.accounts.models import User
from releases.models import Correction, Release, Revision
from releases.workflow.addressing import carry_out_plan
from releases.workflow.drafts import redate
from releases.workflow.previews import end_links
from releases.workflow.public_change import public_change
from releases.workflow.states import Refused, demand, locked, reasons_against, record


@transaction.atomic
def submit(
    release: Release, *, by: User, at: datetime | None = None, comment: str = "", seen: int | None = None
) -> Release:
    """Ask for approval: the draft is frozen; editing goes on in a new revision."""
    release = locked(release, seen=seen)
    at = at or timezone.now()
    demand("submit", release, by=by, at=at)
    working = _working(release)
    working.submitted_at, working.submitted_by = at, by
    working.frozen_at = working.frozen_at or at
    working.save(update_fields=["submitted_at", "submitted_by", "frozen_at"])
    record("submit", release, by=by, at=at, revision=working, comment=comment)
    return release


@transaction.atomic
def return_draft(
    release: Release, *, by: User, comment: str, at: datetime | None = None, seen: int | None = None
) -> Release:
    """Give a submitted draft back to its author, saying why."""
    release = locked(release, seen=seen)
    at = at or timezone.now()
    reasons = reasons_against("return", release, by=by, at=at)
    if not comment.strip():
        reasons.append(_("Write a comment that says what should change."))
    if reasons:
        raise Refused(reasons)
    working = _working(release)
    working.submitted_at = working.submitted_by = working.approved_at = working.approved_by = None
    working.save(update_fields=["submitted_at", "submitted_by", "approved_at", "approved_by"])
    record("return", release, by=by, at=at, revision=working, comment=comment)
    return release


@transaction.atomic
def approve(
    release: Release, *, by: User, at: datetime | None = None, comment: str = "", seen: int | None = None
) -> Release:
    """Say that these words may go out as they are."""
    release = locked(release, seen=seen)
    at = at or timezone.now()
    demand("approve", release, by=by, at=at)
    working = _working(release)
    _approved(working, by, at)
    record("approve", release, by=by, at=at, revision=working, comment=comment)
    return release


@transaction.atomic
def publish(release: Release, *, by: User, at: datetime | None = None, seen: int | None = None) -> Release:
    """Let the working words go out at their date, or now where they have none.

    A date in the future makes it an embargo (`schedule`). Over live words it is a small change: neither date moves
    (a change of substance is `correct`). A withdrawn release comes back, as updated: readers were told that it was gone.
    """
    release = locked(release, seen=seen)
    at = at or timezone.now()
    if way_out(release, at) == "schedule":
        return _schedule(release, by, at)
    planned = release.working.publish_at if release.working else None
    demand("publish", release, by=by, at=at)
    again = release.withdrawn_at is not None
    released = release.is_visible(at) or again
    with public_change(release, at=at):
        if again and release.is_announced(at):
            release.updated_at = at
        if again:
            release.back_since = at
        release.withdrawn_at, release.withdrawal_notice, release.withdrawal_hides_title = None, "", False
        if release.working:
            _go_live(release, by, at)
        if not released:
            release.publish_at = planned or at
        moved = _save_live(release)
    small_change = released and not again
    record("publish", release, by=by, at=at, revision=release.live, again=again, mend=small_change, **moved)
    return release


def way_out(release: Release, at: datetime) -> str:
    """The verb by which the draft goes out when it is published: a date in the future makes it an embargo."""
    planned = release.working.publish_at if release.working else None
    ahead = planned is not None and planned > at and not release.is_visible(at) and not release.withdrawn_at
    return "schedule" if ahead else "publish"


def due_of(release: Release) -> datetime | None:
    """When the draft goes out that is scheduled or published: at its own date, or at that of the words whose place it takes;
    None for at once. Without a draft it is the date of the words that are live."""
    if release.working and release.working.publish_at:
        return release.working.publish_at
    return release.publish_at


@transaction.atomic
def schedule(release: Release, *, by: User, at: datetime | None = None, seen: int | None = None) -> Release:
    """Let the working words go out at their date in the future, by the clock alone.

    Over words that are scheduled already they take their place; without a date of their own, at the same moment.
    """
    release = locked(release, seen=seen)
    return _schedule(release, by, at or timezone.now())


def _schedule(release: Release, by: User, at: datetime) -> Release:
    demand("schedule", release, by=by, at=at)
    due = release.publish_at
    with public_change(release, at=at):
        if due and release.working and release.working.publish_at is None:
            redate(release, due, by=by, at=at)
        if release.working:
            _go_live(release, by, at)
        assert release.live is not None  # demanded above
        release.publish_at = release.live.publish_at
        moved = _save_live(release)
    due_date = str(release.publish_at)
    record("schedule", release, by=by, at=at, revision=release.live, publish_at=due_date, **moved)
    return release


@transaction.atomic
def unschedule(release: Release, *, by: User, at: datetime | None = None, seen: int | None = None) -> Release:
    """Take a release off the schedule before its time: its words are a draft again."""
    release = locked(release, seen=seen)
    at = at or timezone.now()
    demand("unschedule", release, by=by, at=at)
    words = release.live
    with public_change(release, at=at):
        release.working = release.working or release.live
        release.live = release.publish_at = release.updated_at = None
        release.save()
    record("unschedule", release, by=by, at=at, revision=words, **end_links(release, at=at))
    return release


@transaction.atomic
def correct(
    release: Release, *, by: User, note: str, at: datetime | None = None, seen: int | None = None
) -> Release:
    """Publish the draft over live words as a change of substance, with a public note."""
    release = locked(release, seen=seen)
    at = at or timezone.now()
    if reasons := against_correction(release, note, by=by, at=at):
        raise Refused(reasons)
    with public_change(release, at=at):
        _go_live(release, by, at)
        release.updated_at = at
        moved = _save_live(release)
        assert release.live is not None  # just gone live
        Correction.objects.create(release=release, revision=release.live, at=at, note=note.strip(), by=by)
    record("correct", release, by=by, at=at, revision=release.live, note=note.strip(), **moved)
    return release


def against_correction(release: Release, note: str, *, by: User, at: datetime) -> list[str]:
    """Everything that stands against publishing the draft as a correction with this note."""
    reasons = [
        reason for verb in ("correct", "publish") for reason in reasons_against(verb, release, by=by, at=at)
    ]
    if not note.strip():
        reasons.append(_("Write under “What was corrected” what has changed: readers will see it."))
    return list(dict.fromkeys(reasons))


@transaction.atomic
def withdraw(
    release: Release,
    *,
    by: User,
    notice: str,
    hide_title: bool = False,
    at: datetime | None = None,
    seen: int | None = None,
) -> Release:
    """Take the words from readers; the address stays and says so, by its title unless that is hidden, too. The text stays
    with the staff."""
    release = locked(release, seen=seen)
    at = at or timezone.now()
    reasons = reasons_against("withdraw", release, by=by, at=at)
    if not notice.strip():
        reasons.append(_("Write a withdrawal notice: readers will see it in place of the text."))
    if reasons:
        raise Refused(reasons)
    with public_change(release, at=at):
        release.withdrawn_at, release.withdrawal_notice = at, notice.strip()
        release.withdrawal_hides_title = hide_title
        release.save()
    record(
        "withdraw", release, by=by, at=at, revision=release.live, notice=notice.strip(), hide_title=hide_title,
        **end_links(release, at=at),
    )  # fmt: skip
    return release


def _working(release: Release) -> Revision:
    assert release.working is not None  # the verb was demanded, which needs a draft
    return release.working


def _approved(working: Revision, by: User, at: datetime) -> None:
    """Who publishes approves; what is approved was submitted and cannot change any more."""
    if not working.approved_at:
        working.submitted_at, working.submitted_by = working.submitted_at or at, working.submitted_by or by
        working.approved_at, working.approved_by = at, by
        working.frozen_at = working.frozen_at or at
        working.save(
            update_fields=["submitted_at", "submitted_by", "approved_at", "approved_by", "frozen_at"]
        )


def _go_live(release: Release, by: User, at: datetime) -> None:
    """The working revision becomes the live one; `_save_live` carries it out."""
    working = _working(release)
    _approved(working, by, at)
    release.live, release.working = working, None


def _save_live(release: Release) -> dict[str, str]:
    """Save what has gone live, at the address that it planned. Returns what the record says of a new address."""
    release.save()
    assert release.live is not None  # just gone live
    return carry_out_plan(release, release.live)
