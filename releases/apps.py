"""The domain's application."""

from django.apps import AppConfig


class ReleasesConfig(AppConfig):
    """Press releases, their revisions and their topics."""

    name = "releases"
    verbose_name = "Newsroom"
