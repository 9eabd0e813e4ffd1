"""`manage.py export_releases DEST`: write everything of record into a folder."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from newsroom.accounts import record
from releases.intake.records.exporter import export_records
from releases.management import bar


class Command(BaseCommand):
    """The same newsroom gives the same bytes; `import_releases` reads them."""

    help = "Write releases, revisions, events, topics, people (without passwords) and files into a folder (docs/format.md)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the folder."""
        parser.add_argument("dest", type=Path, metavar="DEST", help="the folder; made if need be")

    def handle(self, *args: Any, dest: Path, **options: Any) -> None:
        """Write, and say how much."""
        try:
            count = export_records(dest, progress=bar(self.stderr))
        except OSError as error:
            raise CommandError(f"{dest} cannot be written: {error.strerror or error}") from error
        record.note("export", command="export_releases", releases=count)
        self.stdout.write(f"Exported {count} releases to {dest}.")
