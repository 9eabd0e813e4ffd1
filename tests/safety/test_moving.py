"""A backup of an older version, and one of another kind of database: the same newsroom afterwards."""

import os
import subprocess
import sys

import pytest
from django.core.management import call_command
from django.db import connection

from newsroom.safety.backup import snapshot
from releases.intake.records.exporter import export_records
from releases.models import Event, Purge
from tests.intake.elsewhere import ROOT
from tests.intake.everything import extremes, newsroom_of_everything
from tests.safety.conftest import PASSPHRASE, elsewhere
from tests.safety.test_backup import differences


@pytest.mark.deep
def test_a_backup_of_an_older_version_is_brought_up_to_this_one(site, make_user, tmp_path):
    with elsewhere(tmp_path / "older"):
        call_command("migrate", verbosity=0)
        newsroom_of_everything(make_user)
        call_command("migrate", "releases", "0025", verbosity=0)
        assert "releases_purge" not in connection.introspection.table_names()
        export_records(tmp_path / "before")
        site.backup()
    with elsewhere(tmp_path / "newer"):
        site.restore()
        assert not Purge.objects.exists()
        assert ("releases", "0026_purges") in snapshot.migrated()
        export_records(tmp_path / "after")
    assert differences(tmp_path / "before", tmp_path / "after") == []


@pytest.mark.deep
def test_a_newsroom_moves_from_postgresql_to_sqlite_and_back(site, make_user, tmp_path):
    if connection.vendor != "postgresql":
        pytest.skip("begins on PostgreSQL")
    newsroom_of_everything(make_user)
    extremes(make_user)
    export_records(tmp_path / "before")
    last = Event.objects.order_by("-pk").first().pk
    site.backup(PASSPHRASE)
    other = tmp_path / "sqlite"
    environment = {
        **os.environ, "DATABASE_URL": f"sqlite:///{other}/newsroom.sqlite3", "DATA_DIR": str(other), "BACKUP_PASSPHRASE": PASSPHRASE,
        "DJANGO_SETTINGS_MODULE": "newsroom.settings", "DEBUG": "1", "LOG_LEVEL": "ERROR",
    }  # fmt: skip

    def run(*words):
        done = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert "every row says the same here" in run("restore", str(site.folder))
    run("export_releases", str(tmp_path / "there"))
    assert differences(tmp_path / "before", tmp_path / "there") == []
    run("backup", str(tmp_path / "second"))
    site.folder = tmp_path / "second"
    with elsewhere(tmp_path / "back"):
        done = site.restore(PASSPHRASE)
        assert done.from_other == "sqlite"
        export_records(tmp_path / "after")
        assert Event.objects.order_by("-pk").first().pk == last
    assert differences(tmp_path / "before", tmp_path / "after") == []
    assert done.missing == []
