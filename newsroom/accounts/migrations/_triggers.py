"""Triggers that refuse a change, in the dialect of SQLite and of PostgreSQL. Migrations alone make them."""

from collections.abc import Iterable, Mapping

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

# A trigger's name: (event and table, condition, what it says).
Guards = Mapping[str, tuple[str, str, str]]


def create(editor: BaseDatabaseSchemaEditor, guards: Guards) -> None:
    """Create the triggers (a forward step of a migration)."""
    for statement in statements(editor.connection, guards):
        editor.execute(statement)


def drop(editor: BaseDatabaseSchemaEditor, guards: Guards) -> None:
    """Drop them (its backward step)."""
    for statement in removals(editor.connection, guards):
        editor.execute(statement)


def statements(connection: BaseDatabaseWrapper, guards: Guards) -> list[str]:
    """The SQL that creates every trigger on this database."""
    made = []
    for name, (on, condition, message) in guards.items():
        made += refusal(connection, name, on=on, condition=condition, message=message)
    return made


def removals(connection: BaseDatabaseWrapper, guards: Guards) -> list[str]:
    """The SQL that drops every trigger on this database."""
    return [removal(connection, name) for name in guards]


def refusal(
    connection: BaseDatabaseWrapper, name: str, *, on: str, condition: str, message: str
) -> list[str]:
    """The SQL of a trigger that refuses, with `message`, what is done `on` a table ("UPDATE ON …") where `condition` holds."""
    if connection.vendor == "sqlite":
        when = f" WHEN {condition}" if condition else ""
        return [f"CREATE TRIGGER {name} BEFORE {on}{when} BEGIN SELECT RAISE(ABORT, '{message}'); END"]
    test = f"IF {condition} THEN " if condition else ""
    end = " END IF; " if condition else " "
    event = on.split()[0]
    row = {"DELETE": "OLD", "TRUNCATE": "NULL"}.get(event, "NEW")
    each = "STATEMENT" if event == "TRUNCATE" else "ROW"
    raised = f"RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation';"
    return [
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $guard$ BEGIN {test}{raised}{end}RETURN {row}; END $guard$",
        f"CREATE TRIGGER {name} BEFORE {on} FOR EACH {each} EXECUTE FUNCTION {name}()",
    ]


def removal(connection: BaseDatabaseWrapper, name: str) -> str:
    """The SQL that drops it."""
    if connection.vendor == "sqlite":
        return f"DROP TRIGGER IF EXISTS {name}"
    return f"DROP FUNCTION IF EXISTS {name}() CASCADE"


def differ(
    connection: BaseDatabaseWrapper, columns: Iterable[str], *, unless: Mapping[str, str] | None = None
) -> str:
    """Whether one of `columns` changes. OLD and NEW are rows of one table; jsonb and text compare alike.

    `unless`: what is added to the condition of a column, such as " AND NEW.slug <> ''".
    """
    differs = "IS NOT" if connection.vendor == "sqlite" else "IS DISTINCT FROM"
    return " OR ".join(
        f"(OLD.{column} {differs} NEW.{column}{(unless or {}).get(column, '')})" for column in columns
    )
