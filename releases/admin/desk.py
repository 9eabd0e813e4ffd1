"""The desk: the admin's front page is the newsroom's."""

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from releases.models import Event, Release
from releases.permissions import drafts, may, viewable
from releases.workflow.moments import span

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
