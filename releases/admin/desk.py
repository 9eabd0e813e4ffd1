"""The desk, which is the admin's front page, and the calendar of what is coming."""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import F, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from newsroom.accounts.models import User
from newsroom.accounts.models.person import CHIEF, role_of
from newsroom.accounts.notices import unseen
from newsroom.http import Request
from releases import clock
from releases.admin.base import staff_page
from releases.models import Event, Release
from releases.models.release import State
from releases.permissions import all_as_seen, drafts, may, viewable
from releases.workflow.moments import span
from releases.workflow.outlook import outlook

# Rows of each list of the desk.
ROWS = 12


def desk(request: Request) -> HttpResponse:
    """My drafts, what waits for approval, what is scheduled, what was published, what was done last."""
    context: dict[str, Any] = {"notices": unseen(request.user), "csrf_cookie": settings.CSRF_COOKIE_NAME}
    if may(request.user, "create"):
        context["desk"] = lists_of(request.user)
    return admin.site.index(request, extra_context=context)


def no_such_page(request: HttpRequest, *args: str) -> HttpResponse:
    """In place of pages of Django's admin that this newsroom does not use."""
    raise Http404("no such page")


def lists_of(user: User) -> dict[str, Any]:
    """The lists of the desk for `user`, each at most `ROWS` long."""
    now = timezone.now()
    mine = viewable(user, Release.objects.all()).select_related(
        "live", "working", "working__edited_by", "created_by"
    )
    waiting = drafts(user, mine).filter(working__submitted_at__isnull=False, working__approved_at=None)
    scheduled = mine.live().filter(publish_at__gt=now).order_by("publish_at", "pk")
    writing = mine.filter(created_by=user.pk, working__isnull=False, working__submitted_at=None)
    approved = drafts(user, mine).filter(working__approved_at__isnull=False)
    return {
        "drafts": writing.order_by(F("working__edited_at").desc(), "-pk")[:ROWS],
        "waiting": waiting.order_by("working__submitted_at", "pk")[:ROWS],
        "approved": approved.order_by("working__approved_at", "pk")[:ROWS],
        "scheduled": [
            {"release": one, "wait": span(one.publish_at - now)} for one in scheduled[:ROWS] if one.publish_at
        ],
        "published": Release.objects.visible(now).select_related("live").in_order()[:ROWS],
        "events": _events(user),
        "recent": now - timedelta(days=1),
        "may_approve": may(user, "approve"),
        "may_read_record": may(user, "view record"),
        "looks_after_the_site": role_of(user) == CHIEF,
    }


def _events(user: User) -> QuerySet[Event]:
    events = Event.objects.select_related("user", "revision", "release__live", "release__working").order_by(
        "-at", "-pk"
    )
    if not may(user, "view record"):
        events = events.filter(release__created_by=user.pk)
    return events[:ROWS]


@dataclass(frozen=True)
class Entry:
    """A text that is to be published, or was, `at` a moment.

    `sure`: the clock alone will publish it. `more`: which of two texts it is.
    """

    release: Release
    at: datetime
    title: str
    state: State
    sure: bool
    more: str = ""


def calendar_page(request: Request, year: int | None = None, month: int | None = None) -> HttpResponse:
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
    for entry in entries_between(request.user, weeks[0][0], weeks[-1][-1]):
        by_day.setdefault(clock.day(entry.at), []).append(entry)
    rows: list[list[dict[str, Any]]] = [
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
    context = {
        "first": first, "weeks": rows, "weekdays": [day["date"] for day in rows[0]],
        "earlier": first - timedelta(days=1), "later": (first + timedelta(days=32)).replace(day=1),
    }  # fmt: skip
    return staff_page(request, "release/calendar", _("Calendar"), context)


def entries_between(user: User, first: date, last: date) -> list[Entry]:
    """The entries between two days, both included, of what `user` may see."""
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
