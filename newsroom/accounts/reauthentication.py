"""Asking once more who somebody is, before what an open laptop must not give away: people, keys, exports, settings.

`confirmed` is put on a view, `Confirmed` on a whole section of the admin. What was typed is never lost: a form that meets the
question is kept in the page that asks, and is sent on with the answer.
"""

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from allauth.account.adapter import get_adapter
from django.contrib import admin
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, reverse
from django.utils.translation import gettext as _

from . import record, sessions
from .models import User

View = Callable[..., HttpResponseBase]
# In a form that was kept: the password of whoever sends it on.
PASSWORD = "_confirm_password"  # noqa: S105  the name of a field

if TYPE_CHECKING:
    Pages = admin.ModelAdmin[Any]
else:
    Pages = object


def confirmed(view: View) -> View:
    """`view`, for people who have proved within the last quarter of an hour who they are."""

    @wraps(view)
    def asking(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return view(request, *args, **kwargs)  # which leads to the door
        problem = ""
        if PASSWORD in request.POST:
            problem = _check(request, request.user)
        if problem or not sessions.is_confirmed(request):
            return _ask(request, problem)
        return view(request, *args, **kwargs)

    asking.asks_again = True  # type: ignore[attr-defined]  # by which a test finds what does not ask
    return asking


class Confirmed(Pages):
    """A section of the admin of which every page asks."""

    def get_urls(self) -> list[URLPattern]:
        """All that there are, those of a later version included."""
        found = super().get_urls()
        for one in found:
            one.callback = confirmed(one.callback)
        return found


def _check(request: HttpRequest, user: User) -> str:
    """Take the password off the form and look at it; what is wrong with it, if anything is."""
    data = request.POST.copy()
    password = str(data.pop(PASSWORD)[-1])
    request.POST = data  # type: ignore[assignment]  # Django's middleware assigns a copy in the same way
    if not password or sessions.is_confirmed(request):
        return ""  # confirmed in another window
    try:
        if not get_adapter().reauthenticate(user, password):
            return _("Wrong password.")
    except ValidationError as refusal:
        return " ".join(refusal.messages)
    sessions.confirm(request)
    record.note("confirmed", person=user, by=user, request=request, step="password")
    return ""


def _ask(request: HttpRequest, problem: str) -> HttpResponse:
    where = reverse("account_reauthenticate")
    if request.method in ("GET", "HEAD"):
        return redirect(f"{where}?{REDIRECT_FIELD_NAME}={quote(request.get_full_path())}")
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in {"csrfmiddlewaretoken", PASSWORD}
        for value in values
    ]
    elsewhere = f"{where}?{REDIRECT_FIELD_NAME}={quote(reverse('account_confirmed'))}"
    context = {
        "fields": fields, "files": bool(request.FILES), "problem": problem, "password": PASSWORD, "elsewhere": elsewhere,
    }  # fmt: skip
    return render(request, "account/confirm.html", context, status=403)
