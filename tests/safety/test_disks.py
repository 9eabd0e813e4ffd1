"""Real disks that are full, read-only, or gone and back: nothing is lost, nothing is half, and each page says what is the matter.

As root each test has a small disk of its own (tmpfs); who is not root cannot mount one, and skips."""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from newsroom.delivery import readiness
from newsroom.safety.backup import make
from newsroom.safety.backup.errors import BackupError
from newsroom.safety.backup.verify import verify
from releases.models import Picture, Release
from tests.pictures.conftest import photo
from tests.safety.conftest import RAISED, elsewhere, sums

MEGABYTE = 1024 * 1024
WORDS = {"title": "Zanthorpe wells", "body": "<p>A draft that nobody else has.</p>", "language": "en"}


class Disk:
    """A disk of a few megabytes."""

    def __init__(self, place: Path) -> None:
        self.place = place

    def fill(self) -> None:
        """Until not a byte is left."""
        with suppress(OSError), open(self.place / "filling", "ab", buffering=0) as file:
            while True:
                file.write(bytes(MEGABYTE))
        with suppress(OSError), open(self.place / "filling", "ab", buffering=0) as file:
            while True:
                file.write(b"\0")

    def empty(self) -> None:
        (self.place / "filling").unlink()

    def remount(self, how: str) -> None:
        subprocess.run(["mount", "-o", f"remount,{how}", str(self.place)], check=True)


@pytest.fixture
def disk(tmp_path):
    if os.geteuid() != 0:
        pytest.skip("only root can mount a small disk")
    place = tmp_path / "disk"
    place.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(place)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        pytest.skip(f"a small disk cannot be mounted here: {done.stderr.strip()}")
    yield Disk(place)
    subprocess.run(["umount", "--lazy", str(place)], check=True)


@pytest.fixture
def desk(editor):
    client = Client(raise_request_exception=False)
    client.force_login(editor)
    return client


@pytest.fixture
def ready(settings, disk):
    """What /readyz says to whoever has the token, with its status."""
    settings.METRICS_TOKEN, settings.DISK_MIN_MB = "t" * 40, 1

    def ask():
        readiness.found(anew=True)
        answer = Client().get("/readyz", headers={"Authorization": f"Bearer {settings.METRICS_TOKEN}"})
        return answer.status_code, answer.text

    return ask


def upload(client, colour="#b03020"):
    file = SimpleUploadedFile("a.jpg", photo(colour=colour).read(), "image/jpeg")
    return client.post("/admin/releases/picture/bring/", {"file": file})


def files_of(place):
    return [path for path in place.rglob("*") if path.is_file() and path.name != "filling"]


# ------------------------------------------------------------------ pictures


def test_pictures_on_a_disk_that_is_full_read_only_or_gone(site, disk, desk, ready, settings, makers):
    settings.MEDIA_ROOT = disk.place / "media"
    shown = makers.picture()
    makers.release("Wells", slug="wells", picture=shown, picture_alt="A well")
    address = f"/pictures/{shown.uuid}/card.jpg"
    reader = Client(raise_request_exception=False)
    assert reader.get(address).status_code == 200

    def refused():
        status, said = ready()
        assert (status, "storage: Files cannot be written" in said) == (503, True)
        answer = upload(desk, colour="#105030")
        assert (answer.status_code, "stored" in answer.text) == (422, True)
        assert Picture.objects.count() == 1
        assert desk.post("/admin/releases/release/add/", {**WORDS, "_save": "1"}).status_code == 302
        assert reader.get("/releases/wells/").status_code == 200

    disk.fill()
    refused()
    assert reader.get(address).status_code == 200
    disk.empty()
    disk.remount("ro")
    refused()
    assert site.backup().missing == []
    disk.remount("rw")
    gone = disk.place / "gone"
    (disk.place / "media").rename(gone)
    with pytest.raises(BackupError, match="is its disk there"):
        site.backup()
    (disk.place / "media").touch()  # no folder can be made there
    refused()
    assert reader.get(address).status_code == 503
    with pytest.raises(BackupError, match="was not finished"):
        site.backup()
    (disk.place / "media").unlink()
    gone.rename(disk.place / "media")
    assert ready()[0] == 200
    assert reader.get(address).status_code == 200
    assert upload(desk, colour="#105030").status_code == 200
    assert Picture.objects.count() == 2
    assert Release.objects.count() == 4
    assert site.backup().missing == []


def test_files_that_are_sent_to_a_folder_without_room_are_refused_on_a_clear_page(
    site, disk, editor, settings, caplog
):
    desk = Client(enforce_csrf_checks=True, raise_request_exception=False)
    desk.force_login(editor)
    desk.get("/admin/releases/release/add/")
    token = {"csrfmiddlewaretoken": desk.cookies[settings.CSRF_COOKIE_NAME].value}
    settings.DATA_DIR, settings.FILE_UPLOAD_MAX_MEMORY_SIZE = disk.place, 1024
    settings.MEDIA_ROOT = site.folder.parent / "media"

    def send(path, behind="", **headers):
        file = SimpleUploadedFile("a.jpg", photo(size=(900, 700)).read(), "image/jpeg")
        fields = {**token, **WORDS, "picture_file": file, "summary": behind}
        return desk.post(path, fields, headers=headers)

    for harm, mend in ((disk.fill, disk.empty), (lambda: disk.remount("ro"), lambda: disk.remount("rw"))):
        harm()
        # What stands before the file in the form, and what stands behind it.
        answer = send("/admin/releases/release/add/", "Behind the file")
        assert (answer.status_code, "no room for files" in answer.text) == (503, True)
        assert [one for one in ("Zanthorpe wells", "Behind the file") if one not in answer.text] == []
        by_script = send("/admin/releases/picture/upload/", **{"Sec-Fetch-Dest": "empty"})
        assert (by_script.status_code, "no room" in by_script.json()["error"]) == (503, True)
        mend()
        assert not Release.objects.exists()
        assert not files_of(disk.place)
    settings.DEBUG_PROPAGATE_EXCEPTIONS = True
    assert send("/admin/releases/release/add/").status_code == 302
    assert Release.objects.exists()
    assert not files_of(disk.place)  # they wait as long as the request lasts
    assert "Zanthorpe" not in caplog.text


