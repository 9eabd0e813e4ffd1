"""Django's `migrate`, one process at a time: another waits, and then finds nothing to do. On a server that is at work it waits
for no table long, since everybody else would wait behind it. At its end the forms are rendered that a migration has emptied,
since migrations contain none of the code that renders; and releases are counted by the months of the newsroom's clock, where
that is another one now."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files import locks
from django.core.management.base import CommandParser
from django.core.management.commands.migrate import Command as Migrate
from django.db import DEFAULT_DB_ALIAS, InterfaceError, OperationalError, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.sqlite3.base import DatabaseWrapper as SQLite
from django.utils import timezone

from releases.counts import counts_are_kept, rebuild_counts
from releases.management import bar
from releases.workflow.public_change import public_change
from releases.workflow.words import rebuild_forms

# Any number that nothing else locks by.
KEY = 7_205_759_403_792_793
INTERVAL = 0.2  # seconds
# A change of a table that waits for its lock holds up whoever comes after it. So it waits no longer than this, and tries again.
LOCK_TIMEOUT = 2.0  # seconds
TRIES, LONGEST_REST = 20, 15.0
LOCK_NOT_AVAILABLE, DEADLOCK = "55P03", "40P01"


class Command(Migrate):
    """As Django's, and `--lock-timeout`."""

    def add_arguments(self, parser: CommandParser) -> None:
        """One more."""
        super().add_arguments(parser)
        parser.add_argument(
            "--lock-timeout",
            type=float,
            default=LOCK_TIMEOUT,
            help=f"seconds that a change waits for a table of PostgreSQL before it lets others go first and tries again "
            f"(by default {LOCK_TIMEOUT:g}; 0: as long as it takes)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Wait for the turn, then look what there is to do."""
        if options["plan"] or options["check_unapplied"]:
            super().handle(*args, **options)
            return
        if options["database"] == DEFAULT_DB_ALIAS:
            go_direct()
        with alone(options["database"]):
            self._migrate(*args, **options)
            if options["database"] == DEFAULT_DB_ALIAS and not options["app_label"]:
                rebuild_forms(missing=True, progress=bar(self.stderr))
                if not counts_are_kept():
                    # A clock in another zone shows other dates, on any page.
                    with transaction.atomic(), public_change(everywhere=True, at=timezone.now()):
                        rebuild_counts()

    def _migrate(self, *args: Any, **options: Any) -> None:
        """What was done stays done, so that another try goes on from there."""
        connection, seconds = connections[options["database"]], options["lock_timeout"]
        for tries in range(1, TRIES + 1):
            try:
                with lock_timeout(connection, seconds):
                    super().handle(*args, **options)
                return
            except OperationalError as error:
                state = getattr(error.__cause__, "sqlstate", None)
                if state not in {LOCK_NOT_AVAILABLE, DEADLOCK} or tries == TRIES:
                    raise
                rest = min(2.0 ** (tries - 1), LONGEST_REST)
                self.stderr.write(f"A table is in use; trying again in {rest:g} s ({tries} of {TRIES}).")
                time.sleep(rest)


def go_direct() -> None:
    """To the server itself, where DATABASE_URL leads to a pooler: there no session is one's own, and so no timeout."""
    if settings.DATABASE_DIRECT:
        connection = connections[DEFAULT_DB_ALIAS]
        connection.close()
        names = ("NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS")
        connection.settings_dict.update({name: settings.DATABASE_DIRECT.get(name, "") for name in names})


@contextmanager
def lock_timeout(connection: BaseDatabaseWrapper, seconds: float) -> Iterator[None]:
    """For all that this connection does within. Not by a pooler, which would hand the setting on to others."""
    through_a_pooler = settings.DATABASE_POOLER and not settings.DATABASE_DIRECT
    if connection.vendor != "postgresql" or through_a_pooler or not seconds:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        (before,) = cursor.fetchone()
        cursor.execute("SELECT set_config('lock_timeout', %s, false)", [f"{seconds * 1000:.0f}ms"])
    try:
        yield
    finally:
        if not connection.needs_rollback:
            with suppress(OperationalError, InterfaceError), connection.cursor() as cursor:
                cursor.execute("SELECT set_config('lock_timeout', %s, false)", [before])


def _is_locked(lock: BaseDatabaseWrapper) -> bool:
    """Asked again and again. Who waited inside one statement would hold a snapshot meanwhile; an index that is built beside
    the running site (CONCURRENTLY) waits for the end of every snapshot, and so each would wait for the other."""
    with lock.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [KEY])
        return bool(cursor.fetchone()[0])


@contextmanager
def alone(alias: str) -> Iterator[None]:
    """Hold the one lock of a database's migrations; it ends with the process that holds it, however that ends."""
    connection = connections[alias]
    if connection.vendor == "postgresql":
        # In a transaction of its own connection: poolers hand the next statement outside of one to another session.
        lock = connection.copy()
        try:
            lock.set_autocommit(False)
            while not _is_locked(lock):
                lock.rollback()
                time.sleep(INTERVAL)
            yield
        finally:
            lock.close()
    elif isinstance(connection, SQLite) and not connection.is_in_memory_db():
        # Before the file is opened: who makes it switches it to WAL, which does not wait for its turn.
        name = Path(str(connection.settings_dict["NAME"]))
        with name.with_name(f"{name.name}.migrating").open("w") as file:
            locks.lock(file, locks.LOCK_EX)
            yield
    else:
        yield
