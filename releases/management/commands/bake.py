"""`manage.py bake DIR`: the public site as files, for the web server in front."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from releases.static_site.bake import bake
from releases.static_site.state import Busy, NotOurs


class Command(BaseCommand):
    """Writes what changed, and with --follow whatever changes from then on."""

    help = "Write the public site into a folder, for nginx (docs/operate/). Only what changed is written."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where, and for how long."""
        parser.add_argument("folder", type=Path, help="an empty folder, or one that was baked before")
        parser.add_argument("--follow", action="store_true", help="go on: write each change as it comes")
        parser.add_argument("--jobs", type=int, help="how many processes make pages (one a processor)")

    def handle(self, *args: Any, folder: Path, follow: bool, jobs: int | None, **options: Any) -> None:
        """One run, or all of them."""
        try:
            done = bake(folder, follow=follow, jobs=jobs, said=self.say)
        except (Busy, NotOurs) as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            self.say("stopped")
        else:
            if done.failed:
                raise CommandError(f"{len(done.failed)} pages broke and stayed as they were: see the log.")

    def say(self, line: str) -> None:
        """At once, for whoever reads along."""
        self.stdout.write(line)
        self.stdout.flush()
