"""Rows that come as a list with the row that they belong to, in the same query."""

import json
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Aggregate, JSONField
from django.db.models.sql.compiler import SQLCompiler


class JSONList(Aggregate):
    """The values of a group as one JSON list, for a subquery; `read_list` reads it."""

    function = "JSONB_AGG"
    output_field = JSONField()

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra_context: Any
    ) -> tuple[str, tuple[str | int, ...]]:
        """SQLite's own name for it."""
        return super().as_sql(compiler, connection, function="JSON_GROUP_ARRAY", **extra_context)


def read_list(found: Any) -> list[Any]:
    """The list of an annotation: SQLite hands it over as text, and where there is no row there is none."""
    return list(json.loads(found) if isinstance(found, str) else found or ())


def read_object(found: Any) -> dict[str, Any]:
    """A JSON column within such a list: SQLite writes it as text once more."""
    return dict(json.loads(found) if isinstance(found, str) else found)
