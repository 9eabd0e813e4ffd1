"""The one question that the inverted index of each database is asked (`models.search` lays it)."""

import json
from array import array
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import Aggregate, TextField
from django.db.models.expressions import RawSQL

from releases.search.query import Clause, Expression, Term

# A sequential scan would unpack every row's lexemes, which the planner takes for free; compiling takes longer than any of
# these statements.
_INDEX_ALONE = "SET LOCAL enable_seqscan = off; SET LOCAL jit = off;"


@dataclass(frozen=True)
class Question:
    """Which rows have all terms of `expression`, and each string of `contains` in their sequence?"""

    expression: Expression
    contains: tuple[str, ...] = ()

    @classmethod
    def of(cls, clause: Clause) -> "Question":
        """The question that a clause asks."""
        return cls(clause.expression(), (clause.contains,) if clause.contains else ())


def ids(questions: Sequence[Question]) -> list[Sequence[int]]:
    """For each question the ids of its rows, in no order, all in one statement."""
    if not questions:
        return []
    ask = _ask_sqlite if connection.vendor == "sqlite" else _ask_postgresql
    asked = [ask(question) for question in questions]
    statement = f"SELECT {', '.join(f'({sql})' for sql, _ in asked)}"
    row = _row(statement, [one for _, params in asked for one in params])
    return [unpacked(found) for found in row]


def _row(statement: str, params: list[str]) -> Sequence[object]:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(statement, params)
        else:
            # Statements sent together are a transaction, to whose end alone the settings last; one way instead of four.
            cursor.execute(f"{_INDEX_ALONE} {statement}", params)
            while cursor.nextset():
                pass
        return cursor.fetchone()


def explain(question: Question) -> str:
    """The database's plan for a question, for the manual and for doubters."""
    if connection.vendor == "sqlite":
        sql, params = _ask_sqlite(question)
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
            return "\n".join(str(row[3]) for row in cursor.fetchall())
    sql, params = _ask_postgresql(question)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_INDEX_ALONE)
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS) {sql}", params)
        return "\n".join(str(row[0]) for row in cursor.fetchall())


def _ask_sqlite(question: Question) -> tuple[str, list[str]]:
    params = [_written(question.expression, " AND ", " OR ", _fts5)]
    if not question.contains:
        return "SELECT group_concat(rowid) FROM releases_search WHERE releases_search MATCH %s", params
    checks = "".join(" AND instr(e.sequence, %s) > 0" for _ in question.contains)
    return (
        "SELECT group_concat(e.id) FROM releases_search CROSS JOIN releases_searchentry e ON e.id = "  # noqa: S608
        f"releases_search.rowid WHERE releases_search MATCH %s{checks}"  # checks are constants as well
    ), [*params, *question.contains]


def _ask_postgresql(question: Question) -> tuple[str, list[str]]:
    checks = "".join(" AND strpos(sequence, %s) > 0" for _ in question.contains)
    return (
        "SELECT string_agg(int8send(id), ''::bytea) FROM releases_searchentry "  # noqa: S608
        f"WHERE lexemes @@ %s::tsquery{checks}"  # checks are constants
    ), [_written(question.expression, " & ", " | ", _tsquery), *question.contains]


def _read_sqlite(found: object) -> Sequence[int]:
    return json.loads(f"[{found}]")  # the fastest reader of numbers that Python has


def _read_postgresql(found: object) -> Sequence[int]:
    read = array("q")
    read.frombytes(bytes(found))
    read.byteswap()
    return read


def _written(expression: Expression, every: str, either: str, term: Callable[[Term], str]) -> str:
    return every.join(f"({either.join(term(one) for one in group)})" for group in expression)


def _fts5(term: Term) -> str:
    # Terms hold letters, digits, marks and the signs of `terms`: nothing needs escaping, and `test_engine` proves it.
    return f'"{term.text}"*' if term.prefix else f'"{term.text}"'


def _tsquery(term: Term) -> str:
    return f"'{term.text}':*" if term.prefix else f"'{term.text}'"


class Among(RawSQL):
    """The numbers given, as a subquery with one parameter: a list of a hundred thousand is too long for SQL."""

    def __init__(self, numbers: Iterable[int]) -> None:
        numbers = list(numbers)
        if connection.vendor == "sqlite":
            super().__init__("SELECT value FROM json_each(%s)", (json.dumps(numbers),))
        else:
            super().__init__("SELECT unnest(%s::bigint[])", (numbers,))


class Packed(Aggregate):
    """All values of a column of ids in one value, which `unpacked` reads: no row for each of a hundred thousand."""

    output_field = TextField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Digits and commas."""
        return self.as_sql(compiler, connection, function="GROUP_CONCAT", **context)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Eight bytes each."""
        template = "STRING_AGG(INT8SEND(%(expressions)s), ''::bytea)"
        return self.as_sql(compiler, connection, template=template, **context)


def unpacked(value: object) -> Sequence[int]:
    """The ids in a packed value."""
    if value is None:
        return ()
    return _read_sqlite(value) if connection.vendor == "sqlite" else _read_postgresql(value)
