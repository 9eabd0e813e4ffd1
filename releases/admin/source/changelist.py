"""By what the list of sources is narrowed: its filters, and the overviews by host and by release."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from releases.models import Release, Source, SourceCitation
from releases.models.source import SourceState
from releases.numbers import whole
from releases.permissions import may

NEVER = "never"


class StateFilter(admin.SimpleListFilter):
    """What the last look found; what nobody has looked at yet is a choice of its own."""

    title = _("last check")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """The states."""
        return [*SourceState.choices, (NEVER, _("Not checked yet"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Source]) -> QuerySet[Source]:
        """Those in the state."""
        if self.value() == NEVER:
            return queryset.filter(checked_at=None)
        if self.value() in SourceState.values:
            return queryset.filter(state=self.value(), checked_at__isnull=False)
        return queryset


class CopyFilter(admin.SimpleListFilter):
    """Whether readers are led to a copy."""

    title = _("archived copy")
    parameter_name = "copy"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Yes or no."""
        return [("yes", _("With a copy")), ("no", _("Without a copy"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Source]) -> QuerySet[Source]:
        """Those with, or without."""
        if self.value() in {"yes", "no"}:
            return queryset.filter(archived_on__isnull=self.value() == "no")
        return queryset


class HostFilter(admin.SimpleListFilter):
    """One host, chosen on the page of hosts."""

    title = _("host")
    parameter_name = "host"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """The one that was chosen."""
        chosen = self.used_parameters.get(self.parameter_name)
        return [(chosen, chosen)] if chosen and "\x00" not in chosen else []

    def queryset(self, request: HttpRequest, queryset: QuerySet[Source]) -> QuerySet[Source]:
        """Those of the host."""
        return queryset.filter(host=self.value()) if self.value() else queryset


class ReleaseFilter(admin.SimpleListFilter):
    """One release, chosen on the page of releases or come from."""

    title = _("release")
    parameter_name = "release"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """The one that was chosen, if readers can see it."""
        chosen = self.used_parameters.get(self.parameter_name) or ""
        if whole(chosen) is None:
            return []
        found = Release.objects.visible().select_related("live").filter(pk=chosen).first()
        return [(chosen, found.live.title)] if found else []

    def queryset(self, request: HttpRequest, queryset: QuerySet[Source]) -> QuerySet[Source]:
        """Those that the release cites."""
        if not self.value():
            return queryset
        cited = SourceCitation.objects.visible().filter(release=self.value()).values("source")
        return queryset.filter(pk__in=cited)


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
