"""Restoring a backup into an empty place: its files, its schema by the migrations that it names, its rows, and what follows."""

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.core.files.base import File as Upload
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.models import F
from django.utils import timezone

from newsroom.accounts.models import Invitation
from newsroom.safety.backup import files, load, removals
from newsroom.safety.backup import folder as folders
from newsroom.safety.backup.errors import BackupError, Damaged
from newsroom.safety.backup.make import Progress, fingerprint
from newsroom.safety.backup.removals import Note
from newsroom.safety.backup.repository import REMOVALS, Repository
from newsroom.safety.backup.snapshot import Table
from releases import editions
from releases.models import Edition, EditionPart, PreviewLink
from releases.parts import EVERYTHING

# By so much the edition's number rises: no cache anywhere knows one that is higher.
LEAP = 1_000_000
# Does these removals once more in the database that was restored, before anybody sees it; where bytes of them are left.
Again = Callable[[list[Note]], list[str]]


@dataclass(frozen=True)
class Restored:
    """What was restored. `other_key`: the secret key is not the one that the newsroom had, so that no second factor can be read.
    `from_other` names the kind of database that the backup was made of, where that is another one. `removals` are those that came after
    the backup and were done again, `sealed` those that no key opens, `hits` where bytes of what was removed are left; `ended` how many
    links to previews and to passwords were open."""

    name: str
    at: datetime
    rows: int
    files: int
    other_key: bool
    from_other: str = ""
    missing: list[str] = field(default_factory=list)
    removals: int = 0
    sealed: int = 0
    hits: list[str] = field(default_factory=list)
    ended: int = 0


def restore(
    folder: Path,
    passphrase: str = "",
    *,
    name: str = "",
    progress: Progress = lambda done, total: None,
    again: Again | None = None,
    despite_sealed: bool = False,
) -> Restored:
    """Restore the newest backup of `folder`, or the one of this name, into the database and the storage of the settings, both of which
    have to be empty. A run that was killed is gone on with by the same command. Raises `BackupError`.

    Nothing of it can be seen before its end: on SQLite the database gets its name last of all, on PostgreSQL it is marked until then.
    What was removed for somebody's safety after the backup is removed before that (`again`). Where no key opens the note of such
    a removal nothing is restored, unless `despite_sealed`.
    """
    kept = folders.opened(folder, passphrase)
    names = kept.sets()
    if not names or (name and name not in names):
        raise BackupError(f"There is no finished backup {name} in {folder}.".replace("  ", " "))
    name = name or names[-1]
    manifest = kept.manifest(name)
    targets = _targets(manifest["migrations"])
    _demand_objects(kept, manifest)
    notes, sealed = _demand_removals(kept, manifest, again, despite_sealed=despite_sealed)
    hits: list[str] = []
    ended = 0
    with load.place(name) as place:
        total = len(manifest["files"]) + sum(len(one["chunks"]) for one in manifest["tables"])
        done = iter(range(1, total + 1))
        step: Callable[[], None] = lambda: progress(next(done), total)  # noqa: E731
        _files(kept, manifest, step)
        with place.database() as wanted:
            if wanted:
                _database(kept, manifest, targets, step)
                ended = _end_links()
                hits = again(notes) if again else []
    _forget()
    return Restored(
        name=name, at=datetime.fromisoformat(manifest["at"]), rows=sum(one["rows"] for one in manifest["tables"]),
        files=len(manifest["files"]), missing=manifest["missing"],
        other_key=manifest["secret_key"] not in map(fingerprint, (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)),
        from_other="" if manifest["database"] == connection.vendor else manifest["database"],
        removals=len(notes), sealed=sealed, hits=hits, ended=ended,
    )  # fmt: skip


def _targets(migrations: list[list[str]]) -> list[tuple[str, str]]:
    """The migrations up to which the backup's database had come. Raises `BackupError` where this code does not know one of them."""
    graph = MigrationLoader(None).graph  # asks no database: there is none
    ran = {(app, name) for app, name in migrations}
    if unknown := sorted(ran - set(graph.nodes)):
        raise BackupError(
            f"The backup was made by a newer version of the newsroom (it knows {'.'.join(unknown[0])}): restore it with that version."
        )
    return sorted(key for key in ran if not any(child.key in ran for child in graph.node_map[key].children))


