"""The index over the search's rows, which every database has its own way to make."""

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

# FTS5 with positions left out (`detail=none`): the terms hold all that is asked for, and lists of rows stay short. The
# tokeniser leaves the terms as they are: everything beyond ASCII is a letter to it. Triggers are those of FTS5's manual
# for external content (sqlite.org/fts5.html, 4.4.3).
_SQLITE = (
    "CREATE VIRTUAL TABLE releases_search USING fts5(terms, content='releases_searchentry', content_rowid='id', "
    "detail=none, columnsize=0, tokenize='ascii')",
    "CREATE TRIGGER releases_search_added AFTER INSERT ON releases_searchentry BEGIN "
    "INSERT INTO releases_search(rowid, terms) VALUES (new.id, new.terms); END",
    "CREATE TRIGGER releases_search_deleted AFTER DELETE ON releases_searchentry BEGIN "
    "INSERT INTO releases_search(releases_search, rowid, terms) VALUES ('delete', old.id, old.terms); END",
    "CREATE TRIGGER releases_search_changed AFTER UPDATE OF terms ON releases_searchentry BEGIN "
    "INSERT INTO releases_search(releases_search, rowid, terms) VALUES ('delete', old.id, old.terms); "
    "INSERT INTO releases_search(rowid, terms) VALUES (new.id, new.terms); END",
)
_SQLITE_REMOVED = (
    "DROP TRIGGER IF EXISTS releases_search_added",
    "DROP TRIGGER IF EXISTS releases_search_deleted",
    "DROP TRIGGER IF EXISTS releases_search_changed",
    "DROP TABLE IF EXISTS releases_search",
)
# No parser, no dictionary, no collation has a say: the lexemes are the terms.
_POSTGRESQL = (
    "ALTER TABLE releases_searchentry ADD COLUMN lexemes tsvector "
    "GENERATED ALWAYS AS (array_to_tsvector(string_to_array(terms, ' '))) STORED",
    "CREATE INDEX releases_search ON releases_searchentry USING gin (lexemes) WITH (fastupdate = off)",
)
_POSTGRESQL_REMOVED = (
    "DROP INDEX IF EXISTS releases_search",
    "ALTER TABLE releases_searchentry DROP COLUMN IF EXISTS lexemes",
)


def lay(editor: BaseDatabaseSchemaEditor) -> None:
    """Make the index (a forward step of a migration; rows that are there already are taken in)."""
    for statement in _SQLITE if editor.connection.vendor == "sqlite" else _POSTGRESQL:
        editor.execute(statement, params=None)
    if editor.connection.vendor == "sqlite":
        editor.execute("INSERT INTO releases_search(releases_search) VALUES ('rebuild')", params=None)


def lift(editor: BaseDatabaseSchemaEditor) -> None:
    """Drop it (the backward step)."""
    for statement in _SQLITE_REMOVED if editor.connection.vendor == "sqlite" else _POSTGRESQL_REMOVED:
        editor.execute(statement, params=None)
