"""Two texts side by side: for a save over somebody's newer one, and for any two revisions of the history."""

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from releases import clock, workflow
from releases.admin.release.sending import sending_of
from releases.forms import AutosaveForm
from releases.models import Release, Topic
from releases.models.topic import in_index_order
from releases.text.compare import Piece, compare, compare_words, marked
from releases.workflow import Words
from releases.workflow.moments import offset, on_the_clock
from releases.workflow.receipts import acknowledge

# The button that leaves the stored text as it is.
THEIRS = "_theirs"


def take_theirs(request: HttpRequest, release: Release) -> HttpResponse:
    """Of two texts a colleague's was chosen: what was typed here goes into the history, whatever is still loose in it."""
    form = AutosaveForm(request.POST, instance=release, by=request.user)
    form.is_valid()
    with transaction.atomic():
        workflow.set_aside(release, form.words(), by=request.user)
        # Kept, but as no save of the draft: what stands there is still the colleague's.
        acknowledge(release, sending_of(request), by=request.user, whole=not form.unkept(), save_number=0)
    messages.success(request, _("The stored text stays. Yours is kept in the history."))
    return HttpResponseRedirect(reverse("admin:releases_release_change", args=[release.pk]))


def side_by_side(old: Words, new: Words, language: str) -> dict[str, Any]:
    """Rows of title, place, summary, date, picture, text, notes and topics, each with both sides marked."""
    body = compare(old.body, new.body)
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
        # `marked` escapes every word and writes no element but p, table, tr, th, td, ins, del, sup and span.
        "old": mark_safe(marked(pieces, "old", html=html)),
        "new": mark_safe(marked(pieces, "new", html=html)),
        "changed": any(piece.kind != "same" for piece in pieces),
    }


def _moment(words: Words) -> str:
    """By the newsroom's clock, and how far that is from UTC: it shows an hour twice when summer time ends."""
    zone = ZoneInfo(settings.TIME_ZONE)
    at = words.publish_at
    return f"{on_the_clock(at, zone)} ({offset(clock.local(at, zone))})" if at else ""


def _picture(words: Words) -> str:
    """Its name, and what tells it from another one of that name."""
    found = words.picture
    return f"{found.name} ({found.width} × {found.height}, {found.digest[:8]})" if found else ""


def _topics(old: Sequence[Topic], new: Sequence[Topic], language: str) -> dict[str, Any]:
    both = in_index_order({*old, *new}, language)
    rows = [{"name": topic.name, "old": topic in old, "new": topic in new} for topic in both]
    return {"rows": rows, "changed": set(old) != set(new)}
