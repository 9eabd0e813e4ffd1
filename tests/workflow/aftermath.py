"""What follows a public change, seen from outside: pages, feeds, index rows and pings before it, after it, and made anew."""

from django.core.cache import caches
from django.db import transaction
from django.test import Client
from django.utils import timezone

from releases import editions, search, sources
from releases.addresses import address
from releases.models import Edition, Ping, Release, ReleaseTopic, SearchEntry, SourceCitation
from releases.workflow.filing import refile

KINDS = ("rss", "atom", "json")


def derived():
    """Every row that follows from the words of releases."""
    return {
        "topics": sorted(ReleaseTopic.objects.values_list("content_object_id", "tag__slug")),
        "search": sorted(SearchEntry.objects.values_list("release_id", "kind", "revision_id", "terms")),
        "sources": sorted(SourceCitation.objects.values_list("release_id", "source__url", "note", "number")),
    }


def derived_from_scratch():
    with transaction.atomic():
        for table in (ReleaseTopic, SearchEntry, SourceCitation):
            table.objects.all().delete()
        refile(Release.objects.values_list("pk", flat=True))
        search.rebuild_index()
        sources.rebuild()
        found = derived()
        transaction.set_rollback(True)
    return found


def pages(*paths):
    """What readers get."""
    client = Client()
    answers = {path: client.get(path) for path in paths}
    return {
        path: (one.status_code, one.headers.get("Location"), one.content) for path, one in answers.items()
    }


def pages_made_anew(*paths):
    caches["pages"].clear()
    editions.forget_all()
    return pages(*paths)


def raised():
    return Edition.objects.values_list("number", flat=True).first() or 0


def planned_pings():
    """The feeds of which the hub will be told at the ends of embargoes."""
    now = timezone.now()
    waiting = Ping.objects.filter(sent_at=None, due_at__gt=now)
    embargoed = Release.objects.filter(live__isnull=False, withdrawn_at=None, publish_at__gt=now)
    expected = {
        (path, one.publish_at)
        for one in embargoed
        for kind in KINDS
        for path in (
            address("feed", kind, language=one.language),
            *(address("topic_feed", topic.slug, kind, language=one.language) for topic in one.topics.all()),
        )
    }
    return set(waiting.values_list("path", "due_at")), expected


class Aftermath:
    """Look, let something happen, and say what was not seen to."""

    def __init__(self, *paths):
        self.paths = ("/", "/feeds/releases.atom", *paths)

    def of(self, happen):
        Ping.objects.filter(due_at__lte=timezone.now()).delete()
        before, number = pages_made_anew(*self.paths), raised()
        happen()
        kept, counted = pages(*self.paths), raised() - number
        fresh = pages_made_anew(*self.paths)
        told = set(Ping.objects.filter(due_at__lte=timezone.now()).values_list("path", flat=True))
        faults = []
        if kept != fresh:
            faults.append(f"stale: {[path for path in fresh if fresh[path] != kept[path]]}")
        if counted != (fresh != before):
            faults.append(f"edition raised {counted} times, pages changed: {fresh != before}")
        for name, rows in derived_from_scratch().items():
            if rows != derived()[name]:
                faults.append(f"{name} are not what the words say")
        changed = fresh["/feeds/releases.atom"] != before["/feeds/releases.atom"]
        if ("/feeds/releases.atom" in told) != changed:
            faults.append(f"feed changed: {changed}, hub told of {sorted(told)}")
        waiting, expected = planned_pings()
        if waiting != expected:
            faults.append(f"planned for the hub: {sorted(waiting)}, not {sorted(expected)}")
        return faults
