"""`manage.py restore DIR`: a backup into an empty place, or a drill beside the running site."""

from argparse import ArgumentParser
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from newsroom.accounts import record
from newsroom.safety.backup import status
from newsroom.safety.backup.command import add_passphrase, folder_of, passphrase_of
from newsroom.safety.backup.drill import drill
from newsroom.safety.backup.errors import BackupError
from newsroom.safety.backup.restore import Restored, restore
from newsroom.safety.scrub.again import remove_again
from newsroom.safety.scrub.command import removal_of
from releases.management import bar
from releases.text.removal import Removal


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
        parser.add_argument(
            "--words",
            metavar="FILE",
            help="words that have to be removed from it, a spelling a line: a file, or - for the keyboard",
        )
        parser.add_argument("--by", help="what stands in the place of those words (default: [name removed])")
        add_passphrase(parser)

    def handle(self, *args: Any, folder: Path | None, **options: Any) -> None:
        """One of the two."""
        try:
            place, passphrase = folder_of(folder), passphrase_of(options["passphrase_file"])
            if options["drill"]:
                self.drill(place, passphrase, options["set"])
            else:
                more = [removal_of(options["words"], options["by"])] if options["words"] else []
                self.restore(place, passphrase, options["set"], more)
        except (BackupError, ValueError) as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(
                f"{error.filename or settings.DATA_DIR}: {error.strerror or error}. Mend that, and run the same command again: it goes on."
            ) from error

    def restore(self, folder: Path, passphrase: str, name: str, more: list[Removal]) -> None:
        """Say what was restored and what is left to do."""
        done = restore(
            folder,
            passphrase,
            name=name,
            progress=bar(self.stderr),
            again=partial(remove_again, more=more),
            despite_sealed=bool(more),
        )
        status.note_folder(folder)
        record.note("restored", command="restore", backup=done.name, links=done.ended, removals=done.removals)
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
        self.of_removals(done, given=bool(more))
        self.stdout.write(
            f"Nobody is signed in, and no link is open: {done.ended} links to previews and to passwords were ended, for nobody knows which were "
            "ended since the backup. Make new ones."
        )
        self.stdout.write("Start the site; what is in front of it or holds its pages is to be emptied.")

    def of_removals(self, done: Restored, *, given: bool) -> None:
        """What was removed again, and what may be back."""
        self.stdout.write(
            f"{done.removals} removal{'' if done.removals == 1 else 's'} of names or texts came after this backup, as far as its folder knows"
            + (": each was done again." if done.removals else ".")
        )
        if given:
            self.stdout.write("The words that you gave were removed, too.")
        if done.sealed:
            self.stderr.write(
                f"{done.sealed} more came after it whose notes cannot be read: what you did not give is back."
            )
        for hit in done.hits:
            self.stderr.write(f"Bytes of what was removed are still in {hit}.")

    def drill(self, folder: Path, passphrase: str, name: str) -> None:
        """Say what came of it; the command fails where it did."""
        done = drill(folder, passphrase, name=name, said=self.stdout.write)
        self.stdout.write(done.sentence)
