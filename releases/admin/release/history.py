"""Every revision of a release with the versions of its drafts, any two compared, and an old one restored as a new draft."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.formats import date_format
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from newsroom.accounts.models import User
from newsroom.http import Request
from releases import clock, workflow
from releases.admin.base import refusal_as_message, release_or_404, revision_of, staff_page
from releases.models import Release, Revision, Topic, Version
from releases.models.topic import in_index_order
from releases.numbers import whole
from releases.permissions import may
from releases.text.compare import Piece, compare_words, comparison_html
from releases.text.compare import compare as compare_bodies
from releases.workflow import Refused, Words, words_of, words_of_version
from releases.workflow.moments import offset, on_the_clock

# Revisions and versions on a page of the history, unless one revision alone has more.
ROWS = 200
NOT_LISTED = ("body", "body_page", "body_text", "body_feed", "notes")


def history(request: Request, pk: int) -> HttpResponse:
    """The revisions, newest first, each with its earlier versions; and the events of the release."""
    release = release_or_404(
        request, pk, "save draft"
    )  # a reader of the published text does not see its drafts
    pages = list(_pages(release))
    page = whole(request.GET.get("page", "1"))
    if page is None or not 1 <= page <= len(pages):
        raise Http404("no such page")
    revisions = list(
        release.revisions.filter(number__in=pages[page - 1])
        .select_related("created_by", "edited_by", "submitted_by", "approved_by")
        .defer(*NOT_LISTED)
        .order_by("-number")
    )
    versions: dict[int, list[Version]] = {}
    for version in Version.objects.in_history().filter(revision__in=revisions).newest().select_related("by"):
        versions.setdefault(version.revision_id, []).append(version)
    rows = [
        {
            "revision": revision,
            "versions": versions.get(revision.pk, []),
            "hours": [
                {"begins": hour, "versions": list(found)}
                for hour, found in groupby(versions.get(revision.pk, []), key=_hour)
            ],
        }
        for revision in revisions
    ]
    keys = [
        key
        for revision in revisions
        for key in (str(revision.number), *(one.key for one in versions.get(revision.pk, [])))
    ]
    context = {
        "release": release,
        "rows": rows,
        "old": keys[1] if len(keys) > 1 else keys[0],
        "page": page,
        "pages": range(1, len(pages) + 1) if len(pages) > 1 else (),
        "events": release.events.select_related("user", "revision").order_by("-at", "-pk")[:200],
        "may_restore": may(request.user, "restore", release),
    }
    return staff_page(request, "release/history", _("History"), context)


def compare(request: Request, pk: int) -> HttpResponse:
    """Two texts side by side: `?old=3&new=v5`, a number for a revision and v with a key for a version of one.

    Without them: the live revision and the draft.
    """
    release = release_or_404(request, pk, "save draft")
    current = revision_of(release)
    new = _text(release, request.GET.get("new")) or Text.of(current)
    old = _text(release, request.GET.get("old")) or Text.of(release.live or current)
    if old.order > new.order:
        old, new = new, old
    title = _("%(old)s and %(new)s") % {"old": old.name, "new": new.name}
    context = {
        "release": release,
        "old": old,
        "new": new,
        "sides": side_by_side(old.words(), new.words(), release.language),
        "may_restore": may(request.user, "restore", release),
    }
    return staff_page(request, "release/compare", title, context)


@require_POST
def restore(request: Request, pk: int) -> HttpResponse:
    """Make the words of a revision, or of a version of one, the draft."""
    release = release_or_404(request, pk, "save draft")
    text = _text(release, request.POST.get("number"))
    if text is None:
        raise Http404("no such revision")
    with refusal_as_message(request):
        workflow.restore(release, text.source, by=request.user)
        done = _("%s is now the draft. Readers will see it once it is published.") % text.name
        messages.success(request, done)
        return redirect("admin:releases_release_change", pk)
    return redirect("admin:releases_release_history", pk)


@dataclass(frozen=True)
class Text:
    """A revision, or a version of one, as it is compared and restored; `key` names it in addresses and forms."""

    source: Revision | Version
    key: str
    name: str
    at: datetime
    by: User | None
    order: tuple[int, bool, datetime]

    @classmethod
    def of(cls, source: Revision | Version) -> "Text":
        """What a revision or a version is called."""
        if isinstance(source, Revision):
            at, number = source.edited_at, source.number
            name = _("Revision %d") % number
            return cls(source, str(number), name, at, source.edited_by, (number, True, at))
        at, number = source.at, source.revision.number
        name = _("Revision %(number)d as it was on %(moment)s") % {
            "number": number,
            "moment": date_format(clock.local(at), _("j M Y, H:i:s")),
        }
        return cls(source, source.key, name, at, source.by, (number, False, at))

    def words(self) -> Words:
        """What it says."""
        return words_of(self.source) if isinstance(self.source, Revision) else words_of_version(self.source)


def _pages(release: Release) -> Iterator[list[int]]:
    """The numbers of the revisions on each page, so that each holds about `ROWS` rows."""
    listed = Count("versions", filter=Q(versions__held=False))
    page: list[int] = []
    room = ROWS
    for number, rows in (
        release.revisions.order_by("-number").annotate(rows=listed).values_list("number", "rows")
    ):
        if page and room < rows + 1:
            yield page
            page, room = [], ROWS
        page.append(number)
        room -= rows + 1
    yield page


def _hour(version: Version) -> datetime:
    return clock.local(version.at).replace(minute=0, second=0, microsecond=0)


def _text(release: Release, key: str | None) -> Text | None:
    if not key:
        return None
    number = whole(key.removeprefix("v"), most=999_999_999)
    if number is None:
        raise Http404("no such text")
    if not key.startswith("v"):
        return Text.of(get_object_or_404(release.revisions.select_related("edited_by"), number=number))
    try:
        return Text.of(workflow.version_of(release, number))
    except Refused as refusal:
        raise Http404(str(refusal)) from refusal


def side_by_side(old: Words, new: Words, language: str) -> dict[str, Any]:
    """Rows of title, place, summary, date, picture, text, notes and topics, with the differences marked on both sides."""
    body = compare_bodies(old.body, new.body)
    rows = []
    for label, before, after in (
        (_("Title"), old.title, new.title),
        (_("Place"), old.dateline, new.dateline),
        (_("Summary"), old.summary, new.summary),
        (_("Date"), _moment(old), _moment(new)),
        (_("Planned address"), old.planned_slug, new.planned_slug),
        (_("Picture"), _picture(old), _picture(new)),
        (_("Picture description (alt text)"), old.picture_alt, new.picture_alt),
        (_("Caption"), old.picture_caption, new.picture_caption),
    ):
        if before or after:
            rows.append(_row(label, compare_words(before, after), html=False))
    rows.append(_row(_("Text"), body.text, html=True))
    notes = []
    for note in body.notes:
        number = (note.old_number, note.new_number)
        notes.append({"old_number": number[0], "new_number": number[1], **_row("", note.pieces, html=True)})
    topics = _topics(old.topics, new.topics, language)
    changed = [row for row in rows if row["changed"]]
    return {
        "rows": rows,
        "notes": notes,
        "topics": topics,
        "coarse": body.coarse,
        "same": not (changed or body.changed or topics["changed"]),
    }


def _row(label: str, pieces: Sequence[Piece], *, html: bool) -> dict[str, Any]:
    return {
        "label": label,
        # `comparison_html` escapes every word and writes no element but p, table, tr, th, td, ins, del, sup and span.
        "old": mark_safe(comparison_html(pieces, "old", html=html)),
        "new": mark_safe(comparison_html(pieces, "new", html=html)),
        "changed": any(piece.kind != "same" for piece in pieces),
    }


def _moment(words: Words) -> str:
    """By the newsroom's clock, and how far that is from UTC: it shows an hour twice when summer time ends."""
    zone = ZoneInfo(settings.TIME_ZONE)
    at = words.publish_at
    return f"{on_the_clock(at, zone)} ({offset(clock.local(at, zone))})" if at else ""


def _picture(words: Words) -> str:
    """Its name, and what distinguishes it from another picture of that name."""
    found = words.picture
    return f"{found.name} ({found.width} × {found.height}, {found.digest[:8]})" if found else ""


def _topics(old: Sequence[Topic], new: Sequence[Topic], language: str) -> dict[str, Any]:
    both = in_index_order({*old, *new}, language)
    rows = [{"name": topic.name, "old": topic in old, "new": topic in new} for topic in both]
    return {"rows": rows, "changed": set(old) != set(new)}
