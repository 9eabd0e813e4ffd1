"""The bytes of removed words: in no file of the database, no store beside it, or named with what is to be done."""

import os
import time
from datetime import timedelta
from io import StringIO
from pathlib import Path
from unittest import mock

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.cache import caches
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import OperationalError, connection
from django.utils import timezone

from newsroom.accounts import record
from newsroom.accounts.models import User
from newsroom.http import uploads
from newsroom.safety.scrub import remains, whole, words
from releases import workflow
from releases.models import FormerSlug, MirrorList
from releases.pictures import MASTER
from releases.text.removal import Removal
from releases.workflow import topics
from releases.workflow.pictures import clean_pictures
from releases.workflow.topics import Naming
from tests.delivery.test_caches import Server
from tests.machine import program
from tests.servers import free_port

NAME = "Zanthorpe Imin"
REMOVAL = Removal([NAME], "[name removed]")


def remove():
    return remains.run(REMOVAL, [NAME], by=None)


@pytest.fixture
def named(site, makers):
    """A name in a published text and in a draft, and in what was deleted before."""
    release = makers.release(f"Of {NAME}", body=f"<p>{NAME} spoke.</p>" * 200, slug="spoken")
    workflow.save_draft(release, workflow.Words(NAME, f"<p>{NAME} again.</p>"), by=makers.editor)
    return release


def files_of_the_database():
    if connection.vendor == "sqlite":
        name = str(connection.settings_dict["NAME"])
        return [Path(name + end) for end in ("", "-wal", "-shm") if os.path.exists(name + end)]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('data_directory'), oid FROM pg_database WHERE datname = current_database()"
        )
        folder, oid = cursor.fetchone()
    try:
        return [path for path in (Path(folder) / "base" / str(oid)).iterdir() if path.stat().st_size]
    except PermissionError:
        pytest.skip("the server's folder is another account's")


def holding(paths):
    return [path.name for path in paths if NAME.encode() in path.read_bytes()]


def test_no_file_of_the_database_has_a_byte_of_them(named):
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # of whose columns the planner knows the most common values
        if connection.vendor == "postgresql":
            cursor.execute("CHECKPOINT")
    assert holding(files_of_the_database())
    assert remove().hits == []
    assert holding(files_of_the_database()) == []


@pytest.mark.alike
def test_a_database_that_cannot_be_written_anew_has_lost_the_words_and_says_what_to_do(named, tmp_path):
    def full(execute, sql, *args):
        if sql.startswith("VACUUM"):
            raise OperationalError("database or disk is full")
        return execute(sql, *args)

    file = tmp_path / "name"
    file.write_text(NAME)
    number, said = len([one for one in words.find(REMOVAL) if not one.left]), StringIO()
    with connection.execute_wrapper(full):
        call_command("scrub", str(file), places=number, stdout=said)
    assert f"Removed from {number} places." in said.getvalue()
    assert "could not be written anew (database or disk is full)" in said.getvalue()
    assert "found none" not in said.getvalue()
    said = StringIO()
    call_command("scrub", str(file), places=number, stdout=said)
    assert "found none" in said.getvalue()


# ------------------------------------------------------------------ what stands beside the database


@pytest.mark.alike
def test_what_a_removal_leaves_alone_is_named_with_where_it_is_mended(named, makers, make_user, chief):
    """Topics, people, the record of access, the list of mirrors: each has a page or a command of its own."""
    topic = makers.topic(NAME, slug="zanthorpe-imin")
    person = make_user("somebody")
    User.objects.filter(pk=person.pk).update(last_name=NAME)
    record.note("person changed", person=person, last_name=["", NAME])
    MirrorList.objects.create(text=NAME, signature="s", key="k", signed_at=timezone.now())
    left = {one.table: remains.mended_at(one.table) for one in words.find(REMOVAL) if one.left}
    assert {name: said.partition(":")[0] for name, said in left.items()} == {
        "releases_topic": "A topic", "releases_topicword": "A topic", "accounts_accessentry": "An entry of the access record",
        "accounts_user": "A person, or what they sign in with", "releases_mirrorlist": "The signed list of mirrors",
    }  # fmt: skip
    topics.rename(topic, Naming("Wells", {}, slug="wells"), by=chief)
    assert FormerSlug.objects.filter(slug="zanthorpe-imin").exists()
    remove()
    assert not FormerSlug.objects.filter(slug="zanthorpe-imin").exists()
    assert "releases_topic" not in {one.table for one in words.find(REMOVAL)}


