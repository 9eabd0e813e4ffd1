"""Making a backup: files, a snapshot of the database, the files that it names, and last of all the manifest."""

import errno
import hmac
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone

from newsroom.safety.backup import files, removals, repository, rows, snapshot
from newsroom.safety.backup import folder as folders
from newsroom.safety.backup.errors import BackupError
from newsroom.safety.backup.files import File
from newsroom.safety.backup.repository import Repository
from releases.models import Event, Picture

Progress = Callable[[int, int], None]
MEGABYTE = 1024 * 1024
# What is left free on the disk beside the backup.
SPARE = 64 * MEGABYTE
SNAPSHOTS = 5
_PICTURES, _EVENTS = Picture._meta.db_table, Event._meta.db_table


@dataclass(frozen=True)
class Made:
    """A backup that was made. `new` are the bytes that were written for it, `size` those of all that it needs."""

    name: str
    at: datetime
    tables: int
    rows: int
    files: int
    size: int
    new: int
    missing: list[str] = field(default_factory=list)


def make(folder: Path, passphrase: str = "", *, progress: Progress = lambda done, total: None) -> Made:
    """Make a backup in `folder`. Raises `BackupError`."""
    if folder.resolve().is_relative_to(Path(settings.MEDIA_ROOT).resolve()):
        raise BackupError(
            f"{folder} lies among the newsroom's own files, which it would hold, too: take another folder."
        )
    with folders.locked(folder, make=True), _explained(folder):
        kept = folders.create(folder, passphrase)
        with kept.unfinished():
            return _make(kept, progress)


