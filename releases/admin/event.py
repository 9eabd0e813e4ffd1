"""The event log, to read, search and export; nothing here can be changed."""

import csv
import json
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ERROR_FLAG, ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from releases import clock
from releases.admin.base import View, WorkflowAdmin
from releases.models import Event
from releases.models.event import verb_phrase

if TYPE_CHECKING:
    from django.contrib.admin.filters import _ListFilterChoices


class VerbFilter(admin.AllValuesFieldListFilter):
    """Verbs as they are said."""

    def choices(self, changelist: ChangeList) -> Iterator["_ListFilterChoices"]:
        """Each by its words."""
        for choice in super().choices(changelist):
            choice["display"] = verb_phrase(str(choice["display"]))
            yield choice


@admin.register(Event)
class EventAdmin(WorkflowAdmin[Event]):
    """Who did what, when, to which revision. Only verbs write events, and none is ever changed or deleted."""

    verbs = {"view": "view record"}
    list_display = ("when", "what", "about", "number", "user")
    list_filter = (("verb", VerbFilter), ("user", admin.RelatedOnlyFieldListFilter))
    search_fields = ("revision__title", "release__slug", "user__username", "verb")
    date_hierarchy = "at"
    list_select_related = ("release__live", "release__working", "revision", "user")
    fields = readonly_fields = ("when", "what", "about", "number", "user", "detail")
    list_per_page = 100

    def own_urls(self) -> Iterable[tuple[str, View, str]]:
        """The export."""
        return [("export/", self.export, "export")]

    def export(self, request: HttpRequest) -> HttpResponseBase:
        """What the list shows under its filters and search, whole, as CSV."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            listed = self.get_changelist_instance(request)
        except IncorrectLookupParameters:  # the list says so
            return HttpResponseRedirect(reverse("admin:releases_event_changelist", query={ERROR_FLAG: "1"}))
        events = listed.get_queryset(request).select_related(*self.list_select_related)
        lines = csv.writer(_Echo())
        response = StreamingHttpResponse(
            (lines.writerow([_not_a_formula(cell) for cell in row]) for row in _rows(events)),
            content_type="text/csv; charset=utf-8",
        )
        response.headers["Content-Disposition"] = 'attachment; filename="record.csv"'
        return response

    @admin.display(description=_("when"), ordering="at")
    def when(self, event: Event) -> str:
        """To the second, by the newsroom's clock."""
        return date_format(clock.local(event.at), gettext("j M Y, H:i:s"))

    @admin.display(description=_("verb"), ordering="verb")
    def what(self, event: Event) -> str:
        """What was done."""
        return verb_phrase(event.verb)

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


class _Echo:
    """A file for `csv` that returns each line at once, so that a long log is never in memory whole."""

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


def _not_a_formula(cell: str) -> str:
    """Quoted where a spreadsheet would run it as a formula."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
