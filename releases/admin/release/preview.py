"""The public page of what is being written, for staff, and the links by which outsiders may read one draft."""

from csp.constants import SELF
from csp.decorators import csp_replace
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from releases import workflow
from releases.models import PreviewLink, Release
from releases.numbers import whole
from releases.permissions import as_seen, drafts, may
from releases.reading.release import draw
from releases.workflow import Refused
from releases.workflow.previews import opens

PER_PAGE = 50


@require_safe
@xframe_options_sameorigin
@csp_replace({"frame-ancestors": [SELF]})
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The page as readers would see it; `?as=print` as paper shows it."""
    release = _viewable(request, pk)
    words = release.current

    def place(name: str) -> str:
        return reverse("admin:releases_picture_file", args=[words.picture.uuid, name])

    response = draw(request, words, banner={"staff": bool(release.working)}, place=place)
    if request.GET.get("as") == "print":
        response.content = response.content.replace(b'media="print"', b'media="all"')
    return response


@require_safe
@csp_replace({"frame-src": [SELF]})
def widths(request: HttpRequest, pk: int) -> HttpResponse:
    """The preview at phone, desk and print width in one tab."""
    release = _viewable(request, pk)
    context = {**admin.site.each_context(request), "title": _("Preview"), "release": release}
    return TemplateResponse(request, "admin/releases/release/preview.html", context)


def links(request: HttpRequest, pk: int) -> HttpResponse:
    """The links for outsiders to this release: make one, see them all, revoke."""
    release = _viewable(request, pk)
    if not may(request.user, "share preview", release):
        raise Http404("no such release")
    if request.method == "POST":
        return _make(request, release)
    found = PreviewLink.objects.filter(revision__release=release)
    rows = [
        {
            "link": link,
            "open": opens(link),
            "address": request.build_absolute_uri(reverse("preview", args=[link.token])),
        }
        for link in found.select_related("revision__release", "created_by")
    ]
    context = {
        **admin.site.each_context(request),
        "title": _("Preview links"), "release": release, "rows": rows, "days": (1, 2, 3, 7, 14, 30),
    }  # fmt: skip
    return TemplateResponse(request, "admin/releases/release/links.html", context)


@require_safe
def open_links(request: HttpRequest) -> HttpResponse:
    """Every link that outsiders can open now, of the releases that this person may share."""
    if not may(request.user, "share preview"):
        raise PermissionDenied
    found = PreviewLink.objects.open().filter(
        revision__release__in=drafts(request.user, Release.objects.all())
    )
    found = found.select_related(
        "revision__release__live", "revision__release__working", "created_by"
    ).prefetch_related("created_by__groups")
    page = Paginator([link for link in found if opens(link)], PER_PAGE).get_page(
        whole(request.GET.get("page"))
    )
    context = {
        **admin.site.each_context(request),
        "title": _("Open preview links"), "page": page,
    }  # fmt: skip
    return TemplateResponse(request, "admin/releases/release/open_links.html", context)


def _make(request: HttpRequest, release: Release) -> HttpResponse:
    try:
        workflow.share_preview(
            release, by=request.user, days=whole(request.POST.get("days")) or 0,
            note=request.POST.get("note", ""),
        )  # fmt: skip
        messages.success(request, _("The link is ready. Anyone who has it can read this draft."))
    except Refused as refusal:
        for reason in refusal.reasons:
            messages.error(request, reason)
    return HttpResponseRedirect(reverse("admin:releases_release_links", args=[release.pk]))


@require_POST
def revoke(request: HttpRequest, pk: int, link: int) -> HttpResponse:
    """Close a link at once."""
    release = _viewable(request, pk)
    found = get_object_or_404(PreviewLink, pk=link, revision__release=release)
    try:
        workflow.revoke_preview(found, by=request.user)
        messages.success(request, _("The link is closed."))
    except Refused as refusal:
        for reason in refusal.reasons:
            messages.error(request, reason)
    if "from_all" in request.POST:
        return HttpResponseRedirect(reverse("admin:releases_release_open_links"))
    return HttpResponseRedirect(reverse("admin:releases_release_links", args=[release.pk]))


def _viewable(request: HttpRequest, pk: int) -> Release:
    release = get_object_or_404(Release.objects.select_related("live", "working"), pk=pk)
    if not may(request.user, "view", release):
        raise Http404("no such release")
    return as_seen(request.user, release)
