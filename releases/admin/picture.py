"""The library of pictures, and the addresses by which the release form adds, finds and shows them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast
from uuid import UUID

from django import forms
from django.contrib import admin
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST, require_safe

from newsroom.accounts.models import User
from newsroom.http import Request, ours, user_of
from releases import workflow
from releases.admin.base import View, WorkflowAdmin, show_reasons, with_post
from releases.forms import WorkflowForm
from releases.models import Picture, Release
from releases.numbers import whole
from releases.permissions import all_as_seen, drafts, may, pictures, viewable
from releases.pictures import widths_of
from releases.pictures.renditions import FORMATS
from releases.reading.pictures import picture_response
from releases.widgets import FILE, REMOVE
from releases.workflow import Refused
from releases.workflow.pictures import largest, too_large

# What the release form offers at once of the library.
OFFERED = 60
# What a browser adds around the file: boundaries, headers, the token.
MULTIPART_OVERHEAD = 64 * 1024


@csrf_exempt
@require_POST
def upload(request: Request) -> HttpResponse:
    """A picture for the library: 200 {uuid, name, size, small}, or 413 and 422 {error}.

    The token is checked in `_upload`: looking for it reads the request, however large it is.
    """
    if not may(request.user, "add picture"):
        raise PermissionDenied
    if content_length(request) > largest() + MULTIPART_OVERHEAD:
        return JsonResponse({"error": too_large()}, status=413)
    return _upload(request)


@csrf_protect
def _upload(request: Request) -> HttpResponse:
    file = request.FILES.get("file")
    if file is None:
        return JsonResponse({"error": gettext("Choose a picture.")}, status=422)
    if _is_too_large(file):
        return JsonResponse({"error": too_large()}, status=413)
    try:
        return JsonResponse(_as_json(_add(file, request.user)))
    except Refused as refusal:
        return JsonResponse({"error": " ".join(refusal.reasons)}, status=422)


@require_safe
def choices(request: Request) -> HttpResponse:
    """The latest pictures whose names contain `q`: {pictures: [{uuid, name, size, small}]}."""
    if not may(request.user, "view pictures"):
        raise PermissionDenied
    found = pictures(request.user, Picture.objects.all())
    if query := request.GET.get("q", "").replace("\x00", "").strip():
        found = found.filter(name__icontains=query)
    return JsonResponse({"pictures": [_as_json(one) for one in found[:OFFERED]]})


@require_safe
def file(request: Request, uuid: UUID, name: str) -> HttpResponseBase:
    """A file of a picture, for staff who may use it, or who may see a release that has it."""
    found = Picture.objects.filter(uuid=uuid).first()
    if found is None or not pictures(request.user, Picture.objects.filter(pk=found.pk)).exists():
        raise Http404("no such picture")
    return picture_response(request, found, name)


def upload_with_form(request: Request, file: UploadedFile[bytes]) -> None:
    """Add a picture that was sent with the release's form, as happens where scripts do not run.

    It is added first, so that an error elsewhere in the form does not lose it. What is wrong with it becomes an error of the
    field.
    """
    del request.FILES[f"picture_{FILE}"]
    try:
        if _is_too_large(file):
            raise Refused([too_large()])
        found = _add(file, request.user)
    except Refused as refusal:
        request.picture_error = " ".join(refusal.reasons)
        return
    finally:
        file.close()  # the request, of which it is no part any more, does not
    with_post(request, {"picture": str(found.uuid)}, without=[f"picture_{REMOVE}"])


def content_length(request: HttpRequest) -> int:
    """How many bytes the request says that it brings."""
    return whole(request.headers.get("Content-Length")) or 0


def _is_too_large(file: UploadedFile[bytes]) -> bool:
    return (file.size or 0) > largest()


def _add(file: UploadedFile[bytes], user: User) -> Picture:
    return workflow.add_picture(file, name=file.name or "", by=user)


def _as_json(picture: Picture) -> dict[str, str]:
    return {
        "uuid": str(picture.uuid),
        "name": picture.name,
        "size": _size(picture),
        "small": thumbnail_url(picture),
    }


def _size(picture: Picture) -> str:
    return f"{picture.width} × {picture.height}"


def thumbnail_url(picture: Picture) -> str:
    """The smallest rendition, for the staff."""
    return reverse("admin:releases_picture_file", args=[picture.uuid, f"{widths_of(picture.width)[0]}.jpg"])


def _seen_in(user: User | AnonymousUser) -> Q:
    """Where a picture stands in words that `user` may read: drafts and former revisions are not everybody's."""
    theirs = Q(revisions__release__in=drafts(user, Release.objects.all()))
    return theirs | Q(revisions__in=Release.objects.visible().values("live"))


