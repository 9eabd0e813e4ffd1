"""Who is signed in: on the pages that ask for it, and on no other. Without a second factor there is no newsroom: staff set one up
before they see anything else."""

from collections.abc import Awaitable, Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth import middleware as auth
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.contrib.messages import middleware as messages
from django.contrib.sessions import middleware as sessions
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware import csrf
from django.shortcuts import redirect, resolve_url
from django.utils.deprecation import MiddlewareMixin
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from newsroom.http import SIGNED_IN_ADDRESSES, Request

from . import sessions as sessions_of_people
from .devices import has_proved_factor, remember
from .models import User
from .people import has_second_factor

# Set in a session that has itself set up the second factor (or has proved it at sign-in, which allauth records).
PROVED = "second_factor_proved"
# Where somebody wanted to go when they were sent to set up their second factor.
RETURN_TO = "second_factor_return_to"


class WhereSignedIn(MiddlewareMixin):
    """Runs at SIGNED_IN_ADDRESSES only. A public page is the same for everybody: no cookie that is sent can change it, none is set,
    and `request` has neither session nor user that a view could ask by mistake."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase | Awaitable[HttpResponseBase]:
        if request.path_info.startswith(SIGNED_IN_ADDRESSES):
            return super().__call__(request)
        return self.get_response(request)


class SessionMiddleware(WhereSignedIn, sessions.SessionMiddleware):
    """Django's."""


class AuthenticationMiddleware(WhereSignedIn, auth.AuthenticationMiddleware):
    """Django's; and a session that has ended, by itself or by somebody, is nobody's."""

    def process_request(self, request: HttpRequest) -> None:
        """`request.user` is looked up when something asks for it."""
        super().process_request(request)
        request.user = SimpleLazyObject(lambda: _person_of(request))  # type: ignore[assignment]  # as Django does it


def _person_of(request: HttpRequest) -> User | AnonymousUser:
    user = auth.get_user(request)
    if isinstance(user, User) and not sessions_of_people.goes_on(request, user):
        request.session.flush()
        user = request._cached_user = AnonymousUser()  # type: ignore[attr-defined]  # where Django looks first
    return user


class MessageMiddleware(WhereSignedIn, messages.MessageMiddleware):
    """Django's."""


class CsrfViewMiddleware(csrf.CsrfViewMiddleware):
    """Django's. It protects every form, but looks at the cookie at SIGNED_IN_ADDRESSES only: one that is none it would answer with a
    new one, and so make a public page personal."""

    def process_request(self, request: HttpRequest) -> None:
        if request.path_info.startswith(SIGNED_IN_ADDRESSES):
            super().process_request(request)


class SecondFactorMiddleware:
    """Lets people without a second factor reach only the pages that set one up.

    A session must have proved the second factor itself. Otherwise somebody with a stolen password could sign in
    before the owner enrols, wait, and be let in by the owner's enrolment.
    """

    def __init__(self, get_response: Callable[[Request], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        """Pass on; afterwards note an enrolment that just happened in this session."""
        response = self.get_response(request)
        if (
            getattr(request, "enrolling", False)
            and request.user.is_authenticated
            and has_second_factor(request.user)
        ):
            request.session[PROVED] = request.user.pk
            remember(request, response, request.user)
        return response

    def process_view(
        self, request: Request, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """Decide, once the address is resolved, whether this session may see the page."""
        match = request.resolver_match
        if match is None or not request.path_info.startswith(SIGNED_IN_ADDRESSES):
            return None
        if not settings.SECOND_FACTOR_REQUIRED or settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return None
        user = request.user
        if not user.is_authenticated:
            return None
        if not has_second_factor(user):
            return self._enrol(request, match.view_name)
        if not _proved(request):
            back = (
                request.get_full_path()
                if request.method == "GET"
                else resolve_url(settings.LOGIN_REDIRECT_URL)
            )
            logout(request)
            return redirect_to_login(back)
        if not _is_sign_in_page(match.view_name):
            request.session.pop(RETURN_TO, None)
        return None

    def _enrol(self, request: Request, view_name: str) -> HttpResponseBase | None:
        """Let through what sets up a second factor, or signs out; send everything else there."""
        if _is_sign_in_page(view_name) or view_name == "admin:logout":
            request.enrolling = True
            return None
        if request.method not in ("GET", "HEAD"):
            return HttpResponse(
                _("Set up your second factor first, then try again."), status=403, content_type="text/plain"
            )
        request.session[RETURN_TO] = request.get_full_path()
        return redirect("mfa_index")


def _is_sign_in_page(view_name: str) -> bool:
    """Whether it is a page of allauth: signing in and out, password, second factor. None of them shows newsroom matter."""
    return view_name.startswith(("account_", "mfa_"))


def _proved(request: Request) -> bool:
    """Say whether this session proved the second factor, at sign-in or by setting it up."""
    if request.session.get(PROVED) == request.user.pk:
        return True
    return has_proved_factor(request, request.user)
