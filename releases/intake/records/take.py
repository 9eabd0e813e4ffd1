"""Takes in the lines that `export` writes: what is there already stays, what is wrong is said and left out."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO

from django.core.files.storage import Storage, default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from releases.intake.errors import Unreadable
from releases.intake.records import FORMAT, LINES, VERSION
from releases.intake.records.export import Progress, quiet
from releases.intake.records.fields import Record, Wrong
from releases.intake.records.files import take_file
from releases.intake.records.people import People
from releases.intake.records.releases import parcel_of
from releases.intake.records.vocabulary import Vocabulary
from releases.intake.store import Parcel, batches, keep_batch, known, settle_addresses
from releases.models import Edition, Release

MAX_LINE = 256 * 1024 * 1024


@dataclass
class Result:
    """What a run did, or would do. `problems` are (line or name, what was wrong or changed)."""

    added: int = 0
    known: int = 0
    refused: int = 0
    notes: int = 0
    people: int = 0
    topics: int = 0
    files: int = 0
    events: int = 0
    complete: bool = True
    problems: list[tuple[str, str]] = field(default_factory=list)


class _Taking:
    """One run through the lines."""

    def __init__(self, source: Path, *, dry: bool, at: datetime, storage: Storage) -> None:
        self.folder = source if source.is_dir() else source.parent
        self.lines = source / LINES if source.is_dir() else source
        self.dry, self.at, self.storage = dry, at, storage
        self.result = Result()
        self.people = People(dry=dry)
        self.vocabulary = Vocabulary(dry=dry)
        self.there = {str(uuid) for uuid in Release.objects.values_list("uuid", flat=True)}
        self.changed_at: datetime | None = None
        self.done = 0
        self.ended = False

    def run(self, progress: Progress) -> Result:
        try:
            total = _count(self.lines)
            with self.lines.open("rb") as file:
                self._head(file)
                for batch in batches(self._parcels(file)):
                    self._keep(batch)
                    progress(self.done, total)
        except OSError as error:
            raise Unreadable(
                _("%(file)s cannot be read: %(why)s") % {"file": self.lines, "why": error.strerror}
            ) from error
        progress(total, total)
        self.result.people, self.result.topics = self.people.made, self.vocabulary.made
        if not self.ended:
            self.result.complete = False
            self.result.problems.append(
                (self.lines.name, _("The last line is missing: the export was cut off."))
            )
        elif not self.dry:
            self._settle_edition()
        return self.result

    def _head(self, file: IO[bytes]) -> None:
        head = _parsed(file.readline(64 * 1024))
        if head is None or head.get("format") != FORMAT:
            raise Unreadable(_("%s is no export of a newsroom.") % self.lines)
        if head.get("version") != VERSION:
            raise Unreadable(
                _("This export is of version %(theirs)s of the format; version %(ours)s can be read here.")
                % {"theirs": head.get("version"), "ours": VERSION}
            )
        self.done = 1
        self.changed_at = head.moment("changed_at")

    def _parcels(self, file: IO[bytes]) -> Iterator[Parcel | None]:
        """Releases as they come; people, topics, events and files are kept on the way."""
        while line := file.readline(MAX_LINE):
            self.done += 1
            place = _("line %d") % self.done
            record = _parsed(line)
            if record is None:
                self._refuse(place, _("This is no JSON object."))
                continue
            kind = record.get("kind")
            try:
                if kind == "person":
                    self.people.take(record)
                elif kind == "topic":
                    self.vocabulary.take(record)
                elif kind == "release":
                    self.vocabulary.settle()
                    if (
                        record.get("uuid") in self.there
                    ):  # before its words are looked at, which takes the time
                        self.result.known += 1
                        continue
                    yield parcel_of(record, self.people, self.vocabulary, dry=self.dry)
                elif kind == "event":
                    self.vocabulary.settle()
                    yield None  # it may name any of the releases
                    self.result.events += self.vocabulary.take_event(record, self.people)
                elif kind == "file":
                    self.result.files += take_file(record, self.folder, self.storage, dry=self.dry)
                elif kind == "end":
                    self.vocabulary.settle()
                    self.ended = True
                else:
                    raise Wrong(
                        _("“kind” says %s, which this version does not know.") % json.dumps(kind)[:60]
                    )
            except Wrong as wrong:
                self._refuse(f"{place} ({record.get('slug') or record.get('uuid') or kind})", str(wrong))

    def _refuse(self, place: str, why: str) -> None:
        self.result.refused += 1
        self.result.problems.append((place, why))

    def _keep(self, batch: list[Parcel]) -> None:
        there = known(parcel.release.uuid for parcel in batch)
        fresh = {p.release.uuid: p for p in batch if p.release.uuid not in there}
        self.result.known += len(batch) - len(fresh)
        new = list(fresh.values())
        if self.dry:
            settle_addresses(new)
            kept = new
        else:
            kept = keep_batch(new, at=self.at) if new else []
        self.result.added += len(kept)
        self.result.refused += len(new) - len(kept)
        self.result.notes += sum(
            one.note_count for p in kept for one in p.revisions if one.number == (p.live or p.working)
        )
        for parcel in new:
            self.result.problems += [(parcel.release.slug, problem) for problem in parcel.problems]

    def _settle_edition(self) -> None:
        """A newsroom that holds nothing but this export was last changed when the other one was."""
        if (
            self.changed_at
            and not self.result.refused
            and Release.objects.count() == self.result.added + self.result.known
        ):
            with transaction.atomic():
                Edition.objects.update_or_create(pk=1, defaults={"raised_at": self.changed_at})


def take(
    source: Path,
    *,
    dry: bool = False,
    progress: Progress = quiet,
    at: datetime | None = None,
    storage: Storage = default_storage,
) -> Result:
    """Take in a file of lines, or a folder that holds one. Raises `Unreadable` for what is no export.

    Every batch of releases is a transaction of its own, and what is there already is passed over, so that a run that was
    broken off is taken up again by running it again. `dry` keeps nothing.
    """
    return _Taking(source, dry=dry, at=at or timezone.now(), storage=storage).run(progress)


def _parsed(line: bytes) -> Record | None:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return Record(found) if isinstance(found, dict) else None


def _count(path: Path) -> int:
    with path.open("rb") as file:
        return sum(piece.count(b"\n") for piece in iter(lambda: file.read(1024 * 1024), b""))
