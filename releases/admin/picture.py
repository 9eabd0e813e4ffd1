"""The library of pictures, and the addresses by which the release form brings, finds and shows them."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST, require_safe

from releases import workflow
from releases.admin.base import OfferedLookups, WithChangeList
from releases.models import Picture, Release
from releases.numbers import whole
from releases.permissions import all_as_seen, drafts, may, pictures, viewable
from releases.pictures import widths_of
from releases.pictures.renditions import FORMATS
from releases.reading.pictures import file_of
from releases.widgets import FILE, REMOVE
from releases.workflow import Refused
from releases.workflow.pictures import largest, too_large

SHOWN = 60
# What a browser adds around the file.
ENVELOPE = 64 * 1024


@csrf_exempt
@require_POST
def bring(request: HttpRequest) -> HttpResponse:
    """A picture for the library: 200 {uuid, name, size, small}, or 413 and 422 {error}.

    The token is checked in `_bring`: looking for it reads the request, however large it is.
    """
    if not may(request.user, "add picture"):
        raise PermissionDenied
    if announced(request) > largest() + ENVELOPE:
        return JsonResponse({"error": too_large()}, status=413)
    return _bring(request)


@csrf_protect
def _bring(request: HttpRequest) -> HttpResponse:
    file = request.FILES.get("file")
    if file is None:
        return JsonResponse({"error": gettext("Choose a picture.")}, status=422)
    if file.size > largest():
        return JsonResponse({"error": too_large()}, status=413)
    try:
        return JsonResponse(_said(workflow.add_picture(file, name=file.name, by=request.user)))
    except Refused as refusal:
        return JsonResponse({"error": " ".join(refusal.reasons)}, status=422)


@require_safe
def choices(request: HttpRequest) -> HttpResponse:
    """The latest pictures whose names contain `q`: {pictures: [{uuid, name, size, small}]}."""
    if not may(request.user, "view pictures"):
        raise PermissionDenied
    found = pictures(request.user, Picture.objects.all())
    if asked := request.GET.get("q", "").replace("\x00", "").strip():
        found = found.filter(name__icontains=asked)
    return JsonResponse({"pictures": [_said(one) for one in found[:SHOWN]]})


@require_safe
def file(request: HttpRequest, uuid: UUID, name: str) -> HttpResponse:
    """A file of a picture, for staff who may use it, or who may see a release that has it."""
    found = Picture.objects.filter(uuid=uuid).first()
    if found is None or not pictures(request.user, Picture.objects.filter(pk=found.pk)).exists():
        raise Http404("no such picture")
    return file_of(request, found, name)


def with_form(request: HttpRequest, brought: UploadedFile) -> None:
    """A picture that came with the release's form, where scripts do not run: kept first, so that an error elsewhere
    in the form does not lose it; what is against it is said at the field."""
    del request.FILES[f"picture_{FILE}"]
    try:
        if brought.size > largest():
            raise Refused([too_large()])
        found = workflow.add_picture(brought, name=brought.name, by=request.user)
    except Refused as refusal:
        request.unfit = " ".join(refusal.reasons)
        return
    data = request.POST.copy()
    data["picture"] = str(found.uuid)
    data.pop(f"picture_{REMOVE}", None)
    request.POST = data


def announced(request: HttpRequest) -> int:
    """How many bytes the request says that it brings."""
    return whole(request.headers.get("Content-Length")) or 0


def _said(picture: Picture) -> dict[str, str]:
    return {
        "uuid": str(picture.uuid),
        "name": picture.name,
        "size": f"{picture.width} × {picture.height}",
        "small": _small(picture),
    }


def _seen_in(user: Any) -> Q:
    """Where a picture stands in words that `user` may read: a draft's and former ones are not everybody's."""
    theirs = Q(revisions__release__in=drafts(user, Release.objects.all()))
    return theirs | Q(revisions__in=Release.objects.visible().values("live"))


def _small(picture: Picture) -> str:
    return reverse("admin:releases_picture_file", args=[picture.uuid, f"{widths_of(picture.width)[0]}.jpg"])


class BringForm(forms.ModelForm):
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
        """Take it in, or say at the field why not."""
        brought = self.cleaned_data.get("file")
        if brought and brought.size > largest():
            self.add_error("file", too_large())
        elif brought:
            try:
                self.instance = workflow.add_picture(brought, name=brought.name, by=self.by)
            except Refused as refusal:
                self.add_error("file", " ".join(refusal.reasons))
        return self.cleaned_data

    def _post_clean(self) -> None:
        """Nothing: the row is the workflow's."""


