"""What is done to a person's account from the command line and from the admin, and which passwords are good enough."""

import secrets
from typing import NamedTuple

from allauth.mfa.models import Authenticator
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from . import record
from .models import OpenSession, User, assign_role, role_of


class Login(NamedTuple):
    """What `create_login` found or made."""

    user: User
    made: bool


def find_person(name: str) -> User | None:
    """Return the person of that sign-in name, whatever its case, or None."""
    if "\x00" in name:  # which PostgreSQL refuses to look for
        return None
    return User.objects.filter(username__iexact=User.normalize_username(name.strip())).first()


def create_login(name: str, *, role: str, password: str, email: str = "", command: str = "") -> Login:
    """Make a person who can sign in, by a management command. Somebody who exists already is given back untouched (`made` is False).

    Raises ValidationError, with sentences to show, for a bad name, a bad e-mail address or a weak password.
    """
    known = find_person(name)
    if known is None:
        user = User(username=User.normalize_username(name.strip()), email=User.objects.normalize_email(email))
        user.clean_fields(exclude=["password"])
        validate_password(password, user)
        user.set_password(password)
        user.validate_constraints()
        try:
            with transaction.atomic():
                user.save()
                assign_role(user, role)
                record.note("person added", person=user, command=command, role=[None, role])
            return Login(user, made=True)
        except IntegrityError:
            # Somebody else made the same name (or took the address) between the look and the save.
            known = find_person(name)
            if known is None:
                user.validate_constraints()
                raise
    return Login(known, made=False)


@transaction.atomic
def change_role(
    user: User, role: str, *, by: User | None = None, request: HttpRequest | None = None, command: str = ""
) -> None:
    """Give `user` exactly this role, and put on record what was given and taken."""
    before = role_of(User.objects.get(pk=user.pk))
    assign_role(user, role)
    if before != role:
        record.note(
            "rights changed", person=user, by=by, request=request, command=command, role=[before, role]
        )


def has_second_factor(user: User) -> bool:
    """Say whether an authenticator app or a passkey is set up (recovery codes alone are none)."""
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    return bool(Authenticator.objects.filter(user_id=user.pk, type__in=kinds).exists())


@transaction.atomic
def remove_second_factor(user: User, *, request: HttpRequest | None = None, command: str = "") -> int:
    """Take app, passkeys and recovery codes off `user` and sign them out; return how many things were removed."""
    found = Authenticator.objects.filter(user_id=user.pk)
    factors = sorted(found.values_list("type", flat=True))
    removed, _kinds = found.delete()
    record.note("factor removed", person=user, request=request, command=command, factor=factors)
    end_sessions(user, request=request, command=command)
    return int(removed)


@transaction.atomic
def end_sessions(user: User, *, request: HttpRequest | None = None, command: str = "") -> None:
    """Sign `user` out everywhere."""
    user.end_sessions()
    OpenSession.objects.filter(person=user, ended_at=None).update(ended_at=timezone.now())
    record.note("session ended", person=user, request=request, command=command, which="all")


# No 0/o, 1/l/i: a password that is read off a terminal and typed.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


class VarietyValidator:
    """Refuse passwords made of very few different characters, like "aaaaaaaaaaaa" or "121212121212"."""

    def __init__(self, least: int = 5) -> None:
        self.least = least

    def validate(self, password: str, user: object | None = None) -> None:
        """Raise ValidationError where fewer than `least` different characters occur."""
        if len(set(password)) < self.least:
            raise ValidationError(self.get_help_text(), code="password_too_uniform")

    def get_help_text(self) -> str:
        """Say the rule in one sentence."""
        return _("Your password must contain at least %(least)d different characters.") % {
            "least": self.least
        }


def generate_password() -> str:
    """Return a random password of four groups of five letters and digits (99 bits)."""
    return "-".join("".join(secrets.choice(ALPHABET) for _place in range(5)) for _group in range(4))
