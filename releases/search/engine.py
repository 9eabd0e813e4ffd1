"""The inverted index (`SearchEntry` in `releases.models.release`): its rows, written in the transaction that changes the words of releases, and
its queries, in the terms of each database."""

import json
from array import array
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, cast

from django.db import connection, transaction
from django.db.models import Aggregate, TextField
from django.db.models.expressions import RawSQL
from django.utils import timezone

from releases.databases import read_connection
from releases.editions import raise_edition
from releases.models import Release, Revision, SearchEntry
from releases.search.analysis import indexed
from releases.search.query import Clause, Expression, Term

# Limits the rows in memory, and the time for which SQLite is locked for writing.
BATCH = 100
# A sequential scan would unpack the lexemes of every row, a cost that the planner does not count. JIT compilation takes
# longer than any of these statements.
_INDEX_ALONE = "SET LOCAL enable_seqscan = off; SET LOCAL jit = off;"


def update_index(releases: Iterable[Release]) -> None:
    """Indexes the live and the working revision of these releases. Call it in the transaction that changes them."""
    releases = list(releases)
    known = {
        (entry.release_id, entry.kind): entry
        for entry in SearchEntry.objects.filter(release__in=releases).only(
            "release", "kind", "revision", "save_number"
        )
    }
    new: list[SearchEntry] = []
    obsolete: list[int] = []
    for release in releases:
        for kind, revision in ((SearchEntry.LIVE, release.live), (SearchEntry.WORKING, release.working)):
            entry = known.get((release.pk, kind))
            if revision is None:
                if entry:
                    obsolete.append(entry.pk)
            elif entry is None:
                new.append(_fill(SearchEntry(release=release, kind=kind), revision))
            elif (entry.revision_id, entry.save_number) != (revision.pk, revision.save_number):
                _fill(entry, revision).save(update_fields=["revision", "save_number", "sequence", "terms"])
    if obsolete:
        SearchEntry.objects.filter(pk__in=obsolete).delete()
    SearchEntry.objects.bulk_create(new, batch_size=BATCH)


def rebuild_index(*, progress: Callable[[int, int], None] = lambda done, total: None) -> int:
    """Writes every row anew, batch by batch, while readers go on searching; returns how many releases were read."""
    pks = list(Release.objects.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(pks), BATCH):
        with transaction.atomic():
            # Two statements: of the row that it waited for PostgreSQL reads the joined revision as it was before.
            batch = Release.objects.select_for_update().filter(pk__in=pks[start : start + BATCH])
            locked = list(batch.order_by("pk").values_list("pk", flat=True))
            releases = list(Release.objects.filter(pk__in=locked).select_related("live", "working"))
            # No save has the number 0, so every row counts as old.
            SearchEntry.objects.filter(release__in=releases).update(save_number=0)
            update_index(releases)
        progress(min(start + BATCH, len(pks)), len(pks))
    raise_edition(timezone.now())
    return len(pks)


def _fill(entry: SearchEntry, revision: Revision) -> SearchEntry:
    entry.revision, entry.save_number = revision, revision.save_number
    notes = [note["text"] for note in revision.notes]
    ready = indexed(
        title=revision.title,
        summary=[revision.dateline, revision.summary],
        rest=[*revision.body_text.split("\n\n"), *notes],
    )
    entry.sequence, entry.terms = ready.sequence, ready.terms
    return entry


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
    with read_connection().cursor() as cursor:
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
