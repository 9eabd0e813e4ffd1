"""`manage.py clean_pictures`: make stored pictures anew where their files hold something besides the picture."""

from typing import Any

from django.core.management.base import BaseCommand

from releases.management import bar
from releases.workflow.pictures import clean_pictures


class Command(BaseCommand):
    """Earlier versions let a comment in a JPEG or a GIF through. What is clean stays as it is."""

    help = "Take everything but the pixels out of the files of all pictures."

    def handle(self, *args: Any, **options: Any) -> None:
        """Clean, and say what has changed."""
        found = list(clean_pictures(progress=bar(self.stderr)))
        for picture, what in found:
            if picture is None:
                self.stdout.write(f"{what}: taken away, it belonged to no picture")
            else:
                self.stdout.write(f"{picture.uuid} ({picture.name}): {WORDS[what]}")
        changed = sum(what == "changed" for picture, what in found if picture)
        self.stdout.write(f"Pictures: {changed} made anew.")


WORDS = {
    "changed": "made anew of its pixels",
    "missing": "its file is missing",
    "broken": "its file is broken, and stays",
}
