"""The empty place that a backup is restored into, and its rows loaded there, on either database."""

import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import IO, Any, cast

from django.conf import settings
from django.db import DatabaseError, connection, transaction

from newsroom.locks import hold
from newsroom.safety.backup import files, rows
from newsroom.safety.backup.errors import BackupError, Busy
from newsroom.safety.backup.repository import Repository, sync_folder
from newsroom.safety.backup.snapshot import LEFT_OUT, Table, opened, quoted

# A table that stands in a PostgreSQL database as long as a restoration into it is not at its end.
MARK = "newsroom_restoring"
READY = "ready"
FILE_SYSTEM = "django.core.files.storage.FileSystemStorage"
IN_MEMORY = 16 * 1024 * 1024
SIDES = ("-wal", "-shm", "-journal")

# ------------------------------------------------------------------ the place


@dataclass(frozen=True)
class Place:
    """Where a backup is being restored. `file` says which one, and whether its database was ready to take its name."""

    file: IO[str]
    was_ready: bool

    @contextmanager
    def database(self) -> Iterator[bool]:
        """Make the default connection one to a database without tables. What is done in it counts as a whole, at the end. Gives False
        where a run that was killed had come to that end. Raises `BackupError` where somebody has made a database meanwhile."""
        with (
            _sqlite_database(self) if connection.vendor == "sqlite" else _postgresql_database(self) as wanted
        ):
            yield wanted

    def note(self, line: str) -> None:
        """Write it down, on the disk."""
        self.file.write(f"{line}\n")
        self.file.flush()
        os.fsync(self.file.fileno())


@contextmanager
def place(name: str) -> Iterator[Place]:
    """The place that the settings name, for the backup of this name. Raises `BackupError` unless it is empty, or holds what a run for
    the same backup left when it was killed."""
    data = Path(settings.DATA_DIR)
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    mark = data / "restoring"
    with open(mark, "a+") as file:
        hold(file, Busy(f"Another process is restoring into {data}: wait until it has ended."))
        file.seek(0)
        begun, ready = [*file.read().splitlines(), "", ""][:2]
        here = Place(file, was_ready=ready == READY)
        if begun and begun != name:
            raise BackupError(
                f"{data} holds a half of the backup {begun}. Finish that one (--set {begun}), or empty the place and remove {mark}."
            )
        if not begun:
            try:
                _demand_no_database()
                _demand_no_files()
            except BackupError:
                mark.unlink()
                raise
            here.note(name)
            sync_folder(data)
        yield here
        mark.unlink()


def _demand_no_database() -> None:
    if connection.vendor == "sqlite":
        path = Path(str(connection.settings_dict["NAME"]))
        sides = [one for one in (path.with_name(path.name + side) for side in SIDES) if one.exists()]
        if (path.exists() and path.stat().st_size) or sides:
            there = [one for one in (path, *sides) if one.exists()]
            move = " && ".join(f"mv {one} {one}.before" for one in there)
            raise BackupError(
                f"There is a database already, and nothing is ever restored over one. Stop the site, move it away ({move}), and run "
                "this again."
            )
    elif names := connection.introspection.table_names():
        raise BackupError(
            f"The database holds tables already ({', '.join(sorted(names)[:3])} …), and nothing is ever restored over them. Stop the "
            "site, make an empty database (createdb), name it in DATABASE_URL, and run this again."
        )


def _demand_no_files() -> None:
    if not (first := next(files.paths_in(), None)):
        return
    if settings.STORAGES["default"]["BACKEND"] == FILE_SYSTEM:
        raise BackupError(
            f"There are files already, such as {first}, and nothing is ever restored over them. Stop the site, move them away "
            f"(mv {settings.MEDIA_ROOT} {settings.MEDIA_ROOT}.before), and run this again."
        )
    raise BackupError(
        f"The storage holds files already, such as {first}, and nothing is ever restored over them. Name an empty bucket, or another folder "
        "of the same, in STORAGE_URL, and run this again."
    )


@contextmanager
def _sqlite_database(here: Place) -> Iterator[bool]:
    """Under a name of its own until all is in it."""
    path = Path(str(connection.settings_dict["NAME"]))
    if here.was_ready and path.exists() and path.stat().st_size:
        yield False
        return
    _demand_no_database()
    new = path.with_name(f"{path.name}.restoring")
    for one in (new, *(new.with_name(new.name + side) for side in SIDES)):
        one.unlink(missing_ok=True)
    connection.close()
    connection.settings_dict["NAME"] = str(new)
    try:
        yield True
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA integrity_check(1)")
            if (said := cursor.fetchone()[0]) != "ok":
                raise BackupError(f"The restored database is damaged ({said}): look at the disk.")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        here.note(READY)
        new.replace(path)
        sync_folder(path.parent)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = str(path)
        new.with_name(f"{new.name}.migrating").unlink(missing_ok=True)


