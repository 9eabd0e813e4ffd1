"""The form in which a release is written, and everything that the workflow has to say to it."""

from dataclasses import fields, replace
from typing import Any

from csp.constants import SELF
from csp.decorators import csp_replace
from django.conf import settings
from django.contrib import admin, messages
from django.db import transaction
from django.forms import ModelForm
from django.forms.widgets import Script
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from releases import clock, workflow
from releases.admin import desk, docx, picture
from releases.admin.release import autosave, confirm, history, preview, submission, translations
from releases.admin.release.autosave import take_theirs
from releases.admin.release.buttons import THEIRS, Button, act, buttons, pressed, said
from releases.admin.release.changelist import Columns
from releases.admin.release.history import side_by_side
from releases.admin.release.submission import by_another, sending_of
from releases.checklist import checklist
from releases.forms import ReleaseForm
from releases.models import PreviewLink, Release, Revision
from releases.permissions import all_as_seen, as_seen, may
from releases.widgets import FILE
from releases.workflow import Conflict, Refused, Words, words_of
from releases.workflow.outlook import outlook
from releases.workflow.previews import lately_ended
from releases.workflow.receipts import acknowledge, written_upon
from releases.workflow.translations import tied_to
from releases.workflow.words import same


@admin.register(Release)
class ReleaseAdmin(Columns):
    """A form that is a form: with scripts failing, every field and button still works."""

    form = ReleaseForm
    change_form_template = "admin/releases/release/change_form.html"
    change_list_template = "admin/releases/release/change_list.html"

    class Media:
        css = {"all": ["css/admin.css", "css/docx-drop.css"]}
        js = [
            Script("js/count.js", type="module"),
            Script("js/admin/note.js", type="module"),
            Script("js/admin/release.js", type="module"),
            Script("js/admin/versions.js", type="module"),
            Script("js/admin/keys.js", type="module"),
            Script("js/docx-drop.js", type="module"),
        ]

    def get_urls(self) -> list[URLPattern]:
        """The form's own addresses besides the stock ones."""
        own = [
            ("add/autosave/", autosave.autosave, "autosave_new"),
            ("moment/", autosave.moment, "moment"),
            ("taken/", submission.taken, "taken"),
            ("signed-in/", submission.signed_in, "signed_in"),
            ("docx/", docx.docx, "docx"),
            ("calendar/", desk.month_page, "calendar"),
            ("calendar/<number:year>/<number:month>/", desk.month_page, "calendar_month"),
            ("<number:pk>/autosave/", autosave.autosave, "autosave"),
            ("<number:pk>/confirm/<slug:asked>/", confirm.confirm, "confirm"),
            ("<number:pk>/presence/", autosave.presence, "presence"),
            ("<number:pk>/history/", history.history, "history"),
            ("<number:pk>/compare/", history.compare, "compare"),
            ("<number:pk>/restore/", history.restore, "restore"),
            ("<number:pk>/preview/", preview.preview, "preview"),
            ("<number:pk>/preview/widths/", preview.widths, "widths"),
            ("links/", preview.open_links, "open_links"),
            ("<number:pk>/links/", preview.links, "links"),
            ("<number:pk>/translations/", translations.translations, "translations"),
            ("<number:pk>/links/<number:link>/revoke/", preview.revoke, "revoke"),
        ]
        wrap = self.admin_site.admin_view
        stock = super().get_urls()
        for pattern in stock:
            if pattern.name in submission.FORMS:
                pattern.callback = submission.words_stay(pattern.callback)
        return [path(route, wrap(view), name=f"releases_release_{name}") for route, view, name in own] + stock

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

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Release | None:
        """Somebody who may only read a published release sees what readers see, not its draft."""
        release: Release | None = super().get_object(request, object_id, from_field)
        return release and as_seen(request.user, release)

    # ------------------------------------------------------------------ the form

    def get_form(
        self, request: HttpRequest, obj: Release | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """The form, told what the workflow refused when the same request was tried before."""
        kwargs["fields"] = ("slug", "language")
        form = super().get_form(request, obj, change=change, **kwargs)
        form.refusals = getattr(request, "refusals", [])
        form.unfit = getattr(request, "unfit", "")
        form.by = request.user
        return form

    def get_fieldsets(self, request: HttpRequest, obj: Release | None = None) -> Any:
        """Only what a writer needs; the rest is folded away. What belongs to a button stands beside it."""
        return [
            (None, {"fields": ["title", ("publish_at", "dateline"), "summary", "body"]}),
            (_("Topics"), {"fields": ["topics"]}),
            (_("Picture"), {"fields": ["picture", "picture_alt", "picture_caption"]}),
            (_("Address and language"), {"fields": ["slug", "language", "seen"], "classes": ["collapse"]}),
        ]

    @method_decorator(csp_replace({"frame-src": [SELF]}))  # the preview beside the form
    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        """What the workflow refuses becomes an error of the form, with every character kept."""
        if request.method == "POST" and (another := by_another(request)):
            return submission.page(request, reason=another, status=409)
        if request.method == "POST" and (brought := request.FILES.get(f"picture_{FILE}")):
            picture.with_form(request, brought)
        try:
            if request.method == "POST" and submission.AGAIN in request.POST:
                raise Refused(
                    [gettext("Nothing has been saved yet: look at it, then press the button that you want.")]
                )
            if request.method == "POST" and THEIRS in request.POST and object_id:
                release = self.get_object(request, object_id)
                if release is not None and self.has_change_permission(request, release):
                    return take_theirs(request, release)
            button = pressed(request.POST) if request.method == "POST" else None
            if button and not button.saves and object_id:
                done = self._step(request, object_id, button)
                if done is not None:
                    return done
            return super().changeform_view(request, object_id, form_url, extra_context)
        except Refused as refusal:
            request.refusals = refusal.reasons
        except Conflict as conflict:
            request.conflict = conflict.revision
            request.refusals = [
                gettext(
                    "%(who)s saved this release at %(when)s, after you opened it. Your version is below; it is not saved yet."
                )
                % {
                    "who": conflict.revision.edited_by,
                    "when": date_format(clock.local(conflict.revision.edited_at), "H:i:s"),
                }
            ]
        return super().changeform_view(request, object_id, form_url, extra_context)

    def _step(self, request: HttpRequest, object_id: str, button: Button) -> HttpResponse | None:
        """A verb that takes the stored words as they are. It never loses what was typed since, nor takes it for stored."""
        release = self.get_object(request, object_id)
        if release is None or not self.has_change_permission(request, release):
            return None  # the stock view says so
        form = self.get_form(request, release, change=True)(request.POST, instance=release)
        valid = form.is_valid()
        current, seen = release.current, None
        if not button.safe:
            seen = form.cleaned_data.get("seen")
            seen = written_upon(release, sending_of(request), seen, by=request.user)
            if seen is not None and seen != current.save_number:
                raise Conflict(current)
            if not valid:
                return None  # the form shows its errors
            if not same(form.words(), words_of(current)):
                words = gettext("You changed the text on this page: press “Save draft” first, then “%s”.")
                raise Refused([words % button.label])
        as_stored = valid and same(form.words(), words_of(current))
        asks = confirm.is_asked(button, release)
        with transaction.atomic():
            if asks:
                confirm.demand(button, release, form.cleaned_data, request.user)
            else:
                # What is done to words that were not seen is refused under the lock as well.
                release = act(button, release, form.cleaned_data, request.user, seen=seen)
            if as_stored:
                acknowledge(release, sending_of(request), by=request.user)
        if asks:
            return HttpResponseRedirect(confirm.address_of(button, release))
        return self._after(request, release, button)

    def save_model(self, request: HttpRequest, obj: Release, form: ModelForm, change: bool) -> None:
        """Save the draft, then do what the pressed button says; the admin has opened the transaction."""
        data, user, button = form.cleaned_data, request.user, pressed(request.POST)
        sent = sending_of(request)
        release = workflow.save_draft(
            obj if change else None,
            form.words(),
            by=user,
            language=data["language"],
            slug="" if change else data["slug"],
            seen=written_upon(obj, sent, data["seen"], by=user) if change else data["seen"],
            uuid=None if change else data["uuid"],
            comment=data["comment"] if button is None else "",
            before=autosave.reason(request.POST),
        )
        if change and form.readdressed():
            release = workflow.readdress(release, slug=data["slug"], language=data["language"], by=user)
        if button is not None and confirm.is_asked(button, release):
            confirm.demand(button, release, data, user)
            request.asks = confirm.address_of(button, release)
        elif button is not None:
            release = act(button, release, data, user)
        acknowledge(release, sent, by=user)
        obj.pk, obj.slug, obj.language = release.pk, release.slug, release.language

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
        return self._after(request, obj, pressed(request.POST))

    def response_change(self, request: HttpRequest, obj: Release) -> HttpResponse:
        """Stay on the form."""
        return self._after(request, obj, pressed(request.POST))

    def _after(self, request: HttpRequest, obj: Release, button: Button | None) -> HttpResponse:
        if asks := getattr(request, "asks", ""):
            return HttpResponseRedirect(asks)
        release = Release.objects.select_related("live", "working", "created_by").get(pk=obj.pk)
        messages.success(request, said(release, button.verb if button else ""))
        if button and (ended := lately_ended(release)):
            words = ngettext("%d preview link is closed.", "%d preview links are closed.", ended)
            messages.info(request, words % ended)
        if not may(request.user, "view", release):  # handed over
            return HttpResponseRedirect(reverse("admin:releases_release_changelist"))
        return HttpResponseRedirect(reverse("admin:releases_release_change", args=[obj.pk]))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], add: bool = False, change: bool = False,
        form_url: str = "", obj: Release | None = None,
    ) -> HttpResponse:  # fmt: skip
        """Add the buttons that are possible here, why others are not, and what stands around the text."""
        form = context["adminform"].form
        context["buttons"], context["refused"] = buttons(request.user, obj)
        context["page"] = {
            "moment": reverse("admin:releases_release_moment"),
            "autosave": reverse("admin:releases_release_autosave_new"),
        }
        context["csrf_cookie"] = settings.CSRF_COOKIE_NAME
        if add:
            context["title"] = gettext("New release")
        elif self.has_change_permission(request, obj):
            context["title"] = gettext("Edit release")
        if request.method == "POST" and (button := pressed(request.POST)):
            context["asked"] = button.place  # the box of the button that was refused stays open
        if obj is not None:
            context.update(self._around(request, obj))
            if request.method == "GET":
                intent = confirm.kept(obj, request.user)
                form.initial.update(correction_note=intent.note, comment=intent.comment)
        if conflict := getattr(request, "conflict", None):
            self._conflict(context, form, conflict, obj)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def _around(self, request: HttpRequest, release: Release) -> dict[str, Any]:
        others = autosave.enter(release, request.user)
        current = release.current
        waiting = bool(release.working and release.working.submitted_at)
        last = release.events.filter(verb="return").select_related("user").order_by("-at", "-pk").first()
        returned = last if last and last.revision_id == release.working_id and not waiting else None
        return {
            "state": release.state(),
            "outlook": outlook(release),
            "current": current,
            "others": others,
            "waiting": waiting,
            "returned": returned,
            "kept": autosave.lately_kept(release),
            "points": checklist(current, before=release.live if release.working else None),
            "public_address": release.get_absolute_url() if release.is_visible() else "",
            "may_share": may(request.user, "share preview", release),
            "open_links": PreviewLink.objects.open().filter(revision__release=release).count(),
            "tied": all_as_seen(request.user, tied_to(release)),
            "page": {
                "moment": reverse("admin:releases_release_moment"),
                "autosave": reverse("admin:releases_release_autosave", args=[release.pk]),
                "presence": reverse("admin:releases_release_presence", args=[release.pk]),
                "preview": reverse("admin:releases_release_preview", args=[release.pk]),
            },
        }

    def _conflict(
        self, context: dict[str, Any], form: ReleaseForm, theirs: Revision, release: Release | None
    ) -> None:
        """Both texts side by side; from here on the form knows theirs, so that the next save is a choice."""
        data = form.data.copy()
        data["seen"] = theirs.save_number
        form.data = data
        stored = words_of(theirs)
        mine = Words(**{name: form.cleaned_data.get(name, getattr(stored, name)) for name in _WORDS})
        if "slug" in form.cleaned_data:
            mine = replace(mine, planned_slug=form.planned_slug())
        context["conflict"] = theirs
        context["sides"] = side_by_side(stored, mine, release.language if release else "")


_WORDS = tuple(field.name for field in fields(Words))
