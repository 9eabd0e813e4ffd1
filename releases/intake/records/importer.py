"""Imports the lines that `exporter` writes: what is there already stays, what is wrong is reported and left out."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import IO
from uuid import UUID

from django.core.files.storage import Storage, default_storage
from django.db import DataError, IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from newsroom.accounts.models import User, assign_role
from newsroom.accounts.people import find_person
from releases.intake import Unreadable
from releases.intake.records.exporter import Progress, no_progress
from releases.intake.records.fields import InvalidRecord, Record, database_refusal
from releases.intake.records.format import (
    END,
    EVENT,
    FILE,
    FORMAT,
    HEAD,
    LINE_KINDS,
    LINES,
    PERSON,
    PICTURE,
    RELEASE,
    SOURCE,
    TOPIC,
    VERSION,
    Values,
)
from releases.intake.records.jsonl import lines_in, read_line
from releases.intake.records.library import Pictures, import_file
from releases.intake.records.releases import release_rows
from releases.intake.records.topics import Vocabulary, VocabularyEvents
from releases.intake.store import NewRelease, Result, batches, save_new, take_stock
from releases.models import Edition, Picture, Release
from releases.models.source import Source, source_key
from releases.sources import copy_errors
from releases.text.links import address_of, host_of
from releases.workflow.public_change import public_change

# What a line is called by in the report: the first of these that it has.
_LABELS = ("slug", "uuid", "username", "digest", "url", "path", "kind")


class _People:
    """The accounts that sign-in names stand for. Somebody who is there already stays as they are, role and all."""

    def __init__(self, *, dry: bool) -> None:
        self.dry = dry
        self.created = 0
        self.by_name: dict[str, User | None] = {}

    def add(self, values: Values) -> None:
        """One person's line."""
        name = values["username"]
        person = find_person(name)
        if person is None:
            person = self._create(values)
            self.created += 1
        self.by_name[name] = person

    def _create(self, values: Values) -> User | None:
        role, person = values["role"], User(**values.columns())
        if person.email and User.objects.filter(email__iexact=person.email).exists():
            person.email = ""
        if self.dry:
            return None
        person.set_unusable_password()
        try:
            with transaction.atomic():
                person.save()
                assign_role(person, role)
        except (IntegrityError, DataError, ValueError) as error:
            raise database_refusal(error) from error
        return person

    def named(self, name: str, username: object) -> User | None:
        """The person whom the field `name` names."""
        if username is None:
            return None
        if not isinstance(username, str) or username not in self.by_name:
            who = str(username)[:60]
            raise InvalidRecord(
                _("“%(name)s” names %(who)s, of whom no line says anything.") % {"name": name, "who": who}
            )
        return self.by_name[username]


