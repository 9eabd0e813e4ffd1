"""Passwords: what is too weak besides Django's own rules, and one made by the machine."""

import secrets

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

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
