"""Error pages: 400, 403, 404, 413, 500 and 503, in the language of the frame."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from newsroom.http import ADMIN, NEVER_STORED, Request
from releases.languages import frame_language
from releases.models import FormerPath, RemovedAddress
from releases.models.address import former_path
from releases.reading.public import render_page


def not_found(request: Request, exception: Exception) -> HttpResponse:
    """Says the same whether the address never was, is a draft's, or is under embargo. An old site's path leads on, or
    is gone with its release."""
    if release := FormerPath.objects.release_at(request.get_full_path()):
        return redirect(release, permanent=True)
    path = request.get_full_path()
    removed = RemovedAddress.objects.holds(former_path(path), former_path(path.split("?")[0]))
    request.language = _language(request)
    with translation.override(_frame_language(request)):
        context = {"canonical": "", "in_admin": _in_admin(request)}
        if removed and not _in_admin(request):
            return render_page(request, "removed.html", context, status=410)
        return render_page(request, "404.html", context, status=404)


def forbidden(request: Request, exception: Exception) -> HttpResponse:
    """Staff meet it who lack a right; asks nothing of the database."""
    return _bare(request, "403.html", 403)


def bad_request(request: Request, exception: Exception) -> HttpResponse:
    """The request made no sense; asks nothing of the database."""
    return _bare(request, "400.html", 400)


def too_large(request: Request) -> HttpResponse:
    """413: more was sent than this address takes, or than it takes of who is not signed in. Nothing of it was read."""
    if _sent_by_script(request):
        with translation.override(_frame_language(request)):
            reason = gettext(
                "That is too large, or you are signed out: open the page again in another tab and look."
            )
            return JsonResponse({"reasons": [reason]}, status=413, headers={"Cache-Control": NEVER_STORED})
    response = _bare(request, "413.html", 413)
    response.headers["Cache-Control"] = NEVER_STORED
    return response


def failed(request: HttpRequest) -> HttpResponse:
    """Something broke, perhaps the database or the frame itself: as little as possible is used to say so."""
    with translation.override(_frame_language(request)):
        return HttpResponse(render_to_string("500.html", {"newsroom": settings.NEWSROOM}), status=500)


# The labels of what a person wrote, by the names of the form's fields, in the order in which they are shown.
LABELS = {
    "title": _("Title"), "dateline": _("Place"), "summary": _("Summary"), "body": _("Text"), "picture_alt": _("Picture description"),
    "picture_caption": _("Caption"), "correction": _("What was corrected"), "notice": _("Notice"), "comment": _("Comment"),
}  # fmt: skip
RETRY_AFTER = 20  # seconds; as long as SQLite waits for a writer


def unavailable(request: HttpRequest) -> HttpResponse:
    """503: the database does not answer. The page shows what a writer sent, to be copied or sent again."""
    with translation.override(_frame_language(request)):
        return _not_now(
            request, gettext("The database does not answer. Your words are kept in this browser."), {}
        )


def no_room(request: HttpRequest) -> HttpResponse:
    """503: a file that came with a form could not be kept. Nothing was done; the page shows the form's words."""
    with translation.override(_frame_language(request)):
        reason = gettext(
            "The server has no room for files at the moment, so nothing was saved. Try again in a minute, without the file if it is urgent, and "
            "tell whoever runs the site."
        )
        return _not_now(request, reason, {"why": reason, "files": True})


def _not_now(request: HttpRequest, reason: str, more: dict[str, object]) -> HttpResponse:
    headers = {"Retry-After": str(RETRY_AFTER), "Cache-Control": NEVER_STORED}
    if _sent_by_script(request):
        return JsonResponse({"reasons": [reason], "error": reason}, status=503, headers=headers)
    context = {"newsroom": settings.NEWSROOM, **_sent_form(request), **more}
    return HttpResponse(render_to_string("503.html", context), status=503, headers=headers)


def _sent_by_script(request: HttpRequest) -> bool:
    return request.headers.get("Sec-Fetch-Dest") == "empty" or request.path_info.endswith(
        ("/autosave/", "/presence/")
    )


def _sent_form(request: HttpRequest) -> dict[str, object]:
    """The fields of a form of the newsroom; never one with a password."""
    if request.method != "POST" or not request.path_info.startswith(f"{ADMIN}releases/"):
        return {}
    try:
        fields = [(name, value) for name, values in request.POST.lists() for value in values]
        files = bool(request.FILES)
    except Exception:  # what was sent cannot be read
        return {"written": True}
    shown = [
        (label, value)
        for name, label in LABELS.items()
        for value in request.POST.getlist(name)
        if value.strip()
    ]
    return {
        "written": True, "shown": shown, "fields": fields, "files": files, "path": request.get_full_path(),
        "kept_in_browser": bool(request.POST.get("visit")),
    }  # fmt: skip


def _bare(request: Request, template: str, status: int) -> HttpResponse:
    request.language = _language(request)
    with translation.override(_frame_language(request)):
        return render(request, template, {"in_admin": _in_admin(request)}, status=status)


def _in_admin(request: HttpRequest) -> bool:
    return request.path_info.startswith(ADMIN)


def _language(request: HttpRequest) -> str:
    """An error may come before the language is known."""
    return getattr(request, "language", settings.LANGUAGE_CODE)


def _frame_language(request: HttpRequest) -> str:
    return getattr(request, "frame_language", frame_language(_language(request)))
