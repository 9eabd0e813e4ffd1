"""PostgreSQL behind PgBouncer in transaction mode: no statement counts on the session of the one before."""

import os
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path
from unittest import mock

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, connections
from django.test import Client
from django.utils import timezone

from newsroom import environment
from releases import workflow
from releases.intake.records import exporter, importer
from releases.management.commands import migrate
from releases.models import Event, Release
from releases.workflow import Words
from tests.admin.test_verbs_by_url import form_of
from tests.machine import program
from tests.makers import Makers
from tests.servers import PgBouncer, Postgres, open_folder

ROOT = Path(__file__).parents[2]
NAMES = ("HOST", "PORT", "CONN_MAX_AGE", "CONN_HEALTH_CHECKS", "DISABLE_SERVER_SIDE_CURSORS")


@pytest.fixture
def pooled(transactional_db):
    """The test's own database by a pooler, of whose five sessions each transaction gets another."""
    if connection.vendor != "postgresql":
        pytest.skip("a pooler is for PostgreSQL")
    binary = program("pgbouncer")
    direct = dict(connection.settings_dict)
    with open_folder() as folder:
        pooler = PgBouncer(binary, folder / "pgbouncer", host=direct["HOST"], port=direct["PORT"] or 5432)
        try:
            yield from through(pooler, direct)
        finally:
            pooler.stop()


def through(pooler, direct):
    connection.close()
    kept = {name: connection.settings_dict[name] for name in NAMES}
    with mock.patch.dict(
        os.environ, {"DATABASE_URL": f"postgres://postgres@127.0.0.1:{pooler.port}/x", "REPLICA_URLS": ""}
    ):
        made = environment.databases(environment.Env(), Path(), pooled=True)["default"]
    connection.settings_dict.update({name: made[name] for name in NAMES})
    try:
        open_sessions()
        yield direct
    finally:
        connection.close()
        connection.settings_dict.update(kept)


def open_sessions():
    """So many at once that there are several behind the pooler from now on."""
    barrier = threading.Barrier(4)

    def ask():
        with connection.cursor() as cursor:
            cursor.execute("BEGIN")
            barrier.wait(30)
            cursor.execute("COMMIT")
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()


def session():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return cursor.fetchone()[0]


def test_an_article_is_written_published_read_found_and_taken_elsewhere(pooled, tmp_path):
    assert len({session() for _ in range(5)}) > 1, (
        "the pooler gives all to one session, so that this proves nothing"
    )
    makers = Makers()
    client = Client()
    client.force_login(makers.editor)
    draft = makers.draft("Wells of Saltmere", notes=2)
    address = f"/admin/releases/release/{draft.pk}/change/"
    assert (
        client.post(address, {**form_of(draft, title="Wells of the Saltmere"), "_save": "1"}).status_code
        == 302
    )
    workflow.publish(Release.objects.get(), by=makers.editor)
    embargoed = makers.release("Later", publish_at=timezone.now() + timedelta(hours=1))
    workflow.withdraw(makers.release("Gone"), by=makers.editor, notice="Gone.")
    slug = Release.objects.order_by("pk")[0].slug
    pages = {
        "/": 200, f"/releases/{slug}/": 200, "/releases/gone/": 410, f"/releases/{embargoed.slug}/": 404, "/topics/": 200,
        "/feeds/releases.rss": 200, "/search/?q=wells": 200, "/sitemap.xml": 200, "/api/releases.json": 200, "/readyz": 200,
    }  # fmt: skip
    assert {path: Client().get(path).status_code for path in pages} == pages
    assert "Saltmere" in Client().get("/search/?q=wells").text
    for path in ("/admin/", "/admin/releases/release/?q=wells", "/admin/releases/event/", address):
        assert client.get(path).status_code == 200, path
    makers.user("charlotte", "chief")
    assert exporter.export_records(tmp_path / "out") == 3
    taken = importer.import_records(tmp_path / "out")
    assert (taken.added, taken.known) == (0, 3)


def test_without_the_setting_the_same_rows_are_lost_between_two_sessions(pooled):
    """So the setting is needed, and this pooler does what poolers do."""
    makers = Makers()
    for number in range(6):
        makers.draft(f"Draft {number}")
    assert len(list(Event.objects.iterator(chunk_size=1))) >= 6
    connection.settings_dict["DISABLE_SERVER_SIDE_CURSORS"] = False
    with pytest.raises(DatabaseError, match="does not exist"):
        list(Event.objects.iterator(chunk_size=1))


def test_many_write_at_once_and_who_migrates_does_so_alone(pooled):
    makers = Makers()
    makers.release("The first")
    editor, failures = makers.editor, []

    def write(number):
        try:
            for again in range(3):
                draft = workflow.save_draft(
                    None, Words(title=f"One {number} {again}", body="<p>Words.</p>"), by=editor
                )
                workflow.publish(draft, by=editor)
            call_command("migrate", verbosity=0)
        except Exception as error:
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert failures == []
    assert Release.objects.visible().count() == 13


def test_who_migrates_goes_to_the_server_itself(pooled, settings):
    settings.DATABASE_POOLER, settings.DATABASE_DIRECT = "transaction", dict(pooled)
    through = {
        name: connection.settings_dict[name]
        for name in ("HOST", "PORT", "OPTIONS", "NAME", "USER", "PASSWORD")
    }
    try:
        migrate.go_direct()
        assert connection.settings_dict["HOST"] == pooled["HOST"]
        with migrate.lock_timeout(connection, 1.5), connection.cursor() as cursor:
            cursor.execute("SHOW lock_timeout")
            assert cursor.fetchone() == ("1500ms",)
    finally:
        connection.close()
        connection.settings_dict.update(through)


@pytest.mark.deep
def test_a_newsroom_begins_behind_a_pooler():
    """Its tables are made, its sample is loaded, its counts are made anew: all of it through PgBouncer."""
    with open_folder() as folder:
        begin(program("pgbouncer"), folder)


def begin(binary, tmp_path):
    server = Postgres(tmp_path / "postgres").make()
    pooler = PgBouncer(binary, tmp_path / "pgbouncer", host=server.host, port=server.port)
    environ = {
        **os.environ, "DATABASE_POOLER": "transaction", "DATABASE_URL": f"postgres://postgres@127.0.0.1:{pooler.port}/postgres",
        "DATA_DIR": str(tmp_path / "var"), "DEBUG": "1", "DJANGO_SETTINGS_MODULE": "newsroom.settings", "ENV_FILE": os.devnull,
    }  # fmt: skip
    try:
        for command in (
            "migrate",
            "load_sample",
            "rebuild_search",
            "rebuild_words",
            "rebuild_counts",
            "rebuild_sources",
            "check",
        ):
            done = subprocess.run(
                [sys.executable, "manage.py", command], cwd=ROOT, env=environ, capture_output=True, text=True, timeout=600
            )  # fmt: skip
            assert done.returncode == 0, (command, done.stderr[-2000:])
    finally:
        pooler.stop()
        server.stop()
