"""The page of a release: what stands around it, its history, its preview."""

import copy
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Q, Subquery
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.safestring import SafeString, mark_safe

from newsroom.http import NEVER_STORED
from releases.addresses import address
from releases.languages import frame_language
from releases.models import Event, Release, Revision
from releases.reading.pictures import lead_of
from releases.reading.public import page
from releases.reading.topics import topic_index
from releases.sources import copies_in, link_copies
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


@dataclass(frozen=True)
class Around:
    """What a release's page leads to: its neighbours in time, and the same words in other languages."""

    earlier: Release | None
    later: Release | None
    translations: list[Release]


def around(release: Release, *, at: datetime | None = None) -> Around:
    """The neighbours of a visible release among those of its language, and its translations, in one query."""
    visible = Release.objects.visible(at)
    others = visible.filter(language=release.language)
    before = Q(publish_at__lt=release.publish_at) | Q(publish_at=release.publish_at, pk__lt=release.pk)
    after = Q(publish_at__gt=release.publish_at) | Q(publish_at=release.publish_at, pk__gt=release.pk)
    wanted = Q(pk=Subquery(others.filter(before).in_order().values("pk")[:1]))
    wanted |= Q(pk=Subquery(others.filter(after).order_by("publish_at", "pk").values("pk")[:1]))
    if release.translation_group_id:
        wanted |= Q(translation_group=release.translation_group_id)
    found = list(
        visible.filter(wanted)
        .exclude(pk=release.pk)
        .select_related("live")
        .only("language", "slug", "publish_at", "live__title")
    )
    return Around(
        earlier=next(_of_language(found, release, earlier=True), None),
        later=next(_of_language(found, release, earlier=False), None),
        translations=_in_order_of_languages(one for one in found if one.language != release.language),
    )


def _of_language(found: list[Release], release: Release, *, earlier: bool) -> Iterator[Release]:
    """A group has one release a language, so whatever shares the release's language is a neighbour."""
    here = (release.publish_at, release.pk)
    for one in found:
        if one.language == release.language and ((one.publish_at, one.pk) < here) is earlier:
            yield one


def _in_order_of_languages(releases: Iterable[Release]) -> list[Release]:
    order = [code for code, _ in settings.LANGUAGES]
    return sorted(
        releases, key=lambda one: order.index(one.language) if one.language in order else len(order)
    )


def draw(
    request: HttpRequest,
    revision: Revision,
    *,
    banner: dict[str, Any] | None = None,
    at: datetime | None = None,
    place: Callable[[str], str] | None = None,
) -> HttpResponse:
    """The page of `revision` at the date that it plans; kept by nobody, indexed by nobody. `place` gives the path of
    a file of its picture, which is not public either."""
    at = at or timezone.now()
    release = copy.copy(revision.release)
    if not release.is_visible(at):
        release.publish_at = revision.publish_at or at
    topics = {topic.pk for topic in revision.topics.all()}
    request.language = release.language
    with translation.override(frame_language(release.language)):
        index = [replace(one, of_release=one.topic.pk in topics) for one in topic_index(release.language)]
        words = {
            "release": release, "words": revision, "lead": lead_of(revision, place),
            "body": link_copies(revision.body_page, copies_in(revision.body), release.language), "around": around(release, at=at), "preview": banner or {}, "about": None, "corrections": release.public_corrections(),
            "corrections_at": settings.CORRECTIONS_AT,
            "topics": [one for one in index if one.of_release],
            "canonical": release.get_absolute_url(),
        }  # fmt: skip
        response = page(request, "releases/preview.html", words, index=index)
    response.headers["Cache-Control"] = NEVER_STORED
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Content-Language"] = frame_language(release.language)
    return response