@contextmanager
def _postgresql_database(here: Place) -> Iterator[bool]:
    """Marked until all is in it; what a run left that was killed before goes first."""
    with connection.cursor() as cursor:
        names = connection.introspection.table_names(cursor)
        if MARK not in names:
            if here.was_ready and names:
                yield False
                return
            _demand_no_database()
        cursor.execute(f"CREATE TABLE IF NOT EXISTS {MARK} ()")
        for name in set(names) - {MARK}:
            cursor.execute(f"DROP TABLE IF EXISTS {quoted(name)} CASCADE")
        # Of the triggers; nobody else's functions stand in a database that was empty, but for those of extensions.
        cursor.execute(
            "SELECT p.oid::regprocedure::text FROM pg_proc p WHERE p.pronamespace = current_schema()::regnamespace "
            "AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')"
        )
        for (function,) in cursor.fetchall():
            cursor.execute(f"DROP FUNCTION {function} CASCADE")
    yield True
    here.note(READY)
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {MARK}")


# ------------------------------------------------------------------ rows


def load_rows(
    kept: Repository,
    said: list[dict[str, Any]],
    tables: list[Table],
    step: Callable[[], None],
    *,
    as_values: bool,
) -> list[int]:
    """Put every row in the place of those that the migrations have made, in one transaction. Returns the sum (`sum_of`) of each table.
    Raises `BackupError` where this database refuses a value that another one took."""
    sums = []
    with transaction.atomic(), connection.cursor() as cursor, _no_triggers(cursor, tables):
        there = LEFT_OUT.intersection(connection.introspection.table_names(cursor))
        for name in [*(table.name for table in tables), *there]:
            cursor.execute(f"DELETE FROM {quoted(name)}")  # noqa: S608  names of our own models
        for table, one in zip(tables, said, strict=True):
            total = 0
            for digest, _number in one["chunks"]:
                content = kept.rows(digest)
                lines = [line + b"\n" for line in content.split(b"\n")[:-1]]
                total += sum_of(lines, table, as_values=as_values)
                try:
                    _insert(cursor, table, content, lines)
                except (DatabaseError, ValueError) as error:
                    raise BackupError(
                        f"This database does not take a row of {table.name}: {str(error).partition(chr(10))[0]}"
                    ) from error
                step()
            sums.append(total % 2**256)
    return sums


def _insert(cursor: Any, table: Table, content: bytes, lines: Iterable[bytes]) -> None:
    if connection.vendor == "postgresql":
        with cursor.copy(f"COPY {quoted(table.name)} ({table.quoted_columns}) FROM STDIN") as copy:
            copy.write(content)
        return
    marks = ", ".join(["%s"] * len(table.columns))
    cursor.executemany(
        f"INSERT INTO {quoted(table.name)} ({table.quoted_columns}) VALUES ({marks})",  # noqa: S608  likewise
        (rows.row_of(line, table.kinds) for line in lines),
    )


def sum_of(lines: Iterable[bytes], table: Table, *, as_values: bool) -> int:
    """A number that is the same for the same rows in whatever order. `as_values`: however a database writes its JSON."""
    total = 0
    for line in lines:
        if as_values:
            line = rows.comparable(line, table.kinds)
        total += int.from_bytes(sha256(line).digest(), "big")
    return total % 2**256


@contextmanager
def _no_triggers(cursor: Any, tables: list[Table]) -> Iterator[None]:
    """The guards refuse rows that come into being frozen, and the search's triggers would index row by row. On SQLite the
    indexes that they keep are made anew."""
    if connection.vendor == "postgresql":
        cursor.execute("SET LOCAL TimeZone = 'UTC'")
        for table in tables:
            cursor.execute(f"ALTER TABLE {quoted(table.name)} DISABLE TRIGGER USER")
        yield
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            cursor.execute(f"ALTER TABLE {quoted(table.name)} ENABLE TRIGGER USER")
        return
    cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY rowid")
    triggers = cursor.fetchall()
    for name, _sql in triggers:
        cursor.execute(f"DROP TRIGGER {quoted(name)}")
    yield
    for _name, sql in triggers:
        cursor.execute(sql, None)
    cursor.execute("SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE%fts5%'", None)
    for (name,) in cursor.fetchall():
        cursor.execute(f"INSERT INTO {quoted(name)}({quoted(name)}) VALUES ('rebuild')", None)  # noqa: S608  likewise


def set_sequences(tables: list[Table], sequences: dict[str, int]) -> None:
    """No number is given twice, not even one whose row is gone."""
    with transaction.atomic(), connection.cursor() as cursor:
        for table in tables:
            last = sequences.get(table.name, 0)
            if connection.vendor == "postgresql":
                cursor.execute(
                    "SELECT setval(pg_get_serial_sequence(%s, %s), %s, %s)",
                    [quoted(table.name), table.columns[0], max(last, 1), last > 0],
                )
                continue
            cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table.name])
            if table.name in sequences:
                cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table.name, last])


def demand_the_same(tables: list[Table], sums: list[int], *, as_values: bool) -> None:
    """Read every row again and compare."""
    with opened() as taken:
        for table, total in zip(tables, sums, strict=True):
            if sum_of(taken.lines(table), table, as_values=as_values) != total:
                raise BackupError(f"The rows of {table.name} are not those of the backup.")


@contextmanager
def spooled(pieces: Iterable[bytes]) -> Iterator[IO[bytes]]:
    """What the pieces say, once all of them have come."""
    with tempfile.SpooledTemporaryFile(IN_MEMORY, dir=str(settings.DATA_DIR)) as file:
        for piece in pieces:
            file.write(piece)
        file.seek(0)
        yield cast(IO[bytes], file)
