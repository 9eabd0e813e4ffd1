"""The database as it stood at one moment, read while everybody goes on writing."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote

from django.apps.registry import Apps
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.migrations.loader import MigrationLoader
from django.db.models import Model

from newsroom.safety.backup import rows
from newsroom.safety.backup.errors import BackupError, Damaged

# Nobody stays signed in over a restoration: who holds an old cookie would be somebody again.
LEFT_OUT = frozenset({"django_session", "accounts_opensession"})
_MIGRATIONS = "django_migrations"


@dataclass(frozen=True)
class Table:
    """A table that is kept: its columns and their kinds (`rows.kind_of`), the key first."""

    name: str
    columns: tuple[str, ...]
    kinds: tuple[str, ...]

    @property
    def selection(self) -> str:
        """SQL for its rows by their key."""
        return f"SELECT {self.quoted_columns} FROM {quoted(self.name)} ORDER BY {quoted(self.columns[0])}"  # noqa: S608  names of our own models

    @property
    def quoted_columns(self) -> str:
        """Separated by commas."""
        return ", ".join(map(quoted, self.columns))


class Snapshot(Protocol):
    """What is read of it."""

    def lines(self, table: Table) -> Iterator[bytes]:
        """A table's rows, as `rows` describes them."""

    def sequences(self, tables: list[Table]) -> dict[str, int]:
        """The highest number that each table's key has ever had, by table, where the database counts it."""


def quoted(name: str) -> str:
    """A name in SQL, which both databases write in this way."""
    return '"{}"'.format(name.replace('"', '""'))


# ------------------------------------------------------------------ what there is to keep


def migrated() -> list[tuple[str, str]]:
    """The migrations that this database has run, by app and name. Raises `BackupError` where this code does not know one."""
    loader = MigrationLoader(connection)
    if unknown := sorted(set(loader.applied_migrations) - set(loader.disk_migrations or {})):
        raise BackupError(
            f"The database is of another version of the newsroom, which knows {'.'.join(unknown[0])}: back it up with that one."
        )
    return sorted(key for key in loader.applied_migrations if key in loader.graph.nodes)


def tables_of(migrations: list[tuple[str, str]]) -> list[Table]:
    """The tables that these migrations make, by name."""
    found = {}
    for model in models_of(migrations):
        table = model._meta.db_table
        if table not in LEFT_OUT:
            found[table] = _table(model)
    fields = (("id", rows.INTEGER), ("app", rows.TEXT), ("name", rows.TEXT), ("applied", rows.MOMENT))
    found[_MIGRATIONS] = Table(_MIGRATIONS, *zip(*fields, strict=True))
    return [found[name] for name in sorted(found)]


def models_of(migrations: list[tuple[str, str]]) -> list[type[Model]]:
    """The models as these migrations leave them, with those of many-to-many relations."""
    loader = MigrationLoader(connection, replace_migrations=True)
    apps: Apps = loader.project_state(migrations).apps
    every = apps.get_models(include_auto_created=True)
    return [model for model in every if model._meta.managed and not model._meta.proxy]


def _table(model: type[Model]) -> Table:
    fields = sorted(model._meta.concrete_fields, key=lambda field: not field.primary_key)
    return Table(
        model._meta.db_table,
        tuple(str(field.column) for field in fields),
        tuple(rows.kind_of(field) for field in fields),
    )


# ------------------------------------------------------------------ taken


@contextmanager
def taken(workspace: Path) -> Iterator[Snapshot]:
    """A snapshot of the site's database. `workspace` is a folder for a copy of it."""
    if connection.vendor == "sqlite":
        path = workspace / "snapshot.sqlite3"
        path.unlink(missing_ok=True)  # of a run that was killed
        try:
            _copy(Path(str(connection.settings_dict["NAME"])), path)
            with closing(sqlite3.connect(f"file:{quote(str(path))}?immutable=1", uri=True)) as copy:
                _demand_whole(copy)
                yield _SQLite(copy)
        finally:
            path.unlink(missing_ok=True)
        return
    with opened() as found:
        yield found


@contextmanager
def opened() -> Iterator[Snapshot]:
    """The database itself as it stands now, without a copy of it."""
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(str(connection.settings_dict["NAME"]))) as source:
            source.execute("BEGIN")
            yield _SQLite(source)
        return
    own = connections[DEFAULT_DB_ALIAS].copy()
    try:
        own.set_autocommit(False)
        with own.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            for name, value in (
                ("TimeZone", "UTC"), ("DateStyle", "ISO"), ("bytea_output", "hex"), ("statement_timeout", "0"),
                ("idle_in_transaction_session_timeout", "0"),
            ):  # fmt: skip
                cursor.execute(f"SET LOCAL {name} = '{value}'")
            cursor.execute("SELECT 1")  # the first query takes the snapshot
            yield _PostgreSQL(cursor)
    finally:
        own.close()


def _copy(name: Path, path: Path) -> None:
    """By SQLite's online backup, in one step: who writes meanwhile does not wait, and does not make it begin anew."""
    if not name.is_file():
        raise BackupError(f"There is no database {name}.")
    with closing(sqlite3.connect(name)) as source, closing(sqlite3.connect(path)) as copy:
        source.backup(copy)


def _demand_whole(copy: sqlite3.Connection) -> None:
    found = [row[0] for row in copy.execute("PRAGMA integrity_check(5)")]
    if found != ["ok"]:
        raise Damaged(
            f"The database itself is damaged, so it was not backed up ({found[0]}). Restore the last backup, and look at the disk."
        )


class _SQLite:
    def __init__(self, copy: sqlite3.Connection) -> None:
        self.copy = copy

    def lines(self, table: Table) -> Iterator[bytes]:
        for row in self.copy.execute(table.selection):
            yield rows.line_of(row, table.kinds)

    def sequences(self, tables: list[Table]) -> dict[str, int]:
        names = {one.name for one in tables}
        return {
            name: number
            for name, number in self.copy.execute("SELECT name, seq FROM sqlite_sequence ORDER BY name")
            if name in names
        }


class _PostgreSQL:
    def __init__(self, cursor: Any) -> None:
        self.cursor = cursor

    def lines(self, table: Table) -> Iterator[bytes]:
        with self.cursor.copy(f"COPY ({table.selection}) TO STDOUT") as copy:
            for line in copy:
                yield bytes(line)

    def sequences(self, tables: list[Table]) -> dict[str, int]:
        found = {}
        for table in tables:
            self.cursor.execute(
                "SELECT pg_sequence_last_value(pg_get_serial_sequence(%s, %s)::regclass)",
                [quoted(table.name), table.columns[0]],
            )
            if (last := self.cursor.fetchone()[0]) is not None:
                found[table.name] = last
        return found
