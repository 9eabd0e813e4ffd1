"""What Django and allauth tell by signals, written into the record. Their own signals are the only ones that this site listens
to: they say these things in no other way, and it sends none."""

from typing import Any

from allauth.account import signals as account
from allauth.account.authentication import get_authentication_records
from allauth.mfa import signals as mfa
from allauth.mfa.models import Authenticator
from django.contrib.auth import signals as auth
from django.http import HttpRequest

from . import invitations, limits, record, sessions
from .models import User


def listen() -> None:
    """Begin; called once, when the app is ready."""
    uid = "newsroom.accounts.listening"
    auth.user_logged_in.connect(signed_in, dispatch_uid=uid)
    auth.user_logged_out.connect(signed_out, dispatch_uid=uid)
    account.authentication_step_completed.connect(step_completed, dispatch_uid=uid)
    account.password_changed.connect(password_changed, dispatch_uid=uid)
    account.password_set.connect(password_changed, dispatch_uid=uid)
    mfa.authenticator_used.connect(factor_used, dispatch_uid=uid)
    mfa.authenticator_added.connect(factor_added, dispatch_uid=uid)
    mfa.authenticator_reset.connect(codes_renewed, dispatch_uid=uid)
    mfa.authenticator_removed.connect(factor_removed, dispatch_uid=uid)


def signed_in(request: HttpRequest, user: User, **more: Any) -> None:
    """All steps are passed."""
    steps = [
        step.get("type", step["method"])
        for step in get_authentication_records(request, user)
        if "method" in step
    ]
    sessions.begin(request, user)
    record.note("sign in", person=user, by=user, request=request, steps=steps)
    if record.expire_daily():
        limits.forget()
        sessions.forget()
        invitations.note_expired()


def signed_out(request: HttpRequest, user: User | None, **more: Any) -> None:
    """Whoever was signed in is not any more."""
    if user is not None:
        record.note("sign out", person=user, by=user, request=request)
        sessions.end_quietly(request)


def step_completed(
    request: HttpRequest, user: User, method: str, reauthenticated: bool = False, **more: Any
) -> None:
    """A password that confirms who somebody is. Codes and keys are told by `factor_used`."""
    if reauthenticated and method == "password":
        sessions.confirm(request)
        record.note("confirmed", person=user, by=user, request=request, step=method)


def factor_used(
    request: HttpRequest, user: User, authenticator: Authenticator, reauthenticated: bool = False, **more: Any
) -> None:
    """A code or a key was right."""
    kind = "confirmed" if reauthenticated else "second step"
    if reauthenticated:
        sessions.confirm(request)
    record.note(kind, person=user, by=user, request=request, step=authenticator.type)
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        record.note("recovery code", person=user, by=user, request=request)


def password_changed(request: HttpRequest, user: User, **more: Any) -> None:
    """By the person, who gave the old one. Every other session has ended with it."""
    record.note("password changed", person=user, request=request)
    sessions.end_others(request, user)


def factor_added(request: HttpRequest, user: User, authenticator: Authenticator, **more: Any) -> None:
    """An app, a key, or the codes that come with the first of them."""
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        record.note("codes made", person=user, request=request)
        return
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    others = Authenticator.objects.filter(user_id=user.pk, type__in=kinds).exclude(pk=authenticator.pk)
    kind = "factor added" if others.exists() else "first factor"
    record.note(kind, person=user, request=request, factor=authenticator.type)


def codes_renewed(request: HttpRequest, user: User, **more: Any) -> None:
    """New recovery codes in place of the old ones."""
    record.note("codes renewed", person=user, request=request)


def factor_removed(request: HttpRequest, user: User, authenticator: Authenticator, **more: Any) -> None:
    """By the person themselves; a chief or a command does it in `people`."""
    record.note("factor removed", person=user, request=request, factor=authenticator.type)
