"""Imports the lines that `exporter` writes: what is there already stays, what is wrong is said and left out."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import IO
from uuid import UUID

from django.core.files.storage import Storage, default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from releases.intake import Unreadable
from releases.intake.records import FORMAT, LINES, VERSION
from releases.intake.records.exporter import Progress, quiet
from releases.intake.records.fields import Record, Wrong
from releases.intake.records.jsonl import lines_in, read_line
from releases.intake.records.library import Pictures, take_file
from releases.intake.records.people import People
from releases.intake.records.releases import parcel_of
from releases.intake.records.topics import Changes, Vocabulary
from releases.intake.store import Parcel, batches, keep_batch, known, settle_addresses
from releases.models import Edition, Release
from releases.models.source import Source, source_key
from releases.sources import copy_errors
from releases.text.links import address_of, host_of
from releases.workflow.public_change import public_change


def take_copy(record: Record, *, at: datetime, dry: bool) -> int:
    """One source's line: 1 if its copy is kept, 0 where a copy is named already."""
    url, address = record.text("url", most=20_000), record.text("archived_url")
    try:
        day = date.fromisoformat(record.text("archived_on"))
    except ValueError as error:
        raise Wrong(_("“archived_on” should be a day such as 2011-06-10.")) from error
    if address_of(url) != url or not address:
        raise Wrong(_("“url” should be a whole web address, and “archived_url” that of its copy."))
    if faults := copy_errors(url, address, day, today=timezone.localdate(at)):
        raise Wrong(" ".join(faults.values()))
    with transaction.atomic():
        source = Source.objects.filter(key=source_key(url)).first()
        if source is not None and source.archived_on is not None:
            return 0
        if not dry:
            source = source or Source(key=source_key(url), url=url, host=host_of(url))
            with public_change(sources=[source], at=at):
                source.archived_url, source.archived_on = address, day
                source.save()
    return 1


# What a line is called by in the report, the first that it has.
_NAMES = ("slug", "uuid", "username", "digest", "url", "path", "kind")


@dataclass
class Result:
    """What a run did, or would do. `problems` are (line or name, what was wrong or changed)."""

    added: int = 0
    known: int = 0
    refused: int = 0
    notes: int = 0
    people: int = 0
    topics: int = 0
    pictures: int = 0
    copies: int = 0
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
        self.pictures = Pictures(storage, dry=dry)
        self.fresh: set[str] = set()  # files that were taken in, or would be
        self.changes = Changes(self.vocabulary, dry=dry)
        self.there = set(Release.objects.values_list("uuid", flat=True))
        self.seen: set[UUID] = set()
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
        self.result.pictures = self.pictures.made
        if not self.ended:
            self.result.complete = False
            self.result.problems.append(
                (self.lines.name, _("The last line is missing: the export was cut off."))
            )
        elif not self.dry:
            self._settle_edition()
        return self.result

    def _head(self, file: IO[bytes]) -> None:
        head = read_line(1, file.readline(64 * 1024)).record
        if head is None or head.get("format") != FORMAT:
            raise Unreadable(_("%s is no export of a newsroom.") % self.lines)
        if head.get("version") != VERSION:
            raise Unreadable(
                _("This export is of version %(theirs)s of the format; version %(ours)s can be read here.")
                % {"theirs": str(head.get("version"))[:20], "ours": VERSION}
            )
        self.done = 1
        try:
            self.changed_at = head.moment("changed_at")
        except Wrong as wrong:
            raise Unreadable(f"{self.lines}, {_('line %d') % 1}: {wrong}") from wrong

    def _parcels(self, file: IO[bytes]) -> Iterator[Parcel | None]:
        """Releases as they come; people, topics and files are kept on the way, what was done to topics at the end."""
        for line in lines_in(file, first=2):
            self.done = line.number
            place = _("line %d") % line.number
            if line.record is None:
                self._refuse(place, line.why)
                continue
            record, kind = line.record, line.record.get("kind")
            about = next((one for one in map(record.get, _NAMES) if one), "")
            place = f"{place} ({str(about)[:60]})" if about else place
            if line.mended:
                self.result.problems.append((place, _("Characters that cannot be kept were left out.")))
            try:
                if kind == "person":
                    self.people.take(record)
                elif kind == "topic":
                    self.vocabulary.take(record, place)
                elif kind == "release":
                    if (parcel := self._release(record, place)) is not None:
                        yield parcel
                elif kind == "event":
                    self.changes.take(record, self.people, place)
                elif kind == "source":
                    self.result.copies += take_copy(record, at=self.at, dry=self.dry)
                elif kind == "file":
                    self.result.files += take_file(record, self.folder, self.storage, dry=self.dry)
                    self.fresh.add(record.text("path"))
                elif kind == "picture":
                    self.pictures.take(record, self.people, self.fresh)
                    self.fresh.clear()
                elif kind == "end":
                    self.ended = True
                else:
                    raise Wrong(_("“kind” says %s, which this version does not know.") % str(kind)[:60])
            except Wrong as wrong:
                self._refuse(place, str(wrong))
        self._settle_topics()
        if self.ended:
            self.pictures.tidy(self.fresh)
            yield None  # what was done to topics may name any of the releases
            self.result.events, problems = self.changes.settle()
            for place, why in problems:
                self._refuse(place, why)

    def _release(self, record: Record, place: str) -> Parcel | None:
        """A release's rows, None for one that is there already: it is known before its words are looked at."""
        self._settle_topics()
        uuid = record.uuid("uuid")
        if uuid is None:
            raise Wrong(_("It has no UUID."))
        if uuid in self.seen:
            raise Wrong(_("Another line is of the release %s.") % uuid)
        self.seen.add(uuid)
        if uuid in self.there:
            self.result.known += 1
            return None
        return parcel_of(record, uuid, self.people, self.vocabulary, self.pictures, dry=self.dry, name=place)

    def _settle_topics(self) -> None:
        if self.vocabulary.waiting:
            for place, why in self.vocabulary.settle():
                self._refuse(place, why)
            self.result.problems += self.vocabulary.left_out
            self.vocabulary.left_out.clear()

    def _refuse(self, place: str, why: str) -> None:
        self.result.refused += 1
        self.result.problems.append((place, why))

    def _keep(self, batch: list[Parcel]) -> None:
        there = known(parcel.release.uuid for parcel in batch)  # somebody else may take in the same
        new = [parcel for parcel in batch if parcel.release.uuid not in there]
        self.result.known += len(batch) - len(new)
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
            self.result.problems += [(parcel.name, problem) for problem in parcel.problems]

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


def _count(path: Path) -> int:
    with path.open("rb") as file:
        return sum(piece.count(b"\n") for piece in iter(lambda: file.read(1024 * 1024), b""))
