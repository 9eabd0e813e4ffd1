"""`manage.py backup DIR`: a backup of everything, or a look at those that are there."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from newsroom.accounts import record
from newsroom.safety.backup import folder as folders
from newsroom.safety.backup import make, retention, rules, status
from newsroom.safety.backup.command import add_passphrase, folder_of, passphrase_of, size_of
from newsroom.safety.backup.errors import BackupError, Damaged
from newsroom.safety.backup.verify import Findings, verify
from releases.management import bar

MOST_NAMED = 20


class Command(BaseCommand):
    """Makes one; with --verify or --list it looks and makes none."""

    help = (
        "Keep the database and the files, as they stand at one moment, in a folder that grows by what has changed "
        "(docs/operate/backup.md)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where, or what else."""
        parser.add_argument("folder", type=Path, nargs="?", help="the folder of the backups (BACKUP_DIR)")
        parser.add_argument(
            "--keep",
            default=settings.BACKUP_KEEP,
            help=f"what is kept of older ones, such as {rules.EXAMPLE!r}",
        )
        look = parser.add_mutually_exclusive_group()
        look.add_argument("--verify", action="store_true", help="look for any byte that is not as it was")
        look.add_argument("--list", action="store_true", help="say which backups there are")
        add_passphrase(parser)

    def handle(self, *args: Any, folder: Path | None, **options: Any) -> None:
        """One of the three."""
        try:
            place, passphrase = folder_of(folder), passphrase_of(options["passphrase_file"])
            keep = rules.read_rules(options["keep"])
            if options["verify"]:
                self.verify(place, passphrase)
            elif options["list"]:
                self.list(place, passphrase)
            else:
                self.make(place, passphrase, keep)
        except (BackupError, ValueError) as error:
            raise CommandError(str(error)) from error

    def make(self, folder: Path, passphrase: str, keep: dict[str, int]) -> None:
        """A new one; then those go that are not kept."""
        made = make.make(folder, passphrase, progress=bar(self.stderr))
        status.note_backup(folder, made)
        record.note("backup", command="backup", backup=made.name)
        self.stdout.write(
            f"{made.name}: {made.rows} rows, {made.files} files, {size_of(made.size)}, of which {size_of(made.new)} are new."
        )
        if made.missing:
            self.stderr.write(
                f"{len(made.missing)} files of pictures are missing on the site itself, such as {made.missing[0]}."
            )
        for name in retention.prune(folder, keep, passphrase):
            self.stdout.write(f"Removed {name}, which is older than what is kept.")
        if is_beside(folder):
            self.stdout.write(
                "It lies on the same disk as the newsroom and would be lost with it: take another disk."
            )
        if not passphrase:
            self.stdout.write("It is not encrypted: whoever reads that folder reads every draft.")
        self.stdout.write(
            "It holds no keys. Keep .env and signing_key.pem in another place: without SECRET_KEY nobody's second factor can be read."
        )

    def verify(self, folder: Path, passphrase: str) -> None:
        """Say what was found; the command fails where that is anything."""
        found = verify(folder, passphrase, progress=bar(self.stderr))
        for what in ("changed", "missing", "extra"):
            self.name(what, getattr(found, what))
        if found.left:
            self.stderr.write(
                f"{len(found.left)} files are left of an unfinished backup; the next one uses or removes them."
            )
        for name in found.broken:
            self.stderr.write(f"This backup cannot be restored whole: {name}")
        if not found.sound:
            raise CommandError(self.advice(found))
        self.stdout.write(f"{len(found.sets)} backups in {found.files} files are whole, to the last byte.")

    def advice(self, found: Findings) -> str:
        """What to do."""
        if not (found.changed or found.missing):
            return "The folder holds what no backup has put there: remove it."
        return (
            "The folder is not as it was. Remove the changed files; the next backup writes anew what the newsroom still has. Then look "
            "at the disk."
        )

    def name(self, what: str, names: list[str]) -> None:
        """The first of them."""
        for name in names[:MOST_NAMED]:
            self.stderr.write(f"{what}: {name}")
        if len(names) > MOST_NAMED:
            self.stderr.write(f"{what}: {len(names) - MOST_NAMED} more")

    def list(self, folder: Path, passphrase: str) -> None:
        """Oldest first."""
        kept = folders.opened(folder, passphrase)
        for name in kept.sets():
            try:
                said = kept.manifest(name)
            except Damaged as error:
                self.stderr.write(f"{name}  {error}")
                continue
            size = sum(stored[0] for stored in said["objects"].values())
            rows = sum(table["rows"] for table in said["tables"])
            self.stdout.write(
                f"{name}  {said['database']}, {rows} rows, {len(said['files'])} files, {size_of(size)}"
            )


def is_beside(folder: Path) -> bool:
    """Whether the folder lies on the disk of what it is to save."""
    return folder.stat().st_dev == Path(settings.DATA_DIR).stat().st_dev
