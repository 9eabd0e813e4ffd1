"""`manage.py mirror DIR`: a complete, signed copy of the public site that works anywhere."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from releases import signing
from releases.static_site.manifest import verify
from releases.static_site.mirror import mirror
from releases.static_site.state import Busy, NotOurs

MOST_NAMED = 20


class Command(BaseCommand):
    """Writes what changed; with --verify compares a copy with its manifest and writes nothing."""

    help = (
        "Write a complete copy of the public site into a folder: for a disk, a USB stick or any web server "
        "(docs/operate/mirror.md)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where, or what else."""
        parser.add_argument(
            "folder", type=Path, nargs="?", help="an empty folder, or a mirror that was made before"
        )
        parser.add_argument("--address", default="", help="the mirror's own address: its feeds lead there")
        parser.add_argument("--jobs", type=int, help="how many processes make pages (one a processor)")
        parser.add_argument(
            "--verify", type=Path, metavar="DIR", help="look for any change since it was signed"
        )
        parser.add_argument(
            "--key", default="", help="with --verify: the public key, or a file that holds it"
        )
        parser.add_argument(
            "--make-key", action="store_true", help="make the key by which mirrors are signed"
        )

    def handle(self, *args: Any, folder: Path | None, **options: Any) -> None:
        """One of the three."""
        try:
            if options["verify"]:
                self.verify(options["verify"], options["key"])
            if options["make_key"]:
                self.say(f"The public key: {signing.short(signing.make_key().public_key())}")
            if folder:
                self.mirror(folder, options["address"], options["jobs"])
        except (Busy, NotOurs, signing.KeyProblem) as error:
            raise CommandError(str(error)) from error
        if not (folder or options["verify"] or options["make_key"]):
            raise CommandError("Name a folder, or --verify DIR, or --make-key.")

    def mirror(self, folder: Path, base: str, jobs: int | None) -> None:
        """Bring it up to date; the key is made where there is none."""
        key = signing.load_key()
        if key is None:
            key = signing.make_key()
            self.say(f"A key was made: {signing.key_file()}. Keep a copy of it in another place.")
        if base and not base.endswith("/"):
            base += "/"
        done = mirror(folder, key=key, base=base, jobs=jobs, said=self.say)
        self.say(f"signed with {signing.short(key.public_key())}")
        if done.failed:
            raise CommandError(f"{len(done.failed)} pages broke and stayed as they were: see the log.")

    def verify(self, folder: Path, key: str) -> None:
        """Say what was found; the command fails where that is anything."""
        if key and Path(key).is_file():
            key = Path(key).read_text()
        found = verify(folder, key)
        for what, names in (("changed", found.changed), ("missing", found.missing), ("added", found.added)):
            for name in names[:MOST_NAMED]:
                self.stderr.write(f"{what}: {name}")
            if len(names) > MOST_NAMED:
                self.stderr.write(f"{what}: {len(names) - MOST_NAMED} more")
        if not found.sound:
            raise CommandError(found.unsigned or "The folder is not as it was signed.")
        self.say(f"{found.files} files are as they were signed with {found.key}")
        if not found.trusted:
            self.say(
                "That key lies in the folder itself: compare it with one that you have from elsewhere (--key)."
            )

    def say(self, line: str) -> None:
        """At once, for whoever reads along."""
        self.stdout.write(line)
        self.stdout.flush()
