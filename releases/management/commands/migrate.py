"""Django's `migrate`, one process at a time: another waits, and then finds nothing to do. At its end the forms are rendered
that a migration has emptied, since migrations contain none of the code that renders; and releases are counted by the months
of the newsroom's clock, where that is another one now."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.files import locks
from django.core.management.commands.migrate import Command as Migrate
from django.db import DEFAULT_DB_ALIAS, connections, transaction
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


class Command(Migrate):
    """As Django's."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Wait for the turn, then look what there is to do."""
        if options["plan"] or options["check_unapplied"]:
            super().handle(*args, **options)
            return
        with alone(options["database"]):
            super().handle(*args, **options)
            if options["database"] == DEFAULT_DB_ALIAS and not options["app_label"]:
                rebuild_forms(missing=True, progress=bar(self.stderr))
                if not counts_are_kept():
                    # A clock in another zone shows other dates, on any page.
                    with transaction.atomic(), public_change(everywhere=True, at=timezone.now()):
                        rebuild_counts()


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
