"""A second newsroom beside the one of the test: processes of its own, on whatever database."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import connection

from tests import database

ROOT = Path(__file__).resolve().parents[2]


def shift():
    """Let primary keys begin at a number of their own, so that no page can be the same by having the same ones."""
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        _shift(connection.connection)
    else:
        with connection.cursor() as cursor:
            for table, number in _first_keys():
                cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [table, number])


def _shift(file):
    for table, number in _first_keys():
        file.execute("DELETE FROM sqlite_sequence WHERE name = ?", [table])
        file.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", [table, number])


def _first_keys():
    tables = [
        model._meta.db_table for model in apps.get_models()
        if model._meta.auto_field and model._meta.db_table.startswith(("releases_", "accounts_"))
    ]  # fmt: skip
    return [(table, number * 1000) for number, table in enumerate(tables, 7)]


class Site:
    """A newsroom whose files stand in `folder`; `url` names its database."""

    def __init__(self, folder, url):
        self.environment = {
            **os.environ, "DJANGO_SETTINGS_MODULE": "tests.intake.site_settings", "DATABASE_URL": url,
            "SITE_FILES": str(folder),
        }  # fmt: skip

    def run(self, *words):
        """Run Python with these words; what it printed."""
        done = subprocess.run(
            [sys.executable, *words], cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=300,
            check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
        return done.stdout

    def start(self, *words):
        """Start a command of `manage.py` and do not wait for it."""
        return subprocess.Popen(
            [sys.executable, "manage.py", *words], cwd=ROOT, env=self.environment,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def public(self):
        """What its readers get."""
        return json.loads(self.run("-m", "tests.intake.readers"))


def sqlite(folder):
    """An empty newsroom on SQLite, with primary keys of its own."""
    folder.mkdir(parents=True)
    shutil.copy(database.migrated_file(), folder / "site.sqlite3")
    with closing(sqlite3.connect(folder / "site.sqlite3", isolation_level=None)) as file:
        _shift(file)
    return Site(folder / "files", f"sqlite:///{folder}/site.sqlite3")


def here():
    """The newsroom of the test itself, for another process."""
    if connection.vendor == "sqlite":
        return Site(settings.MEDIA_ROOT, f"sqlite:///{connection.settings_dict['NAME']}")
    server, _slash, _name = os.environ["DATABASE_URL"].rpartition("/")
    return Site(settings.MEDIA_ROOT, f"{server}/{connection.settings_dict['NAME']}")
