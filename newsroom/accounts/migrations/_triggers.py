"""Triggers that refuse a change, in the dialect of SQLite and of PostgreSQL. Migrations alone make them."""

from django.db.backends.base.base import BaseDatabaseWrapper


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


def differ(connection: BaseDatabaseWrapper, columns: list[str]) -> str:
    """Whether one of `columns` changes. OLD and NEW are rows of one table; jsonb and text compare alike."""
    differs = "IS NOT" if connection.vendor == "sqlite" else "IS DISTINCT FROM"
    return " OR ".join(f"(OLD.{column} {differs} NEW.{column})" for column in columns)
