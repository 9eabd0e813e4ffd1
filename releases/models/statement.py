"""Queries that Django writes once. For it to write one takes ten times as long as for the database to answer it."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Model, QuerySet
from django.db.models.base import ModelState
from django.db.models.query import ModelIterable

from releases.databases import read_connection

Of = TypeVar("Of", bound=Model)
Row = TypeVar("Row")
Value = str | int | datetime | Sequence[int]


class Statement(Generic[Of, Row]):
    """A query of which only the values change; `rows` gives what the queryset would give, models or tuples of values.

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
    """A query as one database understands it, and how its rows are read."""

    def __init__(self, queryset: QuerySet[Any, Any], stand_ins: Mapping[str, Value]) -> None:
        compiler = queryset.query.get_compiler(using=DEFAULT_DB_ALIAS)
        self.statement, params = compiler.as_sql()
        known = [(name, _adapted(value)) for name, value in stand_ins.items()]
        # PostgreSQL's numbers are of a type of their own, which is a kind of Python's.
        self.params = [
            (
                next(
                    (name for name, value in known if isinstance(param, type(value)) and param == value), None
                ),
                param,
            )
            for param in params
        ]
        if missing := set(stand_ins) - {name for name, _ in self.params}:
            raise ValueError(f"The query does not ask for {', '.join(sorted(missing))}.")
        self.width = compiler.col_count
        found = compiler.get_converters([column[0] for column in compiler.select[: self.width]])
        self.converters = [(place, *found[place]) for place in found]
        is_of_models = issubclass(queryset._iterable_class, ModelIterable)
        self.maker = _Maker(compiler.klass_info, compiler.select) if is_of_models else None
        self.annotations = list((compiler.annotation_col_map or {}).items()) if is_of_models else []

    def rows(self, values: Mapping[str, Value]) -> list[Any]:
        adapted = {name: _adapted(value) for name, value in values.items()}  # some stand in ten places
        params: list[Any] = [param if name is None else adapted[name] for name, param in self.params]
        with read_connection().cursor() as cursor:
            cursor.execute(self.statement, params)
            # An inner ordering by what is not asked for adds columns.
            rows = [row[: self.width] for row in cursor.fetchall()]
        if self.converters:
            rows = [self._converted(row) for row in rows]
        return [self._model(row) for row in rows] if self.maker else rows

    def _model(self, row: Sequence[Any]) -> Model | None:
        found = self.maker.made(row) if self.maker else None
        for name, place in self.annotations:
            setattr(found, name, row[place])
        return found

    def _converted(self, row: Sequence[Any]) -> tuple[Any, ...]:
        found = list(row)
        for place, converters, expression in self.converters:
            for convert in converters:
                found[place] = convert(found[place], expression, connection)
        return tuple(found)


class _Maker:
    """Makes models of rows as a queryset does, which looks up anew each time which columns are whose, and asks for each field
    whether it was read. What was not is read when somebody asks for it, as there."""

    def __init__(self, info: Mapping[str, Any], select: Sequence[Any]) -> None:
        self.model: type[Model] = info["model"]
        if self.model.__init__ is not Model.__init__:
            raise ValueError(f"What {self.model.__name__}.__init__ does would not be done.")
        self.places: Sequence[int] = info["select_fields"]
        names = [select[place][0].target.attname for place in self.places]
        self.columns = list(zip(names, self.places, strict=True))
        self.key = self.places[names.index(self.model._meta.pk.attname)]
        self.related = [
            (_Maker(one, select), one["local_setter"], one["remote_setter"])
            for one in info.get("related_klass_infos", ())
        ]

    def made(self, row: Sequence[Any]) -> Model | None:
        """None where an outer join found nothing."""
        if row[self.key] is None:
            return None
        found = self.model.__new__(self.model)
        columns = vars(found)
        for name, place in self.columns:
            columns[name] = row[place]
        state = columns["_state"] = ModelState()
        state.adding, state.db = False, DEFAULT_DB_ALIAS
        for maker, set_here, set_there in self.related:
            other = maker.made(row)
            set_here(found, other)
            if other is not None:
                set_there(other, found)
        return found


def _adapted(value: Value) -> object:
    """As the database takes it; a list of keys as `IdList` hands it over."""
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, str | int):
        return value
    return json.dumps(list(value)) if connection.vendor == "sqlite" else list(value)
