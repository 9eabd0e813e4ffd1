"""`manage.py scrub`: words are removed from everything. They are read from a file or the keyboard, never from the command line."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from newsroom.accounts.models import User
from newsroom.safety.backup.command import add_passphrase, passphrase_of
from newsroom.safety.backup.errors import BackupError
from newsroom.safety.scrub.command import removal_of
from newsroom.safety.scrub.places import find
from newsroom.safety.scrub.remains import mended_at, run
from newsroom.safety.scrub.words import OtherPlaces


class Command(BaseCommand):
    """Shows every place; with --places, the number of them, it removes the words."""

    help = "Remove a name or a passage from everything: texts, history, events, search, addresses (docs/operate/scrub.md)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which words, and what for."""
        parser.add_argument("file", help="a file with a spelling a line, or - for the keyboard")
        parser.add_argument("--by", help="what stands in their place (default: [name removed])")
        parser.add_argument("--language", default="en", help="of what stands in their place by default")
        parser.add_argument("--parts", action="store_true", help="also where they are part of other words")
        parser.add_argument("--person", help="the sign-in name of the chief who asks for it")
        parser.add_argument(
            "--places", type=int, help="remove them: the number of places that the preview has told"
        )
        add_passphrase(parser)

    def handle(self, *args: Any, file: str, **options: Any) -> None:
        """The preview, or the removal."""
        person = User.objects.filter(username=options["person"]).first() if options["person"] else None
        if options["person"] and person is None:
            raise CommandError("There is nobody of that sign-in name.")
        try:
            removal = removal_of(
                file, options["by"], language=options["language"], whole_words=not options["parts"]
            )
            passphrase = passphrase_of(options["passphrase_file"])
        except (ValueError, OSError, BackupError) as error:
            raise CommandError(str(error)) from error
        places = list(find(removal))
        here = [one for one in places if not one.left]
        if options["places"] is None:
            for one in here:
                self.stdout.write(f"{one.table} {one.pk}, {one.field}: {one.around} ({one.times}×)")
        for one in places:
            if one.left:
                self.stdout.write(
                    f"Not changed by this command: {one.table} {one.pk}, {one.field}. {mended_at(one.table)}"
                )
        if options["places"] is None:
            self.stdout.write(
                f"{len(here)} places. Nothing was changed. To remove the words, add --places {len(here)}."
            )
            return
        try:
            done = run(
                removal, removal.spellings, by=person, expected=options["places"], passphrase=passphrase
            )
        except OtherPlaces as error:
            raise CommandError(
                f"There are {error.count} places, not {options['places']}: look at them again. Nothing was changed."
            ) from error
        self.stdout.write(f"Removed from {done.places} places.")
        for hit in done.hits:
            self.stdout.write(f"Bytes of them are still in {hit}.")
        if not done.hits and not done.unfinished:
            self.stdout.write("A search of every byte of the database and of the files found none of them.")
        for line in done.advice():
            self.stdout.write(line)
        self.stdout.write(
            "What this machine does not know of has to be made anew by hand: mirrors and exports elsewhere. Archived WAL and replicas of PostgreSQL "
            "hold the words until they are gone, too, and what readers have fetched stays with them."
        )
