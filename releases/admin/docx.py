"""A Word file that is dropped on the form or the list: its words are shown in the form, or saved as a new draft."""

from dataclasses import replace
from datetime import datetime
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from newsroom.http import Request
from releases import clock, workflow
from releases.admin.base import revision_of, staff_page
from releases.admin.picture import MULTIPART_OVERHEAD, content_length
from releases.models import Before, Release
from releases.numbers import whole
from releases.permissions import may
from releases.workflow import Refused, Words, words_of

if TYPE_CHECKING:
    from releases.intake.docx import WordDocument


@csrf_exempt
def docx(request: Request) -> HttpResponse:
    """GET: a form that works without scripts. POST: `_import`, unless the request says that it is too large.

    The token is checked in `_import`: looking for it reads the request, and Django would write a file of any size to the
    disk for that.
    """
    if not may(request.user, "create"):
        raise PermissionDenied
    if request.method == "POST" and content_length(request) > largest() + MULTIPART_OVERHEAD:
        message = _("This file is larger than %(mb)d MB. Remove the pictures, or import it in parts.")
        return _refused(request, message % {"mb": settings.DOCX_MAX_MB}, None, status=413)
    return _import(request)


@csrf_protect
def _import(request: Request) -> HttpResponse:
    """Import the file. As JSON its words are only shown (nothing is stored); as a form it becomes a draft.

    Its pictures go into the library either way, when everything else is well.

    JSON: 200 {title, place, date, time, body, report}, where empty words were not plainly there; 413 and 422 {error}.
    """
    # Here, because a site that starts needs no Word file.
    from releases.intake.docx import Unreadable, import_pictures, read

    sent = request.POST if request.method == "POST" else request.GET
    release = _release(request, sent.get("release", ""))
    if request.method != "POST":
        return _form(request, release)
    file = request.FILES.get("file")
    if file is None:
        return _refused(request, _("Choose a Word file (.docx)."), release)
    try:
        reading = read(file)
    except Unreadable as error:
        return _refused(request, str(error), release)
    name = PurePath(file.name or "").stem
    if _wants_json(request):
        import_pictures(reading.pictures, reading.report, document=name, by=request.user)
        return JsonResponse(_as_json(reading))
    try:
        saved = _save(request, reading, release, name)
    except Refused as refusal:
        return _refused(request, " ".join(refusal.reasons), release)
    import_pictures(reading.pictures, reading.report, document=name, by=request.user)
    lines = format_html_join("", "<li>{}</li>", ([line] for line in reading.report.sentences()))
    messages.success(
        request,
        format_html(
            "{}<ul>{}</ul>", _("The Word file has been imported as a draft. Readers do not see it."), lines
        ),
    )
    return redirect("admin:releases_release_change", saved.pk)


def largest() -> int:
    """The largest file that may come, in bytes."""
    return settings.DOCX_MAX_MB * 1024 * 1024


def _release(request: Request, pk: str) -> Release | None:
    """The release whose draft the file's words are for, if they are for one that is there already."""
    number = whole(pk)
    if number is None:
        return None
    release = get_object_or_404(Release.objects.select_related("live", "working"), pk=number)
    if not may(request.user, "save draft", release):
        raise PermissionDenied
    return release


def _save(request: Request, reading: "WordDocument", release: Release | None, name: str) -> Release:
    """Save the words as a draft. What the file does not say stays as it was."""
    day = _moment(reading)
    if release is None:
        title = reading.title or " ".join(name.replace("_", " ").split())[:200] or _("Without a title")
        language = request.POST.get("language", "")
        words = Words(title=title, body=reading.body, dateline=reading.place[:100], publish_at=day)
        return workflow.save_draft(
            None, words, by=request.user, language=language if language in dict(settings.LANGUAGES) else None
        )
    before = words_of(revision_of(release))
    words = replace(
        before,
        title=reading.title or before.title,
        body=reading.body,
        dateline=reading.place[:100] or before.dateline,
        # The date of a published release does not move.
        publish_at=before.publish_at if release.is_visible() or day is None else day,
    )
    return workflow.save_draft(release, words, by=request.user, before=Before.IMPORT)


def _moment(reading: "WordDocument") -> datetime | None:
    from releases.intake.dates import moment

    return moment(reading.day) if reading.day else None


def _as_json(reading: "WordDocument") -> dict[str, Any]:
    day = _moment(reading)
    local = clock.local(day) if day else None
    return {
        "title": reading.title,
        "place": reading.place[:100],
        "date": f"{local:%Y-%m-%d}" if local else "",
        "time": f"{local:%H:%M:%S}" if local else "",
        "body": reading.body,
        "report": reading.report.sentences(),
    }


def _refused(request: Request, reason: str, release: Release | None, *, status: int = 422) -> HttpResponse:
    if _wants_json(request):
        return JsonResponse({"error": reason}, status=status)
    return _form(request, release, error=reason, status=status)


def _form(request: Request, release: Release | None, *, error: str = "", status: int = 200) -> HttpResponse:
    context = {
        "release": release,
        "error": error,
        "languages": settings.LANGUAGES,
        "language": settings.LANGUAGE_CODE,
        "megabytes": settings.DOCX_MAX_MB,
    }
    return staff_page(request, "release/docx", _("Import a Word file"), context, status=status)


def _wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")
