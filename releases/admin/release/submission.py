"""What arrives with a form besides the words: which opened form sent it, as whom it was written, and whether anybody is signed in."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.csrf import csrf_failure as stock_csrf_failure
from django.views.decorators.http import require_POST, require_safe

from releases.admin.release.buttons import BUTTONS, THEIRS
from releases.numbers import whole
from releases.workflow.receipts import LAST_TURN, Sending, kept

# Names of the fields; static/js/admin/press.js and autosave.js write them, the form's template the last one.
VISIT, TURN, FOLLOWS, WRITTEN_BY = "visit", "turn", "follows", "written_by"
MOST_FOLLOWED = 20


def sending_of(request: HttpRequest) -> Sending | None:
    """What is sent, or None from a page without scripts."""
    visit, turn = _uuid(request.POST.get(VISIT, "")), whole(request.POST.get(TURN))
    if visit is None or turn is None:
        return None
    follows = request.POST.get(FOLLOWS, "").split(",", MOST_FOLLOWED)[:MOST_FOLLOWED]
    return Sending(visit, min(turn, LAST_TURN - 1), tuple(found for one in follows if (found := _uuid(one))))


def by_another(request: HttpRequest) -> str:
    """Why these words are not taken: the page was opened by somebody else than who is signed in now; else empty."""
    written_by = request.POST.get(WRITTEN_BY, "")
    if not written_by or written_by == str(request.user.pk):
        return ""
    words = _(
        "You are signed in as %(who)s, and somebody else wrote this. Whoever wrote it signs in, and goes on."
    )
    return words % {"who": request.user}


@require_POST
def taken(request: HttpRequest) -> JsonResponse:
    """Who is signed in, and what is kept of a visit of theirs: {user, another, taken: {turn, whole, seen, pk} or null}.

    Asked before a button's form leaves, so that a page whose session has ended, or whose server is gone, stays.
    """
    visit = _uuid(request.POST.get(VISIT, ""))
    found = kept(visit, by=request.user) if visit else None
    answer: dict[str, Any] = {"user": request.user.pk, "another": by_another(request), "taken": None}
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


FORMS = ("releases_release_add", "releases_release_change")
# The button by which the held form is shown again: nothing goes out that was pressed before the sign-in.
AGAIN = "_again"
_PRESSED = {AGAIN, THEIRS, "_save", *(button.name for button in BUTTONS)}
_WRITTEN = {"title", "body", "summary", "comment", "notice", "correction_note"}


def words_stay(view: Callable[..., Any]) -> Callable[..., Any]:
    """`view`, but a form that was sent after the session had ended is not thrown away for a sign-in page."""

    @wraps(view)
    def stay(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.method == "POST" and not request.user.is_authenticated and _WRITTEN & set(request.POST):
            return page(request, reason=_("You have been signed out."), status=403)
        return view(request, *args, **kwargs)

    return stay


def page(request: HttpRequest, *, reason: str, status: int) -> HttpResponse:
    """The words as hidden fields, as they came: no row is read or written for it, and nobody stores the answer."""
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in _PRESSED and name != "csrfmiddlewaretoken"
        for value in values
    ]
    context = {
        "reason": reason,
        "fields": fields,
        "files": bool(request.FILES),
        "again": AGAIN,
        "csrf_cookie": settings.CSRF_COOKIE_NAME,
        "sign_in": f"{reverse('account_login')}?next={reverse('admin:releases_release_signed_in')}",
    }
    return render(request, "admin/releases/release/held.html", context, status=status)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Signing in makes the tokens of older pages worthless: a form of ours is shown again under the new one.

    Only what this site's own page has sent, by the browser's word; anything else is refused as ever.
    """
    match = request.resolver_match
    ours = match is not None and match.view_name in {f"admin:{name}" for name in FORMS}
    own_origin = f"{request.scheme}://{request.get_host()}"
    origin = request.headers.get("Origin", "")
    if ours and origin in {own_origin, *settings.CSRF_TRUSTED_ORIGINS} and _WRITTEN & set(request.POST):
        return page(
            request, reason=_("Somebody has signed in or out since this page was opened."), status=403
        )
    return stock_csrf_failure(request, reason)


@require_safe
def signed_in(request: HttpRequest) -> HttpResponse:
    """Where a sign-in from an open form ends: the form hears of it, and the window closes itself."""
    return render(request, "admin/releases/release/signed_in.html")
