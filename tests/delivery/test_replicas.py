"""Pages for readers are made of a replica that is level with the primary, and of no other; staff read what they wrote."""

import sqlite3
import time
from contextlib import closing, contextmanager
from datetime import timedelta
from unittest import mock

import pytest
from django.db import DEFAULT_DB_ALIAS, OperationalError, connection, connections, router
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from newsroom.delivery import edition as delivery
from newsroom.delivery.page_cache import pages
from releases import editions, workflow
from releases.databases import Router, reading_from
from releases.models import Edition, Release, Topic
from releases.workflow import Words
from tests.makers import Makers
from tests.servers import Postgres, open_folder, wait_until

pytestmark = pytest.mark.django_db(transaction=True)
REPLICA = "replica-1"
KEPT = ("NAME", "HOST", "PORT")


class Copy:
    """In the place of a replica, for SQLite: a file that follows when it is told to."""

    def __init__(self, folder):
        self.settings = {"NAME": str(folder / "replica.sqlite3")}

    def catch_up(self):
        primary, copy = (sqlite3.connect(one["NAME"]) for one in (connection.settings_dict, self.settings))
        with closing(primary), closing(copy):
            primary.backup(copy)

    def close(self):
        """Nothing runs."""


class Standby:
    """A streaming replica of the test's own PostgreSQL, which stands still until it is told to follow."""

    def __init__(self, folder):
        primary = connection.settings_dict
        self.server = Postgres(folder / "standby")
        self.server.follow(f"host={primary['HOST']} port={primary['PORT'] or 5432} user=postgres")
        self.settings = {"NAME": primary["NAME"], "HOST": self.server.host, "PORT": self.server.port}
        self.server.ask("SELECT pg_wal_replay_pause()")

    def catch_up(self):
        with connection.cursor() as cursor:
            # What was committed without waiting for the disk is on it after one who waits.
            cursor.execute(
                "BEGIN; SET LOCAL synchronous_commit = on; SELECT pg_logical_emit_message(true, '', ''); COMMIT"
            )
            cursor.execute("SELECT pg_current_wal_flush_lsn()::text")
            (wanted,) = cursor.fetchone()
        self.server.ask("SELECT pg_wal_replay_resume()")
        level = f"SELECT pg_last_wal_replay_lsn() >= '{wanted}'::pg_lsn"
        wait_until(lambda: self.server.ask(level), what="the replica follows")
        self.server.ask("SELECT pg_wal_replay_pause()")

    def close(self):
        self.server.stop()


@pytest.fixture(scope="module")
def follower():
    with open_folder() as folder:
        one = Copy(folder) if connection.vendor == "sqlite" else Standby(folder)
        yield one
        one.close()


@pytest.fixture
def replica(transactional_db, follower, settings, monkeypatch):
    """A second database that this process reads from, level at first."""
    made = {**connection.settings_dict, **follower.settings}
    monkeypatch.setitem(settings.DATABASES, REPLICA, made)
    monkeypatch.setattr(connections, "settings", settings.DATABASES)
    monkeypatch.setattr(router, "routers", [Router()])
    follower.catch_up()
    connections[REPLICA].connect()  # past Django's tests, which know of no such database
    delivery._left_until.clear()
    yield follower
    connections[REPLICA].close()
    del connections[REPLICA]
    delivery._left_until.clear()


@pytest.fixture
def wells(replica):
    """A release that both have."""
    made = Makers().release("Wells", slug="wells", topics=[Topic.objects.create(name="Water")])
    replica.catch_up()
    return made


def read(path="/releases/wells/", client=None):
    """A page that nobody holds; its answer, and what each database was asked."""
    pages().clear()
    delivery._left_until.clear()
    with CaptureQueriesContext(connection) as primary, CaptureQueriesContext(connections[REPLICA]) as replica:
        answer = (client or Client(raise_request_exception=False)).get(path)
    return answer, len(primary), len(replica)


def of_another_machine():
    """What this process remembers is forgotten, as if the change had been made elsewhere a second ago."""
    editions.forget_all()


