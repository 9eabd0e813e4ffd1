"""The app that lends its commands to manage.py."""

from django.apps import AppConfig


class SafetyConfig(AppConfig):
    """Backups, and the removal of words; it has no tables."""

    name = "newsroom.safety"
    label = "safety"
