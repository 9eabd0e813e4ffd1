"""A database that is locked, full, absent or failing in the middle: 503 that says so, no word lost, kept pages go on."""

import json
import logging
import re
from contextlib import contextmanager
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
from django.core.cache import caches
from django.db import DataError, IntegrityError, InterfaceError, OperationalError, connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from newsroom.delivery import page_cache as delivery
from newsroom.delivery.health import is_fault
from releases import editions, workflow
from releases.models import Release

ROOT = Path(__file__).parents[2]
PUBLIC = ("/", "/releases/", "/releases/wells/", "/topics/", "/search/?q=wells", "/search/suggest?q=we", "/follow/", "/feeds/releases.rss",
          "/feeds/releases.json", "/sitemap.xml", "/sitemaps/news.xml", "/api/releases.json", "/nowhere/", "/pictures/cards/x.png")  # fmt: skip
STAFF = ("/admin/", "/admin/releases/release/", "/admin/releases/release/add/", "/accounts/login/")
WORDS = {
    "title": "Zanthorpe wells",
    "body": "<p>A draft that nobody else has.</p>",
    "summary": "Vexilline.",
    "language": "en",
}
gone = OperationalError("could not connect to server: Connection refused\nDETAIL: quoted statement")


@contextmanager
def failing(error=gone, *, only="", after=0):
    """Each statement fails, or each that begins with a word of `only`; the first `after` ones don't."""
    asked = []

    def fail(execute, sql, params, many, context):
        if not only or re.match(only, sql):
            asked.append(sql)
            if len(asked) > after:
                raise error
        return execute(sql, params, many, context)

    with connection.execute_wrapper(fail):
        yield asked


@pytest.fixture
def wells(make_release):
    return make_release("Wells", slug="wells")


def as_person(person):
    client = Client(raise_request_exception=False)
    client.force_login(person)
    return client


def test_faults_are_what_the_database_could_not_do_and_nothing_that_it_refused():
    from django.db import DatabaseError

    assert [is_fault(one) for one in (gone, InterfaceError("closed"), DatabaseError("malformed"))] == [
        True
    ] * 3
    assert [is_fault(one) for one in (IntegrityError("x"), DataError("x"), ValueError("x"), None)] == [
        False
    ] * 4


@pytest.mark.django_db
@pytest.mark.parametrize(
    "error", [gone, InterfaceError("connection already closed"), OperationalError("disk I/O error")]
)
def test_without_a_database_every_address_says_so(wells, editor, error, caplog):
    client = as_person(editor)
    with failing(error), caplog.at_level(logging.ERROR):
        for path in (*PUBLIC, *STAFF):
            answer = client.get(path)
            assert (answer.status_code, answer.headers["Retry-After"]) == (503, "20"), path
            assert "no-store" in answer.headers["Cache-Control"]
            assert "Not available at the moment" in answer.text
        assert client.get("/readyz").status_code == 503
        assert client.get("/healthz").status_code == 200
    assert "quoted statement" not in caplog.text
    assert client.get("/").status_code == 200


