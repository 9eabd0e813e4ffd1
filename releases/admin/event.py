"""The event log, to read, search and export; nothing here can be changed."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ERROR_FLAG
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from newsroom.accounts import record
from newsroom.accounts.models import User
from newsroom.accounts.reauthentication import confirmed
from releases import clock
from releases.admin.base import View, WorkflowAdmin, csv_response
from releases.admin.lists import PeopleFilter
from releases.admin.release.changelist import matching
from releases.models import Event, Release
from releases.models.event import VERB_PHRASES, verb_phrase

# So many releases and people that a word of a search names are looked for in the log.
MOST_NAMED = 500
MOST_WORDS = 5


class VerbFilter(admin.SimpleListFilter):
    """Verbs as they are said."""

    title = _("verb")
    parameter_name = "verb"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Each that there is, whether it was done or not: the log is not read for it."""
        return sorted(((verb, verb_phrase(verb)) for verb in VERB_PHRASES), key=lambda one: one[1])

    def queryset(self, request: HttpRequest, queryset: QuerySet[Event]) -> QuerySet[Event]:
        """A column of the event."""
        return queryset.filter(verb=self.value()) if self.value() else queryset


@admin.register(Event)
class EventAdmin(WorkflowAdmin[Event]):
    """Who did what, when, to which revision. Only verbs write events, and none is ever changed or deleted."""

    verbs = {"view": "view record"}
    list_display = ("when", "what", "about", "number", "user")
    list_filter = (VerbFilter, ("user", PeopleFilter))
    # Django shows the search box where this is not empty; `get_search_results` does the search.
    search_fields = ("verb",)
    date_hierarchy = "at"
    list_select_related = ("release__live", "release__working", "revision", "user")
    fields = readonly_fields = ("when", "what", "about", "number", "user", "detail")
    list_per_page = 100

    def own_urls(self) -> Iterable[tuple[str, View, str]]:
        """The export."""
        return [("export/", confirmed(self.export), "export")]

    def export(self, request: HttpRequest) -> HttpResponseBase:
        """What the list shows under its filters and search, whole, as CSV."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            listed = self.get_changelist_instance(request)
        except IncorrectLookupParameters:  # the list says so
            return HttpResponseRedirect(reverse("admin:releases_event_changelist", query={ERROR_FLAG: "1"}))
        events = listed.get_queryset(request).select_related(*self.list_select_related)
        record.note("export", request=request, what="activity log")
        return csv_response(_rows(events), name="record.csv")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Event], search_term: str
    ) -> tuple[QuerySet[Event], bool]:
        """Each word names releases (by what the list of releases finds), people or verbs. These are looked up first: the log
        itself, the longest table of all, is read by its indexes."""
        for word in search_term.split()[:MOST_WORDS]:
            releases = matching(request.user, Release.objects.all(), word).values_list("pk", flat=True)
            plain = word.replace("\x00", "")
            people = User.objects.filter(username__icontains=plain).values_list("pk", flat=True)
            verbs = [verb for verb in VERB_PHRASES if plain.casefold() in verb]
            queryset = queryset.filter(
                Q(release__in=list(releases.order_by("-pk")[:MOST_NAMED]))
                | Q(user__in=list(people.order_by("pk")[:MOST_NAMED]))
                | Q(verb__in=verbs)
            )
        return queryset, False

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
