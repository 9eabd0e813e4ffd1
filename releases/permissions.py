"""Who may do what: the whole table in one place."""

from collections.abc import Iterable

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from newsroom.accounts.models import CHIEF, EDITOR, WRITER, User, role_of
from releases.models import Picture, Release, Revision
from releases.models.release import ReleaseQuerySet, seen_by_readers

NOBODY, OWN, ALL = "nobody", "own", "all"

# verb: (writer, editor, chief). A release is one's own while one is its author; handing it over changes that.
TABLE: dict[str, tuple[str, str, str]] = {
    "view": (OWN, ALL, ALL),
    "create": (ALL, ALL, ALL),
    "save draft": (OWN, ALL, ALL),
    "discard draft": (OWN, ALL, ALL),
    "restore": (OWN, ALL, ALL),
    "submit": (OWN, ALL, ALL),
    "return": (NOBODY, ALL, ALL),
    "approve": (NOBODY, ALL, ALL),
    "schedule": (NOBODY, ALL, ALL),
    "unschedule": (NOBODY, ALL, ALL),
    "publish": (NOBODY, ALL, ALL),
    "correct": (NOBODY, ALL, ALL),
    "withdraw": (NOBODY, ALL, ALL),
    "hand over": (OWN, ALL, ALL),
    "change address": (OWN, ALL, ALL),
    "share preview": (OWN, ALL, ALL),
    "tie": (OWN, ALL, ALL),
    "untie": (OWN, ALL, ALL),
    "translate": (OWN, ALL, ALL),
    "view record": (NOBODY, ALL, ALL),
    "view sources": (ALL, ALL, ALL),
    "add picture": (ALL, ALL, ALL),
    "view pictures": (OWN, ALL, ALL),
    "delete picture": (NOBODY, ALL, ALL),
    "archive source": (NOBODY, ALL, ALL),
    "change topics": (NOBODY, NOBODY, ALL),
    "change people": (NOBODY, NOBODY, ALL),
    "view access record": (NOBODY, NOBODY, ALL),
    "change settings": (NOBODY, NOBODY, ALL),
    "remove words": (NOBODY, NOBODY, ALL),
}


def may(user: User | AnonymousUser, verb: str, release: Release | None = None) -> bool:
    """May `user` do `verb` to `release`, as far as their role goes? (States are `workflow`'s matter.)

    Without a release: could there be one to which they may? Raises KeyError for a word that is no verb.
    """
    columns = dict(zip((WRITER, EDITOR, CHIEF), TABLE[verb], strict=True))
    reach = columns.get(role_of(user) or "", NOBODY)
    if reach == OWN:
        if release is None:
            return True
        if verb in {"view", "translate"} and release.is_visible():
            return True
        if verb in {"change address", "tie", "untie"} and release.live_id:
            return False  # what readers are told besides the words is the newsroom's promise
        return release.created_by_id == user.pk
    return reach == ALL


def viewable(user: User | AnonymousUser, releases: "ReleaseQuerySet") -> "ReleaseQuerySet":
    """Those of `releases` that `user` may see in the admin: `may(user, "view", …)` in SQL."""
    reach = dict(zip((WRITER, EDITOR, CHIEF), TABLE["view"], strict=True)).get(role_of(user) or "", NOBODY)
    if reach == ALL:
        return releases
    if reach == OWN:
        return releases.filter(Q(created_by=user.pk) | seen_by_readers())
    return releases.none()


def hidden(user: User | AnonymousUser, releases: "ReleaseQuerySet") -> "ReleaseQuerySet":
    """Those of `releases` that `user` may not see: all but the `viewable`. They are few, or none."""
    reach = dict(zip((WRITER, EDITOR, CHIEF), TABLE["view"], strict=True)).get(role_of(user) or "", NOBODY)
    if reach == ALL:
        return releases.none()
    if reach == OWN:
        return releases.exclude(Q(created_by=user.pk) | seen_by_readers())
    return releases


def reads_draft(user: User | AnonymousUser) -> Q:
    """Whose drafts `user` may read, as a condition on releases: a writer's own alone, however public the live words are."""
    reach = dict(zip((WRITER, EDITOR, CHIEF), TABLE["save draft"], strict=True)).get(
        role_of(user) or "", NOBODY
    )
    if reach == ALL:
        return Q(pk__isnull=False)
    return Q(created_by=user.pk) if reach == OWN else Q(pk__in=[])


def drafts(user: User | AnonymousUser, releases: "ReleaseQuerySet") -> "ReleaseQuerySet":
    """Those of `releases` whose drafts `user` may read."""
    return releases.filter(reads_draft(user))


def as_seen(user: User | AnonymousUser, release: Release) -> Release:
    """`release` as `user` may see it: without its draft where that is not theirs to read, so that its title, state and
    everything else said of it are those that readers know. For showing, never for saving; changes what it is given."""
    if release.live_id and not may(user, "save draft", release):
        release.working = None
    return release


def all_as_seen(user: User | AnonymousUser, releases: "Iterable[Release]") -> list[Release]:
    """Those of `releases` that `user` may see, each `as_seen`."""
    return [as_seen(user, release) for release in releases if may(user, "view", release)]


def pictures(user: User | AnonymousUser, found: "QuerySet[Picture]") -> "QuerySet[Picture]":
    """Those of `found` that `user` may see and use: a writer those that they brought, have in a release, or that all see."""
    reach = dict(zip((WRITER, EDITOR, CHIEF), TABLE["view pictures"], strict=True)).get(
        role_of(user) or "", NOBODY
    )
    if reach == ALL:
        return found
    if reach == OWN:
        # Not by a join with the revisions, which would give a picture once for each of them.
        theirs = Revision.objects.filter(release__created_by=user.pk, picture__isnull=False)
        public = Picture.objects.visible().values("pk")
        return found.filter(Q(added_by=user.pk) | Q(pk__in=theirs.values("picture")) | Q(pk__in=public))
    return found.none()
