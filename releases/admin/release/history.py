"""Every revision of a release, any two of them compared, and an old one restored as a new draft."""

from typing import Any

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from releases import workflow
from releases.admin.release.conflict import side_by_side
from releases.models import Release, Revision
from releases.permissions import may
from releases.workflow import Refused, words_of


def history(request: HttpRequest, pk: int) -> HttpResponse:
    """The revisions, newest first, and the record of the release."""
    release = _viewable(request, pk)
    revisions = release.revisions.select_related(
        "created_by", "edited_by", "submitted_by", "approved_by"
    ).order_by("-number")
    context = {
        **admin.site.each_context(request),
        "title": _("History"),
        "release": release,
        "revisions": revisions,
        "events": release.events.select_related("user", "revision").order_by("-at", "-pk")[:200],
        "may_restore": may(request.user, "restore", release),
    }
    return TemplateResponse(request, "admin/releases/release/history.html", context)


def compare(request: HttpRequest, pk: int) -> HttpResponse:
    """Two revisions side by side: `?old=3&new=5`; without them the live one and the draft."""
    release = _viewable(request, pk)
    new = _revision(release, request.GET.get("new")) or release.current
    old = _revision(release, request.GET.get("old")) or release.live or new
    if old.number > new.number:
        old, new = new, old
    context = {
        **admin.site.each_context(request),
        "title": _("Revision %(old)s and revision %(new)s") % {"old": old.number, "new": new.number},
        "release": release,
        "old": old,
        "new": new,
        "sides": side_by_side(words_of(old), words_of(new), release.language),
        "may_restore": may(request.user, "restore", release),
    }
    return TemplateResponse(request, "admin/releases/release/compare.html", context)


@require_POST
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the words of a revision the draft."""
    release = _viewable(request, pk)
    revision = _revision(release, request.POST.get("number"))
    if revision is None:
        raise Http404("no such revision")
    try:
        workflow.restore(release, revision, by=request.user)
    except Refused as refusal:
        for reason in refusal.reasons:
            messages.error(request, reason)
        return HttpResponseRedirect(reverse("admin:releases_release_history", args=[pk]))
    messages.success(
        request,
        _("Revision %d is now the draft. Readers will see it once it is published.") % revision.number,
    )
    return HttpResponseRedirect(reverse("admin:releases_release_change", args=[pk]))


def _viewable(request: HttpRequest, pk: int) -> Release:
    release = get_object_or_404(Release.objects.select_related("live", "working", "created_by"), pk=pk)
    if not may(request.user, "save draft", release):  # who reads a published release does not see its drafts
        raise Http404("no such release")
    return release


def _revision(release: Release, number: Any) -> Revision | None:
    if not number:
        return None
    if not (str(number).isascii() and str(number).isdigit() and len(str(number)) < 7):
        raise Http404("no such revision")
    return get_object_or_404(release.revisions, number=int(number))
