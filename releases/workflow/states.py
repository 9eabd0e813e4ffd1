"""In which state which verb is possible, and the words in which the others are refused."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from newsroom.accounts.models import User
from releases.models import Event, Release, Revision
from releases.models.release import State
from releases.permissions import may

D, S, A, E, P, W = (
    State.DRAFT,
    State.SUBMITTED,
    State.APPROVED,
    State.SCHEDULED,
    State.PUBLISHED,
    State.WITHDRAWN,
)

# verb: the states in which it is possible at all. A draft over live words has the state of what is live.
TABLE: dict[str, frozenset[State]] = {
    "save draft": frozenset({D, S, A, E, P, W}),
    "discard draft": frozenset({E, P, W}),
    "restore": frozenset({D, S, A, E, P, W}),
    "submit": frozenset({D, E, P, W}),
    "return": frozenset({S, A, E, P, W}),
    "approve": frozenset({S, E, P, W}),
    "schedule": frozenset({D, S, A, E}),
    "unschedule": frozenset({E}),
    "publish": frozenset({D, S, A, E, P, W}),
    "correct": frozenset({P}),
    "withdraw": frozenset({P}),
    "hand over": frozenset({D, S, A, E, P, W}),
    "change address": frozenset({D, S, A, E, P, W}),
    "share preview": frozenset({D, S, A, E, P, W}),
}


class Refused(Exception):
    """A verb was refused; `reasons` says all that stands against it, in words that say what to do."""

    def __init__(self, reasons: Sequence[str]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = list(reasons)


class Conflict(Exception):
    """Somebody else saved since the form was opened; `revision` is what they saved."""

    def __init__(self, revision: Revision) -> None:
        super().__init__(_("Somebody else has saved this release since you opened it."))
        self.revision = revision


def reasons_against(verb: str, release: Release, *, by: User, at: datetime | None = None) -> list[str]:
    """Everything that stands against `verb`, none when it is possible."""
    at = at or timezone.now()
    state = release.state(at)
    reasons = []
    if not may(by, verb, release):
        reasons.append(_("Your role does not allow you to do this; ask an editor."))
    if state not in TABLE[verb]:
        reasons.append(
            _("This release is “%(state)s”; that is possible only for: %(states)s.")
            % {
                "state": state.label,
                "states": ", ".join(str(one.label) for one in State if one in TABLE[verb]),
            }
        )
    check = CHECKS.get(verb)
    if check:
        reasons += check(release, by, at)
    return reasons


def _needs_draft(release: Release, by: User, at: datetime) -> list[str]:
    return [] if release.working else [_("There is no draft: change something first.")]


def _submit(release: Release, by: User, at: datetime) -> list[str]:
    if release.working and release.working.submitted_at:
        return [_("It has been submitted already.")]
    return _needs_draft(release, by, at)


def _approve(release: Release, by: User, at: datetime) -> list[str]:
    working = release.working
    if not working or not working.submitted_at:
        return [_("Nothing has been submitted: submit the draft first.")]
    if working.approved_at:
        return [_("It has been approved already.")]
    return _own_text(working, by)


def _return(release: Release, by: User, at: datetime) -> list[str]:
    if not release.working or not release.working.submitted_at:
        return [_("Nothing has been submitted, so there is nothing to return.")]
    return []


def _go_out(release: Release, by: User, at: datetime) -> list[str]:
    working = release.working
    if not working:
        if release.withdrawn_at:
            return []
        return [_("There is nothing new to publish: what readers see is the latest text.")]
    return [] if working.approved_at else _own_text(working, by)


def _schedule(release: Release, by: User, at: datetime) -> list[str]:
    words = release.working or release.live
    reasons = [] if release.working is None else _go_out(release, by, at)
    planned = words.publish_at if words else None
    if planned is None or planned <= at:
        reasons.append(_("To schedule it, give it a date and time that lie in the future."))
    return reasons


def _own_text(working: Revision, by: User) -> list[str]:
    if settings.APPROVAL_BY_ANOTHER and by.pk in {working.edited_by_id, working.created_by_id}:
        return [_("You wrote this text: somebody else has to approve it.")]
    return []


CHECKS = {
    "discard draft": _needs_draft,
    "submit": _submit,
    "approve": _approve,
    "return": _return,
    "schedule": _schedule,
    "publish": _go_out,
    "correct": _needs_draft,
}


def locked(release: Release) -> Release:
    """The release as it is now, held until the transaction ends."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("A release is locked inside a transaction.")
    return (
        Release.objects.select_for_update(of=("self",)).select_related("live", "working").get(pk=release.pk)
    )


def demand(verb: str, release: Release, *, by: User, at: datetime) -> None:
    """Raise `Refused` with every reason, or let the verb go on."""
    if reasons := reasons_against(verb, release, by=by, at=at):
        raise Refused(reasons)


def record(
    verb: str, release: Release, *, by: User, at: datetime, revision: Revision | None = None, **detail: object
) -> Event:
    """Write the one event of a verb."""
    return Event.objects.create(release=release, revision=revision, user=by, verb=verb, at=at, detail=detail)
