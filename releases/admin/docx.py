"""A Word file dropped on the form or the list: read, and either shown in the form or kept as a new draft."""

from dataclasses import replace
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from releases import clock, workflow
from releases.admin.picture import ENVELOPE, announced
from releases.intake.dates import moment
from releases.intake.docx import Reading, Unreadable, into_library, read
from releases.models import Before, Release
from releases.numbers import whole
from releases.permissions import may
from releases.workflow import Refused, Words, words_of


@csrf_exempt
def docx(request: HttpRequest) -> HttpResponse:
    """GET: a form that works without scripts. POST: `_take`, unless more is announced than may come.

    The token is checked in `_take`: looking for it reads the request, and Django would write a file of any size to
    the disk for that.
    """
    if not may(request.user, "create"):
        raise PermissionDenied
    if request.method == "POST" and announced(request) > largest() + ENVELOPE:
        words = _("This file is larger than %(mb)d MB. Remove the pictures, or import it in parts.")
        return _refused(request, words % {"mb": settings.DOCX_MAX_MB}, None, status=413)
    return _take(request)


@csrf_protect
def _take(request: HttpRequest) -> HttpResponse:
    """Import the file. As JSON its words are only shown (nothing is stored); as a form it becomes a draft.

    Its pictures go into the library either way, when everything else is well.

    JSON: 200 {title, place, date, time, body, report}, where empty words were not plainly there; 413 and 422 {error}.
    """
    said = request.POST if request.method == "POST" else request.GET
    release = _release(request, said.get("release", ""))
    if request.method != "POST":
        return _form(request, release)
    file = request.FILES.get("file")
    if file is None:
        return _refused(request, _("Choose a Word file (.docx)."), release)
    try:
        reading = read(file)
    except Unreadable as error:
        return _refused(request, str(error), release)
    name = PurePath(file.name).stem
    if _wants_json(request):
        into_library(reading.pictures, reading.report, document=name, by=request.user)
        return JsonResponse(_as_json(reading))
    try:
        kept = _keep(request, reading, release, name)
    except Refused as refusal:
        return _refused(request, " ".join(refusal.reasons), release)
    into_library(reading.pictures, reading.report, document=name, by=request.user)
    lines = format_html_join("", "<li>{}</li>", ([line] for line in reading.report.sentences()))
    messages.success(
        request,
        format_html(
            "{}<ul>{}</ul>", _("The Word file has been imported as a draft. Readers do not see it."), lines
        ),
    )
    return HttpResponseRedirect(reverse("admin:releases_release_change", args=[kept.pk]))


def largest() -> int:
    """The largest file that may come, in bytes."""
    return settings.DOCX_MAX_MB * 1024 * 1024


def _release(request: HttpRequest, pk: str) -> Release | None:
    """The release whose draft the file's words are for, if they are for one that is there already."""
    number = whole(pk)
    if number is None:
        return None
    release = get_object_or_404(Release.objects.select_related("live", "working"), pk=number)
    if not may(request.user, "save draft", release):
        raise PermissionDenied
    return release


def _keep(request: HttpRequest, reading: Reading, release: Release | None, name: str) -> Release:
    """Save the words as a draft. What the file does not say stays what it was."""
    day = moment(reading.day) if reading.day else None
    if release is None:
        title = reading.title or " ".join(name.replace("_", " ").split())[:200] or _("Without a title")
        language = request.POST.get("language", "")
        words = Words(title=title, body=reading.body, dateline=reading.place[:100], publish_at=day)
        return workflow.save_draft(
            None, words, by=request.user, language=language if language in dict(settings.LANGUAGES) else None
        )
    current = release.current
    assert current is not None  # noqa: S101  a release is never without words
    before = words_of(current)
    words = replace(
        before,
        title=reading.title or before.title,
        body=reading.body,
        dateline=reading.place[:100] or before.dateline,
        # The date of a published release does not move.
        publish_at=before.publish_at if release.is_visible() or day is None else day,
    )
    return workflow.save_draft(release, words, by=request.user, before=Before.IMPORT)


def _as_json(reading: Reading) -> dict[str, Any]:
    local = clock.local(moment(reading.day)) if reading.day else None
    return {
        "title": reading.title,
        "place": reading.place[:100],
        "date": f"{local:%Y-%m-%d}" if local else "",
        "time": f"{local:%H:%M:%S}" if local else "",
        "body": reading.body,
        "report": reading.report.sentences(),
    }


def _refused(request: HttpRequest, words: str, release: Release | None, *, status: int = 422) -> HttpResponse:
    if _wants_json(request):
        return JsonResponse({"error": words}, status=status)
    return _form(request, release, error=words, status=status)


def _form(
    request: HttpRequest, release: Release | None, *, error: str = "", status: int = 200
) -> HttpResponse:
    context = {
        **admin.site.each_context(request),
        "title": _("Import a Word file"),
        "release": release,
        "error": error,
        "languages": settings.LANGUAGES,
        "language": settings.LANGUAGE_CODE,
        "megabytes": settings.DOCX_MAX_MB,
    }
    return render(request, "admin/releases/release/docx.html", context, status=status)


def _wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")
