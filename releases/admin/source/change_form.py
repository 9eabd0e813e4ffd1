"""The list of sources and the page of one: where it is cited, how it stands, and its archived copy."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.paginator import Page, Paginator
from django.db.models import Count, F, Max, OuterRef, Prefetch, QuerySet, Subquery
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from releases import clock, workflow
from releases.admin.base import OfferedLookups, WithChangeList
from releases.admin.source.changelist import (
    CopyFilter,
    HostFilter,
    ReleaseFilter,
    StateFilter,
    hosts,
    releases,
)
from releases.models import Event, Release, Source, SourceCitation
from releases.models.source import COPY_LENGTH
from releases.numbers import whole
from releases.permissions import may
from releases.sources import copy_errors
from releases.sources.copies import day_in


class CopyForm(forms.ModelForm):
    """The copy's address and its day; what is wrong is said beside the field in which it is mended."""

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
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if "archived_on" in self.errors or "archived_url" in self.errors:
            return data
        address: str = data["archived_url"].strip()
        day: date | None = data["archived_on"] or (day_in(address) if address else None)
        for field, words in copy_errors(self.instance.url, address, day, today=timezone.localdate()).items():
            self.add_error(field, words)
        return {**data, "archived_url": address, "archived_on": day}


# Places named in a row of the list; the source's own page names all of them.
SHOWN = 4