@pytest.mark.alike
def test_sessions_that_have_them_end_and_others_go_on(named):
    for name in ("spoken", NAME):
        store = SessionStore()
        store["draft"] = name
        store.save()
    remove()
    assert [one.get_decoded()["draft"] for one in Session.objects.all()] == ["spoken"]


@pytest.mark.alike
def test_every_cache_is_emptied_and_one_that_does_not_answer_is_named(named, settings, tmp_path):
    settings.CACHES = {
        "default": {"BACKEND": "newsroom.delivery.cache_backends.FileCache", "LOCATION": str(tmp_path / "data" / "cache")},
        "pages": {"BACKEND": "newsroom.delivery.cache_backends.PageMemory", "LOCATION": "remains"},
        "lost": {"BACKEND": "newsroom.delivery.cache_server.ServerCache", "LOCATION": f"redis://127.0.0.1:{free_port()}/0"},
    }  # fmt: skip
    for name in ("default", "pages"):
        caches[name].set("a", f"a page of {NAME}")
    done = remove()
    assert (done.hits, done.caches) == ([], ["lost"])
    assert [caches[name].get("a") for name in ("default", "pages")] == [None, None]
    assert any("“lost” did not answer" in line for line in done.advice())


@pytest.mark.alike
def test_a_redis_server_holds_none_of_them(named, settings, tmp_path):
    server = Server(program("redis-server"), tmp_path)
    server.start()
    try:
        settings.CACHES = {
            "default": {"BACKEND": "newsroom.delivery.cache_server.ServerCache", "LOCATION": server.address}
        }
        caches["default"].set("a", f"a page of {NAME}")
        assert remove().caches == []
        assert caches["default"].get("a") is None
    finally:
        server.stop()


@pytest.mark.alike
def test_a_baked_site_is_named_until_it_is_baked_anew(named, tmp_path):
    site = tmp_path / "baked"
    call_command("bake", str(site), jobs=1, stdout=StringIO())
    states = list((tmp_path / "data" / "static_site").glob("*.sqlite3"))
    done = remove()
    assert done.sites == [site]
    assert any(str(site) in line for line in done.advice())
    call_command("bake", str(site), jobs=1, stdout=StringIO())
    assert holding([path for path in [*site.rglob("*"), *states] if path.is_file()]) == []


@pytest.mark.alike
def test_an_upload_that_was_broken_off_is_removed_and_one_under_way_is_named(named):
    uploads().mkdir()
    old, new = (uploads() / one for one in ("tmp1.upload.txt", "tmp2.upload.txt"))
    for path in (old, new):
        path.write_text(NAME)
    os.utime(old, (time.time() - 7200,) * 2)
    assert remove().hits == [str(new)]
    assert not old.exists()


@pytest.mark.alike
def test_any_file_beside_the_database_is_named(named, settings):
    for name in ("a.log", "export.jsonl", "note-zanthorpe-imin.txt"):
        (settings.DATA_DIR / name).write_text("" if "note" in name else f"about {NAME}")
    assert [Path(one).name for one in remove().hits] == ["a.log", "export.jsonl", "note-zanthorpe-imin.txt"]


@pytest.mark.alike
def test_files_of_a_picture_that_could_not_be_deleted_go_the_next_day(named, makers):
    picture, shown = makers.picture(), makers.picture("shown.jpg", colour="#105030")
    with mock.patch.object(default_storage, "delete", side_effect=OSError("gone")):
        workflow.delete_picture(picture, by=makers.editor)
    path = picture.path(MASTER)
    assert default_storage.exists(path)
    assert list(clean_pictures()) == []  # it may be an upload whose row is still to come
    found = list(clean_pictures(at=timezone.now() + timedelta(days=2)))
    assert (None, path) in found
    assert not default_storage.exists(path)
    assert default_storage.exists(shown.path(MASTER))


@pytest.mark.alike
def test_a_removed_picture_whose_files_stayed_is_named_and_they_go_with_the_next_removal(named, makers):
    picture = makers.picture()
    with mock.patch.object(default_storage, "delete", side_effect=OSError("gone")):
        hits = whole.remove_picture(picture, by=None).hits
    assert {Path(one).parent.name for one in hits} == {picture.digest}
    for one in hits:
        os.utime(one, (time.time() - 2 * 86400,) * 2)
    remove()
    assert not default_storage.exists(picture.path(MASTER))
