"""The desk, which is the admin's front page, and the calendar of what is coming."""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import F, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from releases import clock
from releases.models import Event, Release
from releases.models.release import State
from releases.permissions import all_as_seen, drafts, may, viewable
from releases.workflow.moments import span
from releases.workflow.outlook import outlook

SHOWN = 12


def desk(request: HttpRequest) -> HttpResponse:
    """My drafts, what waits for approval, what is scheduled, what was published, what was done last."""
    context = {"desk": lists_of(request.user)} if may(request.user, "create") else {}
    return admin.site.index(request, extra_context=context)


def nowhere(request: HttpRequest, *args: str) -> HttpResponse:
    """Stock pages of the admin that this newsroom does without."""
    raise Http404("no such page")


def lists_of(user: Any) -> dict[str, Any]:
    """The lists of the desk for `user`, each at most `SHOWN` long."""
    now = timezone.now()
    mine = viewable(user, Release.objects.all()).select_related(
        "live", "working", "working__edited_by", "created_by"
    )
    waiting = drafts(user, mine).filter(working__submitted_at__isnull=False, working__approved_at=None)
    scheduled = mine.filter(live__isnull=False, withdrawn_at=None, publish_at__gt=now).order_by(
        "publish_at", "pk"
    )
    writing = mine.filter(created_by=user.pk, working__isnull=False, working__submitted_at=None)
    approved = drafts(user, mine).filter(working__approved_at__isnull=False)
    return {
        "drafts": writing.order_by(F("working__edited_at").desc(), "-pk")[:SHOWN],
        "waiting": waiting.order_by("working__submitted_at", "pk")[:SHOWN],
        "approved": approved.order_by("working__approved_at", "pk")[:SHOWN],
        "scheduled": [{"release": one, "wait": span(one.publish_at - now)} for one in scheduled[:SHOWN]],
        "published": Release.objects.visible(now).select_related("live").in_order()[:SHOWN],
        "events": _events(user),
        "recent": now - timedelta(days=1),
        "may_approve": may(user, "approve"),
        "may_read_record": may(user, "view record"),
    }


def _events(user: Any) -> Any:
    events = Event.objects.select_related("user", "revision", "release__live", "release__working").order_by(
        "-at", "-pk"
    )
    if not may(user, "view record"):
        events = events.filter(release__created_by=user.pk)
    return events[:SHOWN]


@dataclass(frozen=True)
class Entry:
    """What is to go out, or went out, at a moment: the words of that `title`. `sure` when the clock alone will do it; `more`
    says which of two texts it is."""

    release: Release
    at: datetime
    title: str
    state: State
    sure: bool
    more: str = ""


def month_page(request: HttpRequest, year: int | None = None, month: int | None = None) -> HttpResponse:
    """A month as a grid, with what goes out on each day; this month without a date."""
    if not may(request.user, "create"):
        raise PermissionDenied
    today = timezone.localdate()
    first = date(today.year, today.month, 1)
    if year is not None and month is not None:
        if not (1990 <= year <= 2200 and 1 <= month <= 12):
            raise Http404("no such month")
        first = date(year, month, 1)
    weeks = calendar.Calendar(firstweekday=0).monthdatescalendar(first.year, first.month)
    by_day: dict[date, list[Entry]] = {}
    for entry in coming(request.user, weeks[0][0], weeks[-1][-1]):
        by_day.setdefault(clock.day(entry.at), []).append(entry)
    rows = [
        [
            {
                "date": day,
                "in": day.month == first.month,
                "today": day == today,
                "entries": by_day.get(day, []),
            }
            for day in week
        ]
        for week in weeks
    ]
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": _("Calendar"), "first": first, "weeks": rows, "weekdays": [day["date"] for day in rows[0]],
        "earlier": first - timedelta(days=1), "later": (first + timedelta(days=32)).replace(day=1),
    }  # fmt: skip
    return TemplateResponse(request, "admin/releases/release/calendar.html", context)


def coming(user: Any, first: date, last: date) -> list[Entry]:
    """Entries between two days, both included, for what `user` may see."""
    start = timezone.make_aware(datetime.combine(first, datetime.min.time()))
    end = timezone.make_aware(datetime.combine(last + timedelta(days=1), datetime.min.time()))
    now = timezone.now()
    releases = (
        viewable(user, Release.objects.all())
        .filter(withdrawn_at=None)
        .filter(
            Q(publish_at__gte=start, publish_at__lt=end)
            | Q(live=None, working__publish_at__gte=start, working__publish_at__lt=end)
            | Q(publish_at__gt=now, working__publish_at__gte=start, working__publish_at__lt=end)
        )
        .select_related("live", "working", "created_by")
    )
    entries = []
    for release in all_as_seen(user, releases):
        entries += [entry for entry in _entries(release, now) if start <= entry.at < end]
    return sorted(entries, key=lambda entry: (entry.at, entry.release.pk))


def _entries(release: Release, now: datetime) -> Iterator[Entry]:
    state, live, working = release.state(now), release.live, release.working
    if live and release.publish_at:
        more = outlook(release, at=now) if working else ""
        yield Entry(release, release.publish_at, live.title, state, sure=True, more=more)
    # A draft has a date of its own as long as its release has none that readers know.
    planned = working.publish_at if working else None
    if working and planned and state != State.PUBLISHED and planned != release.publish_at:
        yield Entry(release, planned, working.title, state, sure=False)
