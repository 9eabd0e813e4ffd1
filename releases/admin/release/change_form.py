"""The form in which a release is written, and what the workflow answers to it."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, cast

from django.conf import settings
from django.contrib import admin, messages
from django.db import transaction
from django.forms.widgets import Script
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import URLPattern, reverse
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from newsroom.http import Request, ours, user_of
from releases import clock, workflow
from releases.admin import desk, docx, picture
from releases.admin.base import View, may_frame_own_pages, revision_of
from releases.admin.release import autosave, confirm, history, preview, submission, translations
from releases.admin.release.autosave import keep_stored_text
from releases.admin.release.buttons import (
    TAKE_THEIRS,
    Button,
    buttons_for,
    do_verb,
    pressed_button,
    success_message,
)
from releases.admin.release.changelist import ReleaseListAdmin
from releases.admin.release.confirm import confirm_url, intent_of, needs_confirmation, store_intent
from releases.admin.release.history import side_by_side
from releases.admin.release.submission import reason_against_author, submission_of
from releases.checklist import checklist
from releases.forms.release import ReleaseForm
from releases.models import PreviewLink, Release, Revision
from releases.numbers import whole
from releases.permissions import all_as_seen, as_seen, may
from releases.widgets import FILE
from releases.workflow import Conflict, Refused, Words, words_of
from releases.workflow.outlook import outlook
from releases.workflow.previews import lately_ended
from releases.workflow.receipts import acknowledge, base_save_number, cleaned_at
from releases.workflow.translations import tied_to
from releases.workflow.words import NAMES, same


@admin.register(Release)
class ReleaseAdmin(ReleaseListAdmin):
    """The form of a release. Where scripts fail, every field and button still works.

    No release is deleted: a public one is withdrawn, and any other one stays in the list.
    """

    verbs = {"view": "view", "add": "create", "change": "save draft"}
    form = ReleaseForm
    change_form_template = "admin/releases/release/change_form.html"
    change_list_template = "admin/releases/release/change_list.html"

    class Media:
        css = {"all": ["css/docx-drop.css"]}
        js = [
            Script("js/count.js", type="module"),
            Script("js/admin/note-link.js", type="module"),
            Script("js/admin/release.js", type="module"),
            Script("js/admin/earlier-draft.js", type="module"),
            Script("js/admin/keys.js", type="module"),
            Script("js/docx-drop.js", type="module"),
        ]

    def own_urls(self) -> Iterable[tuple[str, View, str]]:
        """What the form asks by itself, and every page about one release or all of them."""
        return [
            ("add/autosave/", autosave.autosave, "autosave_new"),
            ("moment/", autosave.moment, "moment"),
            ("taken/", submission.receipt, "taken"),
            ("signed-in/", submission.signed_in, "signed_in"),
            ("docx/", docx.docx, "docx"),
            ("calendar/", desk.calendar_page, "calendar"),
            ("calendar/<number:year>/<number:month>/", desk.calendar_page, "calendar_month"),
            ("<number:pk>/autosave/", autosave.autosave, "autosave"),
            ("<number:pk>/confirm/<slug:verb>/", confirm.confirm, "confirm"),
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

    def get_urls(self) -> list[URLPattern]:
        """Django's two pages of the form do not throw words away when the session has ended."""
        patterns = super().get_urls()
        for pattern in patterns:
            if pattern.name in submission.FORM_URL_NAMES:
                pattern.callback = submission.keeps_words(pattern.callback)
        return patterns

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Release | None:
        """Somebody who may only read a published release sees what readers see, not its draft."""
        release: Release | None = super().get_object(request, object_id, from_field)
        return release and as_seen(request.user, release)

    def get_form(
        self, request: HttpRequest, obj: Release | None = None, change: bool = False, **kwargs: Any
    ) -> type[ReleaseForm]:
        """The form's class, with what is wrong with a picture that came along."""
        kwargs["fields"] = ("slug", "language")
        form = cast(type[ReleaseForm], super().get_form(request, obj, change=change, **kwargs))
        form.picture_error = getattr(request, "picture_error", "")
        return form

    def get_fieldsets(self, request: HttpRequest, obj: Release | None = None) -> Any:
        """What a writer needs; the rest is folded away. The field of a button stands beside the button."""
        return [
            (None, {"fields": ["title", ("publish_at", "dateline"), "summary", "body"]}),
            (_("Topics"), {"fields": ["topics"]}),
            (_("Picture"), {"fields": ["picture", "picture_alt", "picture_caption"]}),
            (_("Address and language"), {"fields": ["slug", "language", "seen"], "classes": ["collapse"]}),
        ]

    @method_decorator(may_frame_own_pages)  # the preview beside the form
    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show or save the form, unless somebody else has signed in meanwhile."""
        if request.method == "POST" and (another := reason_against_author(request)):
            return submission.unsaved_page(request, reason=another, status=409)
        if request.method == "POST" and (sent := request.FILES.get(f"picture_{FILE}")):
            picture.upload_with_form(ours(request), sent)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def answer_without_saving(self, request: Request, object_id: str | None) -> HttpResponse | None:
        """What is done with a form whose words are not to be saved as the draft; None where they are."""
        if submission.SHOW_AGAIN in request.POST:
            raise Refused(
                [gettext("Nothing has been saved yet: look at it, then press the button that you want.")]
            )
        if not object_id:
            return None
        if TAKE_THEIRS in request.POST:
            release = self.get_object(request, object_id)
            if release is not None and self.has_change_permission(request, release):
                return keep_stored_text(request, release)
        button = pressed_button(request.POST)
        return (
            self._do_verb_on_stored_words(request, object_id, button) if button and not button.saves else None
        )

    def show_conflict(self, request: Request, conflict: Conflict) -> None:
        """The form is shown with both texts, side by side."""
        request.conflict = stored = conflict.revision
        if cleaned_at(stored.release_id) > (whole(request.POST.get("seen")) or 0):
            request.refusals = [
                gettext(
                    "Words were removed from this release for somebody's safety, after you opened it. Your version is below, is not saved, and may "
                    "still have them: take the stored text, and make your changes in it once more."
                )
            ]
            return
        request.refusals = [
            gettext(
                "%(who)s saved this release at %(when)s, after you opened it. Your version is below; it is not saved yet."
            )
            % {"who": stored.edited_by, "when": date_format(clock.local(stored.edited_at), "H:i:s")}
        ]

    def _do_verb_on_stored_words(
        self, request: Request, object_id: str, button: Button
    ) -> HttpResponse | None:
        """Do a verb that takes the stored words as they are.

        Words that were typed since are not lost, and never passed off as the stored ones.
        """
        release = self.get_object(request, object_id)
        if release is None or not self.has_change_permission(request, release):
            return None  # Django's view says so
        form = self.get_form(request, release, change=True)(request.POST, instance=release)
        valid = form.is_valid()
        current, seen = revision_of(release), None
        if not button.safe:
            seen = form.cleaned_data.get("seen")
            seen = base_save_number(release, submission_of(request), seen, by=request.user)
            if seen is not None and seen != current.save_number:
                raise Conflict(current)
            if not valid:
                return None  # the form shows its errors
            if not same(form.words(), words_of(current)):
                message = gettext("You changed the text on this page: press “Save draft” first, then “%s”.")
                raise Refused([message % button.label])
        as_stored = valid and same(form.words(), words_of(current))
        confirmed_first = needs_confirmation(button, release)
        with transaction.atomic():
            if confirmed_first:
                store_intent(button, release, form.cleaned_data, request.user)
            else:
                # Under the lock the verb is refused, too, if newer words were saved than were on the screen.
                release = do_verb(button, release, form.cleaned_data, request.user, seen=seen)
            if as_stored:
                acknowledge(release, submission_of(request), by=request.user)
        if confirmed_first:
            return redirect(confirm_url(button, release))
        return self._after(request, release, button)

    def save_model(self, request: HttpRequest, obj: Release, form: ReleaseForm, change: bool) -> None:
        """Save the draft, then do the verb of the button. The admin has opened the transaction."""
        data, user, button = form.cleaned_data, user_of(request), pressed_button(request.POST)
        sent = submission_of(request)
        release = workflow.save_draft(
            obj if change else None,
            form.words(),
            by=user,
            language=data["language"],
            slug="" if change else data["slug"],
            seen=base_save_number(obj, sent, data["seen"], by=user) if change else data["seen"],
            uuid=None if change else data["uuid"],
            comment=data["comment"] if button is None else "",
            before=autosave.cause_of(request.POST),
        )
        if change and form.address_changed():
            release = workflow.readdress(release, slug=data["slug"], language=data["language"], by=user)
        if button is not None and needs_confirmation(button, release):
            store_intent(button, release, data, user)
            ours(request).confirm_url = confirm_url(button, release)
        elif button is not None:
            release = do_verb(button, release, data, user)
        acknowledge(release, sent, by=user)
        obj.pk, obj.slug, obj.language = release.pk, release.slug, release.language

    def save_related(self, request: HttpRequest, form: ReleaseForm, formsets: Any, change: bool) -> None:
        """Nothing: the workflow has saved the topics with the words."""

    def response_add(
        self, request: HttpRequest, obj: Release, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Stay on the form."""
        return self._after(request, obj, pressed_button(request.POST))

    def response_change(self, request: HttpRequest, obj: Release) -> HttpResponse:
        """Stay on the form."""
        return self._after(request, obj, pressed_button(request.POST))

    def _after(self, request: HttpRequest, obj: Release, button: Button | None) -> HttpResponse:
        if address := getattr(request, "confirm_url", ""):
            return redirect(address)
        release = Release.objects.select_related("live", "working", "created_by").get(pk=obj.pk)
        messages.success(request, success_message(release, button.verb if button else ""))
        if button and (ended := lately_ended(release)):
            message = ngettext("%d preview link is closed.", "%d preview links are closed.", ended)
            messages.info(request, message % ended)
        if not may(request.user, "view", release):  # handed over
            return redirect("admin:releases_release_changelist")
        return redirect(self.change_url(obj.pk))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], add: bool = False, change: bool = False,
        form_url: str = "", obj: Release | None = None,
    ) -> HttpResponse:  # fmt: skip
        """Add the buttons that are possible now, why others are not, and what is shown around the text."""
        form = context["adminform"].form
        context["buttons"], context["refused"] = buttons_for(user_of(request), obj)
        context["page"] = {
            "moment": reverse("admin:releases_release_moment"),
            "autosave": reverse("admin:releases_release_autosave_new"),
        }
        context["csrf_cookie"] = settings.CSRF_COOKIE_NAME
        if add:
            context["title"] = gettext("New release")
        elif self.has_change_permission(request, obj):
            context["title"] = gettext("Edit release")
        if request.method == "POST" and (button := pressed_button(request.POST)):
            context["open_section"] = (
                button.place
            )  # the section of a button whose verb was refused stays open
        if obj is not None:
            context.update(self._context_of(ours(request), obj))
            if request.method == "GET":
                intent = intent_of(obj, user_of(request))
                form.initial.update(correction_note=intent.note, comment=intent.comment)
        if conflict := getattr(request, "conflict", None):
            self._add_comparison(context, form, conflict, obj)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def _context_of(self, request: Request, release: Release) -> dict[str, Any]:
        others = autosave.note_presence(release, request.user)
        current = revision_of(release)
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
            "recent_version": autosave.recent_version(release),
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

    def _add_comparison(
        self, context: dict[str, Any], form: ReleaseForm, stored: Revision, release: Release | None
    ) -> None:
        """Show both texts side by side. The form knows of the stored one from now on, so the next save is a choice."""
        data = cast(QueryDict, form.data).copy()
        context["upon"] = whole(data.get("seen")) or 0
        context["removed"] = cleaned_at(stored.release_id) > context["upon"]
        data["seen"] = str(stored.save_number)
        form.data = data
        theirs = words_of(stored)
        mine = Words(**{name: form.cleaned_data.get(name, getattr(theirs, name)) for name in NAMES})
        if "slug" in form.cleaned_data:
            mine = replace(mine, planned_slug=form.planned_slug())
        context["conflict"] = stored
        context["sides"] = side_by_side(theirs, mine, release.language if release else "")
