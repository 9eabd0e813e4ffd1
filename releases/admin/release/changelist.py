"""The list of releases: its filters and its columns."""

from typing import Any, TypeVar

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.models import AnonymousUser
from django.db.models import Case, Q, QuerySet, When
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from newsroom.accounts.models import User
from releases import clock
from releases.admin.base import WorkflowAdmin
from releases.admin.lists import COUNTED, ChangeList, PeopleFilter
from releases.models import Event, Release, SearchEntry, Topic
from releases.models.release import STAFF_ORDER, ReleaseQuerySet, State, in_state
from releases.numbers import whole
from releases.permissions import all_as_seen, drafts, reads_draft, viewable
from releases.search import parse
from releases.search.engine import IdList
from releases.search.find import ids_of_entries, matching_entries
from releases.workflow.outlook import outlook

Rows = TypeVar("Rows", bound=QuerySet[Release])
_NOT_LISTED = [
    f"{words}__{column}"
    for words in ("live", "working")
    for column in ("body", "body_page", "body_text", "body_feed", "notes", "summary")
]
_TOPICS = ("live__topics", "working__topics")


class StateFilter(admin.SimpleListFilter):
    """The state of a release."""

    title = _("status")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Every state, in the order of the process."""
        return [(str(state.value), str(state.label)) for state in State]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """By the columns that the state follows from, so that an index finds a rare one."""
        state = self.value()
        return queryset.filter(in_state(State(state))) if state in State.values else queryset


class LanguageFilter(admin.SimpleListFilter):
    """The language of a release, by its name and not its code."""

    title = _("language")
    parameter_name = "language"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The newsroom's languages, in its order."""
        return [(code, str(name)) for code, name in settings.LANGUAGES]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """A column of the release."""
        return queryset.filter(language=self.value()) if self.value() else queryset


