"""`manage.py rebuild_sources`: write down anew what live releases cite, once for a site that was here before that."""

from typing import Any

from django.core.management.base import BaseCommand

from releases.management import bar
from releases.sources import rebuild


class Command(BaseCommand):
    """Publication keeps the rows from then on. Archived copies and the findings of checks stay."""

    help = "Write the list of sources anew from the live words of all releases."

    def handle(self, *args: Any, **options: Any) -> None:
        """Rebuild, and say how much there is."""
        releases, sources = rebuild(progress=bar(self.stderr))
        self.stdout.write(f"Sources: {releases} releases read, {sources} addresses.")
