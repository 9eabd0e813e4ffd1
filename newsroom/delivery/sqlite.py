"""SQLite's connections where many threads have one each: a statement that failed lets go of its connection at once."""

import sqlite3
from collections.abc import Iterable
from typing import Any

from django.db.backends.sqlite3.base import SQLiteCursorWrapper


class Connection(sqlite3.Connection):
    """Its cursors close when their statement fails.

    An error keeps its cursor alive, in a cycle of frames that only the garbage collector undoes, in whatever thread that runs. To
    drop a cursor SQLite wants the lock of its connection. A thread that waits to write holds that lock all the while; if the
    thread that collects is the one that writes, both wait until `timeout`, and everybody else does.
    """

    def cursor(self, factory: Any = sqlite3.Cursor) -> Any:
        """As Django asks for it, or any other."""
        return super().cursor(_Cursor if factory is SQLiteCursorWrapper else factory)


class _Cursor(SQLiteCursorWrapper):
    def execute(self, query: Any, params: Any = None) -> Any:
        try:
            return super().execute(query, params)
        except sqlite3.Error:
            self.close()
            raise

    def executemany(self, query: Any, param_list: Iterable[Any]) -> Any:
        try:
            return super().executemany(query, param_list)
        except sqlite3.Error:
            self.close()
            raise