PAGES = ("/", "/releases/wells/", "/releases/", "/topics/", "/topics/water/", "/search/?q=wells", "/feeds/releases.rss",
         "/api/releases.json", "/sitemap.xml", "/releases/wells/cite.txt", "/nowhere/")  # fmt: skip


def test_a_page_for_readers_is_made_of_the_replica_alone(wells):
    read("/")
    for path in PAGES:
        of_another_machine()
        answer, primary, replica = read(path)
        assert (answer.status_code, primary) == (404 if path == "/nowhere/" else 200, 1), path  # the edition
        assert replica > 1, path
        answer, primary, replica = read(path)
        assert primary == 0, path  # it was asked a moment ago


def test_pages_of_both_databases_are_the_same(wells):
    for path in PAGES:
        of_another_machine()
        with_replica = read(path)[0].content
        with mock.patch.object(delivery, "_replicas", list):
            of_another_machine()
            assert read(path)[0].content == with_replica, path


def test_what_is_published_and_withdrawn_is_so_at_once_however_far_the_replica_is_behind(wells, replica):
    Makers().release("Rivers", slug="rivers")
    answer, primary, _ = read("/releases/rivers/")
    assert (answer.status_code, primary > 2) == (200, True)
    assert "Rivers" in read("/")[0].text
    workflow.withdraw(Release.objects.get(slug="wells"), by=Makers().editor, notice="Gone.")
    assert read()[0].status_code == 410
    replica.catch_up()
    answer, primary, asked = read()
    assert (answer.status_code, primary, asked > 1) == (410, 0, True)


def test_a_process_of_another_machine_knows_within_its_memory(wells):
    """It has seen the edition before; the change happens elsewhere, and no file tells it."""
    read()
    with mock.patch.object(editions, "_forget_seen"):
        workflow.withdraw(Release.objects.get(slug="wells"), by=Makers().editor, notice="Gone.")
    assert read()[0].status_code == 200
    with mock.patch.object(editions, "EDITION_MEMORY", 0.0):
        assert read()[0].status_code == 410


def test_a_replica_that_is_ahead_of_what_is_known_is_no_reason_to_ask_the_primary_less_often(wells, replica):
    read()
    asked = editions._seen.asked
    with mock.patch.object(editions, "_forget_seen"):
        Makers().release("Rivers", slug="rivers")
    replica.catch_up()
    assert read("/releases/rivers/")[0].status_code == 200
    assert editions._seen.asked == asked
    assert editions._seen.edition == editions.current()


def at(moment):
    return mock.patch.object(timezone, "now", return_value=moment)


def test_an_embargo_that_was_moved_does_not_end_by_the_old_date_of_a_replica(wells, replica):
    makers, due = Makers(), timezone.now() + timedelta(hours=1)
    later = makers.release("Later", slug="later", publish_at=due)
    replica.catch_up()
    workflow.save_draft(
        later,
        Words(title="Later", body="<p>Words.</p>", publish_at=due + timedelta(hours=1)),
        by=makers.editor,
    )
    workflow.schedule(Release.objects.get(pk=later.pk), by=makers.editor)
    for moment in (due - timedelta(seconds=1), due, due + timedelta(seconds=1), due + timedelta(minutes=30)):
        with at(moment):
            of_another_machine()
            assert read("/releases/later/")[0].status_code == 404, moment
            assert "Later" not in read("/")[0].text
            assert read("/releases/later/")[0].status_code == 404, moment


def test_an_embargo_ends_at_its_second_by_the_replica_too(wells, replica):
    due = timezone.now() + timedelta(hours=1)
    Makers().release("Later", slug="later", publish_at=due)
    replica.catch_up()
    for moment, status in (
        (due - timedelta(microseconds=1), 404),
        (due, 200),
        (due + timedelta(minutes=1), 200),
    ):
        with at(moment):
            of_another_machine()
            assert read("/releases/later/")[0].status_code == status, moment
    with at(due - timedelta(seconds=4)):
        of_another_machine()
        assert read("/")[2] == 1  # its edition alone: so shortly before, the primary makes the page
    with at(due + timedelta(minutes=1)):
        of_another_machine()
        _, primary, asked = read("/releases/later/")
        assert (primary, asked > 2) == (1, True)


