"""Migrations while the site is at work: none locks a large table for long, none takes away what the version before still uses."""

import re
import threading
import time
from io import StringIO

import pytest
from django.contrib.postgres.functions import RandomUUID
from django.core.management import call_command
from django.core.management.commands.migrate import Command as DjangosMigrate
from django.db import OperationalError, connection, models
from django.db.migrations import Migration
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import (
    AddConstraint,
    AddField,
    AddIndex,
    AlterField,
    CreateModel,
    DeleteModel,
    RemoveField,
    RenameField,
    RunPython,
    RunSQL,
)
from django.db.migrations.state import ProjectState
from django.db.models.functions import Now

from releases.management.commands import migrate
from releases.migrations._indexes import AddIndexConcurrently

pytestmark = pytest.mark.django_db
APPS = ("releases", "accounts")
# With as many rows as there are people, topics, mirrors or caches, or with one. All other tables grow with the newsroom.
SMALL = {
    "accounts_user", "accounts_user_groups", "accounts_user_user_permissions", "auth_group", "releases_edition", "releases_formerslug",
    "releases_mirrorlist", "releases_purge", "releases_sourcehost", "releases_topic", "releases_topicword",
}  # fmt: skip
# These lay triggers and lift them: no row is looked at.
GUARDS = {"lift_guards", "set_guards", "install", "remove", "renew_guards"}
# What stands in the repository since before this was looked at, and why it may stay. Nothing is added here.
COLUMN = "a column of a constant: written nowhere, and every machine got its version before anybody ran two at once"
HISTORY = {
    "accounts.0002_roles": "three groups",
    "accounts.0003_language": COLUMN,
    "releases.0002_guards": "triggers, and one row",
    "releases.0004_search": "an index over a table that has just been made",
    "releases.0005_vocabulary": COLUMN,
    "releases.0006_feeds": COLUMN,
    "releases.0008_guards_that_hold": "triggers",
    "releases.0010_pictures": f"{COLUMN}; the index is of a column that is empty",
    "releases.0011_pings_of_the_vocabulary": "what waits for the hub is kept for a month at most",
    "releases.0012_words": "the words of topics, of which there are hundreds",
    "releases.0013_authors": f"{COLUMN}; drafts get theirs, of which few are open at once",
    "releases.0014_versions": COLUMN,
    "releases.0015_bracketed_notes": "only revisions with a note of a kind that is rare",
    "releases.0016_planned_address": COLUMN,
    "releases.0017_borders": f"{COLUMN}; the checks read releases, which takes a second for 100,000",
    "releases.0019_preview_links_end": "preview links, of which there are hundreds",
    "releases.0021_twins_of_pictures": "pictures, of which there are thousands",
}

NAME = r'"?(?:public"?\."?)?(?P<table>\w+)"?'
# How a statement begins, what in it is unsafe on a large table, and what to write in its place.
UNSAFE = (
    (rf"CREATE (?:UNIQUE )?INDEX (?!CONCURRENTLY).*? ON {NAME}", r"", "it holds up whoever writes: AddIndexConcurrently"),
    (
        rf"ALTER TABLE {NAME}",
        r"ADD CONSTRAINT (?!.*(?:NOT VALID|USING INDEX))",
        "it reads all rows under a lock: add it NOT VALID, validate it in a migration after that; a unique one by an index that was "
        "made CONCURRENTLY",
    ),
    (rf"ALTER TABLE {NAME}", r"ALTER COLUMN .* TYPE ", "it may write all rows anew: a new column"),
    (rf"ALTER TABLE {NAME}", r"SET NOT NULL", "it reads all rows under a lock: a CHECK (… IS NOT NULL) NOT VALID, validated after that"),
    (rf"ALTER TABLE {NAME}", r"ADD COLUMN .*REFERENCES", "it reads all rows under a lock: a column, then a constraint that is NOT VALID"),
    (rf"ALTER TABLE {NAME}", r"ADD COLUMN .*(?:DEFAULT \(*[\w.]+\(|GENERATED ALWAYS)", "it writes all rows anew: a constant, or none"),
    (rf"UPDATE {NAME}", r"", "all rows in one transaction: in portions, by a command"),
    (rf"DELETE FROM {NAME}", r"", "all rows in one transaction: in portions, by a command"),
    (rf"LOCK TABLE {NAME}", r"", "everybody waits"),
)  # fmt: skip
# On any table: what the version before, which goes on meanwhile on other machines, would stumble over.
BREAKING = (
    (rf"ALTER TABLE {NAME}", r"DROP COLUMN", "the version before still reads it: drop it one version later"),
    (rf"ALTER TABLE {NAME}", r"RENAME", "the version before knows the old name alone"),
    (
        rf"DROP TABLE (?:IF EXISTS )?{NAME}",
        r"",
        "the version before still reads it: drop it one version later",
    ),
    (
        rf"ALTER TABLE {NAME}",
        r"ALTER COLUMN .* DROP DEFAULT",
        "the version before cannot write rows without it: db_default",
    ),
    (
        rf"ALTER TABLE {NAME}",
        r"ADD COLUMN (?!.*DEFAULT).*NOT NULL",
        "the version before cannot write rows without it: db_default",
    ),
)


