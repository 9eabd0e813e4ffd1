"""Releases: the list, and the form in which they are written."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from releases import workflow
from releases.forms import ReleaseForm
from releases.models import Release, Topic
from releases.models.release import State
from releases.permissions import may, viewable
from releases.workflow import Conflict, Refused, reasons_against

# The buttons of the form: name, verb of the workflow, label, whether what was typed is saved first.
BUTTONS = (
    ("_publish", "publish", _("Publish"), True),
    ("_correct", "correct", _("Publish as a correction"), True),
    ("_schedule", "schedule", _("Schedule"), True),
    ("_submit", "submit", _("Submit for approval"), True),
    ("_approve", "approve", _("Approve"), False),
    ("_unschedule", "unschedule", _("Take off the schedule"), False),
    ("_discard", "discard draft", _("Discard the draft"), False),
    ("_withdraw", "withdraw", _("Withdraw"), False),
)


class StateFilter(admin.SimpleListFilter):
    """Where a release stands."""

    title = _("status")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Every state, in the order of the process."""
        return [(str(state.value), str(state.label)) for state in State]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Release]) -> QuerySet[Release]:
        """By the annotation that `ReleaseAdmin.get_queryset` makes."""
        return queryset.filter(state_now=self.value()) if self.value() else queryset


class TopicFilter(admin.SimpleListFilter):
    """Under which topic the words that staff see are filed."""

    title = _("topic")
    parameter_name = "topic"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The vocabulary, in its order."""
        return [(topic.slug, topic.name) for topic in Topic.objects.in_order().only("slug", "name")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Release]) -> QuerySet[Release]:
        """The draft's topics where there is a draft, else the live ones."""
        if not self.value():
            return queryset
        return queryset.filter(
            pk__in=Release.objects.annotate(current_id=Coalesce("working_id", "live_id"))
            .filter(
                current_id__in=Topic.objects.filter(slug=self.value()).values(
                    "revision_items__content_object"
                )
            )
            .values("pk")
        )


@admin.register(Release)
class ReleaseAdmin(admin.ModelAdmin):
    """A form that is a form: with scripts failing, every field and button still works."""

    form = ReleaseForm
    change_form_template = "admin/releases/release/change_form.html"
    list_display = ("status", "headline", "dated", "language", "filed_under", "author", "note_count")
    list_display_links = ("headline",)
    list_filter = (StateFilter, "language", TopicFilter, ("created_by", admin.RelatedOnlyFieldListFilter))
    search_fields = ("working__title", "live__title", "slug", "working__body_text", "live__body_text")
    date_hierarchy = "publish_at"
    list_select_related = ("live", "working", "created_by")
    list_per_page = 50
    show_facets = admin.ShowFacets.NEVER
    actions = None

    class Media:
        css = {"all": ["css/admin.css"]}
        js = ["js/count.js"]

    # ------------------------------------------------------------------ the list

    def get_queryset(self, request: HttpRequest) -> QuerySet[Release]:
        """What this person may see, with its state and title, so that the list asks nothing a row."""
        releases = viewable(request.user, super().get_queryset(request))
        return (
            releases.with_state()
            .annotate(title_now=Coalesce("working__title", "live__title"))
            .order_by(F("publish_at").desc(nulls_first=True), "-pk")
            .prefetch_related("live__topics", "working__topics")
        )

    @admin.display(description=_("status"), ordering="state_now")
    def status(self, release: Any) -> str:
        """The state, and whether a draft lies over it."""
        state = State(release.state_now)
        label = str(state.label)
        if release.live_id and release.working_id:
            label = say("%s, with a draft") % label
        return format_html('<span class="state state-{}">{}</span>', state.value, label)

    @admin.display(description=_("title"), ordering="title_now")
    def headline(self, release: Release) -> str:
        """The title of the words that staff see."""
        return release.current.title if release.current else release.slug

    @admin.display(description=_("date"), ordering="publish_at")
    def dated(self, release: Release) -> str:
        """The date of what is out or due, else the planned one."""
        date = release.publish_at or (release.current.publish_at if release.current else None)
        return date_format(timezone.localtime(date), "j M Y, H:i") if date else "–"

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

    # ------------------------------------------------------------------ who may

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Shown to all staff with a role."""
        return may(request.user, "create")

    def has_view_permission(self, request: HttpRequest, obj: Release | None = None) -> bool:
        """By the table of `permissions`."""
        return may(request.user, "view", obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """By the table of `permissions`."""
        return may(request.user, "create")

    def has_change_permission(self, request: HttpRequest, obj: Release | None = None) -> bool:
        """By the table of `permissions`."""
        return may(request.user, "save draft", obj)

    def has_delete_permission(self, request: HttpRequest, obj: Release | None = None) -> bool:
        """Nobody's: what was public is withdrawn, what was not is kept."""
        return False

    # ------------------------------------------------------------------ the form

    def get_form(
        self, request: HttpRequest, obj: Release | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """The form, told what the workflow refused when the same request was tried before."""
        kwargs["fields"] = ("slug", "language")
        form = super().get_form(request, obj, change=change, **kwargs)
        form.refusals = getattr(request, "refusals", [])
        return form

    def get_fieldsets(self, request: HttpRequest, obj: Release | None = None) -> Any:
        """Only what a writer needs; the rest is folded away."""
        address = ["slug", "language", "translations"] if obj else ["slug", "language"]
        fieldsets: list[Any] = [
            (None, {"fields": ["title", ("publish_at", "dateline"), "summary", "body"]}),
            (_("Topics"), {"fields": ["topics"]}),
            (_("Address and language"), {"fields": [*address, "seen"], "classes": ["collapse"]}),
        ]
        if obj and obj.is_visible() and may(request.user, "correct", obj):
            fieldsets.append((_("Correction"), {"fields": ["correction_note"], "classes": ["collapse"]}))
            fieldsets.append((_("Withdrawal"), {"fields": ["notice"], "classes": ["collapse"]}))
        return fieldsets

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        """What the workflow refuses becomes an error of the form, with every character kept."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except Refused as refusal:
            request.refusals = refusal.reasons
        except Conflict as conflict:
            request.refusals = [
                say(
                    "%(who)s saved this release at %(when)s, after you opened it. Your words are below and not saved: "
                    "open the release in another tab, compare, and save again from there."
                )
                % {
                    "who": conflict.revision.edited_by,
                    "when": date_format(timezone.localtime(conflict.revision.edited_at), "H:i:s"),
                }
            ]
        return super().changeform_view(request, object_id, form_url, extra_context)

    def save_model(self, request: HttpRequest, obj: Release, form: ModelForm, change: bool) -> None:
        """Save the draft, then do what the pressed button says; the admin has opened the transaction."""
        data = form.cleaned_data
        user = request.user
        button = next((one for one in BUTTONS if one[0] in request.POST), None)
        release = obj if change else None
        if button is None or button[3]:
            release = workflow.save_draft(
                release,
                form.words(),
                by=user,
                language=data["language"],
                slug=data["slug"],
                seen=data["seen"],
            )
            if change:
                release = workflow.readdress(release, slug=data["slug"], language=data["language"], by=user)
                release = workflow.set_translations(release, data["translations"], by=user)
        if button is not None and release is not None:
            release = act(button[0], release, data, user)
        assert release is not None  # noqa: S101  a new release is always saved before a verb
        obj.pk, obj.slug, obj.language = release.pk, release.slug, release.language
        obj._saved = release

    def save_related(self, request: HttpRequest, form: ModelForm, formsets: Any, change: bool) -> None:
        """Nothing: the workflow has kept the topics with the words."""

    def log_addition(self, *args: Any) -> None:
        """Nothing: `Event` is the record."""

    def log_change(self, *args: Any) -> None:
        """Nothing: `Event` is the record."""

    def response_add(
        self, request: HttpRequest, obj: Release, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Stay on the form."""
        return self._after(request, obj)

    def response_change(self, request: HttpRequest, obj: Release) -> HttpResponse:
        """Stay on the form."""
        return self._after(request, obj)

    def _after(self, request: HttpRequest, obj: Release) -> HttpResponse:
        release = Release.objects.select_related("live", "working").get(pk=obj.pk)
        messages.success(request, said(request, release))
        if "_save_and_list" in request.POST:
            return HttpResponseRedirect(reverse("admin:releases_release_changelist"))
        return HttpResponseRedirect(reverse("admin:releases_release_change", args=[obj.pk]))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], add: bool = False, change: bool = False,
        form_url: str = "", obj: Release | None = None,
    ) -> HttpResponse:  # fmt: skip
        """Add the buttons that are possible here, and why others are not."""
        context["buttons"] = buttons(request, obj)
        if obj is not None:
            context["state"] = obj.state()
            context["public_address"] = obj.get_absolute_url() if obj.is_visible() else ""
        return super().render_change_form(request, context, add, change, form_url, obj)


