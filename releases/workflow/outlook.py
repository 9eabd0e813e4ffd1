"""What readers see of a release, what goes out next, and what becomes of the draft beside it: a sentence for each state."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from releases.models import Release, Revision
from releases.models.release import Draft, State
from releases.workflow.moments import when


def outlook(release: Release, *, at: datetime | None = None) -> str:
    """One or two sentences that are true at `at`, for whoever may see the release's draft."""
    at = at or timezone.now()
    state = release.state(at)
    if release.live is None or release.publish_at is None:
        return " ".join(filter(None, (_unseen(release), _planned(release, at))))
    words = {"approved": approved(release.live, at), "due": when(release.publish_at, at)}
    if state == State.SCHEDULED:
        return " ".join(filter(None, (_goes_out(release) % words, _other_date(release, at))))
    return (_gone(release) if state == State.WITHDRAWN else _seen(release)) % words


def approved(revision: Revision, at: datetime) -> str:
    """When a text was approved: “at 21:40”. By that it is told from a newer one."""
    return when(revision.approved_at or revision.edited_at, at)


def _unseen(release: Release) -> str:
    return {
        Draft.NONE: _("Readers do not see it."),
        Draft.WRITTEN: _("Readers do not see it: it is being written."),
        Draft.SUBMITTED: _("Readers do not see it: it is waiting for approval."),
        Draft.RETURNED: _("Readers do not see it: it was returned to its author."),
        Draft.APPROVED: _("Readers do not see it: it is approved, and neither published nor scheduled."),
    }[release.draft]


def _planned(release: Release, at: datetime) -> str:
    planned = release.working.publish_at if release.working else None
    if planned is None or planned <= at:
        return ""
    return _("Its date, %s, is a plan: nobody has scheduled it.") % when(planned, at)


def _goes_out(release: Release) -> str:
    return {
        Draft.NONE: _("The text approved %(approved)s goes out %(due)s."),
        Draft.WRITTEN: _("The text approved %(approved)s goes out %(due)s; a newer one is being written."),
        Draft.SUBMITTED: _("The text approved %(approved)s goes out %(due)s; a newer one is waiting for approval."),
        Draft.RETURNED: _("The text approved %(approved)s goes out %(due)s; a newer one was returned to its author."),
        Draft.APPROVED: _(
            "The text approved %(approved)s goes out %(due)s; a newer one is approved and does not, until it is scheduled."
        ),
    }[release.draft]  # fmt: skip


def _other_date(release: Release, at: datetime) -> str:
    """A date that was changed in the draft holds for nothing yet."""
    working = release.working
    if working is None or working.publish_at == release.publish_at:
        return ""
    if working.publish_at is None:
        return _("The newer one has no date of its own.")
    return _("The date of the newer one, %s, holds once that is scheduled.") % when(working.publish_at, at)


def _seen(release: Release) -> str:
    return {
        Draft.NONE: _("Readers see this text, approved %(approved)s."),
        Draft.WRITTEN: _("Readers see the text approved %(approved)s; a newer one is being written."),
        Draft.SUBMITTED: _("Readers see the text approved %(approved)s; a newer one is waiting for approval."),
        Draft.RETURNED: _("Readers see the text approved %(approved)s; a newer one was returned to its author."),
        Draft.APPROVED: _("Readers see the text approved %(approved)s; a newer one is approved and not published."),
    }[release.draft]  # fmt: skip


def _gone(release: Release) -> str:
    return {
        Draft.NONE: _("Readers find the withdrawal notice. “Publish again” shows the text approved %(approved)s."),
        Draft.WRITTEN: _(
            "Readers find the withdrawal notice. A newer text than the one approved %(approved)s is being written: "
            "“Publish again” shows the newer one."
        ),
        Draft.SUBMITTED: _(
            "Readers find the withdrawal notice. A newer text than the one approved %(approved)s is waiting for approval: "
            "“Publish again” shows the newer one."
        ),
        Draft.RETURNED: _(
            "Readers find the withdrawal notice. A newer text than the one approved %(approved)s was returned to its author: "
            "“Publish again” shows the newer one."
        ),
        Draft.APPROVED: _(
            "Readers find the withdrawal notice. A newer text than the one approved %(approved)s is approved: "
            "“Publish again” shows the newer one."
        ),
    }[release.draft]  # fmt: skip
