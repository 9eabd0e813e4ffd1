"""`manage.py restore DIR`: a backup into an empty place, or a drill beside the running site."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from newsroom.accounts import record
from newsroom.safety.backup.command import add_passphrase, folder_of, passphrase_of
from newsroom.safety.backup.drill import drill
from newsroom.safety.backup.errors import BackupError
from newsroom.safety.backup.restore import restore
from releases.management import bar


class Command(BaseCommand):
    """Restores into what DATABASE_URL and DATA_DIR name; with --drill into a place of its own, which is removed again."""

    help = "Restore a backup into an empty place (docs/operate/backup.md)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which, and where."""
        parser.add_argument("folder", type=Path, nargs="?", help="the folder of the backups (BACKUP_DIR)")
        parser.add_argument("--set", default="", metavar="NAME", help="which one; the newest without it")
        parser.add_argument(
            "--drill",
            action="store_true",
            help="restore it beside the running site, compare, and remove it again",
        )
        add_passphrase(parser)

    def handle(self, *args: Any, folder: Path | None, **options: Any) -> None:
        """One of the two."""
        try:
            place, passphrase = folder_of(folder), passphrase_of(options["passphrase_file"])
            if options["drill"]:
                self.drill(place, passphrase, options["set"])
            else:
                self.restore(place, passphrase, options["set"])
        except BackupError as error:
            raise CommandError(str(error)) from error

    def restore(self, folder: Path, passphrase: str, name: str) -> None:
        """Say what was restored and what is left to do."""
        done = restore(folder, passphrase, name=name, progress=bar(self.stderr))
        record.note("restored", command="restore", backup=done.name)
        self.stdout.write(
            f"Restored {done.name}: {done.rows} rows and {done.files} files, each compared with the backup."
        )
        if done.from_other:
            self.stdout.write(f"It came from {done.from_other}: every row says the same here.")
        if done.missing:
            self.stderr.write(
                f"{len(done.missing)} files were missing already when it was made, such as {done.missing[0]}."
            )
        if done.other_key:
            self.stderr.write(
                "SECRET_KEY is not the one that the newsroom had: nobody's second factor can be read. Put the old key into SECRET_KEY "
                "or SECRET_KEY_FALLBACKS; if it is lost, manage.py remove_second_factor NAME for a chief, who does it for the others."
            )
        self.stdout.write(
            "Nobody is signed in. Start the site; what is in front of it or holds its pages is to be emptied."
        )

    def drill(self, folder: Path, passphrase: str, name: str) -> None:
        """Say what came of it; the command fails where it did."""
        done = drill(folder, passphrase, name=name, said=self.stdout.write)
        self.stdout.write(done.sentence)