def statements_of(migration: Migration, state: ProjectState) -> list[str]:
    """What PostgreSQL is told, without what Python does."""
    with connection.schema_editor(collect_sql=True, atomic=False) as editor:
        migration.apply(state, editor, collect_sql=True)
    return [one for one in editor.collected_sql if one and not one.startswith("--")]


def faults_of(migration: Migration, statements: list[str]) -> list[str]:
    """Why it should be another one."""
    made = {found["table"] for one in statements if (found := re.match(rf"CREATE TABLE {NAME}", one))}
    found = []
    for statement in statements:
        for begins, holds, reason in (*UNSAFE, *BREAKING):
            matched = re.match(begins, statement)
            # A table that is made here has no rows, and nobody knows it.
            if matched is None or matched["table"] in made or not re.search(holds, statement):
                continue
            if matched["table"] in SMALL and (begins, holds, reason) in UNSAFE:
                continue
            found.append(f"{reason}: {statement[:160]}")
    by_hand = [
        one
        for one in migration.operations
        if isinstance(one, RunPython | RunSQL)
        and getattr(getattr(one, "code", None), "__name__", "") not in GUARDS
    ]
    if by_hand and migration.atomic:
        found.append(
            "what Python does to rows is one transaction: atomic = False, in portions, or in a command"
        )
    if not migration.atomic and any(
        not isinstance(one, AddIndexConcurrently | RunPython) for one in migration.operations
    ):
        found.append(
            "half of it may be done when it is tried again: AddIndexConcurrently alone, or RunPython that goes on"
        )
    return found


def every_migration() -> list[tuple[str, Migration, ProjectState]]:
    """Ours after the first of each app, with the state before each."""
    loader = MigrationLoader(connection, replace_migrations=False)
    keys = [key for key in loader.graph.nodes if key[0] in APPS and not key[1].startswith("0001_")]
    return [
        (f"{app}.{name}", loader.graph.nodes[app, name], loader.project_state((app, name), at_end=False))
        for app, name in sorted(keys)
    ]


@pytest.fixture(autouse=True)
def on_postgresql():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer, and a site on it one machine")


def test_no_migration_holds_up_a_newsroom_at_work_or_the_version_before():
    found = {
        name: faults
        for name, migration, state in every_migration()
        if (faults := faults_of(migration, statements_of(migration, state)))
    }
    new = {name: faults for name, faults in found.items() if name not in HISTORY}
    assert not new, "\n".join(f"{name}: {one}" for name, faults in new.items() for one in faults)
    assert set(HISTORY) <= set(found), "HISTORY names a migration that is well"


def a_migration(*operations, atomic=True):
    made = Migration("9999_new", "releases")
    made.operations, made.atomic = list(operations), atomic
    state = MigrationLoader(connection, replace_migrations=False).project_state()
    return faults_of(made, statements_of(made, state))


def nothing(apps, editor):
    """Data migrations of a test."""


@pytest.mark.parametrize(
    ("operation", "said"),
    [
        (AddIndex("event", models.Index(fields=["at"], name="x")), "AddIndexConcurrently"),
        (
            AddField("revision", "x", models.ForeignKey("releases.release", models.PROTECT, null=True)),
            "REFERENCES",
        ),
        (AddField("revision", "x", models.TextField(default="")), "db_default"),
        (AddField("revision", "x", models.BooleanField()), "db_default"),
        (AddField("revision", "x", models.UUIDField(db_default=RandomUUID())), "writes all rows anew"),
        (AddConstraint("event", models.CheckConstraint(condition=models.Q(pk__gt=0), name="x")), "NOT VALID"),
        (AddConstraint("event", models.UniqueConstraint(fields=["at"], name="x")), "NOT VALID"),
        (AlterField("event", "verb", models.TextField()), "may write all rows anew"),
        (AlterField("release", "publish_at", models.DateTimeField(db_default=Now())), "NOT NULL"),
        (RemoveField("event", "detail"), "one version later"),
        (RenameField("topic", "description", "about"), "old name"),
        (DeleteModel("Ping"), "one version later"),
        (RunPython(nothing), "in portions"),
        (RunSQL("UPDATE releases_event SET verb = verb"), "in portions"),
    ],
)
def test_what_would_hold_up_a_newsroom_is_said_with_what_to_write_in_its_place(operation, said):
    assert any(said in one for one in a_migration(operation)), a_migration(operation)