@admin.register(Picture)
class PictureAdmin(WithChangeList, OfferedLookups):
    """Pictures are brought, looked at, and deleted where no release has them; they never change."""

    form = BringForm
    change_form_template = "admin/releases/picture/change_form.html"
    actions = None
    list_display = ("shown", "name", "size", "used", "added_at", "added_by")
    list_display_links = ("shown", "name")
    list_select_related = ("added_by",)
    search_fields = ("name",)
    list_per_page = 50
    readonly_fields = ("large", "name", "size", "used_in", "added_at", "added_by")

    class Media:
        css = {"all": ["css/picture.css"]}

    def get_urls(self) -> list[URLPattern]:
        """The addresses of the release form besides the stock ones."""
        wrap = self.admin_site.admin_view
        return [
            path("bring/", wrap(bring), name="releases_picture_bring"),
            path("choices/", wrap(choices), name="releases_picture_choices"),
            path("file/<uuid:uuid>/<str:name>", wrap(file), name="releases_picture_file"),
            *super().get_urls(),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Picture]:
        """What this person may see, with the number of releases that have it, as far as this person may see those."""
        found = pictures(request.user, super().get_queryset(request))
        return found.annotate(
            releases=Count("revisions__release", distinct=True, filter=_seen_in(request.user))
        )

    def get_form(
        self, request: HttpRequest, obj: Picture | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """The form, told who brings it."""
        form = super().get_form(request, obj, change=change, **kwargs)
        form.by = request.user
        return form

    def get_fields(self, request: HttpRequest, obj: Picture | None = None) -> Any:
        """A file before, the picture after."""
        return self.readonly_fields if obj else ("file",)

    def get_readonly_fields(self, request: HttpRequest, obj: Picture | None = None) -> Any:
        """All of what is there."""
        self.viewer = request.user
        return self.readonly_fields if obj else ()

    def save_model(self, request: HttpRequest, obj: Picture, form: Any, change: bool) -> None:
        """Nothing more: the workflow has kept it."""

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> None:
        """Nothing: the record is ours."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        """By the table of `permissions`."""
        return may(request.user, "view pictures")

    def has_view_permission(self, request: HttpRequest, obj: Picture | None = None) -> bool:
        """By the table of `permissions`; `get_queryset` has the rest."""
        return may(request.user, "view pictures")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """By the table of `permissions`."""
        return may(request.user, "add picture")

    def has_change_permission(self, request: HttpRequest, obj: Picture | None = None) -> bool:
        """Nobody's."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Picture | None = None) -> bool:
        """By the table of `permissions`, where no release has it."""
        return may(request.user, "delete picture")

    def delete_model(self, request: HttpRequest, obj: Picture) -> None:
        """By the workflow; what a release has is refused by the stock page before."""
        try:
            workflow.delete_picture(obj, by=request.user)
        except Refused as refusal:  # a release took it while the question stood on the screen
            request.kept = " ".join(refusal.reasons)

    def response_delete(self, request: HttpRequest, obj_display: str, obj_id: Any) -> HttpResponse:
        """Back to the library, with what came of it."""
        if kept := getattr(request, "kept", ""):
            messages.error(request, kept)
            return HttpResponseRedirect(reverse("admin:releases_picture_changelist"))
        return super().response_delete(request, obj_display, obj_id)

    def log_deletions(self, request: HttpRequest, queryset: Any) -> None:
        """Nothing: the record is ours."""

    @admin.display(description=_("picture"))
    def shown(self, picture: Picture) -> SafeString:
        """Small; its name stands beside it."""
        return format_html(
            '<span class="picture-row"><img src="{}" alt="{}"></span>', _small(picture), picture.name
        )

    @admin.display(description=_("picture"))
    def large(self, picture: Picture) -> SafeString:
        """As it is looked at."""
        return format_html('<span class="picture-row"><img src="{}" alt=""></span>', _small(picture))

    @admin.display(description=_("size"))
    def size(self, picture: Picture) -> str:
        """In pixels."""
        return f"{picture.width} × {picture.height}"

    @admin.display(description=_("releases"), ordering="releases")
    def used(self, picture: Picture) -> int:
        """How many releases have it, or had it, that this person may see with it."""
        return picture.releases

    @admin.display(description=_("releases"))
    def used_in(self, picture: Picture) -> str | SafeString:
        """The releases that have it, or had it, as far as this person may see them."""
        seen = Picture.objects.filter(_seen_in(self.viewer), pk=picture.pk).values("revisions__release")
        found = Release.objects.filter(pk__in=seen).select_related("live", "working")
        shown = all_as_seen(self.viewer, viewable(self.viewer, found).in_order()[:200])
        rows = [(reverse("admin:releases_release_change", args=[one.pk]), one) for one in shown]
        return format_html_join(
            "", '<div class="picture-release"><a href="{}">{}</a></div>', rows
        ) or gettext("None.")
