"""The bytes that are left of removed words: the database written anew, and a search of every byte that is there."""

import json
import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import datetime
from html import escape
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.core.cache import caches
from django.core.files.storage import FileSystemStorage, default_storage, storages
from django.db import OperationalError, ProgrammingError, connection
from django.utils.translation import gettext

from newsroom.accounts.models import AccessEntry, User
from newsroom.http import uploads
from newsroom.safety.backup import files, status
from newsroom.safety.backup.command import passphrase_of
from newsroom.safety.backup.errors import BackupError
from newsroom.safety.backup.removals import Note, deposit
from newsroom.safety.scrub.places import tables
from newsroom.safety.scrub.words import scrub
from releases.models import Event, MirrorList, Topic, TopicWord
from releases.static_site.state import known_folders
from releases.text.removal import Removal
from releases.text.slugs import slug_of
from releases.workflow.pictures import remove_strays
from releases.workflow.removal import IN_EVENT

# No upload lasts so long (seconds): what is older was broken off.
UPLOAD_LASTS = 60 * 60


@dataclass(frozen=True)
class Scrubbed:
    """What was done, where bytes of the words are still to be found, and what became of the note of it: `noted` are the folders with
    backups that have it, `without` says of each other one why not. Restoring one of those brings the words back. `sites` are the folders
    into which the public site was written, `caches` the names of those that could not be emptied. `unfinished` says why the database
    could not be written anew, after the words had gone from it."""

    places: int
    hits: list[str]
    noted: list[Path] = field(default_factory=list)
    without: dict[Path, str] = field(default_factory=dict)
    sites: list[Path] = field(default_factory=list)
    caches: list[str] = field(default_factory=list)
    unfinished: str = ""

    def advice(self) -> list[str]:
        """What is left to be done by whoever removed the words, or has to be known."""
        return [*self._of_the_database(), *self._of_backups(), *self._of_copies()]

    def _of_the_database(self) -> Iterator[str]:
        if self.unfinished:
            words = gettext(
                "The words are removed, and the database could not be written anew (%(reason)s): bytes of them may be in it still. Make room for it once "
                "more on its disk, stop the site if it is in use, and remove the same words once more."
            )
            yield words % {"reason": self.unfinished.rstrip(".")}

    def _of_backups(self) -> Iterator[str]:
        for folder in self.noted:
            words = gettext(
                "Backups in %(folder)s hold the words until they age out. Restoring one removes them again: a note of it lies there, encrypted."
            )
            yield words % {"folder": folder}
        for folder, reason in self.without.items():
            words = gettext(
                "There is no note of it beside the backups in %(folder)s (%(reason)s): restoring one of them brings back what was removed. Mend that and "
                "remove the same words once more, or remove those backups. A release or a picture has to be removed again after restoring one."
            )
            yield words % {"folder": folder, "reason": reason.rstrip(".")}
        if not (self.noted or self.without):
            yield gettext(
                "This machine knows of no backups. If there are any elsewhere, they hold the words: remove them, or remove the words once more "
                "after restoring one."
            )

    def _of_copies(self) -> Iterator[str]:
        for folder in self.sites:
            words = gettext(
                "The public site was written into %(folder)s before: write it anew (manage.py bake, or mirror), unless a bake follows by itself."
            )
            yield words % {"folder": folder}
        for name in self.caches:
            words = gettext(
                "The cache “%(name)s” did not answer, and may hold the words: start it anew, empty."
            )
            yield words % {"name": name}


def mended_at(table: str) -> str:
    """Where somebody mends by hand a place that a removal leaves alone (`Place.left`)."""
    if table == AccessEntry._meta.db_table:
        words = gettext(
            "An entry of the access record: it goes by itself after %(days)d days (ACCESS_RECORD_DAYS)."
        )
        return words % {"days": settings.ACCESS_RECORD_DAYS}
    if table == MirrorList._meta.db_table:
        return gettext(
            "The signed list of mirrors: change MIRRORS and sign it anew (manage.py sign_mirrors)."
        )
    if table in {Topic._meta.db_table, TopicWord._meta.db_table}:
        return gettext(
            "A topic: rename it on its own page, then remove the words once more, for its former address has them."
        )
    return gettext("A person, or what they sign in with: change it on the page of that person.")


