"""Triggers that keep the record: events are never changed, frozen revisions keep their words, on both databases.

Migrations alone make them. Every one of these, old and new, may call `install`: it guards those of the tables and columns named
here that are there.
"""

from collections.abc import Iterable

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from newsroom.accounts.migrations import _triggers as triggers

# The words and who wrote them. The steps of approval come later, and the forms derived from the words
# (`body_page`, `body_text`) may be made anew when rendering improves.
FROZEN = (
    "id", "release_id", "number", "title", "dateline", "summary", "body", "publish_at", "notes", "note_count", "word_count", "comment",
    "created_at", "created_by_id", "edited_at", "edited_by_id", "authors", "save_number",
    "frozen_at", "picture_id", "picture_alt", "picture_caption", "saved_by_hand", "planned_slug",
)  # fmt: skip
# What a version says. It may lose its picture to a deletion from the library; what was held may be told, and what was
# kept by itself may turn out to be the very words that were saved by hand.
KEPT = ("id", "revision_id", "at", "by_id", "title", "word_count", "note_count", "words", "digest")

# What a removal of words (`releases.models.ScrubDoor`) may change of them: the words, and what is counted of them.
WORDS_OF_REVISION = frozenset({
    "title", "dateline", "summary", "body", "notes", "note_count", "word_count", "comment", "picture_alt", "picture_caption",
    "planned_slug", "save_number",
})  # fmt: skip
WORDS_OF_VERSION = frozenset({"title", "word_count", "note_count", "words", "digest"})
_EVENT = ("id", "release_id", "revision_id", "user_id", "verb", "at")
_DOOR = "releases_scrubdoor"
_SHUT = f"NOT EXISTS (SELECT 1 FROM {_DOOR})"
# What a removal of a whole release may delete: its own rows. What one of a picture may change: that picture, to none.
_NOT_WHOLE = f"NOT EXISTS (SELECT 1 FROM {_DOOR} d WHERE d.whole = OLD.release_id)"
_NOT_OF_WHOLE = f"NOT EXISTS (SELECT 1 FROM {_DOOR} d JOIN releases_revision o ON o.release_id = d.whole WHERE o.id = {{}})"
_KEEPS_PICTURE = (
    f" AND NOT (NEW.picture_id IS NULL AND EXISTS (SELECT 1 FROM {_DOOR} d WHERE d.picture = OLD.picture_id))"
)

_NO_EVENT_CHANGES = "events are never changed"
_NO_EVENT_GOES = "events are never deleted"
_FROZEN = "a frozen revision cannot change"
_KEPT = "a frozen revision cannot be deleted"
_TOPICS = "a frozen revision keeps its topics"
_VERSION = "a version cannot change"
_BY_HAND = "a version saved by hand cannot be deleted"

_GUARDS = {
    # name: (event and table, condition, what it says)
    "releases_event_no_update": ("UPDATE ON releases_event", "event changed", _NO_EVENT_CHANGES),
    "releases_event_no_delete": ("DELETE ON releases_event", "event goes", _NO_EVENT_GOES),
    "releases_revision_frozen": ("UPDATE ON releases_revision", "changed", _FROZEN),
    "releases_revision_kept": ("DELETE ON releases_revision", "revision goes", _KEPT),
    "releases_revisiontopic_no_insert": ("INSERT ON releases_revisiontopic", "topic NEW", _TOPICS),
    "releases_revisiontopic_no_update": ("UPDATE ON releases_revisiontopic", "topic OLD, topic NEW", _TOPICS),
    "releases_revisiontopic_no_delete": ("DELETE ON releases_revisiontopic", "topic goes", _TOPICS),
    "releases_version_no_update": ("UPDATE ON releases_version", "version changed", _VERSION),
    "releases_version_kept": ("DELETE ON releases_version", "version goes", _BY_HAND),
}
# REPLACE (and UPDATE OR REPLACE) takes away the row that is in its way without firing what guards against DELETE.
_SQLITE = {
    "releases_event_not_replaced": ("INSERT ON releases_event", "there releases_event", _NO_EVENT_CHANGES),
    "releases_revision_not_replaced": ("INSERT ON releases_revision", "in the way", _KEPT),
    "releases_revision_not_pushed_out": ("UPDATE ON releases_revision", "in the way of another", _KEPT),
    "releases_revisiontopic_not_replaced": ("INSERT ON releases_revisiontopic", "topic in the way", _TOPICS),
    "releases_revisiontopic_not_pushed_out": (
        "UPDATE ON releases_revisiontopic",
        "topic in the way",
        _TOPICS,
    ),
    "releases_version_not_replaced": ("INSERT ON releases_version", "version in the way", _BY_HAND),
}
# TRUNCATE fires no trigger for its rows.
_POSTGRES = {
    "releases_event_no_truncate": ("TRUNCATE ON releases_event", "", _NO_EVENT_GOES),
    "releases_revision_no_truncate": ("TRUNCATE ON releases_revision", "", _KEPT),
    "releases_revisiontopic_no_truncate": ("TRUNCATE ON releases_revisiontopic", "", _TOPICS),
    "releases_version_no_truncate": ("TRUNCATE ON releases_version", "", _BY_HAND),
}

