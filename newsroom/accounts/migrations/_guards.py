"""Triggers that keep the record of access, on both databases: an entry is never changed but to be counted once more, and none
is deleted but by the expiry of old ones.

Migrations alone make them, as those of the record of releases (`releases.migrations._guards`).
"""

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from newsroom.accounts.migrations._triggers import create, differ, drop

TABLE = "accounts_accessentry"
COLUMNS = ["id", "at", "kind", "person_id", "by_id", "name", "address", "device", "detail", "tally"]
_CHANGED = "entries of the access record are never changed"
_DELETED = "entries of the access record are deleted by their age alone"
# `expire` opens the door inside its own transaction: another one does not see the row.
_NOT_EXPIRING = "NOT EXISTS (SELECT 1 FROM accounts_accessexpiry e WHERE OLD.at < e.before)"


def _guards(connection: BaseDatabaseWrapper) -> dict[str, tuple[str, str, str]]:
    changed = f"OLD.tally IS NULL OR NEW.count <> OLD.count + 1 OR {differ(connection, COLUMNS)}"
    found = {
        f"{TABLE}_no_update": (f"UPDATE ON {TABLE}", changed, _CHANGED),
        f"{TABLE}_no_delete": (f"DELETE ON {TABLE}", _NOT_EXPIRING, _DELETED),
    }
    if connection.vendor == "sqlite":
        # REPLACE takes away the row that is in its way without firing what guards against DELETE.
        there = f"EXISTS (SELECT 1 FROM {TABLE} a WHERE a.id = NEW.id OR a.tally = NEW.tally)"
        found[f"{TABLE}_not_replaced"] = (f"INSERT ON {TABLE}", there, _CHANGED)
    else:
        found[f"{TABLE}_no_truncate"] = (f"TRUNCATE ON {TABLE}", "", _DELETED)
    return found


def install(editor: BaseDatabaseSchemaEditor) -> None:
    """Create the triggers (a forward step of a migration)."""
    create(editor, _guards(editor.connection))


def remove(editor: BaseDatabaseSchemaEditor) -> None:
    """Drop them (its backward step)."""
    drop(editor, _guards(editor.connection))
