"""The public page of what is being written, for staff, and the links by which outsiders may read one draft."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from newsroom.accounts import record
from newsroom.http import Request
from releases import workflow
from releases.admin.base import (
    may_be_framed,
    may_frame_own_pages,
    page_of,
    refusal_as_message,
    release_or_404,
    revision_of,
    staff_page,
)
from releases.models import PreviewLink, Release
from releases.numbers import whole
from releases.permissions import as_seen, drafts, may
from releases.reading.release import render_preview
from releases.workflow.previews import opens


@require_safe
@xframe_options_sameorigin
@may_be_framed
def preview(request: Request, pk: int) -> HttpResponse:
    """The page as readers would see it; `?as=print` as it would be printed."""
    release = _release(request, pk)
    revision = revision_of(release)

    record.note_preview(revision, request=request, by=request.user)

    def place(name: str) -> str:
        return reverse("admin:releases_picture_file", args=[revision.picture and revision.picture.uuid, name])

    response = render_preview(request, revision, banner={"staff": bool(release.working)}, path_of=place)
    if request.GET.get("as") == "print":
        response.content = response.content.replace(b'media="print"', b'media="all"')
    return response


@require_safe
@may_frame_own_pages
def widths(request: Request, pk: int) -> HttpResponse:
    """The preview at phone, desktop and print width in one tab."""
    return staff_page(request, "release/preview", _("Preview"), {"release": _release(request, pk)})


def links(request: Request, pk: int) -> HttpResponse:
    """The links for outsiders to this release: make one, see them all, revoke."""
    release = _release(request, pk)
    if not may(request.user, "share preview", release):
        raise Http404("no such release")
    if request.method == "POST":
        return _share(request, release)
    found = PreviewLink.objects.filter(revision__release=release)
    rows = [
        {
            "link": link,
            "open": opens(link),
            "address": request.build_absolute_uri(reverse("preview", args=[link.token])),
        }
        for link in found.select_related("revision__release", "created_by")
    ]
    context = {"release": release, "rows": rows, "days": (1, 2, 3, 7, 14, 30)}
    return staff_page(request, "release/links", _("Preview links"), context)


@require_safe
def open_links(request: Request) -> HttpResponse:
    """Every link that outsiders can open now, of the releases that this person may share."""
    if not may(request.user, "share preview"):
        raise PermissionDenied
    found = PreviewLink.objects.open().filter(
        revision__release__in=drafts(request.user, Release.objects.all())
    )
    found = found.select_related(
        "revision__release__live", "revision__release__working", "created_by"
    ).prefetch_related("created_by__groups")
    page = page_of(request, [link for link in found if opens(link)])
    return staff_page(request, "release/open_links", _("Open preview links"), {"page": page})


def _share(request: Request, release: Release) -> HttpResponse:
    with refusal_as_message(request):
        workflow.share_preview(
            release, by=request.user, days=whole(request.POST.get("days")) or 0,
            note=request.POST.get("note", ""),
        )  # fmt: skip
        messages.success(request, _("The link is ready. Anyone who has it can read this draft."))
    return redirect("admin:releases_release_links", release.pk)


@require_POST
def revoke(request: Request, pk: int, link: int) -> HttpResponse:
    """Close a link at once."""
    release = _release(request, pk)
    found = get_object_or_404(PreviewLink, pk=link, revision__release=release)
    with refusal_as_message(request):
        workflow.revoke_preview(found, by=request.user)
        messages.success(request, _("The link is closed."))
    if "from_all" in request.POST:
        return redirect("admin:releases_release_open_links")
    return redirect("admin:releases_release_links", release.pk)


def _release(request: Request, pk: int) -> Release:
    return as_seen(request.user, release_or_404(request, pk, "view"))