_OF_FROZEN = (
    "EXISTS (SELECT 1 FROM releases_revision r WHERE r.id = {}.content_object_id AND r.frozen_at IS NOT NULL)"
)
_SAME_PLACE = "(r.id = NEW.id OR (r.release_id = NEW.release_id AND r.number = NEW.number))"
_CONDITIONS = {
    "topic NEW": _OF_FROZEN.format("NEW"),
    "topic OLD, topic NEW": f"{_OF_FROZEN.format('OLD')} OR {_OF_FROZEN.format('NEW')}",
    "there releases_event": "EXISTS (SELECT 1 FROM releases_event e WHERE e.id = NEW.id)",
    "in the way": f"EXISTS (SELECT 1 FROM releases_revision r WHERE r.frozen_at IS NOT NULL AND {_SAME_PLACE})",
    "in the way of another": (
        "EXISTS (SELECT 1 FROM releases_revision r "
        f"WHERE r.frozen_at IS NOT NULL AND r.id <> OLD.id AND {_SAME_PLACE})"
    ),
    "topic in the way": (
        "EXISTS (SELECT 1 FROM releases_revisiontopic t JOIN releases_revision r ON r.id = t.content_object_id "
        "WHERE t.id = NEW.id AND r.frozen_at IS NOT NULL)"
    ),
    "version in the way": "EXISTS (SELECT 1 FROM releases_version v WHERE v.id = NEW.id AND v.by_hand)",
}


# What is deleted: when it may not be, and by which removal of a whole release it may.
_GOES = {
    "event goes": ("", _NOT_WHOLE),
    "revision goes": ("OLD.frozen_at IS NOT NULL", _NOT_WHOLE),
    "topic goes": (_OF_FROZEN.format("OLD"), _NOT_OF_WHOLE.format("OLD.content_object_id")),
    "version goes": ("OLD.by_hand", _NOT_OF_WHOLE.format("OLD.revision_id")),
}
# A planned address may be carried out, which empties it; it may not become another one.
_UNLESS = {"planned_slug": " AND NEW.planned_slug <> ''"}


def _condition(kind: str, connection: BaseDatabaseWrapper) -> str:
    if kind == "event changed":
        return f"{_SHUT} OR {_differ(_EVENT, connection)}" if _has_door(connection) else ""
    if kind == "changed":
        return (
            f"OLD.frozen_at IS NOT NULL AND ({_changed(_columns(connection), WORDS_OF_REVISION, connection)})"
        )
    if kind == "version changed":
        changed = _changed(KEPT, WORDS_OF_VERSION, connection)
        return f"NOT OLD.held AND ({changed} OR (OLD.by_hand AND NOT NEW.by_hand))"
    if kind in _GOES:
        kept, unless = _GOES[kind]
        return " AND ".join(filter(None, (kept, unless if _is_for_whole(connection) else "")))
    return _CONDITIONS.get(kind, kind)


def _changed(columns: Iterable[str], words: frozenset[str], connection: BaseDatabaseWrapper) -> str:
    """Whether any of `columns` changes; while the door stands open, any that is none of the words."""
    columns = list(columns)
    if not _has_door(connection):
        return _differ(columns, connection)
    rest = _differ([one for one in columns if one not in words], connection)
    return f"{rest} OR ({_SHUT} AND ({_differ([one for one in columns if one in words], connection)}))"


def _has_door(connection: BaseDatabaseWrapper) -> bool:
    """Earlier migrations set the guards before there is one."""
    with connection.cursor() as cursor:
        return _DOOR in connection.introspection.table_names(cursor)


def _is_for_whole(connection: BaseDatabaseWrapper) -> bool:
    """Earlier migrations set the guards when the door was for words alone."""
    return _has_door(connection) and "whole" in _columns_of(_DOOR, connection)


def _differ(columns: Iterable[str], connection: BaseDatabaseWrapper) -> str:
    pictures = {"picture_id": _KEEPS_PICTURE} if _is_for_whole(connection) else {}
    return triggers.differ(connection, columns, unless=_UNLESS | pictures)


def _columns(connection: BaseDatabaseWrapper) -> list[str]:
    """Those of `FROZEN` that are there: earlier migrations set the guards before later ones add columns."""
    there = _columns_of("releases_revision", connection)
    return [column for column in FROZEN if column in there]


def _columns_of(table: str, connection: BaseDatabaseWrapper) -> set[str]:
    with connection.cursor() as cursor:
        return {one.name for one in connection.introspection.get_table_description(cursor, table)}


def install(editor: BaseDatabaseSchemaEditor) -> None:
    """Create the triggers (a forward step of a migration)."""
    triggers.create(editor, _guards(editor.connection))


def remove(editor: BaseDatabaseSchemaEditor) -> None:
    """Drop them (its backward step)."""
    triggers.drop(editor, _guards(editor.connection))


def statements(connection: BaseDatabaseWrapper) -> list[str]:
    """The SQL that creates every trigger on this database."""
    return triggers.statements(connection, _guards(connection))


def removals(connection: BaseDatabaseWrapper) -> list[str]:
    """The SQL that drops every trigger on this database."""
    return triggers.removals(connection, _guards(connection))


def _guards(connection: BaseDatabaseWrapper) -> dict[str, tuple[str, str, str]]:
    """Those of the tables that are there: earlier migrations set the guards before later ones make tables."""
    with connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor))
    every = {**_GUARDS, **(_SQLITE if connection.vendor == "sqlite" else _POSTGRES)}
    return {
        name: (on, _condition(kind, connection), message)
        for name, (on, kind, message) in every.items()
        if on.split()[-1] in there
    }
