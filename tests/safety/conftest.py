"""An empty place beside the test's own newsroom, and backups that cost no half second for their passphrase."""

import sqlite3
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.test import override_settings

from newsroom.safety.backup import encryption, make, restore, snapshot
from newsroom.safety.backup.load import sum_of
from releases import editions
from tests import database

PASSPHRASE = "six plain words nobody would guess"
# What a restoration changes, so that no cache takes the newsroom for the one that it knew.
RAISED = {"releases_edition", "releases_editionpart"}


@pytest.fixture(autouse=True)
def quick_passphrase(monkeypatch):
    monkeypatch.setattr(encryption, "COST", 2**10)


@pytest.fixture
def site(transactional_db, settings, tmp_path):
    """The test's own newsroom, with files of its own; what its backups lie in."""
    settings.DATA_DIR, settings.MEDIA_ROOT = tmp_path / "data", tmp_path / "data" / "media"
    settings.DATA_DIR.mkdir()
    return Site(tmp_path / "backups")


class Site:
    """Backs the newsroom of the test up and restores it beside."""

    def __init__(self, folder):
        self.folder = folder

    def backup(self, passphrase="", **options):
        return make.make(self.folder, passphrase, **options)

    def restore(self, passphrase="", **options):
        return restore.restore(self.folder, passphrase, **options)


@contextmanager
def elsewhere(folder: Path):
    """Inside, the settings name an empty place: a database of the same kind without a table, and a folder."""
    known, number = connection.settings_dict["NAME"], abs(hash(str(folder))) % 10**9
    name = f"elsewhere_{number}" if connection.vendor == "postgresql" else str(folder / "newsroom.sqlite3")
    folder.mkdir(parents=True)
    _create(name)
    try:
        _switch(name)
        with override_settings(DATA_DIR=folder, MEDIA_ROOT=folder / "media"):
            yield folder
    finally:
        _switch(known)
        _drop(name)


def _switch(name):
    connection.close()
    connection.settings_dict["NAME"] = name
    editions.forget_all()


def _create(name):
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {name}")
            cursor.execute(f"CREATE DATABASE {name}")


def _drop(name):
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def sums():
    """What each table holds, as a number for each."""
    with snapshot.opened() as taken:
        return {
            one.name: sum_of(taken.lines(one), one, as_values=False)
            for one in snapshot.tables_of(snapshot.migrated())
        }


@contextmanager
def migrating_once():
    """Inside, an empty database of SQLite is given a copy of one that was migrated, instead of running all migrations once more."""
    really = MigrationExecutor.migrate

    def migrate(self, targets, *args, **options):
        if self.connection.vendor != "sqlite" or self.loader.applied_migrations or not targets:
            return really(self, targets, *args, **options)
        name = self.connection.settings_dict["NAME"]
        self.connection.close()
        with (
            closing(sqlite3.connect(database.migrated_file())) as made,
            closing(sqlite3.connect(name)) as there,
        ):
            made.backup(there)
        return None

    MigrationExecutor.migrate = migrate
    try:
        yield
    finally:
        MigrationExecutor.migrate = really


@pytest.fixture
def migrated_once():
    with migrating_once():
        yield