def act(button: str, release: Release, data: dict[str, Any], user: Any) -> Release:
    """The verb behind a button."""
    verbs: dict[str, Any] = {
        "_publish": workflow.publish,
        "_schedule": workflow.schedule,
        "_submit": workflow.submit,
        "_approve": workflow.approve,
        "_unschedule": workflow.unschedule,
        "_discard": workflow.discard_draft,
    }
    if button == "_correct":
        return workflow.correct(release, by=user, note=data["correction_note"])
    if button == "_withdraw":
        return workflow.withdraw(release, by=user, notice=data["notice"])
    return verbs[button](release, by=user)


def buttons(request: HttpRequest, release: Release | None) -> list[dict[str, Any]]:
    """The buttons that this person could use: those of their role, and of the release's state."""
    found = []
    for name, verb, label, saves in BUTTONS:
        if release is None:
            possible = verb in {"publish", "schedule", "submit"} and may(request.user, verb)
        elif saves:
            # What is typed becomes the draft first, so the want of a draft is no obstacle.
            possible = may(request.user, verb, release) and release.state() in workflow.TABLE[verb]
            possible = possible and not (verb == "submit" and may(request.user, "publish", release))
            possible = possible and not (verb == "schedule" and release.state() == State.SCHEDULED)
        else:
            possible = verb == "withdraw" and may(request.user, verb, release) and release.is_visible()
            possible = possible or not reasons_against(verb, release, by=request.user)
        if possible:
            found.append({"name": name, "label": label, "verb": verb})
    return found


def said(request: HttpRequest, release: Release) -> str:
    """What has been done, in a sentence."""
    state = release.state()
    if state == State.SCHEDULED and release.publish_at and not release.working:
        when = date_format(timezone.localtime(release.publish_at), "l j F Y, H:i")
        return say("Scheduled: goes out %(when)s (%(zone)s).") % {
            "when": when,
            "zone": timezone.get_current_timezone_name(),
        }
    if state == State.WITHDRAWN:
        return say("Withdrawn: the address now shows the notice.")
    if state == State.PUBLISHED and not release.working:
        return format_html(
            '{} <a href="{}">{}</a>', say("Published."), release.get_absolute_url(), say("Read it")
        )
    if state == State.SUBMITTED:
        return say("Submitted for approval.")
    if state == State.APPROVED:
        return say("Approved.")
    return say("Saved as a draft. Readers do not see it.")
