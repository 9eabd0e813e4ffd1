"""Notes of what was removed for somebody's safety, beside the backups that hold it still: a restoration removes it again.

    DIR/removals/ID     one removal, encrypted

The removal's event has the same identifier, which tells nothing. A backup in whose rows that event stands was made after it; so
no clock is asked, and a backup that was under way meanwhile counts as an older one. A note goes with the last backup that lacks its event.

Where the folder is encrypted its own key encrypts the note, else a key that is made of SECRET_KEY, which is in no backup.
"""

import hashlib
import io
import json
import os
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from newsroom.safety.backup import folder as folders
from newsroom.safety.backup import rows
from newsroom.safety.backup.encryption import Key, derived
from newsroom.safety.backup.errors import BackupError, Damaged
from newsroom.safety.backup.repository import KEY, NEW, REMOVALS, Repository, sync_folder, write_whole
from newsroom.safety.backup.snapshot import Table
from releases.workflow.removal import IN_EVENT


def new_identifier() -> str:
    """One that tells nothing."""
    return secrets.token_hex(16)


@dataclass(frozen=True)
class Note:
    """What was removed: words (`spellings`, with what took their place), a whole release, or a picture with its twins. Of these the
    UUIDs, which tell nothing."""

    spellings: tuple[str, ...] = ()
    by: str = ""
    whole_words: bool = True
    release: str = ""
    pictures: tuple[str, ...] = ()
    at: str = field(default_factory=lambda: timezone.now().isoformat())
    identifier: str = field(default_factory=new_identifier)

    def is_of_the_same(self, other: "Note") -> bool:
        """Whether both notes say that the same was removed."""
        return replace(self, at="", identifier="") == replace(other, at="", identifier="")


@dataclass(frozen=True)
class Deposit:
    """What became of a note: `folders` have it, and `without` says of each other folder why not."""

    note: Note
    folders: list[Path]
    without: dict[Path, str]


def deposit(note: Note, known: Iterable[Path], passphrase: str, done: Iterable[str] = ()) -> Deposit:
    """Put a note beside the backups of all these folders. One of the same that is there already counts, with its identifier, unless that
    removal is among those `done`: then the words have come back since."""
    there: list[tuple[Repository, list[Note]]] = []
    without: dict[Path, str] = {}
    for folder in known:
        try:
            kept = folders.opened(folder, passphrase if (folder / KEY).exists() else "")
            if kept.sets() or folders.is_unfinished(folder):
                found = [one for one in notes_in(kept)[0] if one.is_of_the_same(note)]
                there.append((kept, [one for one in found if one.identifier not in set(done)]))
        except (BackupError, OSError) as error:
            without[folder] = str(error)
    note = next((one for _kept, found in there for one in found), note)
    written = []
    for kept, found in there:
        try:
            if note not in found:
                _write(kept, note)
            written.append(kept.folder)
        except OSError as error:
            without[kept.folder] = error.strerror or str(error)
    return Deposit(note, written, without)


def notes_in(kept: Repository) -> tuple[list[Note], list[str]]:
    """The notes of a folder, oldest first; and the identifiers of those that no key opens which is here. Raises `Damaged`."""
    notes, sealed = [], []
    for identifier in kept.removals():
        if note := _read(kept, identifier):
            notes.append(note)
        else:
            sealed.append(identifier)
    return sorted(notes, key=lambda note: (note.at, note.identifier)), sealed


def in_rows(table: Table, content: bytes) -> Iterator[str]:
    """The identifiers of removals in a portion of the rows of events."""
    place = table.columns.index("detail")
    for line in content.splitlines(keepends=True):
        if IN_EVENT.encode() in line:
            detail = json.loads(str(rows.row_of(line, table.kinds)[place]))
            if isinstance(detail, dict) and IN_EVENT in detail:
                yield str(detail[IN_EVENT])


def _write(kept: Repository, note: Note) -> None:
    content = json.dumps(asdict(note), ensure_ascii=False).encode()
    name = f"{REMOVALS}/{note.identifier}"
    sealed = b"".join(_keys(kept)[0].encrypt(io.BytesIO(content), name))
    place = kept.folder / REMOVALS
    place.mkdir(mode=0o700, exist_ok=True)
    sync_folder(kept.folder)
    for left in place.glob(f"*{NEW}"):  # of a run that was killed; one at a time has the database
        left.unlink()
    # In front stands the digest, by which damage is found without a key.
    write_whole(place / note.identifier, hashlib.sha256(sealed).digest() + sealed)
    os.chmod(place / note.identifier, 0o600)


def _read(kept: Repository, identifier: str) -> Note | None:
    name = f"{REMOVALS}/{identifier}"
    sealed = kept.removal(identifier)
    for key in _keys(kept):
        try:
            said: dict[str, Any] = json.loads(b"".join(key.decrypt(io.BytesIO(sealed), name)))
        except Damaged:
            continue
        for name in ("spellings", "pictures"):
            said[name] = tuple(said.get(name, ()))
        return Note(**said)
    return None


def _keys(kept: Repository) -> list[Key]:
    if kept.key:
        return [kept.key]
    return [
        Key(derived(one.encode(), b"", b"newsroom removals"))
        for one in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    ]
