"""The page of a release: its context, its neighbours, its history, its preview, and where a release has gone."""

import copy
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import unquote

from django.conf import settings
from django.db.models import JSONField, OuterRef, Q, Subquery
from django.db.models.functions import JSONObject
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone, translation
from django.utils.safestring import SafeString, mark_safe

from newsroom.http import NEVER_STORED, Request
from releases import clock
from releases.addresses import address
from releases.languages import frame_language
from releases.models import Address, Event, Release, RemovedAddress, Revision
from releases.models.address import place_of
from releases.models.release import JSONList, ReleaseQuerySet, read_list, read_object
from releases.models.statement import Statement
from releases.parts import neighbours_part, release_part
from releases.reading.lists import annotation, live_words, topic_keys
from releases.reading.metadata import Metadata, metadata_of
from releases.reading.pictures import lead_of
from releases.reading.public import edition_of, render_page
from releases.reading.topics import TopicIndex, topic_index
from releases.sources import copies_in, link_copies, with_copies
from releases.text.compare import compare, compare_words, comparison_html


@dataclass(frozen=True)
class PublishedText:
    """A text that readers saw from `at` on. `title`, `text` and `notes` mark what changed from the one before; they are
    empty in the first."""

    number: int
    at: datetime
    revision: Revision
    note: str
    title: SafeString | None
    text: SafeString | None
    notes: list[tuple[int, SafeString]]
    coarse: bool = False


def _changes(release: Release) -> dict[str, object]:
    """Corrections and history as the page of a visible release shows them."""
    path = address("history", release.slug, language=release.language) if settings.PUBLIC_HISTORY else ""
    return {
        "corrections": release.public_corrections(),
        "corrections_at": settings.CORRECTIONS_AT,
        "history_path": path,
    }


def published_texts(release: Release, *, at: datetime | None = None) -> list[PublishedText]:
    """The texts that readers could see, newest first. Not among them is what was replaced before its embargo ended, nor
    what was withdrawn: the history of a release that came back starts with the text with which it came back."""
    at = at or timezone.now()
    events = Event.objects.filter(
        release=release, verb__in=("publish", "schedule", "correct", "unschedule"), at__lte=at
    ).select_related("revision")
    if release.back_since:
        events = events.filter(at__gte=release.back_since)
    steps = list(events.order_by("at", "pk"))
    ends = [step.at for step in steps[1:]] + [None]
    notes = {one.revision_id: one.note for one in release.public_corrections()}
    seen: list[PublishedText] = []
    for step, end in zip(steps, ends, strict=True):
        out_before = end is not None and release.publish_at is not None and end <= release.publish_at
        if step.verb == "unschedule" or step.revision is None or out_before:
            continue
        before = seen[-1].revision if seen else None
        if before is None or before.pk != step.revision_id:
            since = max(step.at, release.publish_at or step.at)
            seen.append(
                _published_text(len(seen) + 1, since, step.revision, before, notes.get(step.revision.pk, ""))
            )
    return seen[::-1]


def _published_text(
    number: int, at: datetime, revision: Revision, before: Revision | None, note: str
) -> PublishedText:
    if before is None:
        return PublishedText(number, at, revision, note, None, None, [])
    body = compare(before.body, revision.body)
    # `comparison_html` escapes every word and writes no element but p, table, tr, th, td, ins, del, sup and span.
    title = mark_safe(comparison_html(compare_words(before.title, revision.title), html=False))
    changed = [
        (found.new_number or found.old_number or 0, mark_safe(comparison_html(found.pieces)))
        for found in body.notes
        if found.changed
    ]
    return PublishedText(
        number, at, revision, note, title, mark_safe(comparison_html(body.text)), changed, body.coarse
    )


@dataclass(frozen=True)
class Neighbour:
    """A visible release, as far as another one's page leads to it."""

    pk: int
    language: str
    slug: str
    title: str

    def get_absolute_url(self) -> str:
        """Its page."""
        return address("release", self.slug, language=self.language)


@dataclass(frozen=True)
class Neighbours:
    """What a release's page links to: the releases before and after it, and its translations."""

    earlier: Neighbour | None
    later: Neighbour | None
    translations: list[Neighbour]

    def parts(self, release: Release) -> set[str]:
        """On which parts of the site the page of `release` depends, whose neighbours these are."""
        shown = (release, self.earlier, self.later, *self.translations)
        return {neighbours_part(release.pk), *(release_part(one.pk) for one in shown if one)}


def with_neighbours(
    releases: ReleaseQuerySet, moment: datetime, publish_at: datetime | None = None
) -> ReleaseQuerySet:
    """Annotates what `neighbours_in` reads: who stands before and after each at `moment` among those of its language, or would,
    if it were published at `publish_at`; and its translations."""
    visible, pk, at = Release.objects.visible(moment), OuterRef("pk"), publish_at or OuterRef("publish_at")
    others = visible.filter(language=OuterRef("language")).exclude(pk=pk)
    # The first condition alone lets the index be used; the second one cuts inside a moment.
    before = Q(publish_at__lte=at) & (Q(publish_at__lt=at) | Q(pk__lt=pk))
    after = Q(publish_at__gte=at) & (Q(publish_at__gt=at) | Q(pk__gt=pk))
    tied = visible.filter(translation_group=OuterRef("translation_group")).exclude(pk=pk).order_by()
    return releases.annotate(
        earlier=_first(others.filter(before).in_order()),
        later=_first(others.filter(after).order_by("publish_at", "pk")),
        tied=Subquery(
            tied.values("translation_group").annotate(all=JSONList(_NEIGHBOUR)).values("all"),
            output_field=JSONField(),
        ),
    )


