"""The app that holds staff accounts."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Staff accounts; the label is `accounts`, so the user model is `accounts.User`."""

    name = "newsroom.accounts"
    label = "accounts"
    verbose_name = _("People")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to what Django and allauth tell."""
        from .listening import listen

        listen()
