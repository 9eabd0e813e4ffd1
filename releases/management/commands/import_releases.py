"""`manage.py import_releases SOURCE`: take in an export, or a folder of saved pages."""

import json
from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from newsroom.accounts.people import find_person
from releases.intake import Unreadable
from releases.intake.html import import_folder, read_mapping
from releases.intake.records.importer import import_records
from releases.management import bar

SHOWN = 20


class Command(BaseCommand):
    """Running it again takes up a run that was broken off, and changes nothing after one that was not."""

    help = (
        "Take in what export_releases wrote (a folder, or its .jsonl), or with --mapping a folder of saved pages. What is "
        "there already is passed over (docs/ways-in.md, docs/format.md)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the source and how it is to be read."""
        parser.add_argument("source", type=Path, metavar="SOURCE")
        parser.add_argument("--dry-run", action="store_true", help="say what would be done, and keep nothing")
        parser.add_argument(
            "--mapping", type=Path, metavar="FILE", help="where on saved pages everything stands (TOML)"
        )
        parser.add_argument(
            "--by", metavar="NAME", help="whose the releases of saved pages are: an editor's sign-in name"
        )
        parser.add_argument(
            "--report", type=Path, metavar="FILE", help="write what became of each one (JSON lines)"
        )

    def handle(
        self, *args: Any, source: Path, dry_run: bool, mapping: Path | None, by: str | None, report: Path | None,
        **options: Any,
    ) -> None:  # fmt: skip
        """Take in, and say what became of it; anything that was refused makes the command fail in the end."""
        progress = bar(self.stderr)
        would = "would be " if dry_run else ""
        try:
            if mapping is None:
                result = import_records(source, dry=dry_run, progress=progress)
                extra = (
                    f", {result.people} people, {result.topics} topics, {result.events} events of the vocabulary, "
                    f"{result.pictures} pictures, {result.copies} archived copies, {result.files} files"
                )
            else:
                person = find_person(by) if by else None
                if person is None:
                    raise CommandError(
                        "Whose shall these releases be? Give an editor's sign-in name: --by NAME"
                    )
                result = import_folder(
                    source, read_mapping(mapping), by=person, dry=dry_run, progress=progress
                )
                extra = ""
        except Unreadable as error:
            raise CommandError(str(error)) from error
        self._say(result.reports, report)
        for name, count in sorted(result.unknown_topics.items(), key=lambda one: -one[1]):
            self.stdout.write(f"Topic not in the vocabulary, left out {count} times: {name}")
        self.stdout.write(
            f"{result.added} releases with {result.notes} notes {would}taken in{extra}; "
            f"{result.known} were there already, {result.refused} refused."
        )
        if result.refused or not result.complete:
            raise CommandError("Not everything could be taken in: see above.")

    def _say(self, reports: Iterable[tuple[str, list[str]]], report: Path | None) -> None:
        reports = [(place, lines) for place, lines in reports if lines]
        if report:
            with report.open("w", encoding="utf-8") as file:
                for place, lines in reports:
                    file.write(json.dumps({"of": place, "said": lines}, ensure_ascii=False) + "\n")
            self.stdout.write(f"What became of each one stands in {report}.")
            return
        for place, lines in reports[:SHOWN]:
            self.stdout.write(f"{place}: {' '.join(lines)}")
        if len(reports) > SHOWN:
            self.stdout.write(f"… and {len(reports) - SHOWN} more: give --report FILE to have them all.")
