"""The record, to read and to search; nothing here can be changed."""

import csv
import json
from collections.abc import Iterator

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ERROR_FLAG
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from releases import clock
from releases.admin.base import WithChangeList
from releases.models import Event
from releases.permissions import may


@admin.register(Event)
class EventAdmin(WithChangeList, admin.ModelAdmin):
    """Who did what, when, to which revision."""

    list_display = ("when", "verb", "about", "number", "user")
    list_filter = ("verb", ("user", admin.RelatedOnlyFieldListFilter))
    search_fields = ("revision__title", "release__slug", "user__username", "verb")
    date_hierarchy = "at"
    list_select_related = ("release__live", "release__working", "revision", "user")
    fields = readonly_fields = ("when", "verb", "about", "number", "user", "detail")
    show_facets = admin.ShowFacets.NEVER

    def get_urls(self) -> list[URLPattern]:
        """The export stands before the stock addresses."""
        own = path("export/", self.admin_site.admin_view(self.export), name="releases_event_export")
        return [own, *super().get_urls()]

    def export(self, request: HttpRequest) -> HttpResponseBase:
        """What the list shows under its filters and search, whole, as CSV."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            listed = self.get_changelist_instance(request)
        except IncorrectLookupParameters:  # the list says so
            return HttpResponseRedirect(reverse("admin:releases_event_changelist", query={ERROR_FLAG: "1"}))
        events = listed.get_queryset(request).select_related(*self.list_select_related)
        lines = csv.writer(_Line())
        response = StreamingHttpResponse(
            (lines.writerow([_harmless(cell) for cell in row]) for row in _rows(events)),
            content_type="text/csv; charset=utf-8",
        )
        response.headers["Content-Disposition"] = 'attachment; filename="record.csv"'
        return response

    @admin.display(description=_("when"), ordering="at")
    def when(self, event: Event) -> str:
        """To the second, by the newsroom's clock."""
        return date_format(clock.local(event.at), gettext("j M Y, H:i:s"))

    @admin.display(description=_("release"))
    def about(self, event: Event) -> str:
        """The title that the revision had."""
        detail = event.detail
        return (
            event.revision.title
            if event.revision
            else str(detail.get("topic") or detail.get("source") or "–")
        )

    @admin.display(description=_("revision"))
    def number(self, event: Event) -> str:
        """The revision's number."""
        return format_html("{}", event.revision.number) if event.revision else "–"

    def has_view_permission(self, request: HttpRequest, obj: Event | None = None) -> bool:
        """Editors and chiefs read the record."""
        return may(request.user, "view record")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Only verbs write events."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Event | None = None) -> bool:
        """The record never changes."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Event | None = None) -> bool:
        """The record never shrinks."""
        return False

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Shown on the desk to those who may read it."""
        return may(request.user, "view record")


class _Line:
    """What `csv` writes a line to: it comes back at once, so that a long record is never held whole."""

    def write(self, line: str) -> str:
        return line


def _rows(events: QuerySet[Event]) -> Iterator[list[str]]:
    yield ["when", "who", "verb", "release", "revision", "title", "detail"]
    for event in events.iterator(chunk_size=500):
        revision = event.revision
        yield [
            event.at.isoformat(),
            event.user.username if event.user else "",
            event.verb,
            event.release.slug if event.release else "",
            str(revision.number) if revision else "",
            revision.title if revision else "",
            json.dumps(event.detail, ensure_ascii=False),
        ]


def _harmless(cell: str) -> str:
    """A spreadsheet would run a title that begins like a formula."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
