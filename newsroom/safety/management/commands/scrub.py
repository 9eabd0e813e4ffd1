"""`manage.py scrub`: words, a release or a picture are removed from everything. Words are read from a file or the keyboard, never from
the command line."""

from argparse import ArgumentParser
from functools import partial
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from newsroom.accounts import record
from newsroom.accounts.models import User
from newsroom.safety.backup.command import add_passphrase, passphrase_of
from newsroom.safety.backup.errors import BackupError
from newsroom.safety.scrub import whole
from newsroom.safety.scrub.command import removal_of
from newsroom.safety.scrub.places import Place, find
from newsroom.safety.scrub.remains import Scrubbed, mended_at, run
from releases.models import Picture, Release
from releases.workflow import OtherRows, Refused
from releases.workflow.removal import pictures_of, rows_of, uses_of


class Command(BaseCommand):
    """Shows every place; with --places, the number of them, it removes what stands there."""

    help = "Remove a name, a passage, a release or a picture from everything: texts, history, events, search, addresses (docs/operate/scrub.md)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which words, and what for."""
        parser.add_argument("file", nargs="?", help="a file with a spelling a line, or - for the keyboard")
        parser.add_argument("--release", help="a whole release: its number, or its address")
        parser.add_argument("--picture", help="a picture: its number or UUID")
        parser.add_argument("--by", help="what stands in their place (default: [name removed])")
        parser.add_argument("--language", default="en", help="of what stands in their place by default")
        parser.add_argument("--parts", action="store_true", help="also where they are part of other words")
        parser.add_argument("--person", help="the sign-in name of the chief who asks for it")
        parser.add_argument(
            "--places", type=int, help="remove them: the number of places that the preview has told"
        )
        add_passphrase(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """The preview, or the removal."""
        if sum(1 for name in ("file", "release", "picture") if options[name]) != 1:
            raise CommandError("Say one of them: a file of words, --release, or --picture.")
        person = User.objects.filter(username=options["person"]).first() if options["person"] else None
        if options["person"] and person is None:
            raise CommandError("There is nobody of that sign-in name.")
        try:
            if options["release"]:
                self._release(options, person)
            elif options["picture"]:
                self._picture(options, person)
            else:
                self._words(options, person)
        except OtherRows as error:
            raise CommandError(
                f"There are {error.count} places, not {options['places']}: look at them again. Nothing was changed."
            ) from error
        except (ValueError, OSError, BackupError, Refused) as error:
            raise CommandError(str(error)) from error

    def _words(self, options: dict[str, Any], person: User | None) -> None:
        removal = removal_of(
            options["file"], options["by"], language=options["language"], whole_words=not options["parts"]
        )
        passphrase = passphrase_of(options["passphrase_file"])
        if options["places"] is None:
            self._preview(list(find(removal)))
            return
        access = partial(self._note, "words removed", person, "places")
        done = run(
            removal, removal.spellings, by=person, expected=options["places"], passphrase=passphrase, access=access
        )  # fmt: skip
        self._told(done)

    def _preview(self, places: list[Place]) -> None:
        here = [one for one in places if not one.left]
        for one in here:
            self.stdout.write(f"{one.table} {one.pk}, {one.field}: {one.around} ({one.times}×)")
        for one in places:
            if one.left:
                self.stdout.write(
                    f"Not changed by this command: {one.table} {one.pk}, {one.field}. {mended_at(one.table)}"
                )
        self._is_preview({"places": None}, len(here), "the words")

    def _release(self, options: dict[str, Any], person: User | None) -> None:
        found = whole.release_at(options["release"])
        if len(found) != 1:
            numbers = ", ".join(f"{one.pk} ({one.language})" for one in found)
            raise CommandError(
                f"Several releases stand there: say which, {numbers}."
                if found
                else "No release stands there."
            )
        release: Release = found[0]
        if options["places"] is None:
            for kind, count in sorted(rows_of(release).items()):
                self.stdout.write(f"{kind}: {count}")
            self.stdout.write(f"pictures that no other release has: {len(pictures_of(release))}")
            for one in whole.mentions_of(release):
                self.stdout.write(f"It stays, and names it: {one.table} {one.pk}, {one.field}: {one.around}")
        if self._is_preview(options, rows_of(release).total(), "the release"):
            return
        access = partial(self._note, "release removed", person, "rows", release=release.pk)
        passphrase = passphrase_of(options["passphrase_file"])
        self._told(
            whole.remove_release(
                release, by=person, expected=options["places"], passphrase=passphrase, access=access
            )
        )

    def _picture(self, options: dict[str, Any], person: User | None) -> None:
        picture = whole.picture_at(options["picture"])
        if picture is None:
            raise CommandError("There is no such picture.")
        revisions, versions = uses_of(*Picture.objects.filter(digest=picture.digest))
        for one in revisions:
            self.stdout.write(f"release {one.release_id}, revision {one.number}")
        if self._is_preview(options, len(revisions) + len(versions), "the picture"):
            return
        access = partial(self._note, "picture removed", person, "places")
        passphrase = passphrase_of(options["passphrase_file"])
        self._told(
            whole.remove_picture(
                picture, by=person, expected=options["places"], passphrase=passphrase, access=access
            )
        )

    def _is_preview(self, options: dict[str, Any], number: int, what: str) -> bool:
        if options["places"] is None:
            self.stdout.write(
                f"{number} places. Nothing was changed. To remove {what}, add --places {number}."
            )
        return options["places"] is None

    def _note(self, kind: str, person: User | None, name: str, number: int, **detail: Any) -> None:
        detail[name] = number
        record.note(kind, by=person, command="scrub", **detail)

    def _told(self, done: Scrubbed) -> None:
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
