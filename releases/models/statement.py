"""Queries that Django writes once. For it to write one takes ten times as long as for the database to answer it."""

import json
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Model, QuerySet

Of = TypeVar("Of", bound=Model)
Row = TypeVar("Row")
Value = str | int | datetime | Sequence[int]


class Statement(Generic[Of, Row]):
    """A query of which only the values change; `rows` gives what the queryset would give, models or values.

    `make` gives the queryset for values that stand for the real ones: each of another type, or unlike everything else in
    the query. They are found again among its parameters. A list of keys has to stand in one parameter (`IdList`).
    """

    def __init__(self, make: Callable[..., QuerySet[Of, Row]], **stand_ins: Value) -> None:
        self._make, self._stand_ins = make, stand_ins
        self._written: dict[str, _Written] = {}

    def rows(self, values: Mapping[str, Value]) -> list[Row]:
        """The rows for these values, which go by the names of the stand-ins."""
        written = self._written.get(connection.vendor)
        if written is None:
            written = self._written[connection.vendor] = _Written(
                self._make(**self._stand_ins), self._stand_ins
            )
        return written.rows(values)


class _Written:
    """A query as one database understands it."""

    def __init__(self, queryset: QuerySet[Any, Any], stand_ins: Mapping[str, Value]) -> None:
        self.queryset = queryset
        self.compiler = queryset.query.get_compiler(using=DEFAULT_DB_ALIAS)
        self.statement, params = self.compiler.as_sql()
        names = {repr(_adapted(value)): name for name, value in stand_ins.items()}
        self.params = [(names.get(repr(param)), param) for param in params]
        if missing := set(stand_ins) - {name for name, _ in self.params}:
            raise ValueError(f"The query does not ask for {', '.join(sorted(missing))}.")

    def rows(self, values: Mapping[str, Value]) -> list[Any]:
        params = [param if name is None else _adapted(values[name]) for name, param in self.params]
        compiler = copy(self.compiler)
        compiler.connection = connection  # this thread's
        vars(compiler)["as_sql"] = lambda *args, **kwargs: (self.statement, params)
        found = self.queryset.all()
        vars(found.query)["get_compiler"] = lambda *args, **kwargs: compiler
        return list(found)


def _adapted(value: Value) -> object:
    """As the database takes it; a list of keys as `IdList` hands it over."""
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, str | int):
        return value
    return json.dumps(list(value)) if connection.vendor == "sqlite" else list(value)
