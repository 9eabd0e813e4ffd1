"""Indexes that are made while the newsroom works: on PostgreSQL without a lock that holds up whoever writes."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


class AddIndexConcurrently(migrations.AddIndex):
    """Django's own is PostgreSQL's alone; on SQLite, which has one writer, this one makes the index as ever.

    The migration has to be `atomic = False`. What a run that was broken off has left, which is an index that is not used,
    goes first.
    """

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        """Make it."""
        if schema_editor.connection.vendor != "postgresql":
            super().database_forwards(app_label, schema_editor, from_state, to_state)
            return
        model = to_state.apps.get_model(app_label, self.model_name)
        if self.allow_migrate_model(schema_editor.connection.alias, model):
            with _without_lock_timeout(schema_editor):
                schema_editor.execute(
                    f"DROP INDEX CONCURRENTLY IF EXISTS {schema_editor.quote_name(self.index.name)}"
                )
                schema_editor.add_index(model, self.index, concurrently=True)  # type: ignore[call-arg]  # PostgreSQL's


@contextmanager
def _without_lock_timeout(schema_editor: BaseDatabaseSchemaEditor) -> Iterator[None]:
    """Such an index waits for the end of every transaction that is open, and nobody waits for it meanwhile (see `migrate`)."""
    if schema_editor.collect_sql:
        yield
        return
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        (before,) = cursor.fetchone()
        cursor.execute("SET lock_timeout = 0")
        try:
            yield
        finally:
            cursor.execute("SELECT set_config('lock_timeout', %s, false)", [before])
