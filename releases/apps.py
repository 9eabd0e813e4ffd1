"""The domain's application."""

from django.apps import AppConfig
from django.db.backends.sqlite3.base import DatabaseWrapper
from django.urls import register_converter
from django.utils.translation import gettext_lazy as _

from releases.numbers import NumberConverter


class ReleasesConfig(AppConfig):
    """Press releases, their revisions and their topics."""

    name = "releases"
    verbose_name = _("Newsroom")

    def ready(self) -> None:
        """What has to be known before the first address and the first statement."""
        # Here, because the admin's addresses use it, and may be read before the site's.
        register_converter(NumberConverter, "number")
        # Django asks each new connection to SQLite whether it knows JSON (as all from 3.38 do), in a transaction, which with
        # IMMEDIATE waits for whoever writes; and what was refused it takes for "no", until the process ends.
        DatabaseWrapper.features_class.supports_json_field = True  # type: ignore[method-assign, assignment]  # a cached property
