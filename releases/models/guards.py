"""Triggers that keep the record: events are never changed, frozen revisions keep their words, on both databases."""

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

# The words and who wrote them. The steps of approval come later, and the forms derived from the words
# (`body_page`, `body_text`) may be made anew when rendering improves.
FROZEN = (
    "release_id", "number", "title", "dateline", "summary", "body", "publish_at", "notes", "note_count", "word_count", "comment",
    "created_at", "created_by_id", "edited_at", "edited_by_id", "save_number",
    "frozen_at",
)  # fmt: skip

_GUARDS = {
    # name: (event and table, condition, what it says)
    "releases_event_no_update": ("UPDATE ON releases_event", "", "events are never changed"),
    "releases_event_no_delete": ("DELETE ON releases_event", "", "events are never deleted"),
    "releases_revision_frozen": ("UPDATE ON releases_revision", "changed", "a frozen revision cannot change"),
    "releases_revision_kept": (
        "DELETE ON releases_revision",
        "OLD.frozen_at IS NOT NULL",
        "a frozen revision cannot be deleted",
    ),
    "releases_revisiontopic_no_insert": (
        "INSERT ON releases_revisiontopic",
        "topic NEW",
        "a frozen revision keeps its topics",
    ),
    "releases_revisiontopic_no_delete": (
        "DELETE ON releases_revisiontopic",
        "topic OLD",
        "a frozen revision keeps its topics",
    ),
}


def _condition(kind: str, vendor: str) -> str:
    if kind == "changed":
        differs = "IS NOT" if vendor == "sqlite" else "IS DISTINCT FROM"
        # jsonb and text compare alike; OLD and NEW are rows of one table
        columns = " OR ".join(f"OLD.{column} {differs} NEW.{column}" for column in FROZEN)
        return f"OLD.frozen_at IS NOT NULL AND ({columns})"
    if kind.startswith("topic "):
        row = kind.split()[1]
        return (
            "EXISTS (SELECT 1 FROM releases_revision r WHERE r.id = "
            + row
            + ".content_object_id AND r.frozen_at IS NOT NULL)"
        )
    return kind


def install(editor: BaseDatabaseSchemaEditor) -> None:
    """Create the triggers (a forward step of a migration)."""
    for statement in statements(editor.connection):
        editor.execute(statement)


def remove(editor: BaseDatabaseSchemaEditor) -> None:
    """Drop them (its backward step)."""
    for statement in removals(editor.connection):
        editor.execute(statement)


def statements(connection: BaseDatabaseWrapper) -> list[str]:
    """The SQL that creates every trigger on this database."""
    made = []
    for name, (on, kind, message) in _GUARDS.items():
        condition = _condition(kind, connection.vendor)
        if connection.vendor == "sqlite":
            when = f" WHEN {condition}" if condition else ""
            made.append(
                f"CREATE TRIGGER {name} BEFORE {on}{when} BEGIN SELECT RAISE(ABORT, '{message}'); END"
            )
        else:
            test = f"IF {condition} THEN " if condition else ""
            end = " END IF; " if condition else " "
            row = "OLD" if on.startswith("DELETE") else "NEW"
            raised = f"RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation';"
            made.append(
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
                f"$guard$ BEGIN {test}{raised}{end}RETURN {row}; END $guard$"
            )
            made.append(f"CREATE TRIGGER {name} BEFORE {on} FOR EACH ROW EXECUTE FUNCTION {name}()")
    return made


def removals(connection: BaseDatabaseWrapper) -> list[str]:
    """The SQL that drops every trigger on this database."""
    if connection.vendor == "sqlite":
        return [f"DROP TRIGGER IF EXISTS {name}" for name in _GUARDS]
    return [f"DROP FUNCTION IF EXISTS {name}() CASCADE" for name in _GUARDS]
