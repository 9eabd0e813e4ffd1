"""What readers are told of changes: a release's corrections, and its history where the newsroom shows it."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from releases.addresses import address
from releases.models import Event, Release, Revision
from releases.reading.index import topic_index
from releases.reading.public import page, public
from releases.text.compare import compare, compare_words, marked


@dataclass(frozen=True)
class Version:
    """A text that readers saw from `at` on; the marks say what changed from the one before."""

    number: int
    at: datetime
    revision: Revision
    note: str
    title: SafeString | None
    text: SafeString | None
    notes: list[tuple[int, SafeString]]
    coarse: bool = False


def changes_of(release: Release) -> dict[str, object]:
    """What the page of a visible release says of its changes."""
    path = address("history", release.slug, language=release.language) if settings.PUBLIC_HISTORY else ""
    return {
        "corrections": release.public_corrections(),
        "corrections_at": settings.CORRECTIONS_AT,
        "history_path": path,
    }


@public()
def history(request: HttpRequest, slug: str) -> HttpResponse:
    """Every text of a release that readers have seen, newest first, each with what changed."""
    if not settings.PUBLIC_HISTORY:
        raise Http404("the newsroom shows no history")
    visible = Release.objects.visible().filter(language=request.language)
    release = get_object_or_404(visible.select_related("live"), slug=slug)
    words = {
        "release": release,
        "words": release.live,
        "texts": versions_of(release),  # `versions` are the page's own, in other languages
        "canonical": request.path,
    }
    return page(request, "releases/history.html", words, index=topic_index(request.language))


def versions_of(release: Release, *, at: datetime | None = None) -> list[Version]:
    """The texts that were live while readers could see the release; what was replaced before its time is not told, nor
    what was withdrawn: a release that came back begins anew with the text with which it did."""
    at = at or timezone.now()
    events = Event.objects.filter(
        release=release, verb__in=("publish", "schedule", "correct", "unschedule"), at__lte=at
    ).select_related("revision")
    if release.back_since:
        events = events.filter(at__gte=release.back_since)
    steps = list(events.order_by("at", "pk"))
    ends = [step.at for step in steps[1:]] + [None]
    notes = {one.revision_id: one.note for one in release.public_corrections()}
    seen: list[Version] = []
    for step, end in zip(steps, ends, strict=True):
        out_before = end is not None and release.publish_at is not None and end <= release.publish_at
        if step.verb == "unschedule" or step.revision is None or out_before:
            continue
        before = seen[-1].revision if seen else None
        if before is None or before.pk != step.revision_id:
            since = max(step.at, release.publish_at or step.at)
            seen.append(
                _version(len(seen) + 1, since, step.revision, before, notes.get(step.revision_id, ""))
            )
    return seen[::-1]


def _version(number: int, at: datetime, revision: Revision, before: Revision | None, note: str) -> Version:
    if before is None:
        return Version(number, at, revision, note, None, None, [])
    body = compare(before.body, revision.body)
    # `marked` escapes every word and writes no element but p, table, tr, th, td, ins, del, sup and span.
    title = mark_safe(marked(compare_words(before.title, revision.title), html=False))
    changed = [
        (found.new_number or found.old_number or 0, mark_safe(marked(found.pieces)))
        for found in body.notes
        if found.changed
    ]
    return Version(number, at, revision, note, title, mark_safe(marked(body.text)), changed, body.coarse)
