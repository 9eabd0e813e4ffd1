"""Writes the rows of the inverted index, in the transaction that changes the words of releases."""

from collections.abc import Callable, Iterable

from django.db import transaction
from django.utils import timezone

from releases.editions import raise_edition
from releases.models import Release, Revision, SearchEntry
from releases.search.analysis import indexed

# Limits the rows in memory, and the time for which SQLite is locked for writing.
BATCH = 100


def update_index(releases: Iterable[Release]) -> None:
    """Indexes the live and the working revision of these releases. Call it in the transaction that changes them."""
    releases = list(releases)
    known = {
        (entry.release_id, entry.kind): entry
        for entry in SearchEntry.objects.filter(release__in=releases).only(
            "release", "kind", "revision", "save_number"
        )
    }
    new: list[SearchEntry] = []
    obsolete: list[int] = []
    for release in releases:
        for kind, revision in ((SearchEntry.LIVE, release.live), (SearchEntry.WORKING, release.working)):
            entry = known.get((release.pk, kind))
            if revision is None:
                if entry:
                    obsolete.append(entry.pk)
            elif entry is None:
                new.append(_fill(SearchEntry(release=release, kind=kind), revision))
            elif (entry.revision_id, entry.save_number) != (revision.pk, revision.save_number):
                _fill(entry, revision).save(update_fields=["revision", "save_number", "sequence", "terms"])
    if obsolete:
        SearchEntry.objects.filter(pk__in=obsolete).delete()
    SearchEntry.objects.bulk_create(new, batch_size=BATCH)


def rebuild_index(*, progress: Callable[[int, int], None] = lambda done, total: None) -> int:
    """Writes every row anew, batch by batch, while readers go on searching; returns how many releases were read."""
    pks = list(Release.objects.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(pks), BATCH):
        with transaction.atomic():
            # Two statements: of the row that it waited for PostgreSQL reads the joined revision as it was before.
            batch = Release.objects.select_for_update().filter(pk__in=pks[start : start + BATCH])
            locked = list(batch.order_by("pk").values_list("pk", flat=True))
            releases = list(Release.objects.filter(pk__in=locked).select_related("live", "working"))
            # No save has the number 0, so every row counts as old.
            SearchEntry.objects.filter(release__in=releases).update(save_number=0)
            update_index(releases)
        progress(min(start + BATCH, len(pks)), len(pks))
    raise_edition(timezone.now())
    return len(pks)


def _fill(entry: SearchEntry, revision: Revision) -> SearchEntry:
    entry.revision, entry.save_number = revision, revision.save_number
    notes = [note["text"] for note in revision.notes]
    ready = indexed(
        title=revision.title,
        summary=[revision.dateline, revision.summary],
        rest=[*revision.body_text.split("\n\n"), *notes],
    )
    entry.sequence, entry.terms = ready.sequence, ready.terms
    return entry
