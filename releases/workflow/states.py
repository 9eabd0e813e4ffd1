"""In which state which verb is possible, and the words in which the others are refused."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from newsroom.accounts.models import User
from releases.checklist import blocks
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
    "tie": frozenset({D, S, A, E, P, W}),
    "untie": frozenset({D, S, A, E, P, W}),
    "translate": frozenset({D, S, A, E, P, W}),
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
        reasons.append(_not_allowed(verb, release, by))
    check = CHECKS.get(verb)
    if state not in TABLE[verb]:
        reasons.append(out_of_state(verb, state))
    elif check:  # in a state that has no such verb its further wants would only confuse
        reasons += check(release, by, at)
    return reasons


def _not_allowed(verb: str, release: Release, by: User) -> str:
    if may(by, verb) and may(by, "create"):
        return _(
            "This release is another author's: ask %(author)s or an editor to do it, or to hand it over."
        ) % {"author": release.created_by or "–"}
    return _("Your role does not allow you to do this; ask an editor.")


def out_of_state(verb: str, state: State) -> str:
    """Why `verb` makes no sense for a release in `state`, and what to do instead."""
    specific = {
        ("discard draft", D): _(
            "Readers have seen no other text to go back to: an unpublished draft is kept."
        ),
        ("discard draft", S): _(
            "Readers have seen no other text to go back to: return it with a comment instead."
        ),
        ("discard draft", A): _(
            "Readers have seen no other text to go back to: return it with a comment instead."
        ),
        ("submit", S): _("It has been submitted already."),
        ("submit", A): _("It has been approved already: publish or schedule it."),
        ("return", D): _("Nothing has been submitted, so there is nothing to return."),
        ("approve", D): _("Nothing has been submitted: submit the draft first."),
        ("approve", A): _("It has been approved already: publish or schedule it."),
        ("schedule", P): _("It is published already: its date no longer moves. Publish the change instead."),
        ("schedule", W): _("It was published before: publish it again, or leave it withdrawn."),
        ("unschedule", P): _("Readers see it already: withdraw it instead."),
        ("unschedule", W): _("It is withdrawn: readers do not see it."),
        ("correct", E): _(
            "Readers do not see it yet: publish or schedule the changed text, no correction is needed."
        ),
        ("correct", W): _("It is withdrawn: publish it again first."),
        ("withdraw", E): _("Readers do not see it yet: unschedule it instead."),
        ("withdraw", W): _("It is withdrawn already."),
    }
    general = {
        "unschedule": _("It is not scheduled."),
        "correct": _("Readers have not seen it yet: publish it, no correction is needed."),
        "withdraw": _("Readers have never seen it: there is nothing to withdraw."),
    }
    return specific.get((verb, state)) or general[verb]


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
    return own_text(working, by)


def _return(release: Release, by: User, at: datetime) -> list[str]:
    if not release.working or not release.working.submitted_at:
        return [_("Nothing has been submitted, so there is nothing to return.")]
    return []


def _go_out(release: Release, by: User, at: datetime) -> list[str]:
    working = release.working
    if not working:
        if release.withdrawn_at:
            return []
        if not release.is_visible(at):
            return [_("It is scheduled. To publish it now, empty its date first; or wait for its time.")]
        return [_("There is nothing new to publish: what readers see is the latest text.")]
    return blocks(working) + own_text(working, by)


def _schedule(release: Release, by: User, at: datetime) -> list[str]:
    words = release.working
    if words is None:  # it is scheduled, and nothing has changed since
        return [_("It is scheduled already: change its date or its text first.")]
    reasons = _go_out(release, by, at)
    # Over scheduled words a draft without a date takes over their moment.
    planned = words.publish_at or release.publish_at
    if planned is None or planned <= at:
        reasons.append(_("To schedule it, give it a date and time that lie in the future."))
    return reasons


def own_text(working: Revision, by: User) -> list[str]:
    """Where nobody may approve what they wrote: whoever wrote any of it since the words approved or live before is an
    author of it (`Revision.authors`), however small a change a colleague made last."""
    if not settings.APPROVAL_BY_ANOTHER or working.approved_at or by.pk not in working.authors:
        return []
    people = User.objects.filter(pk__in=working.authors).order_by("username")
    names = ", ".join(str(person) for person in people)
    return [_("You wrote this text: somebody else has to approve it. Its authors: %s.") % names]


CHECKS = {
    "discard draft": _needs_draft,
    "submit": _submit,
    "approve": _approve,
    "return": _return,
    "schedule": _schedule,
    "publish": _go_out,
    "correct": _needs_draft,
}


def locked(release: Release, *, seen: int | None = None) -> Release:
    """The release as it is now, held until the transaction ends. `seen` is the `save_number` of the words that somebody
    has before them: `Conflict` is raised when there are newer ones, and `Refused` when the release was removed."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("A release is locked inside a transaction.")
    # Two statements: PostgreSQL looks again at the row that it waited for, but not at the rows joined to it, so a
    # colleague's save that was waited for would be read as it was before.
    row = Release.objects.select_for_update().only("pk").filter(pk=release.pk).first()
    if row is None:
        raise Refused([_("This release no longer exists.")])
    release = Release.objects.select_related("live", "working").get(pk=row.pk)
    current = release.current
    if seen is not None and current is not None and current.save_number != seen:
        raise Conflict(current)
    return release


def demand(verb: str, release: Release, *, by: User, at: datetime) -> None:
    """Raise `Refused` with every reason, or let the verb go on."""
    if reasons := reasons_against(verb, release, by=by, at=at):
        raise Refused(reasons)


def record(
    verb: str, release: Release, *, by: User, at: datetime, revision: Revision | None = None, **detail: object
) -> Event:
    """Write the one event of a verb."""
    return Event.objects.create(release=release, revision=revision, user=by, verb=verb, at=at, detail=detail)
