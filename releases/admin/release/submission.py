"""What arrives with a form besides the words: which open form sent it, who wrote it, and whether that person is signed in.

A form that arrives when nobody is signed in, or somebody else, is answered with a page that holds its words until they can be
saved."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.csrf import csrf_failure as django_csrf_failure
from django.views.decorators.http import require_POST, require_safe

from newsroom.http import Request
from releases.admin.release.buttons import BUTTONS, TAKE_THEIRS
from releases.numbers import whole
from releases.workflow.receipts import LAST_TURN, Submission, must_forget, receipt_of

# Names of the fields. static/js/admin/submit.js and autosave.js write them, the form's template writes the last one.
VISIT, TURN, FOLLOWS, WRITTEN_BY = "visit", "turn", "follows", "written_by"
MAX_FOLLOWED = 20


def submission_of(request: HttpRequest) -> Submission | None:
    """Which open form sent this, and its turn; None from a page without scripts."""
    visit, turn = _uuid(request.POST.get(VISIT, "")), whole(request.POST.get(TURN))
    if visit is None or turn is None:
        return None
    follows = request.POST.get(FOLLOWS, "").split(",", MAX_FOLLOWED)[:MAX_FOLLOWED]
    return Submission(
        visit, min(turn, LAST_TURN - 1), tuple(found for one in follows if (found := _uuid(one)))
    )


def reason_against_author(request: HttpRequest) -> str:
    """Why these words are not saved: somebody else opened the page than who is signed in now. Empty where nothing is wrong."""
    written_by = request.POST.get(WRITTEN_BY, "")
    if not written_by or written_by == str(request.user.pk):
        return ""
    message = _(
        "You are signed in as %(who)s, and somebody else wrote this. Whoever wrote it signs in, and goes on."
    )
    return message % {"who": request.user}


@require_POST
def receipt(request: Request) -> JsonResponse:
    """Who is signed in, and what was saved last of an open form of theirs: {user, another, taken: {turn, whole, seen, pk} or
    null, forget}. `forget`: words were removed for somebody's safety since, so that the browser drops its copy.

    The page asks before it sends a button's form. If its session has ended or the server is gone, the page stays.
    """
    visit = _uuid(request.POST.get(VISIT, ""))
    found = receipt_of(visit, by=request.user) if visit else None
    release, upon = (whole(request.POST.get(name)) for name in ("release", "upon"))
    answer: dict[str, Any] = {
        "user": request.user.pk,
        "another": reason_against_author(request),
        "taken": None,
        "forget": bool(release) and must_forget(release or 0, upon or 0, by=request.user),
    }
    if found is not None:
        answer["taken"] = {
            "turn": found.turn, "whole": found.whole, "seen": found.save_number, "pk": found.release_id,
        }  # fmt: skip
    return JsonResponse(answer)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if len(text) <= 36 else None
    except ValueError:
        return None


# Django's pages that answer an unsaved form with its words.
FORM_URL_NAMES = ("releases_release_add", "releases_release_change")
# The button that shows the form again. No verb is done that was pressed before the sign-in.
SHOW_AGAIN = "_again"
_BUTTON_NAMES = {SHOW_AGAIN, TAKE_THEIRS, "_save", *(button.name for button in BUTTONS)}
_TEXT_FIELDS = {"title", "body", "summary", "comment", "notice", "correction_note"}


def keeps_words(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """`view`, but a form that is sent after the session has ended is not thrown away for a sign-in page."""

    @wraps(view)
    def keeping(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if (
            request.method == "POST"
            and not request.user.is_authenticated
            and _TEXT_FIELDS & set(request.POST)
        ):
            return unsaved_page(request, reason=_("You have been signed out."), status=403)
        return view(request, *args, **kwargs)

    return keeping


def unsaved_page(request: HttpRequest, *, reason: str, status: int) -> HttpResponse:
    """The words as hidden fields, as they came. No row is read or written for it, and no cache stores the answer."""
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in _BUTTON_NAMES and name != "csrfmiddlewaretoken"
        for value in values
    ]
    context = {
        "reason": reason,
        "fields": fields,
        "files": bool(request.FILES),
        "again": SHOW_AGAIN,
        "csrf_cookie": settings.CSRF_COOKIE_NAME,
        "sign_in": f"{reverse('account_login')}?next={reverse('admin:releases_release_signed_in')}",
    }
    return render(request, "admin/releases/release/unsaved.html", context, status=status)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Signing in makes the tokens of older pages invalid: a form of a release is shown again with the new one.

    Only if the browser says that a page of this site sent it. Anything else gets Django's refusal.
    """
    match = request.resolver_match
    is_form = match is not None and match.view_name in {f"admin:{name}" for name in FORM_URL_NAMES}
    own_origin = f"{request.scheme}://{request.get_host()}"
    origin = request.headers.get("Origin", "")
    if (
        is_form
        and origin in {own_origin, *settings.CSRF_TRUSTED_ORIGINS}
        and _TEXT_FIELDS & set(request.POST)
    ):
        return unsaved_page(
            request, reason=_("Somebody has signed in or out since this page was opened."), status=403
        )
    return django_csrf_failure(request, reason)


@require_safe
def signed_in(request: HttpRequest) -> HttpResponse:
    """Where a sign-in from an open form ends: it tells the form, and the window closes itself."""
    return render(request, "admin/releases/release/signed_in.html")