def test_what_is_quick_may_be():
    assert a_migration(AddField("revision", "x", models.TextField(null=True))) == []
    assert a_migration(AddField("revision", "x", models.TextField(db_default=""))) == []
    assert (
        a_migration(AddField("topic", "x", models.ForeignKey("releases.release", models.PROTECT, null=True)))
        == []
    )
    assert (
        a_migration(
            CreateModel(
                "New",
                [("id", models.BigAutoField(primary_key=True)), ("at", models.DateTimeField(db_index=True))],
            )
        )
        == []
    )
    assert (
        a_migration(AddIndexConcurrently("event", models.Index(fields=["at"], name="x")), atomic=False) == []
    )
    assert a_migration(RunPython(nothing), atomic=False) == []


def test_half_a_migration_is_never_left():
    column = AddField("revision", "x", models.TextField(db_default=""))
    assert a_migration(
        AddIndexConcurrently("event", models.Index(fields=["at"], name="x")), column, atomic=False
    )


# ------------------------------------------------------------------ waiting for a table


@pytest.fixture
def a_table_in_use(transactional_db):
    """Somebody reads it and does not end; `release()` ends that."""
    reader = connection.copy()
    reader.set_autocommit(False)
    with reader.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM releases_purge")
    yield reader.rollback
    reader.close()


def changing(self, *args, **options):
    """In the place of Django's `migrate`: a change of that table."""
    with connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE releases_purge ADD COLUMN x int; ALTER TABLE releases_purge DROP COLUMN x"
        )


def test_a_migration_lets_others_go_first_and_tries_again(a_table_in_use, monkeypatch, capsys):
    monkeypatch.setattr(DjangosMigrate, "handle", changing)
    rests = []
    monkeypatch.setattr(
        time, "sleep", lambda seconds: rests.append(seconds) or (len(rests) == 2 and a_table_in_use())
    )
    call_command("migrate", "--lock-timeout", "0.05", app_label="releases")
    assert rests == [1.0, 2.0]
    assert "trying again in 2 s (2 of 20)" in capsys.readouterr().err
    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone() != ("50ms",)


def test_a_migration_gives_up_at_last(a_table_in_use, monkeypatch):
    monkeypatch.setattr(DjangosMigrate, "handle", changing)
    monkeypatch.setattr(migrate, "TRIES", 1)
    with pytest.raises(OperationalError, match="lock timeout"):
        call_command("migrate", "--lock-timeout", "0.05", app_label="releases")


def test_who_reads_meanwhile_waits_no_longer_than_the_timeout(a_table_in_use, monkeypatch):
    """Without it they would stand behind the migration, and the migration behind the first reader."""
    monkeypatch.setattr(DjangosMigrate, "handle", changing)
    monkeypatch.setattr(migrate, "LONGEST_REST", 0.1)
    migrating = threading.Thread(
        target=lambda: (
            call_command("migrate", "--lock-timeout", "0.2", app_label="releases", stderr=StringIO()),
            connection.close(),
        )
    )
    migrating.start()
    until, longest = time.monotonic() + 1.0, 0.0
    while time.monotonic() < until:
        began = time.monotonic()
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '30s'; SELECT count(*) FROM releases_purge")
        longest = max(longest, time.monotonic() - began)
    a_table_in_use()
    migrating.join(60)
    assert not migrating.is_alive()
    assert longest < 20


def test_an_index_that_is_made_beside_the_site_waits_as_long_as_it_takes(transactional_db):
    """It waits for the end of what was begun before; nobody waits for it, so that no timeout is needed."""
    other = connection.copy()
    other.inc_thread_sharing()
    other.set_autocommit(False)
    with other.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM releases_purge")
        cursor.execute("UPDATE releases_purge SET url = url")
        cursor.execute("SELECT pg_current_xact_id()")
    ending = threading.Timer(0.5, other.rollback)
    ending.start()
    state = MigrationLoader(connection, replace_migrations=False).project_state()
    operation = AddIndexConcurrently(
        "purge", models.Index(fields=["due_at"], name="releases_purge_of_a_test")
    )
    after = state.clone()
    operation.state_forwards("releases", after)
    try:
        with migrate.lock_timeout(connection, 0.1), connection.schema_editor(atomic=False) as editor:
            operation.database_forwards("releases", editor, state, after)
            with connection.cursor() as cursor:
                cursor.execute("SHOW lock_timeout")
                assert cursor.fetchone() == ("100ms",)
            operation.database_backwards("releases", editor, after, state)
    finally:
        ending.join()
        other.close()