@admin.register(Source)
class SourceAdmin(WithChangeList, OfferedLookups):
    """Everybody on the staff reads it, editors name copies; what only a draft or an embargoed release cites is not here."""

    form = CopyForm
    change_form_template = "admin/releases/source/change_form.html"
    change_list_template = "admin/releases/source/change_list.html"
    list_display = ("address", "standing", "checked", "where", "copy")
    list_filter = (StateFilter, CopyFilter, HostFilter, ReleaseFilter)
    search_fields = ("url", "moved_to", "archived_url")
    ordering = ("host", "pk")
    list_per_page = 50
    show_facets = admin.ShowFacets.NEVER
    view_on_site = False
    actions = None
    fields = readonly_fields = ("elsewhere", "standing", "moved", "checked", "next_check")

    class Media:
        css = {"all": ["css/sources.css"]}

    def get_urls(self) -> list[URLPattern]:
        """The overviews stand before the stock addresses, which take any path for a key."""
        view = self.admin_site.admin_view
        return [
            path("hosts/", view(hosts), name="releases_source_hosts"),
            path("releases/", view(releases), name="releases_source_releases"),
            *super().get_urls(),
        ]

    # ------------------------------------------------------------------ the list

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
            .order_by("-release__publish_at", "-release", "number")[:SHOWN]
        )
        return (
            super()
            .get_queryset(request)
            .visible()
            .annotate(cited_by=Subquery(number))
            .prefetch_related(Prefetch("citations", first, to_attr="first_places"))
        )

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Say whether anybody looks at the sources at all, and when the last look was."""
        last = Source.objects.aggregate(last=Max("checked_at"))["last"]
        words = {"checks_on": settings.CHECK_SOURCES, "last_check": last, **(extra_context or {})}
        return super().changelist_view(request, words)

    @admin.display(description=_("address"), ordering="url")
    def address(self, source: Source) -> str:
        """Without the scheme, which nobody reads; the host stands out."""
        rest = source.url.split("//", 1)[1].removeprefix(source.host)
        shown = rest if len(rest) <= 90 else f"{rest[:89]}…"
        return format_html('<span class="source-address" dir="ltr"><b>{}</b>{}</span>', source.host, shown)

    @admin.display(description=_("state"), ordering="state")
    def standing(self, source: Source) -> SafeString:
        """The state in a word, and why."""
        if source.checked_at is None:
            return format_html('<span class="source-state">{}</span>', gettext("Not checked yet"))
        state = format_html(
            '<span class="source-state source-{}">{}</span>', source.state, source.get_state_display()
        )
        return format_html("{} {}", state, source.reason)

    @admin.display(description=_("last check"), ordering=F("checked_at").asc(nulls_first=True))
    def checked(self, source: Source) -> str:
        """When."""
        return _clock(source.checked_at)

    @admin.display(description=_("cited in"), ordering="cited_by")
    def where(self, source: Any) -> SafeString:
        """The first places, each leading to the release's form."""
        rows = format_html_join(
            "",
            '<li><a href="{}">{}</a> <span class="quiet">{}</span></li>',
            (
                (
                    reverse("admin:releases_release_change", args=[one.release_id]),
                    one.release.live.title,
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

    # ------------------------------------------------------------------ the page of one

    def get_fieldsets(self, request: HttpRequest, obj: Source | None = None) -> Any:
        """How it stands, and the copy."""
        copy = _("Archived copy"), {"fields": ["archived_url", "archived_on"]}
        return (None, {"fields": list(self.readonly_fields)}), copy

    @admin.display(description=_("address"))
    def elsewhere(self, source: Source) -> SafeString:
        """Whole; the site that is visited is not told from where."""
        return format_html('<a href="{}" rel="noreferrer" dir="ltr">{}</a>', source.url, source.url)

    @admin.display(description=_("moved to"))
    def moved(self, source: Source) -> str:
        """Where it leads for good."""
        if not source.moved_to:
            return "–"
        return format_html('<a href="{}" rel="noreferrer" dir="ltr">{}</a>', source.moved_to, source.moved_to)

    @admin.display(description=_("next check"))
    def next_check(self, source: Source) -> str:
        """When it is due, if anybody looks."""
        if not settings.CHECK_SOURCES:
            return gettext("Checks are switched off.")
        return (
            gettext("not before %s") % _clock(source.next_check_at)
            if source.next_check_at
            else gettext("soon")
        )

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], add: bool = False, change: bool = False,
        form_url: str = "", obj: Source | None = None,
    ) -> HttpResponse:  # fmt: skip
        """With every place that cites it, and what was done to its copy."""
        if obj is not None:
            context["places"] = cited_in(obj, whole(request.GET.get("page")))
            context["record"] = record_of(obj) if may(request.user, "view record") else []
        return super().render_change_form(request, context, add, change, form_url, obj)

    def save_model(self, request: HttpRequest, obj: Source, form: ModelForm, change: bool) -> None:
        """Through the workflow, which leaves an event and raises the edition."""
        data = form.cleaned_data
        workflow.archive_source(obj, address=data["archived_url"], day=data["archived_on"], by=request.user)

    def log_change(self, *args: Any) -> None:
        """Nothing: `Event` is the record."""

    def response_change(self, request: HttpRequest, obj: Source) -> HttpResponse:
        """Stay, where one sees what readers will see."""
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
        onward = "changelist" if "_save" in request.POST else "change"
        args = [] if onward == "changelist" else [obj.pk]
        return HttpResponseRedirect(reverse(f"admin:releases_source_{onward}", args=args))

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """The stock history has nothing to say: the page itself does."""
        return HttpResponseRedirect(reverse("admin:releases_source_change", args=[object_id]))

    # ------------------------------------------------------------------ who may

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Shown on the desk."""
        return may(request.user, "view sources")

    def has_view_permission(self, request: HttpRequest, obj: Source | None = None) -> bool:
        """By the table of `permissions`."""
        return may(request.user, "view sources")

    def has_change_permission(self, request: HttpRequest, obj: Source | None = None) -> bool:
        """By the table of `permissions`."""
        return may(request.user, "archive source")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Only releases bring sources."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Source | None = None) -> bool:
        """Nobody's: it is there because a release cites it."""
        return False


def _clock(moment: Any) -> str:
    return date_format(clock.local(moment), gettext("j M Y, H:i")) if moment else "–"


PER_PAGE = 50
EXCERPT = 160
EVENTS = 20


@dataclass(frozen=True)
class CitedPlace:
    """One place: `number` is the note's, 0 in the text; `words` how the note begins; `name` what it is called."""

    release: Release
    number: int
    words: str
    form: str
    page: str

    @property
    def name(self) -> str:
        """The release and the place in it, for links that say the same in every row."""
        place = gettext("note %d") % self.number if self.number else gettext("in the text")
        return f"{self.release.live.title}, {place}"


def cited_in(source: Source, number: Any) -> tuple[Page, list[CitedPlace]]:
    """A page of the places in visible releases, newest first."""
    found: QuerySet[SourceCitation] = (
        SourceCitation.objects.visible()
        .filter(source=source)
        .select_related("release__live")
        .only(
            "note", "number", "release__language", "release__slug", "release__uuid", "release__publish_at",
            "release__live__title", "release__live__notes",
        )
        .order_by("-release__publish_at", "-release", "number", "pk")
    )  # fmt: skip
    page = Paginator(found, PER_PAGE).get_page(number)
    return page, [_place(one) for one in page]


def _place(citation: SourceCitation) -> CitedPlace:
    release = citation.release
    form, page = reverse("admin:releases_release_change", args=[release.pk]), release.get_absolute_url()
    if not citation.note:
        return CitedPlace(release, 0, "", form, page)
    notes: Iterable[dict[str, Any]] = release.live.notes
    words = next((str(note["text"]) for note in notes if note["key"] == citation.note), "")
    key = f"fn-{citation.note}"
    return CitedPlace(
        release,
        citation.number,
        Truncator(words).chars(EXCERPT),
        f"{form}#{key}",
        f"{page}#{release.note_prefix}{key}",
    )


def record_of(source: Source) -> list[tuple[Event, str]]:
    """History of the copy, newest first, in sentences."""
    events = Event.objects.filter(release=None, verb="archive source", detail__source=source.url)
    return [(event, _sentence(event)) for event in events.select_related("user").order_by("-pk")[:EVENTS]]


def _sentence(event: Event) -> str:
    after = event.detail["after"]
    if not after["address"]:
        return gettext("Removed the copy: %s") % event.detail["before"]["address"]
    return gettext("Added the copy of %(day)s: %(address)s") % after
