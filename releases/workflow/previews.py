"""Verbs on links for outsiders: opening one for a draft, revoking it, and what else ends it.

A link shows one text of a release. It ends when the newsroom takes that text back: when the release is withdrawn or taken off
the schedule, or the draft is discarded; and when whoever made it may not share the release any more: when the release is
handed over, or a person leaves or loses their role.
"""

from datetime import datetime, timedelta

from django.db import OperationalError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from newsroom.accounts import record as access
from newsroom.accounts.models import User
from releases.models import PreviewLink, Release, Revision
from releases.permissions import may
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


def opens(link: PreviewLink, at: datetime | None = None) -> bool:
    """May it still be read? Also whoever leaves by a way that closes no link has shared nothing from then on."""
    maker = link.created_by
    return link.is_open(at) and maker is not None and may(maker, "share preview", link.revision.release)


def note_opening(link: PreviewLink, at: datetime | None = None) -> None:
    """Remember that an outsider has looked, and nothing of who that is: neither address nor device. Where the database takes no
    writing at the moment, the page comes all the same."""
    try:
        with transaction.atomic():
            PreviewLink.objects.filter(pk=link.pk).update(
                opened_count=F("opened_count") + 1, opened_at=at or timezone.now()
            )
            revision = link.revision
            access.count(
                "preview opened", at=at, release=revision.release_id, revision=revision.number, link=link.pk
            )
    except OperationalError:
        return


def end_links(release: Release, *, at: datetime, but: Revision | None = None) -> dict[str, int]:
    """Close the links to the texts of `release`, those to the text `but` excepted: for the event, how many, if any were open."""
    found = PreviewLink.objects.open(at).filter(revision__release=release)
    if but is not None:
        found = found.exclude(revision=but)
    return _ended(found.update(revoked_at=at))


def end_links_of_others(release: Release, *, at: datetime) -> dict[str, int]:
    """Close the links that were made by people who may not share `release` any more: for the event, how many, if any."""
    found = PreviewLink.objects.open(at).filter(revision__release=release).select_related("created_by")
    lost = [
        link.pk
        for link in found
        if link.created_by is None or not may(link.created_by, "share preview", release)
    ]
    return _ended(PreviewLink.objects.filter(pk__in=lost).update(revoked_at=at))


@transaction.atomic
def end_links_of(person: User, *, by: User, at: datetime | None = None) -> int:
    """Close the links that `person` made and may not have made now; how many those were. An event on each release."""
    at = at or timezone.now()
    found = PreviewLink.objects.open(at).filter(created_by=person).select_related("revision__release")
    lost = [link for link in found if not may(person, "share preview", link.revision.release)]
    for link in lost:
        link.revoked_at = at
        link.save(update_fields=["revoked_at"])
        record("revoke preview", link.revision.release, by=by, at=at, revision=link.revision, note=link.note)
    return len(lost)


def lately_ended(release: Release) -> int:
    """How many links the last verb closed."""
    last = release.events.order_by("-at", "-pk").first()
    return int(last.detail.get("links", 0)) if last else 0


def _ended(number: int) -> dict[str, int]:
    return {"links": number} if number else {}