def _demand_objects(kept: Repository, manifest: dict[str, Any]) -> None:
    """Before anything is written: all that is needed is there, in its length. What its bytes say is compared while they are read."""
    for name, (size, _digest) in manifest["objects"].items():
        try:
            whole = (kept.folder / name).stat().st_size == size
        except FileNotFoundError:
            whole = False
        if not whole:
            raise Damaged(
                f"{name} is missing or cut off, so this backup cannot be restored whole. Take an older one (--set; "
                "manage.py backup --list shows them)."
            )


def _demand_removals(
    kept: Repository, manifest: dict[str, Any], again: Again | None, *, despite_sealed: bool
) -> tuple[list[Note], int]:
    """The removals that came after this backup, and how many of them no key opens."""
    done = set(manifest.get(REMOVALS, ()))
    every, unread = removals.notes_in(kept)
    notes = [one for one in every if one.identifier not in done]
    sealed = len(set(unread) - done)
    if sealed and not despite_sealed:
        raise BackupError(
            f"{sealed} removals of names or texts came after this backup, and their notes are read with the SECRET_KEY of then. Put it into "
            "SECRET_KEY or SECRET_KEY_FALLBACKS. If it is lost, give the words themselves: --words (docs/operate/backup.md)."
        )
    if notes and again is None:
        raise BackupError(
            "Words were removed after this backup, and nobody has said how to remove them again."
        )
    return notes, sealed


def _end_links() -> int:
    """Whatever was ended since the backup must not be open again, and nobody knows what that was: so all of it ends. How many."""
    now = timezone.now()
    previews = PreviewLink.objects.open(now).update(revoked_at=now)
    return previews + Invitation.objects.unused().filter(expires_at__gt=now).update(withdrawn_at=now)


def _files(kept: Repository, manifest: dict[str, Any], step: Callable[[], None]) -> None:
    for path, size, digest, _seen in manifest["files"]:
        if not _is_there(path, size, digest):
            default_storage.delete(path)  # a half of it, of a run that was killed
            with load.spooled(kept.file(digest)) as content:
                saved = default_storage.save(path, Upload(content))
            if saved != path:
                raise BackupError(f"The storage keeps {path} under another name ({saved}).")
        step()
    os.sync()


def _is_there(path: str, size: int, digest: str) -> bool:
    if not default_storage.exists(path) or default_storage.size(path) != size:
        return False
    return files.digest_of(path) == digest


def _database(
    kept: Repository, manifest: dict[str, Any], targets: list[tuple[str, str]], step: Callable[[], None]
) -> None:
    """The tables as they were, the rows, the rows compared, and then whatever this version of the newsroom does to them."""
    MigrationExecutor(connection).migrate(targets)
    tables = [Table(one["name"], *zip(*one["columns"], strict=True)) for one in manifest["tables"]]
    # Each kind of database writes JSON in an order of its own.
    as_values = manifest["database"] != connection.vendor
    sums = load.load_rows(kept, manifest["tables"], tables, step, as_values=as_values)
    load.set_sequences(tables, manifest["sequences"])
    load.demand_the_same(tables, sums, as_values=as_values)
    call_command("migrate", verbosity=0)
    _new_edition()


def _new_edition() -> None:
    """Whatever any cache holds is of another edition. The moment of the last public change stays: it is part of the record."""
    with transaction.atomic():
        edition = Edition.objects.filter(pk=1).first()
        if edition is None:
            return
        Edition.objects.filter(pk=1).update(number=F("number") + LEAP)
        EditionPart.objects.all().delete()
        EditionPart.objects.create(name=EVERYTHING, number=edition.number + LEAP)
        editions.raise_edition(edition.raised_at)


def _forget() -> None:
    """What machines remember of the newsroom before."""
    for cache in caches.all(initialized_only=False):
        with suppress(Exception):  # one that does not answer is told by the edition
            cache.clear()
