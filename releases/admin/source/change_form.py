"""The page of a source: where it is cited, what the last check found, and its archived copy."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.paginator import Page
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from newsroom.http import user_of
from releases import workflow
from releases.admin.base import View, live_of, page_of
from releases.admin.source.changelist import SourceListAdmin, hosts, on_the_clock, releases
from releases.forms import WorkflowForm
from releases.models import Event, Release, Source, SourceCitation
from releases.models.source import COPY_LENGTH
from releases.permissions import may
from releases.sources import copy_errors
from releases.sources.copies import day_in


class CopyForm(WorkflowForm):
    """The address of the copy and its day. An error stands beside the field in which it is corrected."""

    archived_url = forms.CharField(
        label=_("Address of the copy"),
        required=False,
        max_length=COPY_LENGTH,
        widget=forms.URLInput(attrs={"class": "vLargeTextField", "dir": "ltr", "autocomplete": "off"}),
        help_text=_(
            "In a web archive, or a copy of your own; https:// where there is one. Readers see it as “archived” "
            "behind every link to this source. Empty: there is none."
        ),
    )
    archived_on = forms.DateField(
        label=_("Copied on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
        error_messages={"invalid": _("Give the day as year-month-day, such as 2026-06-10.")},
        help_text=_("May stay empty where the address tells it, as in /web/20260610123456/."),
    )

    class Meta:
        model = Source
        fields = ("archived_url", "archived_on")

    def clean(self) -> dict[str, Any]:
        """The rules of `releases.sources`, and the day that the address tells."""
        data = super().clean()
        if "archived_on" in self.errors or "archived_url" in self.errors:
            return data
        address: str = data["archived_url"].strip()
        day: date | None = data["archived_on"] or (day_in(address) if address else None)
        for field, message in copy_errors(
            self.instance.url, address, day, today=timezone.localdate()
        ).items():
            self.add_error(field, message)
        return {**data, "archived_url": address, "archived_on": day}


@admin.register(Source)
class SourceAdmin(SourceListAdmin):
    """Everybody on the staff looks sources up, and editors name archived copies.

    Only releases add sources. What only a draft or an embargoed release cites is not here. Nobody deletes a source: it is
    here because a release cites it.
    """

    verbs = {"view": "view sources", "change": "archive source"}

    form = CopyForm
    change_form_template = "admin/releases/source/change_form.html"
    fields = readonly_fields = ("link", "status", "moved", "checked", "next_check")

    class Media:
        css = {"all": ["css/sources.css"]}

    def own_urls(self) -> Iterable[tuple[str, View, str]]:
        """The overviews."""
        return [("hosts/", hosts, "hosts"), ("releases/", releases, "releases")]

    def get_fieldsets(self, request: HttpRequest, obj: Source | None = None) -> Any:
        """The state, and the copy."""
        copy = _("Archived copy"), {"fields": ["archived_url", "archived_on"]}
        return (None, {"fields": list(self.readonly_fields)}), copy

    @admin.display(description=_("address"))
    def link(self, source: Source) -> SafeString:
        """The whole address. The other site does not learn where the visitor comes from."""
        return format_html('<a href="{}" rel="noreferrer" dir="ltr">{}</a>', source.url, source.url)

    @admin.display(description=_("moved to"))
    def moved(self, source: Source) -> str:
        """Where it leads permanently."""
        if not source.moved_to:
            return "–"
        return format_html('<a href="{}" rel="noreferrer" dir="ltr">{}</a>', source.moved_to, source.moved_to)

    @admin.display(description=_("next check"))
    def next_check(self, source: Source) -> str:
        """When it is due, if checks are switched on."""
        if not settings.CHECK_SOURCES:
            return gettext("Checks are switched off.")
        return (
            gettext("not before %s") % on_the_clock(source.next_check_at)
            if source.next_check_at
            else gettext("soon")
        )

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], add: bool = False, change: bool = False,
        form_url: str = "", obj: Source | None = None,
    ) -> HttpResponse:  # fmt: skip
        """Add every place that cites it, and what was done to its copy."""
        if obj is not None:
            context["places"] = places_of(request, obj)
            context["record"] = copy_events(obj) if may(request.user, "view record") else []
        return super().render_change_form(request, context, add, change, form_url, obj)

    def save_model(self, request: HttpRequest, obj: Source, form: CopyForm, change: bool) -> None:
        """Through the workflow, which writes an event and raises the edition."""
        data, user = form.cleaned_data, user_of(request)
        workflow.archive_source(obj, address=data["archived_url"], day=data["archived_on"], by=user)

    def response_change(self, request: HttpRequest, obj: Source) -> HttpResponse:
        """Stay on the page, which shows what readers will see."""
        if obj.archived_url.startswith("http://"):
            messages.warning(
                request, gettext("Saved. The copy's address has no https: is there one that has?")
            )
        elif obj.archived_url:
            messages.success(
                request, gettext("Saved. Readers are led to the copy from every link to this source.")
            )
        else:
            messages.success(request, gettext("Saved. There is no copy of this source."))
        if "_save" in request.POST:
            return redirect("admin:releases_source_changelist")
        return redirect(self.change_url(obj.pk))


EXCERPT = 160
EVENTS = 20


@dataclass(frozen=True)
class CitedPlace:
    """One place: `number` is the note's, 0 in the text; `words` how the note begins; then its two addresses."""

    release: Release
    title: str
    number: int
    words: str
    form: str
    page: str

    @property
    def name(self) -> str:
        """The release and the place in it, for links that say the same in every row."""
        place = gettext("note %d") % self.number if self.number else gettext("in the text")
        return f"{self.title}, {place}"


def places_of(request: HttpRequest, source: Source) -> tuple[Page[SourceCitation], list[CitedPlace]]:
    """A page of the places in visible releases, newest first."""
    found = (
        SourceCitation.objects.visible()
        .filter(source=source)
        .select_related("release__live")
        .only(
            "note", "number", "release__language", "release__slug", "release__uuid", "release__publish_at",
            "release__live__title", "release__live__notes",
        )
        .order_by("-release__publish_at", "-release", "number", "pk")
    )  # fmt: skip
    page = page_of(request, found)
    return page, [_place(one) for one in page]


def _place(citation: SourceCitation) -> CitedPlace:
    release, live = citation.release, live_of(citation.release)
    form, page = reverse("admin:releases_release_change", args=[release.pk]), release.get_absolute_url()
    if not citation.note:
        return CitedPlace(release, live.title, 0, "", form, page)
    notes: Iterable[dict[str, Any]] = live.notes
    words = next((str(note["text"]) for note in notes if note["key"] == citation.note), "")
    key = f"fn-{citation.note}"
    return CitedPlace(
        release,
        live.title,
        citation.number,
        Truncator(words).chars(EXCERPT),
        f"{form}#{key}",
        f"{page}#{release.note_prefix}{key}",
    )


def copy_events(source: Source) -> list[tuple[Event, str]]:
    """History of the copy, newest first, in sentences."""
    events = Event.objects.filter(release=None, verb="archive source", detail__source=source.url)
    return [(event, _sentence(event)) for event in events.select_related("user").order_by("-pk")[:EVENTS]]


def _sentence(event: Event) -> str:
    after: dict[str, str] = event.detail["after"]
    if not after["address"]:
        return gettext("Removed the copy: %s") % str(event.detail["before"]["address"])
    return gettext("Added the copy of %(day)s: %(address)s") % after
