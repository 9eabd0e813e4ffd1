"""Which database answers: the primary, or a replica for as long as a page for readers is made of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model

_read_from: ContextVar[str] = ContextVar("read_from", default=DEFAULT_DB_ALIAS)


@contextmanager
def reading_from(alias: str) -> Iterator[None]:
    """What is read within is read from this database, by querysets and by statements of our own. What is written, or read to be
    written, is never."""
    token = _read_from.set(alias)
    try:
        yield
    finally:
        _read_from.reset(token)


def read_connection() -> BaseDatabaseWrapper:
    """Where a statement of our own that reads is executed."""
    return connections[_read_from.get()]


class Router:
    """Django's question for a database. It is only asked where there are replicas."""

    def db_for_read(self, model: type[Model], **hints: object) -> str:
        """The one that this request reads from."""
        return _read_from.get()

    def db_for_write(self, model: type[Model], **hints: object) -> str:
        """Also of rows that are locked (`select_for_update`) or made where they are missing."""
        return DEFAULT_DB_ALIAS

    def allow_relation(self, one: Model, other: Model, **hints: object) -> bool:
        """A row of a replica is the primary's."""
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: object) -> bool:
        """A replica gets its tables from the primary."""
        return db == DEFAULT_DB_ALIAS