def test_people_who_are_signed_in_read_the_primary(wells):
    client = Client()
    client.force_login(Makers().editor)
    link = workflow.share_preview(Makers().draft("Secret"), by=Makers().editor, days=1)
    for path in (
        "/admin/",
        "/admin/releases/release/",
        f"/admin/releases/release/{wells.pk}/change/",
        reverse("preview", args=[link.token]),
    ):
        answer, _, replica = read(path, client)
        assert (answer.status_code, replica) == (200, 0), path


def test_what_is_written_while_a_replica_is_read_goes_to_the_primary(wells):
    with reading_from(REPLICA):
        assert Release.objects.get().revisions.all().db == REPLICA
        assert Topic.objects.filter(name="Water").select_for_update().db == DEFAULT_DB_ALIAS
        topic = Topic.objects.get(name="Water")
        topic.description = "Of wells and rivers."
        topic.save()
        made, new = Topic.objects.get_or_create(name="New", slug="new", key="new", sort_key="new")
        assert (made._state.db, new) == (DEFAULT_DB_ALIAS, True)
        assert not Topic.objects.filter(name="New").exists()
    assert Topic.objects.get(name="Water").description == "Of wells and rivers."


@contextmanager
def lost(alias, *, after=0):
    """Each statement fails, but for the first ones."""
    asked = []

    def fail(execute, sql, params, many, context):
        asked.append(sql)
        if len(asked) > after:
            raise OperationalError("terminating connection due to administrator command")
        return execute(sql, params, many, context)

    with connections[alias].execute_wrapper(fail):
        yield asked


@pytest.mark.parametrize("after", [0, 1, 2])
def test_a_replica_that_is_lost_costs_no_reader_a_page(wells, after, caplog):
    with lost(REPLICA, after=after) as asked:
        for path in ("/releases/wells/", "/", "/search/?q=wells"):
            answer, primary, _ = read(path)
            assert (answer.status_code, primary > 1) == (200, True), path
            assert "Warning" not in answer.headers
        failed = len(asked)
        pages().clear()
        assert Client().get("/releases/wells/").status_code == 200
        assert len(asked) == failed  # it is left alone for some seconds
    assert read()[1] <= 1


def test_without_the_primary_a_replica_that_knows_as_much_goes_on_and_says_that_it_may_be_stale(
    wells, replica
):
    read()
    with lost(DEFAULT_DB_ALIAS), mock.patch.object(editions, "EDITION_MEMORY", 0.0):
        for path in ("/", "/releases/wells/", "/search/?q=wells"):
            answer, _, asked = read(path)
            assert (answer.status_code, asked > 1, "110" in answer.headers["Warning"]) == (200, True, True), (
                path
            )
            assert pages().size == 0
        assert read("/admin/")[0].status_code in {302, 503}
        later = time.monotonic() + delivery.STALE_FOR.total_seconds() + 60
        with mock.patch.object(editions, "monotonic", return_value=later):
            assert read("/topics/")[0].status_code == 503
    assert "Warning" not in read()[0].headers


def test_without_the_primary_a_replica_that_knows_less_is_not_asked(wells):
    workflow.withdraw(Release.objects.get(slug="wells"), by=Makers().editor, notice="Gone.")
    read()
    with lost(DEFAULT_DB_ALIAS), mock.patch.object(editions, "EDITION_MEMORY", 0.0):
        assert read()[0].status_code == 503


def test_without_the_primary_no_embargo_ends(wells, replica):
    due = timezone.now() + timedelta(minutes=1)
    Makers().release("Later", slug="later", publish_at=due)
    replica.catch_up()
    read()
    with lost(DEFAULT_DB_ALIAS), at(due + timedelta(seconds=1)):
        assert read("/releases/later/")[0].status_code == 503


def test_a_database_that_was_emptied_is_not_asked(wells, replica):
    """As a replica that has not copied anything yet."""
    Edition.objects.update(number=10)
    of_another_machine()
    assert read()[1] > 2
