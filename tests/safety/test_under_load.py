"""Backups of a newsroom at work: each is whole, and restored it is the newsroom of one moment, to the byte of its export."""

import json
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.db import connection, transaction

from newsroom.safety.backup import make
from newsroom.safety.backup.verify import verify
from releases.intake.records.exporter import export_records
from releases.intake.records.format import LINES
from releases.models import Picture, Release
from releases.models.picture import digest_of
from releases.pictures import MASTER, names_of
from tests.depth import times
from tests.intake.elsewhere import here
from tests.safety.conftest import PASSPHRASE, elsewhere

BACKUPS = times("BACKUPS", 2, 20)


def lines_of(folder):
    """An export without its files, which go on changing while it is made, and without its end, which counts them."""
    return [
        line
        for line in (folder / LINES).read_text("utf-8").splitlines()
        if json.loads(line).get("kind") not in {"file", "end"}
    ]


@pytest.fixture
def exported(monkeypatch, tmp_path):
    """Beside each snapshot, the export of the very same moment: of the copy on SQLite, in a transaction that shares it on PostgreSQL."""
    folders, really = [], make.snapshot.taken

    @contextmanager
    def taken(workspace):
        with really(workspace) as found:
            folders.append(tmp_path / f"exported{len(folders)}")
            with _same_moment(found, workspace):
                export_records(folders[-1])
            yield found

    monkeypatch.setattr(make.snapshot, "taken", taken)
    return folders


@contextmanager
def _same_moment(found, workspace: Path):
    connection.close()
    if connection.vendor == "sqlite":
        known = connection.settings_dict["NAME"]
        copy = workspace / "exported.sqlite3"
        copy.write_bytes((workspace / "snapshot.sqlite3").read_bytes())
        connection.settings_dict["NAME"] = str(copy)
        try:
            yield
        finally:
            connection.close()
            connection.settings_dict["NAME"] = known
        return
    found.cursor.execute("SELECT pg_export_snapshot()")
    (name,) = found.cursor.fetchone()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute(f"SET TRANSACTION SNAPSHOT '{name}'")
        yield


def test_every_backup_under_load_is_the_newsroom_of_one_moment(
    site, makers, exported, migrated_once, tmp_path
):
    for number in range(4):
        makers.release(
            f"Wells {number}",
            picture=makers.picture(f"{number}.jpg", size=(400 + number, 300)),
            picture_alt="A well",
        )
        makers.picture(f"spare{number}.jpg", size=(500 + number, 300))
    place = here()
    worker = subprocess.Popen(
        [sys.executable, "-m", "tests.safety.load"],
        env=place.environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with worker:
        assert worker.stdout.readline() == "ready\n"
        found, amid = [], 0
        for number in range(BACKUPS):
            before = Release.objects.count()
            worker.stdin.write(f"{number}\n")
            worker.stdin.flush()
            passphrase = PASSPHRASE if number % 2 else ""
            assert worker.stdout.readline() == "amid\n"
            made = make.make(site.folder / str(number % 2), passphrase)
            assert made.missing == []
            assert worker.stdout.readline() == "done\n"
            found.append((made, passphrase, exported[-1], range(before + 1, Release.objects.count())))
        worker.stdin.close()
    for number, (made, passphrase, export, between) in enumerate(found):
        folder = site.folder / str(number % 2)
        assert verify(folder, passphrase, only=made.name).sound
        with elsewhere(tmp_path / f"elsewhere{number}"):
            site.folder, whole = folder, site.folder
            site.restore(passphrase, name=made.name)
            site.folder = whole
            export_records(tmp_path / f"restored{number}")
            assert lines_of(tmp_path / f"restored{number}") == lines_of(export)
            for picture in Picture.objects.all():
                with default_storage.open(picture.path(MASTER)) as file:
                    assert digest_of(file.read()) == picture.digest
                assert all(default_storage.exists(picture.path(name)) for name in names_of(picture.width))
            amid += Release.objects.count() in between
    assert amid > BACKUPS // 2  # the others came when all was done, on a machine that had no time
    print(
        f"{connection.vendor}: {BACKUPS} backups under load, each verified and restored: {len(found)} identical"
    )