def compact() -> list[str]:
    """Write the database anew, so that nothing of what was deleted is left in it, empty the shared caches, and remove what was left by
    uploads that were broken off and pictures that could not be deleted. The names of the caches that did not answer."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("INSERT INTO releases_search(releases_search) VALUES ('rebuild')")
            cursor.execute("PRAGMA secure_delete = ON")
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        else:
            for table in tables():
                # Its rows, what is stored beside them (TOAST) and its indexes are new files.
                cursor.execute(f'VACUUM (FULL, ANALYZE) "{table}"')
            # The most common values of each column stand in here. PostgreSQL passes over it where this account may not.
            cursor.execute("VACUUM FULL pg_catalog.pg_statistic")
            # Until the next one the old files are there. Not every account may ask for it.
            with suppress(ProgrammingError):
                cursor.execute("CHECKPOINT")
    with suppress(OSError):  # a storage that is lost is told at /readyz
        list(remove_strays(only_old=True))
    before = time.time() - UPLOAD_LASTS
    for path in uploads().glob("*"):
        with suppress(OSError):
            if path.stat().st_mtime < before:
                path.unlink()
    lost = []
    for name in caches:
        caches[name].clear()
        if not getattr(caches[name], "answers", lambda: True)():
            lost.append(name)
    return lost


def search_bytes(spellings: Iterable[str]) -> list[str]:
    """The names of files and tables in whose bytes a spelling stands: as UTF-8, as JSON, HTML and addresses write it."""
    needles = {form for one in spellings for form in _forms(one)}
    hits = []
    roots = {Path(settings.DATA_DIR), Path(settings.MEDIA_ROOT)}
    paths = {path for root in roots for path in root.rglob("*") if path.is_file()}
    if connection.vendor == "sqlite":
        name = str(connection.settings_dict["NAME"])
        paths |= {Path(name + end) for end in ("", "-wal", "-journal") if os.path.exists(name + end)}
    else:
        hits += _tables_with(needles)
    hits += [path for path in _stored_elsewhere(needles) if path not in hits]
    return hits + [
        str(path)
        for path in sorted(paths)
        if any(one in str(path).lower().encode() for one in needles) or _holds(path, needles)
    ]


def _stored_elsewhere(needles: set[bytes]) -> Iterator[str]:
    """Of files that do not lie on this machine. Those of pictures have digests for names, and hold nothing but pixels."""
    if isinstance(storages["default"], FileSystemStorage):
        return
    for path in files.paths_in():
        content = path.lower().encode()
        if not files.is_of_pictures(path):
            with default_storage.open(path) as file:
                content += b"\0" + file.read().lower()
        if any(one in content for one in needles):
            yield path


def _forms(spelling: str) -> set[bytes]:
    low = spelling.lower()
    forms = {low, json.dumps(low)[1:-1], quote(low).lower(), escape(low), slug_of(low)}
    return {one.encode() for one in forms} | {low.encode("utf-16-le")}


def _holds(path: Path, needles: set[bytes]) -> bool:
    overlap = max(map(len, needles))
    tail = b""
    try:
        with open(path, "rb") as file:
            while portion := file.read(1 << 20):
                whole = (tail + portion).lower()
                if any(one in whole for one in needles):
                    return True
                tail = whole[-overlap:]
    except FileNotFoundError:
        return False
    return False


def _tables_with(needles: set[bytes]) -> list[str]:
    found = []
    with closing(connection.cursor()) as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            hit = False
            with cursor.copy(f'COPY "{table}" TO STDOUT') as lines:
                for line in lines:  # to the end: a copy that is broken off leaves the connection useless
                    # COPY writes a backslash twice.
                    text = bytes(line).replace(b"\\\\", b"\\").lower()
                    hit = hit or any(one in text for one in needles)
            if hit:
                found.append(table)
    return found


def run(
    removal: Removal,
    spellings: Iterable[str],
    *,
    by: User | None,
    expected: int | None = None,
    passphrase: str | None = None,
    access: Callable[[int], object] = lambda places: None,
    at_once: bool = True,
    at: datetime | None = None,
) -> Scrubbed:
    """All of it. A run that was killed is finished by the same again: the words go in one transaction, the rest can be repeated.
    Backups that could not be reached get their note by the same again, too. `passphrase` is theirs, where the settings do not say it."""
    notes = Notes(Note(removal.spellings, removal.by, removal.whole_words), passphrase)
    places = scrub(removal, by=by, expected=expected, noted=notes.put, access=access, at=at)
    return finished(places, spellings, notes, at_once=at_once)


def finished(places: int, needles: Iterable[str], notes: "Notes | None", *, at_once: bool = True) -> Scrubbed:
    """After the transaction: the database is written anew and every byte is looked at, unless that is left for later."""
    lost, unfinished, hits = [], "", []
    try:
        if at_once:
            lost = compact()
        else:
            unfinished = gettext("it is large, and that was left for later")
    except (OperationalError, OSError) as error:  # no room on the disk, or somebody else has the database
        unfinished = str(error).partition("\n")[0]
    if at_once and (wanted := set(needles)):
        hits = search_bytes(wanted)
    folders, without = (notes.folders, notes.without) if notes else ([], {})
    return Scrubbed(places, hits, folders, without, known_folders(), lost, unfinished)


class Notes:
    """A note of one removal, put beside the backups while the transaction of that removal is open."""

    def __init__(self, note: Note, passphrase: str | None = None) -> None:
        self.note, self.passphrase = note, passphrase
        self.folders: list[Path] = []
        self.without: dict[Path, str] = {}

    def put(self, places: int) -> str:
        """Put it there. The identifier for the event of the removal; empty where there is nothing to record."""
        try:
            passphrase = passphrase_of("") if self.passphrase is None else self.passphrase
        except BackupError:  # each folder that needs it says so
            passphrase = ""
        done = set(
            Event.objects.filter(detail__has_key=IN_EVENT).values_list(f"detail__{IN_EVENT}", flat=True)
        )
        found = deposit(self.note, status.folders(), passphrase, done if places else ())
        self.folders, self.without = found.folders, found.without
        identifier = found.note.identifier
        return identifier if found.folders and (places or identifier not in done) else ""
