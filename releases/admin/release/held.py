"""A form that arrives when nobody is signed in, or somebody else: its words stay in the answer until they can be kept."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.csrf import csrf_failure as stock_csrf_failure
from django.views.decorators.http import require_safe

from releases.admin.release.buttons import BUTTONS
from releases.admin.release.conflict import THEIRS

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
