"""Real databases that are locked, absent, or migrated by several processes at once."""

import os
import socket
import sqlite3
import subprocess
import sys
import threading
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import OperationalError, ProgrammingError, connection, transaction
from django.test import Client
from django.urls import reverse

from tests.delivery.test_faults import PUBLIC, STAFF, WORDS, as_person
from tests.depth import times

ROOT = Path(__file__).parents[2]
MIGRATING = times("MIGRATING", 2, 3)


@pytest.fixture
def wells(make_release):
    return make_release("Wells", slug="wells")


@pytest.fixture
def writer_holds_the_lock(transactional_db, monkeypatch):
    """A second connection that has begun to write and does not end; ours waits a moment only."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL has no lock of the whole database")
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "timeout", 0.03)
    connection.close()
    other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)

    @contextmanager
    def held():
        other.execute("BEGIN IMMEDIATE")
        other.execute("UPDATE releases_edition SET number = number")
        try:
            yield
        finally:
            other.execute("ROLLBACK")

    yield held
    other.close()
    connection.close()


def test_a_writer_with_the_lock_blocks_no_reader_and_another_writer_is_told(
    writer_holds_the_lock, wells, editor
):
    client, reader = as_person(editor), Client(raise_request_exception=False)
    with writer_holds_the_lock():
        answers = []

        def read():
            """By a connection that is new in this process: what Django asks of it first must not wait, either."""
            answers.extend((path, reader.get(path).status_code) for path in PUBLIC)
            connection.close()

        thread = threading.Thread(target=read, daemon=True)
        thread.start()
        thread.join(timeout=60)
        assert len(answers) == len(PUBLIC)
        assert [one for one in answers if one[1] not in {200, 404}] == []
        for path in (
            *STAFF[:3],
            f"/admin/releases/release/{wells.pk}/change/",
            f"/admin/releases/release/{wells.pk}/history/",
        ):
            assert client.get(path).status_code == 200, path
        answer = client.post(reverse("admin:releases_release_add"), {**WORDS, "_save": "1"})
        assert answer.status_code == 503
        assert "Zanthorpe wells" in answer.text
        assert client.post(reverse("admin:releases_release_autosave_new"), WORDS).status_code == 503
    assert client.post(reverse("admin:releases_release_add"), {**WORDS, "_save": "1"}).status_code == 302


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def environment(**more):
    kept = {name: value for name, value in os.environ.items() if name not in {"CACHE_URL", "DATABASE_URL"}}
    return {
        **kept,
        "DJANGO_SETTINGS_MODULE": "newsroom.settings",
        "SECRET_KEY": "0123456789" * 5 + "abc",
        "DEBUG": "0",
        "LOG_LEVEL": "CRITICAL",
        **more,
    }


def test_a_server_that_is_not_there_is_503(tmp_path):
    code = (
        "import django; django.setup()\n"
        "from django.test import Client\n"
        "from django.conf import settings\n"
        "settings.STORAGES['staticfiles']['BACKEND'] = 'django.contrib.staticfiles.storage.StaticFilesStorage'\n"
        "c = Client(raise_request_exception=False, SERVER_NAME='localhost')\n"
        "c.cookies[settings.SESSION_COOKIE_NAME] = 'x' * 32\n"
        "print([(c.get(p).status_code, c.get(p).headers.get('Retry-After')) for p in ('/', '/nowhere/', '/admin/', '/feeds/releases.rss')])\n"
        "print(c.get('/readyz').status_code)"
    )
    env = environment(DATA_DIR=str(tmp_path), DATABASE_URL=f"postgres://x:y@127.0.0.1:{free_port()}/x")
    done = subprocess.run(
        [sys.executable, "-c", code], env=env, cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    assert done.stdout.splitlines() == [str([(503, "20")] * 4), "503"], done.stderr[-2000:]


def migrations_at_once(env):
    """Two processes that begin at once, three in the deep run; what each of them said."""
    command = [sys.executable, "manage.py", "migrate", "--verbosity", "1"]
    running = [
        subprocess.Popen(
            command, env=env, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        for _ in range(MIGRATING)
    ]
    try:
        said = [one.communicate(timeout=120)[0] for one in running]
    finally:
        for one in running:
            one.kill()
    assert [one.returncode for one in running] == [0] * MIGRATING, "\n".join(text[-800:] for text in said)
    # One did it all, and whoever came after it found nothing to do.
    assert sorted("No migrations to apply" in text for text in said) == [False, *[True] * (MIGRATING - 1)]


@pytest.mark.django_db(transaction=True)
def test_processes_that_migrate_at_once_all_end_well(tmp_path):
    if connection.vendor == "sqlite":
        migrations_at_once(environment(DATA_DIR=str(tmp_path)))
        return
    name = "migrated_at_once"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {name}")
        cursor.execute(f"CREATE DATABASE {name}")
    url = os.environ["DATABASE_URL"].rpartition("/")[0] + f"/{name}"
    try:
        migrations_at_once(environment(DATA_DIR=str(tmp_path), DATABASE_URL=url))
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {name}")


@pytest.mark.django_db
def test_a_statement_that_failed_lets_go_of_its_connection():
    """Or the lock of that connection is asked for whenever, and in whatever thread, the garbage is collected."""
    if connection.vendor != "sqlite":
        pytest.skip("of SQLite's driver")
    cursor = connection.cursor()
    for fail in (cursor.execute, lambda sql: connection.cursor().executemany(sql, [()])):
        with pytest.raises(OperationalError), transaction.atomic():
            fail("INSERT INTO nowhere VALUES (1)")
    with pytest.raises(ProgrammingError, match="closed cursor"):
        cursor.fetchone()
