"""Makers for the tests of signing in: people, their apps, and a browser's steps through the door."""

import base64
import hashlib
import hmac
import struct
import time
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.http import HttpResponse
from django.test import Client

from newsroom.accounts.models import User, assign_role

PASSWORD = "marmalade-98-harbour"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def _door(settings: Any) -> None:
    """Demand the second factor, as a site in production does."""
    settings.SECOND_FACTOR_REQUIRED = True


@pytest.fixture
def person(db: None) -> Callable[..., User]:
    """Make a person: `person("anna", "editor", app=True)`; with `app` they have an authenticator app and codes."""

    def make(name: str = "anna", role: str | None = "editor", *, app: bool = False, **more: object) -> User:
        user = User.objects.create_user(name, password=PASSWORD, **more)
        assign_role(user, role)
        if app:
            TOTP.activate(user, SECRET)
            RecoveryCodes.activate(user)
        return user

    return make


def code_of(secret: str = SECRET, *, steps: int = 0) -> str:
    """Return what an authenticator app shows now, or `steps` half-minutes away (RFC 6238, counted here anew)."""
    counter = struct.pack(">Q", int(time.time()) // 30 + steps)
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    place = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[place : place + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


def sign_in(client: Client, name: str = "anna", password: str = PASSWORD, **more: object) -> HttpResponse:
    """Post name and password; `next` and headers go in `more`."""
    data = {"login": name, "password": password}
    if "next" in more:
        data["next"] = more.pop("next")
    return client.post("/accounts/login/", data, **more)


def enter(client: Client, name: str = "anna", *, code: str | None = None, **more: object) -> HttpResponse:
    """Sign in fully: password, then a code (the app's, unless another is given)."""
    sign_in(client, name, **more)
    return client.post("/accounts/2fa/authenticate/", {"code": code or code_of()})


def recovery_codes(user: User) -> list[str]:
    """Return the recovery codes that are unused."""
    return Authenticator.objects.get(user=user, type="recovery_codes").wrap().get_unused_codes()


def is_in(client: Client) -> bool:
    """Say whether this browser gets to see the admin."""
    return client.get("/admin/").status_code == 200


@pytest.fixture
def as_chief(client: Client, person: Callable[..., User]) -> Client:
    """A browser in which a chief has signed in."""
    person("charlotte", "chief", app=True)
    enter(client, "charlotte")
    return client
