"""Queries of the inverted index of each database (`SearchEntry` in `releases.models.release`)."""

import json
from array import array
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, cast

from django.db import connection, transaction
from django.db.models import Aggregate, TextField
from django.db.models.expressions import RawSQL

from releases.search.query import Clause, Expression, Term

# A sequential scan would unpack the lexemes of every row, a cost that the planner does not count. JIT compilation takes
# longer than any of these statements.
_INDEX_ALONE = "SET LOCAL enable_seqscan = off; SET LOCAL jit = off;"


@dataclass(frozen=True)
class IndexQuery:
    """Which rows have all terms of `expression`, and each string of `contains` in their sequence?"""

    expression: Expression
    contains: tuple[str, ...] = ()

    @classmethod
    def for_clause(cls, clause: Clause) -> "IndexQuery":
        """The query of one clause."""
        return cls(clause.expression(), (clause.contains,) if clause.contains else ())


def matching_ids(queries: Sequence[IndexQuery]) -> list[Sequence[int]]:
    """For each query the ids of its rows, in no order, all in one statement."""
    if not queries:
        return []
    write = _sqlite if connection.vendor == "sqlite" else _postgresql
    written = [write(query) for query in queries]
    statement = f"SELECT {', '.join(f'({sql})' for sql, _ in written)}"
    row = _row(statement, [param for _, params in written for param in params])
    return [unpack_ids(packed) for packed in row]


def _row(statement: str, params: list[str]) -> Sequence[object]:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(statement, params)
        else:
            # Statements sent together are one transaction, and the settings end with it: one round trip instead of four.
            cursor.execute(f"{_INDEX_ALONE} {statement}", params)
            while cursor.nextset():
                pass
        return cast(Sequence[object], cursor.fetchone())


def explain(query: IndexQuery) -> str:
    """The database's plan for a query, for the manual and for doubters."""
    if connection.vendor == "sqlite":
        sql, params = _sqlite(query)
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
            return "\n".join(str(row[3]) for row in cursor.fetchall())
    sql, params = _postgresql(query)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_INDEX_ALONE)
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS) {sql}", params)
        return "\n".join(str(row[0]) for row in cursor.fetchall())


def _sqlite(query: IndexQuery) -> tuple[str, list[str]]:
    params = [_expression(query.expression, " AND ", " OR ", _fts5)]
    if not query.contains:
        return "SELECT group_concat(rowid) FROM releases_search WHERE releases_search MATCH %s", params
    checks = "".join(" AND instr(e.sequence, %s) > 0" for _ in query.contains)
    return (
        "SELECT group_concat(e.id) FROM releases_search CROSS JOIN releases_searchentry e ON e.id = "  # noqa: S608
        f"releases_search.rowid WHERE releases_search MATCH %s{checks}"  # checks are constants as well
    ), [*params, *query.contains]


def _postgresql(query: IndexQuery) -> tuple[str, list[str]]:
    checks = "".join(" AND strpos(sequence, %s) > 0" for _ in query.contains)
    return (
        "SELECT string_agg(int8send(id), ''::bytea) FROM releases_searchentry "  # noqa: S608
        f"WHERE lexemes @@ %s::tsquery{checks}"  # checks are constants
    ), [_expression(query.expression, " & ", " | ", _tsquery), *query.contains]


def _unpack_sqlite(packed: object) -> Sequence[int]:
    return cast(list[int], json.loads(f"[{packed}]"))  # the fastest reader of numbers that Python has


def _unpack_postgresql(packed: object) -> Sequence[int]:
    ids = array("q")
    ids.frombytes(cast(bytes, packed))
    ids.byteswap()
    return ids


def _expression(expression: Expression, every: str, either: str, term: Callable[[Term], str]) -> str:
    return every.join(f"({either.join(term(one) for one in group)})" for group in expression)


def _fts5(term: Term) -> str:
    # Terms hold letters, digits, marks and the signs of `terms`: nothing needs escaping, and `test_engine` proves it.
    return f'"{term.text}"*' if term.prefix else f'"{term.text}"'


def _tsquery(term: Term) -> str:
    return f"'{term.text}':*" if term.prefix else f"'{term.text}'"


class IdList(RawSQL):
    """Ids as a subquery with one parameter: a list of a hundred thousand is too long for SQL."""

    def __init__(self, ids: Iterable[int]) -> None:
        ids = list(ids)
        if connection.vendor == "sqlite":
            super().__init__("SELECT value FROM json_each(%s)", (json.dumps(ids),))
        else:
            super().__init__("SELECT unnest(%s::bigint[])", (ids,))


class PackedIds(Aggregate):
    """All values of a column of ids in one value, which `unpack_ids` reads: no row for each of a hundred thousand."""

    output_field = TextField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Digits and commas."""
        return self.as_sql(compiler, connection, function="GROUP_CONCAT", **context)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Eight bytes each."""
        template = "STRING_AGG(INT8SEND(%(expressions)s), ''::bytea)"
        return self.as_sql(compiler, connection, template=template, **context)


def unpack_ids(packed: object) -> Sequence[int]:
    """The ids in a packed value."""
    if packed is None:
        return ()
    return _unpack_sqlite(packed) if connection.vendor == "sqlite" else _unpack_postgresql(packed)
