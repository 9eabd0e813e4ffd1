"""Writing down exactly the feeds that a change of a release changes."""

from collections.abc import Set as AbstractSet
from datetime import datetime

from django.conf import settings
from django.db import transaction

from releases.addresses import address
from releases.models import Release, ReleaseTopic, Topic
from releases.models.ping import Ping
from releases.outbox.sending import enqueue

KINDS = ("rss", "atom", "json")


def filed(release: Release) -> frozenset[int]:
    """The keys of the topics under which readers find the release."""
    return frozenset(ReleaseTopic.objects.filter(content_object=release).values_list("tag_id", flat=True))


def feeds_changed(release: Release, *, at: datetime, before: AbstractSet[int] = frozenset()) -> None:
    """Call it inside the transaction, after the change; `before` holds the topics it was filed under until now.

    What waits for an embargo's end is written anew, since the end may have moved. Nothing happens without a hub.
    """
    Ping.objects.filter(release=release, sent_at=None, due_at__gt=at).delete()
    if not settings.WEBSUB_HUB or not release.live_id or release.publish_at is None:
        return
    embargoed = release.publish_at > at
    if embargoed and release.withdrawn_at:  # before anybody had seen it
        return
    due_at = release.publish_at if embargoed else at
    touched = filed(release) if embargoed else filed(release) | before
    slugs = Topic.objects.filter(pk__in=touched).in_order().values_list("slug", flat=True)
    paths = [address("feed", kind, language=release.language) for kind in KINDS]
    paths += [
        address("topic_feed", slug, kind, language=release.language) for slug in slugs for kind in KINDS
    ]
    Ping.objects.bulk_create(Ping(release=release, path=path, due_at=due_at) for path in paths)
    transaction.on_commit(lambda: enqueue(due_at))