def _make(kept: Repository, progress: Progress) -> Made:
    workspace = _workspace()
    before, last = _last(kept)
    paths = list(files.paths_in())
    # Of pictures the rows say whether there are any: the last one may have been deleted.
    _demand_files(paths, wanted=Picture.objects.exists() or not all(map(files.is_of_pictures, before)))
    _demand_space(kept, paths, before, workspace=workspace, begun=last is not None)
    there = set(kept.known)
    step = _Steps(progress, len(paths) + (last or _database_size()) // MEGABYTE)
    # Most of the work, before the snapshot: what it names that is deleted after it has been kept already.
    known = dict(before)
    for path in paths:
        try:
            known[path] = files.keep(path, kept, known)
        except FileNotFoundError:
            known.pop(path, None)
        step()
    for _attempt in range(SNAPSHOTS):
        manifest, named, at = _database(kept, workspace, step)
        found, missing = _files(kept, known, named)
        if not (missing and _were_deleted(missing)):
            break
    else:
        raise BackupError("Pictures come and go faster than they can be backed up: try again.")
    name = _next_name(kept, at)
    manifest["number"] = int(name[:6])
    manifest["files"] = [[one.path, one.size, one.digest, one.seen] for one in found]
    manifest["missing"] = missing
    needed = {
        kept.name_of(digest, compressed=True) for table in manifest["tables"] for digest, _ in table["chunks"]
    }
    needed |= {kept.name_of(one.digest, compressed=False) for one in found}
    manifest["objects"] = {one: [kept.known[one].size, kept.known[one].sha256] for one in sorted(needed)}
    kept.seal(name, manifest)
    progress(step.total, step.total)
    return Made(
        name=name, at=at, tables=len(manifest["tables"]), rows=sum(one["rows"] for one in manifest["tables"]),
        files=len(found), missing=missing,
        size=repository.total(kept.known[one] for one in needed),
        new=repository.total(kept.known[one] for one in needed - there),
    )  # fmt: skip


class _Steps:
    def __init__(self, progress: Progress, total: int) -> None:
        self.progress, self.total, self.done = progress, max(total, 1), 0

    def __call__(self) -> None:
        self.done += 1
        self.progress(min(self.done, self.total - 1), self.total)


def _workspace() -> Path:
    """For the copy of a database, which is as secret as the database: it stays on its disk."""
    folder = Path(settings.DATA_DIR) / "backup"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _last(kept: Repository) -> tuple[dict[str, File], int | None]:
    """The files of the last backup by their paths, and the length of its rows; none where there is no last one."""
    if kept.last is None:
        return {}, None
    found = {path: File(path, size, digest, seen) for path, size, digest, seen in kept.last["files"]}
    return found, int(kept.last["length"])


def _database(
    kept: Repository, workspace: Path, step: Callable[[], None]
) -> tuple[dict[str, Any], list[str], datetime]:
    """Keep the rows. Returns the manifest so far, the files that the rows name, and the moment."""
    migrations = snapshot.migrated()
    tables: list[dict[str, Any]] = []
    named: list[str] = []
    removed: list[str] = []
    length = 0
    with snapshot.taken(workspace) as taken:
        at = timezone.now()
        kinds = snapshot.tables_of(migrations)
        for table in kinds:
            chunks = []
            for content, number in rows.chunks_of(taken.lines(table)):
                chunks.append([kept.put_rows(content), number])
                length += len(content)
                step()
                if table.name == _PICTURES:
                    named += _named(table, content)
                elif table.name == _EVENTS:
                    removed += removals.in_rows(table, content)
            tables.append(
                {
                    "name": table.name, "columns": list(zip(table.columns, table.kinds, strict=True)),
                    "rows": sum(number for _, number in chunks), "chunks": chunks,
                }
            )  # fmt: skip
        sequences = taken.sequences(kinds)
    if snapshot.migrated() != migrations:
        raise BackupError("The database is being migrated: make the backup when that has ended.")
    manifest = {
        "format": repository.FORMAT, "at": at.isoformat(), "database": connection.vendor, "migrations": migrations,
        "secret_key": fingerprint(settings.SECRET_KEY), "length": length, "tables": tables, "sequences": sequences,
        repository.REMOVALS: sorted(set(removed)),
    }  # fmt: skip
    return manifest, named, at


def _named(table: snapshot.Table, content: bytes) -> Iterator[str]:
    digest, width = table.columns.index("digest"), table.columns.index("width")
    for line in content.splitlines(keepends=True):
        row = rows.row_of(line, table.kinds)
        yield from files.of_picture(str(row[digest]), int(str(row[width])))


def _files(kept: Repository, known: dict[str, File], named: list[str]) -> tuple[list[File], list[str]]:
    """The files of the snapshot, and the paths of those that are nowhere: of pictures, those that a row names, and of everything
    else what is there now. A file that a row names is in the backup, though it was deleted after the snapshot."""
    found, missing, of_rows = {}, [], set(named)
    there = list(files.paths_in())
    _demand_files(there, wanted=bool(named))
    for path in {*named, *(one for one in there if not files.is_of_pictures(one))}:
        try:
            found[path] = known[path] = files.keep(path, kept, known)
        except FileNotFoundError:
            if path in of_rows and path in known:
                found[path] = known[path]
            elif path in of_rows:
                missing.append(path)
    return [found[path] for path in sorted(found)], sorted(missing)


def _demand_files(there: list[str], *, wanted: bool) -> None:
    """A disk that is not mounted looks like an empty folder: that is no newsroom whose pictures were all deleted."""
    if wanted and not there:
        raise BackupError(
            "Not one of the newsroom's files is in its storage, so nothing was backed up: is its disk there? The backups before are whole."
        )


def _were_deleted(missing: list[str]) -> bool:
    """Whether a picture was taken out of the library between the snapshot and now, without ever having been seen. Else its files
    are missing on the site itself."""
    there = {
        path
        for digest, width in Picture.objects.values_list("digest", "width")
        for path in files.of_picture(digest, width)
    }
    return not there.issuperset(missing)


def fingerprint(key: str) -> str:
    """By which a secret key is known again, and nothing else."""
    return hmac.new(key.encode(), b"newsroom backup", sha256).hexdigest()[:32]


def _next_name(kept: Repository, at: datetime) -> str:
    number = max((int(one[:6]) for one in kept.sets()), default=0) + 1
    return f"{number:06}-{at.astimezone(UTC):%Y-%m-%dT%H%M%SZ}"


# ------------------------------------------------------------------ the disk


def _demand_space(
    kept: Repository, paths: list[str], before: dict[str, File], *, workspace: Path, begun: bool
) -> None:
    """Ask for enough disk space first: it is better to know in the evening."""
    new = 0
    for path in paths:
        try:
            if not (path in before and before[path].seen == files.look(path)):
                new += int(files.look(path).split()[0])
        except FileNotFoundError:
            continue
    # Rows are compressed, without indexes: a half of the database at the most. Later most of them are there.
    size = _database_size()
    wanted = {kept.folder: new + size // (10 if begun else 2) + SPARE}
    if connection.vendor == "sqlite":
        wanted[workspace] = size + SPARE
    for folder, need in wanted.items():
        free = shutil.disk_usage(folder).free
        if free < need:
            raise BackupError(
                f"The backup needs about {need // MEGABYTE + 1} MB in {folder}, where {free // MEGABYTE} MB are free: "
                "make room, or keep fewer backups (--keep)."
            )


def _database_size() -> int:
    if connection.vendor == "sqlite":
        name = str(connection.settings_dict["NAME"])
        return os.path.getsize(name) if os.path.exists(name) else 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])


@contextmanager
def _explained(folder: Path) -> Iterator[None]:
    """What the system refuses, in words."""
    try:
        yield
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise BackupError(
                f"The disk is full, so this backup was not finished; those before it are whole. Make room, for instance in {folder}, "
                "and run it again: it goes on where it was."
            ) from error
        raise BackupError(
            f"The backup was not finished: {error.filename or folder}: {error.strerror or error}. Those before it are whole."
        ) from error
