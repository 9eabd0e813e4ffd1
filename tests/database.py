"""The database that tests find: migrated once for this code, copied for each process, and brought back after a test that commits.

Migrating takes seconds, and a copy of what was migrated milliseconds. What the copy is made of is known by the code that it was
migrated by, so that other migrations or models, and another Django, migrate anew.
"""

import fcntl
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
import sysconfig
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path

import django
from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / ".pytest_cache" / "databases"
KEPT_FOR = 24 * 60 * 60  # seconds: another run may still be reading what older code has migrated
PREFIX = "newsroom_migrated_"
# What decides on the tables and on the rows in them: migrations; models, for which permissions are written; what runs with them.
DECISIVE = ("migrations/*.py", "models.py", "models/*.py", "apps.py", "settings.py", "environment.py", "commands/migrate.py", "counts.py", "editions.py")  # fmt: skip
# On PostgreSQL: by table what migrations wrote, as COPY writes it; by sequence the last number.
_rows: dict[str, bytes] = {}
_numbers: dict[str, int] = {}


@cache
def code() -> str:
    """A name for whatever migrating depends on: migrations and models, of the site and of what is installed."""
    found = hashlib.sha256(f"{sys.version} {sqlite3.sqlite_version} {django.__version__}".encode())
    found.update(str(Path(sysconfig.get_paths()["purelib"]).stat().st_mtime_ns).encode())
    found.update(f"{settings.LANGUAGES} {settings.TIME_ZONE}".encode())
    packages = (ROOT / "newsroom", ROOT / "releases")
    files = {file for one in packages for pattern in DECISIVE for file in one.rglob(pattern)}
    files.add(ROOT / "tests" / "settings.py")
    for file in sorted(files):
        found.update(f"\0{file.relative_to(ROOT)}\0".encode() + file.read_bytes())
    return found.hexdigest()[:16]


def create() -> None:
    """The tests' database, as migrations leave it; `connection` leads there from now on."""
    name = connection.creation._get_test_db_name()
    connection.close()
    if connection.vendor == "sqlite":
        for old in Path(name).parent.glob(f"{Path(name).name}*"):
            old.unlink()
        shutil.copy(migrated_file(), name)
    else:
        made = _migrated_database()
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{made}"')
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name
    if connection.vendor == "postgresql":
        _remember_rows()


def remove() -> None:
    """After the last test."""
    name = connection.settings_dict["NAME"]
    connection.close()
    if connection.vendor == "sqlite":
        for file in Path(name).parent.glob(f"{Path(name).name}*"):
            file.unlink()
    else:
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def bring_back() -> None:
    """The tests' database as migrations left it, whatever was committed since."""
    connection.ensure_connection()
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(migrated_file())) as source:
            source.backup(connection.connection, sleep=0.01)
    else:
        _bring_back_rows()


@cache
def migrated_file() -> Path:
    """A file of SQLite that has been migrated, to copy and not to write to."""
    file = FOLDER / f"{code()}.sqlite3"
    with _alone():
        if not file.exists():
            for old in FOLDER.glob("*.sqlite3*"):
                if old.stat().st_mtime < time.time() - KEPT_FOR:
                    old.unlink()
            begun = FOLDER / "begun.sqlite3"
            begun.unlink(missing_ok=True)
            _migrate(f"sqlite:///{begun}")
            begun.rename(file)
    return file


def _migrated_database() -> str:
    """The same on PostgreSQL: the name of a database."""
    name = PREFIX + code()
    with _alone(), connection._nodb_cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{PREFIX}%"])
        there = {one for (one,) in cursor.fetchall()}
        if name not in there:
            for old in there | {f"{PREFIX}begun"}:
                cursor.execute(f'DROP DATABASE IF EXISTS "{old}"')
            cursor.execute(f'CREATE DATABASE "{PREFIX}begun"')
            server, _slash, _name = os.environ["DATABASE_URL"].rpartition("/")
            _migrate(f"{server}/{PREFIX}begun")
            cursor.execute(f'ALTER DATABASE "{PREFIX}begun" RENAME TO "{name}"')
    return name


def _migrate(url: str) -> None:
    environment = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    command = [sys.executable, "manage.py", "migrate", "--run-syncdb", "--verbosity", "0"]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, timeout=300)


@contextmanager
def _alone() -> Iterator[None]:
    """One process migrates, the others wait for it."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _remember_rows() -> None:
    with connection.cursor() as cursor:
        for name in connection.introspection.table_names(cursor):
            with cursor.copy(f'COPY "{name}" TO STDOUT') as copy:
                _rows[name] = b"".join(bytes(one) for one in copy)
        cursor.execute("SELECT sequencename, last_value FROM pg_sequences WHERE last_value IS NOT NULL")
        _numbers.update(cursor.fetchall())


def _bring_back_rows() -> None:
    """Empties what is not empty, and writes what migrations had written. No trigger runs: the guards refuse such things."""
    first = {name: rows for name, rows in _rows.items() if rows}
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"(SELECT '{name}' FROM \"{name}\" LIMIT 1)" for name in _rows))
        written = {name for (name,) in cursor.fetchall()} | first.keys()
        cursor.execute("SET session_replication_role = replica")
        names = ", ".join(f'"{name}"' for name in sorted(written))
        cursor.execute(f"TRUNCATE {names} RESTART IDENTITY CASCADE")
        for name, rows in first.items():
            with cursor.copy(f'COPY "{name}" FROM STDIN') as copy:
                copy.write(rows)
        for name, number in _numbers.items():
            cursor.execute("SELECT setval(%s, %s)", [name, number])
        cursor.execute("SET session_replication_role = DEFAULT")