class _Import:
    """One run through the lines. It also looks up the rows that names in the export stand for (`References`)."""

    def __init__(self, source: Path, *, dry: bool, at: datetime, storage: Storage) -> None:
        self.folder = source if source.is_dir() else source.parent
        self.lines = source / LINES if source.is_dir() else source
        self.dry, self.at, self.storage = dry, at, storage
        self.result = Result()
        self.people = _People(dry=dry)
        self.vocabulary = Vocabulary(dry=dry)
        self.events = VocabularyEvents(self.vocabulary, dry=dry)
        self.pictures = Pictures(storage, dry=dry)
        self.new_files: set[str] = set()  # that were copied, or would be, since the last picture
        self.existing = set(Release.objects.values_list("uuid", flat=True))
        self.seen: set[UUID] = set()
        self.changed_at: datetime | None = None
        self.done = 0
        self.ended = False

    def run(self, progress: Progress) -> Result:
        try:
            total = _count(self.lines)
            with self.lines.open("rb") as file:
                self._read_head(file)
                for batch in batches(self._new_releases(file)):
                    save_new(batch, self.result, dry=self.dry, at=self.at)
                    progress(self.done, total)
        except OSError as error:
            raise Unreadable(
                _("%(file)s cannot be read: %(why)s") % {"file": self.lines, "why": error.strerror}
            ) from error
        if not self.dry:
            take_stock(self.result.added)
        progress(total, total)
        self.result.people, self.result.topics = self.people.created, self.vocabulary.created
        self.result.pictures = self.pictures.created
        if not self.ended:
            self.result.complete = False
            self.result.report(self.lines.name, _("The last line is missing: the export was cut off."))
        elif not self.dry:
            self._restore_edition()
        return self.result

    # ------------------------------------------------------------------ what names stand for

    def person(self, name: str, username: object) -> User | None:
        """The person whom the field `name` names."""
        return self.people.named(name, username)

    def picture(self, uuid: UUID) -> Picture | None:
        """The picture of a UUID."""
        return self.pictures.named(uuid)

    def topic(self, slug: str) -> int | None:
        """The primary key of a topic."""
        return self.vocabulary.pk(slug)

    # ------------------------------------------------------------------ lines

    def _read_head(self, file: IO[bytes]) -> None:
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
            self.changed_at = HEAD.read(head, self)["changed_at"]
        except InvalidRecord as invalid:
            raise Unreadable(f"{self.lines}, {_('line %d') % 1}: {invalid}") from invalid

    def _new_releases(self, file: IO[bytes]) -> Iterator[NewRelease | None]:
        """Releases as they come. People, topics and files are imported on the way, events of the vocabulary at the end."""
        for line in lines_in(file, first=2):
            self.done = line.number
            place = _("line %d") % line.number
            if line.record is None:
                self.result.refuse(place, line.why)
                continue
            about = next((one for one in map(line.record.get, _LABELS) if one), "")
            place = f"{place} ({str(about)[:60]})" if about else place
            if line.repaired:
                self.result.report(place, _("Characters that cannot be kept were left out."))
            try:
                new_release = self._read(line.record, place)
            except InvalidRecord as invalid:
                self.result.refuse(place, str(invalid))
            else:
                if new_release is not None:
                    yield new_release
        self._save_topics()
        if self.ended:
            self.pictures.delete_unused(self.new_files)
            yield None  # events of the vocabulary may name any of the releases
            self.result.events, problems = self.events.save()
            for place, why in problems:
                self.result.refuse(place, why)

    def _read(self, record: Record, place: str) -> NewRelease | None:
        """One line; returns the rows of a release that is new. Raises `InvalidRecord`."""
        name = record.get("kind")
        kind = LINE_KINDS.get(name) if isinstance(name, str) else None
        if kind is None:
            raise InvalidRecord(_("“kind” says %s, which this version does not know.") % str(name)[:60])
        values = kind.read(record, self)
        if kind is RELEASE:
            return self._read_release(values, place)
        if kind is PERSON:
            self.people.add(values)
        elif kind is TOPIC:
            self.vocabulary.add(values, place)
        elif kind is EVENT:
            self.events.add(values, place)
        elif kind is SOURCE:
            self.result.copies += _import_source(values, at=self.at, dry=self.dry)
        elif kind is FILE:
            self.result.files += import_file(values, self.folder, self.storage, dry=self.dry)
            self.new_files.add(values["path"])
        elif kind is PICTURE:
            self.pictures.add(values, self.new_files)
            self.new_files.clear()
        elif kind is END:
            self.ended = True
        return None

    def _read_release(self, values: Values, place: str) -> NewRelease | None:
        """A release's rows, None for one that is there already: it is known before its words are looked at."""
        self._save_topics()
        uuid = values["uuid"]
        if uuid in self.seen:
            raise InvalidRecord(_("Another line is of the release %s.") % uuid)
        self.seen.add(uuid)
        if uuid in self.existing:
            self.result.known += 1
            return None
        return release_rows(values, dry=self.dry, name=place)

    def _save_topics(self) -> None:
        if self.vocabulary.pending:
            for place, why in self.vocabulary.save():
                self.result.refuse(place, why)
            for place, why in self.vocabulary.left_out:
                self.result.report(place, why)
            self.vocabulary.left_out.clear()

    def _restore_edition(self) -> None:
        """A newsroom that holds nothing but this export was last changed when the other one was."""
        if (
            self.changed_at
            and not self.result.refused
            and Release.objects.count() == self.result.added + self.result.known
        ):
            with transaction.atomic():
                Edition.objects.update_or_create(pk=1, defaults={"raised_at": self.changed_at})


def import_records(
    source: Path,
    *,
    dry: bool = False,
    progress: Progress = no_progress,
    at: datetime | None = None,
    storage: Storage = default_storage,
) -> Result:
    """Import a file of lines, or a folder that holds one. Raises `Unreadable` for what is no export.

    Every batch of releases is a transaction of its own, and what is there already is passed over, so that a run that was
    broken off is taken up again by running it again. `dry` saves nothing.
    """
    return _Import(source, dry=dry, at=at or timezone.now(), storage=storage).run(progress)


def _import_source(values: Values, *, at: datetime, dry: bool) -> int:
    """The archived copy that people named for a source: 1 if it is kept, 0 where a copy is named already."""
    url, address, day = values["url"], values["archived_url"], values["archived_on"]
    if address_of(url) != url:
        raise InvalidRecord(_("“url” should be a whole web address, and “archived_url” that of its copy."))
    if errors := copy_errors(url, address, day, today=timezone.localdate(at)):
        raise InvalidRecord(" ".join(errors.values()))
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


def _count(path: Path) -> int:
    with path.open("rb") as file:
        return sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(1024 * 1024), b""))
