"""Verbs on links for outsiders: opening one for a draft, and revoking it."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from newsroom.accounts.models import User
from releases.models import PreviewLink, Release
from releases.workflow.states import Refused, demand, locked, record

LONGEST = 30


@transaction.atomic
def share_preview(
    release: Release, *, by: User, days: int, note: str = "", at: datetime | None = None
) -> PreviewLink:
    """Open the words that staff see now to whoever gets the link, for `days` days."""
    at = at or timezone.now()
    release = locked(release)
    demand("share preview", release, by=by, at=at)
    if not 1 <= days <= LONGEST:
        raise Refused([_("Choose between 1 and %d days.") % LONGEST])
    revision = release.current
    assert revision is not None  # a release is never without words
    link = PreviewLink.objects.create(
        revision=revision, note=note.strip()[:200], created_at=at, created_by=by,
        expires_at=at + timedelta(days=days),
    )  # fmt: skip
    record("share preview", release, by=by, at=at, revision=revision, days=days, note=link.note)
    return link


@transaction.atomic
def revoke_preview(link: PreviewLink, *, by: User, at: datetime | None = None) -> PreviewLink:
    """Close a link at once."""
    at = at or timezone.now()
    release = locked(link.revision.release)
    demand("share preview", release, by=by, at=at)
    link = PreviewLink.objects.get(pk=link.pk)  # as it is now that nobody else can change it
    if link.revoked_at is None:
        link.revoked_at = at
        link.save(update_fields=["revoked_at"])
        record("revoke preview", release, by=by, at=at, revision=link.revision, note=link.note)
    return link