@pytest.mark.django_db
def test_what_a_writer_sent_is_shown_and_can_be_sent_again(editor, caplog):
    client = as_person(editor)
    add = reverse("admin:releases_release_add")
    with failing(), caplog.at_level(logging.DEBUG):
        answer = client.post(add, {**WORDS, "_save": "1"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "20")
    assert "nothing was saved" in answer.text
    shown = [
        unescape(one)
        for one in re.findall(r"<textarea[^>]*readonly[^>]*>\n(.*?)</textarea>", answer.text, re.DOTALL)
    ]
    assert shown == ["Zanthorpe wells", "Vexilline.", "<p>A draft that nobody else has.</p>"]
    assert "kept in this browser" not in answer.text  # a page without scripts keeps nothing
    assert not [one for one in ("Zanthorpe", "nobody else", "Vexilline") if one in caplog.text]
    assert not Release.objects.exists()
    form = re.search(r'<form method="post" action="([^"]*)">', answer.text)
    again = {
        name: unescape(value)
        for name, value in re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', answer.text)
    }
    assert client.post(unescape(form[1]), again).status_code == 302
    assert Release.objects.get().working.body == WORDS["body"]


@pytest.mark.django_db
def test_only_a_page_with_scripts_says_that_the_browser_keeps_the_words(editor):
    client = as_person(editor)
    with failing():
        answer = client.post(
            reverse("admin:releases_release_add"), {**WORDS, "visit": "00000000-0000-4000-8000-000000000000"}
        )
    assert "kept in this browser, too" in answer.text


@pytest.mark.django_db
def test_a_script_is_answered_in_its_own_way(editor):
    client = as_person(editor)
    with failing():
        answer = client.post(reverse("admin:releases_release_autosave_new"), WORDS)
        other = client.get("/admin/releases/picture/choices/", headers={"Sec-Fetch-Dest": "empty"})
    for one in (answer, other):
        assert (one.status_code, one.headers["Content-Type"], one.headers["Retry-After"]) == (
            503,
            "application/json",
            "20",
        )
    assert "kept in this browser" in json.loads(answer.text)["reasons"][0]


@pytest.mark.django_db
def test_no_password_is_shown_again(editor):
    client = as_person(editor)
    with failing():
        for path in ("/accounts/login/", f"/admin/accounts/user/{editor.pk}/password/"):
            answer = client.post(
                path, {"login": "edith", "password": "correct horse", "password1": "correct horse"}
            )
            assert answer.status_code == 503
            assert "correct horse" not in answer.text


@pytest.mark.django_db
def test_a_full_disk_refuses_writers_and_no_reader(wells, editor):
    client = as_person(editor)
    with failing(OperationalError("database or disk is full"), only="INSERT|UPDATE|DELETE|SAVEPOINT"):
        answer = client.post(reverse("admin:releases_release_add"), {**WORDS, "_save": "1"})
        assert answer.status_code == 503
        assert "Zanthorpe wells" in answer.text
        for path in PUBLIC:
            assert client.get(path).status_code in {200, 404}, path


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    [
        "/feeds/releases.rss",
        "/topics/land/feed.json",
        "/search/feed.atom?q=wells",
        "/api/releases.json",
        "/",
        "/nowhere/",
    ],
)
def test_a_statement_that_fails_in_the_middle_of_an_answer_leaves_none_half_done(
    make_release, make_topic, path
):
    make_release("Wells", slug="wells", topics=[make_topic("Land")])
    client = Client(raise_request_exception=False)
    whole = client.get(path)
    statements = 0
    while True:
        for one in caches.all():
            one.clear()
        editions.forget_all()
        with failing(after=statements) as asked:
            answer = client.get(path)
        if len(asked) <= statements:
            break
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "20"), asked
        statements += 1
        assert statements < 30
    assert statements >= 2
    assert (answer.status_code, answer.content) == (whole.status_code, whole.content)


# ------------------------------------------------------------------ kept pages


@pytest.mark.django_db
def test_a_kept_page_is_shown_for_some_minutes_and_marked(wells, monkeypatch):
    client = Client()
    whole = client.get("/releases/wells/")
    asked = editions.monotonic()
    monkeypatch.setattr(editions, "EDITION_MEMORY", 0.0)
    with failing():
        stale = client.get("/releases/wells/?utm_source=x")
        assert (stale.status_code, stale.content) == (200, whole.content)
        assert stale.headers["Warning"].startswith("110 ")
        assert stale.headers["Cache-Control"] == "no-cache"
        assert client.get("/releases/").status_code == 503  # never asked for before
        later = asked + delivery.STALE_FOR.total_seconds() + 60
        monkeypatch.setattr(editions, "monotonic", lambda: later)
        assert client.get("/releases/wells/").status_code == 503
    monkeypatch.undo()
    assert "Warning" not in client.get("/releases/wells/").headers


@pytest.mark.django_db(transaction=True)
def test_what_was_withdrawn_in_this_process_is_not_shown_though_it_is_kept(wells, editor):
    client = Client()
    assert client.get("/releases/wells/").status_code == 200
    workflow.withdraw(wells, by=editor, notice="Withdrawn for safety.")
    with failing():
        assert client.get("/releases/wells/").status_code == 503
    assert client.get("/releases/wells/").status_code == 410
    with failing():
        assert client.get("/releases/wells/").status_code == 410


