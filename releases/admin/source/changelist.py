"""The list of sources, by what it is narrowed, and the overviews by host and by release."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page
from django.db.models import Count, Exists, F, Max, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from newsroom.http import Request
from releases import clock
from releases.admin.base import WorkflowAdmin, live_of, page_of, staff_page
from releases.models import Release, Source, SourceCitation
from releases.models.source import SourceState
from releases.numbers import whole
from releases.permissions import may

NEVER = "never"


class StateFilter(admin.SimpleListFilter):
    """What the last check found. Sources that were never checked are a choice of their own."""

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
        return [(chosen, live_of(found).title)] if found else []

    def queryset(self, request: HttpRequest, queryset: QuerySet[Source]) -> QuerySet[Source]:
        """Those that the release cites."""
        if not (chosen := self.value()):
            return queryset
        cited = SourceCitation.objects.visible().filter(release=int(chosen)).values("source")
        return queryset.filter(pk__in=cited)


# Places that a row of the list names. The source's own page names all of them.
MAX_PLACES = 4


class SourceListAdmin(WorkflowAdmin[Source]):
    """What the list shows of a source, and what it can be narrowed by."""

    change_list_template = "admin/releases/source/change_list.html"
    list_display = ("address", "status", "checked", "where", "copy")
    list_filter = (StateFilter, CopyFilter, HostFilter, ReleaseFilter)
    search_fields = ("url", "moved_to", "archived_url")
    ordering = ("host", "pk")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Source]:
        """What visible releases cite, with how many do and the first places."""
        visible = SourceCitation.objects.visible()
        number = (
            visible.filter(source=OuterRef("pk"))
            .order_by()
            .values("source")
            .annotate(number=Count("release", distinct=True))
            .values("number")
        )
        first = (
            visible.select_related("release__live")
            .only("source", "note", "number", "release__publish_at", "release__live__title")
            .order_by("-release__publish_at", "-release", "number")[:MAX_PLACES]
        )
        return (
            Source.objects.visible()
            .annotate(cited_by=Subquery(number))
            .prefetch_related(Prefetch("citations", first, to_attr="first_places"))
        )

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Say whether checks are switched on, and when the last one was."""
        last = Source.objects.aggregate(last=Max("checked_at"))["last"]
        context = {"checks_on": settings.CHECK_SOURCES, "last_check": last, **(extra_context or {})}
        return super().changelist_view(request, context)

    @admin.display(description=_("address"), ordering="url")
    def address(self, source: Source) -> str:
        """Without the scheme, which nobody reads; the host is emphasized."""
        rest = source.url.split("//", 1)[1].removeprefix(source.host)
        shown = rest if len(rest) <= 90 else f"{rest[:89]}…"
        return format_html('<span class="source-address" dir="ltr"><b>{}</b>{}</span>', source.host, shown)

    @admin.display(description=_("state"), ordering="state")
    def status(self, source: Source) -> SafeString:
        """The state in a word, and why."""
        if source.checked_at is None:
            return format_html('<span class="state">{}</span>', gettext("Not checked yet"))
        state = format_html(
            '<span class="state source-{}">{}</span>', source.state, source.get_state_display()
        )
        return format_html("{} {}", state, source.reason)

    @admin.display(description=_("last check"), ordering=F("checked_at").asc(nulls_first=True))
    def checked(self, source: Source) -> str:
        """When."""
        return on_the_clock(source.checked_at)

    @admin.display(description=_("cited in"), ordering="cited_by")
    def where(self, source: Any) -> SafeString:
        """The first places, each leading to the release's form."""
        rows = format_html_join(
            "",
            '<li><a href="{}">{}</a> <span class="quiet">{}</span></li>',
            (
                (
                    reverse("admin:releases_release_change", args=[one.release_id]),
                    live_of(one.release).title,
                    gettext("note %d") % one.number if one.note else gettext("in the text"),
                )
                for one in source.first_places
            ),
        )
        named = len({one.release_id for one in source.first_places})
        more = ""
        if source.cited_by > named:
            more = format_html(
                '<li class="quiet">{}</li>', gettext("and in %d more") % (source.cited_by - named)
            )
        return format_html('<ul class="source-places">{}{}</ul>', rows, more)

    @admin.display(description=_("archived copy"), ordering=F("archived_on").desc(nulls_last=True))
    def copy(self, source: Source) -> str:
        """The day of the copy, leading to it."""
        if source.archived_on is None:
            return "–"
        day = date_format(source.archived_on, gettext("j M Y"))
        return format_html('<a href="{}" rel="noreferrer">{}</a>', source.archived_url, day)


def on_the_clock(moment: datetime | None) -> str:
    """A moment by the newsroom's clock, as the list and the page write it."""
    return date_format(clock.local(moment), gettext("j M Y, H:i")) if moment else "–"


def hosts(request: Request) -> HttpResponse:
    """Every host, those with most that is gone first."""
    _require_permission(request)
    rows = (
        Source.objects.visible()
        .order_by()
        .values("host")
        .annotate(links=Count("pk"), **_counts(""))
        .order_by(F("gone").desc(), "-links", "host")
    )
    page = page_of(request, rows)
    shown = [{**row, "name": row["host"], "choice": row["host"]} for row in page]
    return _overview(request, "host", gettext("Sources by host"), page, shown)


def releases(request: Request) -> HttpResponse:
    """Every visible release that cites anything elsewhere, newest first."""
    _require_permission(request)
    cites = SourceCitation.objects.filter(release=OuterRef("pk"))
    found = Release.objects.visible().filter(Exists(cites)).select_related("live").in_order()
    found = found.only("publish_at", "language", "live__title")
    page = page_of(request, found)
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
            "name": live_of(one).title,
            "choice": one.pk,
            "lang": one.language,
            "at": one.publish_at,
        }
        for one in page
    ]
    return _overview(request, "release", gettext("Sources by release"), page, shown)


def _counts(source: str) -> dict[str, Count]:
    """How many are in each state, never checked at, and copied; each counted once."""
    checked = Q(**{f"{source}checked_at__isnull": False})
    wanted = {state: checked & Q(**{f"{source}state": state}) for state in SourceState.values}
    wanted |= {"never": ~checked, "copied": Q(**{f"{source}archived_on__isnull": False})}
    return {
        name: Count(f"{source}pk", filter=condition, distinct=bool(source))
        for name, condition in wanted.items()
    }


def _require_permission(request: Request) -> None:
    if not may(request.user, "view sources"):
        raise PermissionDenied


def _overview(
    request: Request, by: str, title: str, page: Page[Any], rows: list[dict[str, Any]]
) -> HttpResponse:
    context = {"opts": Source._meta, "by": by, "page": page, "rows": rows}
    return staff_page(request, "source/overview", title, context)
