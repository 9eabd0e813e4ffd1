"""`manage.py rebuild_search`: write the search's rows anew, while readers go on searching."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from releases.search import rebuild_index

WIDTH = 40


class Command(BaseCommand):
    """For after a change of how words are compared, or of the dictionaries that are used for it."""

    help = "Write the search index anew from the words of all releases."

    def handle(self, *args: Any, **options: Any) -> None:
        """Rebuild, with a bar that moves where somebody watches."""
        number = rebuild_index(progress=self.bar if self.stdout.isatty() else lambda done, total: None)
        self.stdout.write(f"Search: {number} releases indexed.")

    def bar(self, done: int, total: int) -> None:
        """Draw the bar in its line."""
        filled = WIDTH * done // total
        self.stdout.write(f"\r[{'#' * filled}{'.' * (WIDTH - filled)}] {done} of {total}", ending="")
        if done == total:
            self.stdout.write("")
        sys.stdout.flush()
