"""Sources by host and by release: how many each has, and how they stand."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext

from releases.models import Release, Source, SourceCitation
from releases.models.source import SourceState
from releases.numbers import whole
from releases.permissions import may

PER_PAGE = 50


def hosts(request: HttpRequest) -> HttpResponse:
    """Every host, those with most that is gone first."""
    _permit(request)
    rows = (
        Source.objects.visible()
        .order_by()
        .values("host")
        .annotate(links=Count("pk"), **_counts(""))
        .order_by("-gone", "-links", "host")
    )
    page = Paginator(rows, PER_PAGE).get_page(whole(request.GET.get("page")))
    shown = [{**row, "name": row["host"], "choice": row["host"]} for row in page]
    return _page(request, "host", gettext("Sources by host"), page, shown)


def releases(request: HttpRequest) -> HttpResponse:
    """Every visible release that cites anything elsewhere, newest first."""
    _permit(request)
    cites = SourceCitation.objects.filter(release=OuterRef("pk"))
    found = Release.objects.visible().filter(Exists(cites)).select_related("live").in_order()
    found = found.only("publish_at", "language", "live__title")
    page = Paginator(found, PER_PAGE).get_page(whole(request.GET.get("page")))
    counted = {
        row["release"]: row
        for row in SourceCitation.objects.filter(release__in=[one.pk for one in page])
        .order_by()
        .values("release")
        .annotate(links=Count("source", distinct=True), **_counts("source__"))
    }
    shown = [
        {
            **counted[one.pk],
            "name": one.live.title,
            "choice": one.pk,
            "lang": one.language,
            "at": one.publish_at,
        }
        for one in page
    ]
    return _page(request, "release", gettext("Sources by release"), page, shown)


def _counts(source: str) -> dict[str, Count]:
    """How many are in each state, never looked at, and copied; each counted once."""
    looked = Q(**{f"{source}checked_at__isnull": False})
    wanted = {state: looked & Q(**{f"{source}state": state}) for state in SourceState.values}
    wanted |= {"never": ~looked, "copied": Q(**{f"{source}archived_on__isnull": False})}
    return {
        name: Count(f"{source}pk", filter=condition, distinct=bool(source))
        for name, condition in wanted.items()
    }


def _permit(request: HttpRequest) -> None:
    if not may(request.user, "view sources"):
        raise PermissionDenied


def _page(request: HttpRequest, by: str, title: str, page: Any, rows: list[dict[str, Any]]) -> HttpResponse:
    context = {
        **admin.site.each_context(request),
        "opts": Source._meta, "title": title, "by": by, "page": page, "rows": rows,
    }  # fmt: skip
    return TemplateResponse(request, "admin/releases/source/overview.html", context)
