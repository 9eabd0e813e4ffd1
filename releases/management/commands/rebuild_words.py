"""`manage.py rebuild_words`: make the forms of all texts that readers get anew, after a change of how they are made."""

from typing import Any

from django.core.management.base import BaseCommand

from releases.management import bar
from releases.workflow.words import rebuild_forms


class Command(BaseCommand):
    """The words themselves stay as they are: pages and feeds show them in their newest form."""

    help = "Render the words of all releases anew for pages, feeds and plain text."

    def handle(self, *args: Any, **options: Any) -> None:
        """Render, and say how much has changed."""
        total, changed = rebuild_forms(progress=bar(self.stderr))
        self.stdout.write(f"Words: {total} texts rendered, {changed} changed.")