_NEIGHBOUR = JSONObject(pk="pk", language="language", slug="slug", title="live__title")


def _first(releases: ReleaseQuerySet) -> Subquery:
    return Subquery(releases.annotate(said=_NEIGHBOUR).values("said")[:1], output_field=JSONField())


def neighbours_in(release: Release) -> Neighbours:
    """The neighbours of a release that was read `with_neighbours`, at no query."""
    earlier, later = (
        Neighbour(**read_object(found)) if (found := annotation(release, name)) else None
        for name in ("earlier", "later")
    )
    found = (Neighbour(**read_object(one)) for one in read_list(annotation(release, "tied")))
    return Neighbours(earlier, later, _by_language(found))


def _by_language(releases: Iterable[Neighbour]) -> list[Neighbour]:
    order = [code for code, _ in settings.LANGUAGES]
    return sorted(
        releases, key=lambda one: order.index(one.language) if one.language in order else len(order)
    )


def visible_release(language: str, slug: str, *, at: datetime | None = None) -> Release | None:
    """The visible release at an address, with all that its page shows, in one query."""
    found = _RELEASE.rows({"language": language, "slug": slug, "moment": at or timezone.now()})
    return found[0] if found else None


_RELEASE = Statement(
    lambda language, slug, moment: (
        with_neighbours(with_copies(Release.objects.visible(moment)), moment)
        .filter(language=language, slug=slug)
        .order_by()
        .select_related("live__picture")
        .only(
            "uuid", "language", "slug", "publish_at", "updated_at", "back_since", "translation_group",
            "live__number", "live__title", "live__dateline", "live__summary", "live__body", "live__body_page",
            "live__notes", "live__note_count", "live__word_count", "live__picture_alt", "live__picture_caption",
            "live__picture__uuid", "live__picture__width", "live__picture__height",
        )
        .annotate(filed=topic_keys())
    ),
    language="?language",
    slug="?slug",
    moment=clock.FIRST,
)  # fmt: skip


def release_context(
    release: Release, index: TopicIndex, neighbours: Neighbours
) -> tuple[Metadata, dict[str, object]]:
    """What the page of a `visible_release` shows."""
    words = live_words(release)
    filed = set(read_list(annotation(release, "filed")))
    topics = index.current(filed)
    metadata = metadata_of(release, topics)
    return metadata, {
        "release": release,
        "words": words,
        "lead": lead_of(words),
        "body": link_copies(words.body_page, annotation(release, "copies"), release.language),
        "neighbours": neighbours,
        "topics": topics,
        "selected": filed,
        "metadata": metadata,
        **_changes(release),
    }


def render_preview(
    request: Request,
    revision: Revision,
    *,
    banner: dict[str, Any] | None = None,
    at: datetime | None = None,
    path_of: Callable[[str], str] | None = None,
) -> HttpResponse:
    """The page of `revision` as on the day for which it is planned; never cached, never indexed. `path_of` gives the path
    of a file of its picture, which is not public either."""
    at = at or timezone.now()
    release = copy.copy(revision.release)
    if not release.is_visible(at):
        release.publish_at = revision.publish_at or at
    topics = {topic.pk for topic in revision.topics.all()}
    language = request.language = release.language
    with translation.override(frame_language(language)):
        index = topic_index(edition_of(request), language)
        context = {
            "release": release,
            "words": revision,
            "lead": lead_of(revision, path_of),
            "body": link_copies(revision.body_page, copies_in(revision.body), language),
            "neighbours": _neighbours_on_the_day(release, at),
            "topics": [entry for entry in index if entry.topic.pk in topics],
            "metadata": None,
            "preview": banner or {},
            "canonical": release.get_absolute_url(),
            **_changes(release),
            "history_path": "",
        }
        response = render_page(request, "releases/preview.html", context, selected=topics)
    response.headers["Cache-Control"] = NEVER_STORED
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Content-Language"] = frame_language(language)
    return response


def _neighbours_on_the_day(release: Release, at: datetime) -> Neighbours:
    """Between which it would stand, if it were published when it says; now where it says nothing."""
    found = with_neighbours(Release.objects.filter(pk=release.pk), at, release.publish_at or at)
    return neighbours_in(found.only("pk").get())


def moved_or_withdrawn(request: Request, slug: str) -> HttpResponse:
    """For an address without a visible release: where it moved, that it was withdrawn, or 404 whatever the reason."""
    known = Address.objects.filter(language=request.language, slug=slug)
    found = known.select_related("release__live").first()
    release = found.release if found else None
    if release:
        request.parts.add(release_part(release.pk))
    if release and release.is_visible():
        return redirect(release, permanent=True)
    if release and release.is_announced():
        return render_page(request, "410.html", {"release": release}, status=410)
    # Asked whatever was found: nobody can tell by the time that there is a draft.
    if RemovedAddress.objects.holds(place_of(request.language, slug)):
        return render_page(request, "removed.html", {}, status=410)
    raise Http404("no such release")


_RELEASE_PATH = re.compile(r"/(?:([a-z-]{2,10})/)?releases/([^/?#]+)/?(?:[?#].*)?")


def release_at(url: str) -> Release | None:
    """The visible release at a whole address of this site, present or former."""
    if not url.startswith(f"{settings.SITE_URL}/"):
        return None
    found = _RELEASE_PATH.fullmatch(url.removeprefix(settings.SITE_URL))
    slug = unquote(found[2]) if found else ""
    if not found or found[1] == settings.LANGUAGE_CODE or "\x00" in slug:
        return None
    known = Address.objects.filter(language=found[1] or settings.LANGUAGE_CODE, slug=slug)
    visible = Release.objects.visible().filter(pk__in=known.values("release"))
    return visible.select_related("live__picture").first()