class UploadForm(WorkflowForm):
    """One picture for the library."""

    file = forms.FileField(
        label=_("Picture"),
        help_text=_("JPEG, PNG, WebP, AVIF or GIF. Camera data, such as the location, is removed."),
        widget=forms.ClearableFileInput(
            attrs={"accept": ",".join(f"image/{kind.lower()}" for kind in FORMATS)}
        ),
    )

    class Meta:
        model = Picture
        fields = ()

    def clean(self) -> dict[str, Any]:
        """Add the picture to the library. What is wrong with it is an error of the field."""
        data = super().clean()
        file = data.get("file")
        if file and _is_too_large(file):
            self.add_error("file", too_large())
        elif file and self.by:
            try:
                self.instance = _add(file, self.by)
            except Refused as refusal:
                self.add_error("file", " ".join(refusal.reasons))
        return data

    def _post_clean(self) -> None:
        """Nothing: the workflow writes the row."""


@admin.register(Picture)
class PictureAdmin(WorkflowAdmin[Picture]):
    """Pictures are added, looked at, and deleted where no release has them; they never change."""

    verbs = {"view": "view pictures", "add": "add picture", "delete": "delete picture"}
    form = UploadForm
    change_form_template = "admin/releases/picture/change_form.html"
    list_display = ("thumbnail", "name", "size", "used", "added_at", "added_by")
    list_display_links = ("thumbnail", "name")
    list_select_related = ("added_by",)
    search_fields = ("name",)
    readonly_fields = ("large", "name", "size", "used_in", "added_at", "added_by")

    class Media:
        css = {"all": ["css/picture.css"]}

    def own_urls(self) -> Iterable[tuple[str, View, str]]:
        """The addresses by which the release form adds, finds and shows pictures."""
        return [
            ("bring/", upload, "upload"),
            ("choices/", choices, "choices"),
            ("file/<uuid:uuid>/<str:name>", file, "file"),
        ]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """With the way to a removal from everything, for whoever may."""
        context["may_remove"] = may(request.user, "remove words")
        return super().render_change_form(request, context, *args, **kwargs)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Picture]:
        """What this person may see, with the number of releases that have it, as far as this person may see those."""
        found = pictures(request.user, super().get_queryset(request))
        return found.annotate(
            releases=Count("revisions__release", distinct=True, filter=_seen_in(request.user))
        )

    def get_fields(self, request: HttpRequest, obj: Picture | None = None) -> tuple[str, ...]:
        """A file before, the picture after."""
        return self.readonly_fields if obj else ("file",)

    def get_readonly_fields(self, request: HttpRequest, obj: Picture | None = None) -> tuple[str, ...]:
        """All of what is there."""
        return self.readonly_fields if obj else ()

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Picture | None:
        """With who looks at it. (This object serves one request; `self` serves all of them at once.)"""
        found: Any = super().get_object(request, object_id, from_field)
        if found is not None:
            found.viewer = request.user
        return cast("Picture | None", found)

    def save_model(self, request: HttpRequest, obj: Picture, form: Any, change: bool) -> None:
        """Nothing more: the form has added it through the workflow."""

    def delete_model(self, request: HttpRequest, obj: Picture) -> None:
        """Through the workflow. Before that, Django's page refuses to delete what a release has."""
        try:
            workflow.delete_picture(obj, by=user_of(request))
        except Refused as refusal:  # a release was given it while the question stood on the screen
            ours(request).refusals = refusal.reasons

    def response_delete(self, request: HttpRequest, obj_display: str, obj_id: int) -> HttpResponse:
        """Back to the library, with what came of it."""
        if refusals := getattr(request, "refusals", ()):
            show_reasons(request, refusals)
            return HttpResponseRedirect(reverse("admin:releases_picture_changelist"))
        return super().response_delete(request, obj_display, obj_id)

    @admin.display(description=_("picture"))
    def thumbnail(self, picture: Picture) -> SafeString:
        """Small; its name stands beside it."""
        return format_html(
            '<span class="picture-row"><img src="{}" alt="{}"></span>', thumbnail_url(picture), picture.name
        )

    @admin.display(description=_("picture"))
    def large(self, picture: Picture) -> SafeString:
        """As it is looked at."""
        return format_html('<span class="picture-row"><img src="{}" alt=""></span>', thumbnail_url(picture))

    @admin.display(description=_("size"))
    def size(self, picture: Picture) -> str:
        """In pixels."""
        return _size(picture)

    @admin.display(description=_("releases"), ordering="releases")
    def used(self, picture: Any) -> int:
        """How many releases have it, or had it, that this person may see with it."""
        return int(picture.releases)

    @admin.display(description=_("releases"))
    def used_in(self, picture: Any) -> str | SafeString:
        """The releases that have it, or had it, as far as this person may see them."""
        seen = Picture.objects.filter(_seen_in(picture.viewer), pk=picture.pk).values("revisions__release")
        found = Release.objects.filter(pk__in=seen).select_related("live", "working")
        shown = all_as_seen(picture.viewer, viewable(picture.viewer, found).in_order()[:200])
        rows = [(reverse("admin:releases_release_change", args=[one.pk]), one) for one in shown]
        return format_html_join(
            "", '<div class="picture-release"><a href="{}">{}</a></div>', rows
        ) or gettext("None.")