class TopicFilter(admin.SimpleListFilter):
    """The topic of the words that staff see."""

    title = _("topic")
    parameter_name = "topic"
    # Folded, since nobody scrolls past a hundred names.
    template = "admin/releases/release/topic_filter.html"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The vocabulary, in its order."""
        return [(topic.slug, topic.name) for topic in Topic.objects.in_order().only("slug", "name")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """By an annotation of `get_queryset` below: the topics of the draft where this person may read it."""
        if not self.value():
            return queryset
        filed = Topic.objects.filter(slug=self.value()).values("revision_items__content_object")
        return queryset.filter(current_now__in=filed)


class ReleaseChangeList(ChangeList):
    """The rows as the person who asks may see them."""

    @property
    def is_read_once(self) -> bool:
        """Also by topic: no index has the topics of the words that staff see."""
        return super().is_read_once or TopicFilter.parameter_name in self.filter_params

    def get_queryset(self, request: HttpRequest, *args: Any, **kwargs: Any) -> QuerySet[Any]:
        """A list shows no text."""
        return super().get_queryset(request, *args, **kwargs).defer(*_NOT_LISTED)

    def get_results(self, request: HttpRequest) -> None:
        """What the query found. A draft that this person may not read is taken off its release."""
        super().get_results(request)
        self.result_list = all_as_seen(request.user, self.result_list)


class ReleaseListAdmin(WorkflowAdmin[Release]):
    """What the list shows of a release, and what it can be narrowed by."""

    list_display = ("status", "headline", "dated", "language", "filed_under", "author", "note_count")
    list_display_links = ("headline",)
    list_filter = (StateFilter, LanguageFilter, TopicFilter, ("created_by", PeopleFilter))
    # Django shows the search box where this is not empty; `get_search_results` does the search.
    search_fields = ("slug",)
    date_hierarchy = "publish_at"
    list_select_related = ("live", "working", "created_by")
    ordering = STAFF_ORDER

    def _get_obj_does_not_exist_redirect(
        self, request: HttpRequest, opts: Any, object_id: str
    ) -> HttpResponse:
        """Whoever had a release open that was removed whole is told so, and nothing of the form is kept."""
        pk = whole(object_id)
        if pk is None or not Event.objects.filter(verb="remove release", detail__release=pk).exists():
            found: HttpResponse = super()._get_obj_does_not_exist_redirect(request, opts, object_id)  # type: ignore[misc]  # Django's, untyped
            return found
        messages.error(
            request,
            _(
                "This release was removed from everything meanwhile, for good. Nothing of your form was saved."
            ),
        )
        return redirect("admin:releases_release_changelist")

    def get_queryset(self, request: HttpRequest) -> ReleaseQuerySet:
        """What this person may see, with its state and title, so that no row needs a query."""
        releases = viewable(request.user, Release.objects.all())
        mine = reads_draft(request.user)
        return (
            releases.with_state()
            .annotate(
                title_now=Case(When(mine, Coalesce("working__title", "live__title")), default="live__title"),
                current_now=Case(When(mine, Coalesce("working_id", "live_id")), default="live_id"),
            )
            .prefetch_related(*_TOPICS)
        )

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """The class whose rows hold nothing that this person may not see."""
        return ReleaseChangeList

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Release], search_term: str
    ) -> tuple[QuerySet[Release], bool]:
        """Readers' search over drafts as well, or by a part of the address; a writer searches no other's draft."""
        if not search_term.strip():
            return queryset, False
        return matching(request.user, queryset, search_term), False

    @admin.display(description=_("status"), ordering="state_now")
    def status(self, release: Any) -> str:
        """The state. Where there is a draft over live words, also which of the two will be published."""
        state = State(release.state_now)
        shown = format_html('<span class="state state-{}">{}</span>', state.value, state.label)
        if not (release.live and release.working):
            return shown
        return format_html('{} <span class="state-more">{}</span>', shown, outlook(release))

    @admin.display(description=_("title"), ordering="title_now")
    def headline(self, release: Release) -> str:
        """The title of the words that staff see."""
        return release.current.title if release.current else release.slug

    @admin.display(description=_("date"), ordering="publish_at")
    def dated(self, release: Release) -> str:
        """The date of what is out or due, else the planned one."""
        date = release.publish_at or (release.current.publish_at if release.current else None)
        return date_format(clock.local(date), gettext("j M Y, H:i")) if date else "–"

    @admin.display(description=_("topics"))
    def filed_under(self, release: Release) -> str:
        """The topics of the words that staff see."""
        names = sorted(topic.name for topic in release.current.topics.all()) if release.current else []
        return " · ".join(names) or "–"

    @admin.display(description=_("author"), ordering="created_by__username")
    def author(self, release: Release) -> str:
        """Whose release it is."""
        return str(release.created_by or "–")

    @admin.display(description=_("notes"))
    def note_count(self, release: Release) -> int:
        """How many notes it has."""
        return release.current.note_count if release.current else 0


# Of a word that more texts have than a list counts, so many of the newest are looked at before all are.
LOOKED_AT = 2 * COUNTED


def matching(user: User | AnonymousUser, releases: Rows, words: str) -> Rows:
    """Those of `releases` that readers' search finds, also in drafts that `user` may read, or by a part of the address.

    The search is done once: a list asks five questions about what it shows. Of a word that stands in nearly all releases the newest
    count, as many as a list counts.
    """
    query, part = parse(words), words.strip().replace("\x00", "")
    ids = ids_of_entries(query) if query.wanted else set()
    found = _newest(user, ids, part) if len(ids) > COUNTED else []
    if len(found) < COUNTED:
        entries = SearchEntry.objects.filter(pk__in=IdList(ids)) if query.wanted else matching_entries(query)
        known = entries.filter(_readable(user)).values("release")
        either = Release.objects.filter(Q(pk__in=known) | Q(slug__icontains=part)).order_by(*STAFF_ORDER)
        found = list(either.values_list("pk", flat=True)[:COUNTED])
    return releases.filter(pk__in=IdList(found))


def _readable(user: User | AnonymousUser) -> Q:
    """Which rows of the index tell of words that `user` may read."""
    own = drafts(user, Release.objects.all()).values("pk")
    return Q(kind=SearchEntry.LIVE) | Q(kind=SearchEntry.WORKING, release__in=own)


def _newest(user: User | AnonymousUser, ids: set[int], part: str) -> list[int]:
    """The same, of the first releases of the list alone, by its index: to join a hundred thousand rows takes the database ten times as
    long. Fewer than a list counts, if not enough of these have the word."""
    newest = Release.objects.order_by(*STAFF_ORDER)[:LOOKED_AT].values_list("pk", "slug")
    slugs, wanted = dict(newest), part.upper()
    entries = SearchEntry.objects.filter(_readable(user), release__in=IdList(slugs)).order_by()
    known = {release for entry, release in entries.values_list("pk", "release") if entry in ids}
    return [pk for pk, slug in slugs.items() if pk in known or wanted in slug.upper()][:COUNTED]