# ------------------------------------------------------------------ the database


def test_a_database_on_a_disk_that_is_full_or_read_only(
    transactional_db, disk, editor, makers, ready, settings
):
    if connection.vendor != "sqlite":
        pytest.skip("of a database that is a file")
    makers.release("Wells", slug="wells")
    known = connection.settings_dict["NAME"]
    with (
        closing(sqlite3.connect(known)) as source,
        closing(sqlite3.connect(disk.place / "it.sqlite3")) as copy,
    ):
        source.backup(copy)
    connection.close()
    connection.settings_dict["NAME"] = str(disk.place / "it.sqlite3")
    settings.DATA_DIR, settings.MEDIA_ROOT = disk.place, disk.place / "media"
    try:
        client, reader = Client(raise_request_exception=False), Client(raise_request_exception=False)
        client.force_login(editor)
        assert reader.get("/releases/wells/").status_code == 200
        for harm, mend in ((disk.fill, disk.empty), (lambda: disk.remount("ro"), lambda: disk.remount("rw"))):
            assert ready()[0] == 200
            if harm != disk.fill:
                connection.close()  # a file that is open for writing keeps a disk from becoming read-only
            harm()
            assert ready()[0] == 503
            answer = client.post("/admin/releases/release/add/", {**WORDS, "_save": "1"})
            assert (answer.status_code, "Zanthorpe wells" in answer.text) == (503, True)
            assert reader.get("/releases/wells/").status_code in {200, 503}
            connection.close()
            mend()
            assert reader.get("/releases/wells/").status_code == 200
            before = Release.objects.count()
            assert client.post("/admin/releases/release/add/", {**WORDS, "_save": "1"}).status_code == 302
            assert Release.objects.count() == before + 1
    finally:
        connection.close()
        connection.settings_dict["NAME"] = known


@contextmanager
def database_gone():
    """The file is elsewhere, or the server knows no such database; then it is back."""
    name = connection.settings_dict["NAME"]
    connection.close()
    if connection.vendor == "sqlite":
        for side in ("-wal", "-shm"):
            Path(name + side).unlink(missing_ok=True)  # the last connection has closed
        Path(name).rename(f"{name}.gone")
        yield
        connection.close()
        Path(f"{name}.gone").replace(name)  # an empty one has been made meanwhile
        return
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'ALTER DATABASE "{name}" RENAME TO "{name}_gone"')
    yield
    connection.close()
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'ALTER DATABASE "{name}_gone" RENAME TO "{name}"')


@pytest.mark.django_db(transaction=True)
def test_a_database_that_is_gone_and_back(editor, makers):
    makers.release("Wells", slug="wells")
    client, reader = Client(raise_request_exception=False), Client(raise_request_exception=False)
    client.force_login(editor)
    assert reader.get("/releases/wells/").status_code == 200
    with database_gone():
        answer = client.post("/admin/releases/release/add/", {**WORDS, "_save": "1"})
        assert (answer.status_code, "Zanthorpe wells" in answer.text) == (503, True)
        # Readers: the page that is kept, or one that says so.
        assert reader.get("/releases/wells/").status_code in {200, 503}
        assert reader.get("/releases/?page=2").status_code == 503
        readiness.found(anew=True)
        assert reader.get("/readyz").status_code == 503
    readiness.found(anew=True)
    assert reader.get("/readyz").status_code == 200
    assert client.post("/admin/releases/release/add/", {**WORDS, "_save": "1"}).status_code == 302
    assert reader.get("/releases/wells/").status_code == 200
    assert Release.objects.count() == 2


# ------------------------------------------------------------------ backups


def test_a_backup_on_a_disk_that_fills_up_goes_on_when_there_is_room(site, disk, makers, monkeypatch):
    makers.release("Wells", picture=makers.picture(), picture_alt="A well")
    site.folder = disk.place / "backups"
    monkeypatch.setattr(make, "SPARE", 0)
    site.backup()
    makers.release(
        "Rivers", picture=makers.picture(colour="#105030", size=(1200, 900)), picture_alt="A river"
    )
    monkeypatch.setattr(make, "_demand_space", lambda *args, **options: disk.fill())
    with pytest.raises(BackupError, match="disk is full"):
        site.backup()
    found = verify(site.folder)
    assert (found.sound, len(found.sets)) == (True, 1)
    disk.empty()
    monkeypatch.setattr(make, "_demand_space", lambda *args, **options: None)
    site.backup()
    found = verify(site.folder)
    assert (found.sound, len(found.sets), found.left) == (True, 2, [])


def test_a_restoration_onto_a_disk_that_fills_up_goes_on_when_there_is_room(
    site, disk, makers, migrated_once
):
    makers.release("Wells", picture=makers.picture(), picture_alt="A well")
    wanted = sums()
    site.backup()
    place = disk.place / "elsewhere"
    with elsewhere(place):
        disk.fill()
        with pytest.raises((BackupError, OSError)) as refused:
            site.restore()
        assert "full" in str(refused.value) or "space" in str(refused.value).lower()
        assert not (place / "newsroom.sqlite3").exists()
        disk.empty()
        site.restore()
        found = sums()
        assert {name for name in wanted if wanted[name] != found[name]} == RAISED
    shutil.rmtree(place)
    assert not files_of(disk.place)
