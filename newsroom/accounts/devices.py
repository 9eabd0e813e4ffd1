"""From where somebody comes: the address, browser and system in words, and whether they have signed in from there before."""

import secrets
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from newsroom.http import ACCOUNTS

from .models import User

# The first that the browser names itself by; the later ones are named by nearly all for the sake of old sites.
_BROWSERS = {
    "Edg": "Edge", "OPR": "Opera", "SamsungBrowser": "Samsung Internet", "Vivaldi": "Vivaldi", "FxiOS": "Firefox",
    "Firefox": "Firefox", "CriOS": "Chrome", "HeadlessChrome": "Chrome", "Chrome": "Chrome", "Safari": "Safari",
}  # fmt: skip
_SYSTEMS = {
    "iPhone": "iPhone", "iPad": "iPad", "Android": "Android", "Windows": "Windows", "CrOS": "ChromeOS",
    "Macintosh": "macOS", "Linux": "Linux", "BSD": "BSD",
}  # fmt: skip
_SALT = "newsroom.accounts.devices"
_A_YEAR = 365 * 24 * 60 * 60
_MOST_PEOPLE = 10


def address_of(request: HttpRequest) -> str:
    """The address of whoever asks, as the proxies that are trusted tell it; empty where there is none."""
    return str(get_adapter().get_client_ip(request)) if request.META.get("REMOTE_ADDR") else ""


def device_of(request: HttpRequest) -> str:
    """“Firefox, Windows”; empty for what names neither. Never the header itself, into which anything can be written."""
    agent = request.META.get("HTTP_USER_AGENT", "")[:500]
    found = (
        next((name for mark, name in known.items() if mark in agent), "") for known in (_BROWSERS, _SYSTEMS)
    )
    return ", ".join(filter(None, found))


def is_known(request: HttpRequest, user: User) -> bool:
    """Whether `user` has signed in whole with this browser, since they were last signed out everywhere."""
    return bool(_cookie(request)["people"].get(str(user.pk)) == user.sessions_ended)


def device_key(request: HttpRequest) -> str:
    """What tells this browser from others; empty for one that nobody has signed in with."""
    return str(_cookie(request)["id"])


def remember(request: HttpRequest, response: HttpResponseBase, user: User) -> None:
    """Know this browser again. The cookie is signed, names no session and opens nothing."""
    known = _cookie(request)
    others = {key: number for key, number in known["people"].items() if key != str(user.pk)}
    people = dict([*others.items()][-_MOST_PEOPLE + 1 :]) | {str(user.pk): user.sessions_ended}
    response.set_cookie(
        settings.DEVICE_COOKIE_NAME,
        signing.dumps({"id": known["id"] or secrets.token_urlsafe(12), "people": people}, salt=_SALT),
        max_age=_A_YEAR,
        path=ACCOUNTS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def has_proved_factor(request: HttpRequest, user: User) -> bool:
    """Whether this sign-in has proved the second factor, as allauth records it."""
    return any(step.get("method") == "mfa" for step in get_authentication_records(request, user))


def _cookie(request: HttpRequest) -> dict[str, Any]:
    """{id, people: {primary key: times signed out everywhere}}; empty for a cookie that is none of ours."""
    try:
        found = signing.loads(
            request.COOKIES.get(settings.DEVICE_COOKIE_NAME, ""), salt=_SALT, max_age=_A_YEAR
        )
        return {"id": found["id"], "people": dict(found["people"])}
    except (signing.BadSignature, KeyError, TypeError, ValueError):
        return {"id": "", "people": {}}