@pytest.mark.django_db(transaction=True)
def test_what_another_process_withdrew_is_not_shown_though_it_is_kept(wells, editor, monkeypatch):
    """A process that has not asked since knows of it by the mark alone."""
    client = Client()
    assert client.get("/releases/wells/").status_code == 200
    seen = editions._seen
    workflow.withdraw(wells, by=editor, notice="Withdrawn for safety.")
    monkeypatch.setattr(editions, "_seen", seen)
    monkeypatch.setattr(editions, "_changed", float("-inf"))
    with failing():
        assert client.get("/releases/wells/").status_code == 503


@pytest.mark.django_db(transaction=True)
def test_kept_pages_that_a_publication_did_not_change_are_shown(wells, make_release, monkeypatch):
    """Though nobody has asked for them since, once it is known from another page what it changed."""
    client = Client()
    for path in ("/", "/zh-hans/", "/zh-hans/releases/"):
        assert client.get(path).status_code == 200
    make_release("Rivers")
    assert client.get("/zh-hans/").status_code == 200
    monkeypatch.setattr(editions, "EDITION_MEMORY", 0.0)
    with failing():
        kept = client.get("/zh-hans/releases/")
        assert (kept.status_code, kept.headers["Warning"][:3]) == (200, "110")
        # It lacks what is new, and shows nothing that is gone.
        front = client.get("/")
        assert (front.status_code, front.headers["Warning"][:3]) == (200, "110")
        assert "Rivers" not in front.text


@pytest.mark.django_db(transaction=True)
def test_kept_pages_of_some_editions_ago_are_shown_but_never_what_was_withdrawn(
    wells, make_release, editor, monkeypatch
):
    client = Client()
    gone = make_release("Gone", language="zh-hans")
    paths = (
        "/",
        "/releases/",
        "/feeds/releases.rss",
        "/zh-hans/",
        "/zh-hans/releases/gone/",
        "/search/?q=wells",
    )
    for path in paths:
        assert client.get(path).status_code == 200, path
    for title in ("One", "Two"):
        make_release(title)
        assert client.get("/topics/").status_code == 200  # so that this process learns of it
    workflow.withdraw(gone, by=editor, notice="Withdrawn for safety.")
    assert client.get("/topics/").status_code == 200
    monkeypatch.setattr(editions, "EDITION_MEMORY", 0.0)
    with failing():
        found = {path: client.get(path) for path in paths}
    shown = {path for path, answer in found.items() if answer.status_code == 200}
    assert shown == {"/", "/releases/", "/feeds/releases.rss"}
    assert all(found[path].headers["Warning"].startswith("110 ") for path in shown)
    assert all(answer.status_code == 503 for path, answer in found.items() if path not in shown)


@pytest.mark.django_db(transaction=True)
def test_kept_pages_are_not_shown_where_this_process_missed_an_edition(wells, make_release, monkeypatch):
    client = Client()
    assert client.get("/").status_code == 200
    make_release("One")
    assert client.get("/topics/").status_code == 200
    monkeypatch.setattr(editions, "_steps", {})
    monkeypatch.setattr(editions, "_changes", {})
    monkeypatch.setattr(editions, "EDITION_MEMORY", 0.0)
    with failing():
        assert client.get("/").status_code == 503


def test_an_edition_that_was_asked_for_before_a_change_is_not_the_last_one_known(monkeypatch):
    """A query that began before the change and ended after it."""
    times = iter([10.0, 20.0, 21.0])
    monkeypatch.setattr(editions, "_seen", None)
    monkeypatch.setattr(editions, "_changed", float("-inf"))
    monkeypatch.setattr(editions, "monotonic", lambda: next(times))

    def asked(at):
        editions._forget_seen()
        return editions.EditionNow(1, editions.EPOCH, None, None)

    monkeypatch.setattr(editions, "current", asked)
    editions.read(timezone.now())
    assert editions.last_seen(timedelta(minutes=10)) is None
