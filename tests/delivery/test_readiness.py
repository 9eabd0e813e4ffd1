"""The probes: cheap, without detail for strangers, and each thing that the site needs can be found wanting."""

import shutil
from collections import namedtuple
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from newsroom.delivery import metrics, readiness
from newsroom.delivery.cache_backends import FileCache
from releases.models.edition import Ping

pytestmark = pytest.mark.django_db
TOKEN = "a-token-of-twenty-four-letters"
WITH_TOKEN = {"HTTP_AUTHORIZATION": f"Bearer {TOKEN}"}


@pytest.fixture(autouse=True)
def asked_anew(monkeypatch, settings, tmp_path):
    monkeypatch.setattr(readiness, "REMEMBERED", -1.0)
    settings.METRICS_TOKEN = TOKEN
    settings.MEDIA_ROOT = tmp_path / "media"


def ask(**more):
    answer = Client().get("/readyz", HTTP_HOST="anything.example", **more)
    return answer.status_code, answer.content.decode()


def test_all_is_well():
    assert ask() == (200, "ok\n")
    status, detail = ask(**WITH_TOKEN)
    assert status == 200
    assert [line.partition(": ")[2] for line in detail.splitlines()[1:]] == ["ok"] * 6


def breaks(name, monkeypatch, settings, tmp_path):
    if name == "database":
        monkeypatch.setattr(connection, "cursor", _refuse)
    elif name == "migrations":
        monkeypatch.setattr(readiness, "_all_have_run", False)
        monkeypatch.setattr(readiness, "_known_names", frozenset({("releases", "9999_to_come")}))
    elif name == "storage":
        (tmp_path / "file").touch()
        settings.MEDIA_ROOT = tmp_path / "file" / "media"
    elif name == "disk":
        usage = namedtuple("usage", "total used free")
        monkeypatch.setattr(shutil, "disk_usage", lambda _folder: usage(100, 100, 1024**2))
    elif name == "cache":
        (tmp_path / "cache").touch()
        settings.CACHES = {
            **settings.CACHES,
            "default": {"BACKEND": f"{FileCache.__module__}.FileCache", "LOCATION": str(tmp_path / "cache")},
        }
    elif name == "queue":
        settings.WEBSUB_HUB = "https://hub.example/"
        Ping.objects.create(path="/feeds/releases.rss", due_at=timezone.now() - timedelta(hours=2))


def _refuse(*_args, **_kwargs):
    raise OperationalError("gone: with a word")


@pytest.mark.parametrize("name", ["database", "migrations", "storage", "disk"])
def test_without_what_it_needs_it_is_not_ready_and_strangers_learn_no_more(
    name, monkeypatch, settings, tmp_path
):
    breaks(name, monkeypatch, settings, tmp_path)
    assert ask() == (503, "not ready\n")
    detail = ask(**WITH_TOKEN)[1]
    assert f"\n{name}: ok" not in detail
    assert "with a word" not in detail


@pytest.mark.parametrize("name", ["cache", "queue"])
def test_without_what_helps_it_goes_on_and_says_so_to_those_who_may_know(
    name, monkeypatch, settings, tmp_path
):
    breaks(name, monkeypatch, settings, tmp_path)
    assert ask() == (200, "ok\n")
    assert f"\n{name}: ok" not in ask(**WITH_TOKEN)[1]


def test_storage_is_asked_by_writing_and_nothing_stays():
    ask()
    assert default_storage.listdir("")[1] == []


def test_it_costs_a_query_once_the_migrations_have_run(settings):
    ask()
    with CaptureQueriesContext(connection) as asked:
        ask()
    assert [one["sql"] for one in asked] == ["SELECT 1 FROM django_migrations LIMIT 1"]


def test_who_asks_often_costs_no_more(monkeypatch):
    monkeypatch.setattr(readiness, "REMEMBERED", 60.0)
    ask()
    with CaptureQueriesContext(connection) as asked:
        assert [ask()[0] for _ in range(20)] == [200] * 20
    assert len(asked) == 0


@pytest.mark.parametrize("said", ["", "Bearer ", f"Bearer {TOKEN}x", f"Basic {TOKEN}"])
def test_numbers_are_for_who_has_the_token(said, settings):
    assert Client().get("/metrics", HTTP_AUTHORIZATION=said).status_code == 404
    settings.METRICS_TOKEN = ""
    assert Client().get("/metrics", HTTP_AUTHORIZATION="Bearer ").status_code == 404


def test_numbers_are_about_kinds_of_pages_and_no_reader():
    reader = Client(REMOTE_ADDR="192.0.2.77")
    reader.get("/search/", {"q": "Marked-Search"})
    reader.get("/topics/Marked-Topic/")
    said = Client().get("/metrics", **WITH_TOKEN).content.decode()
    assert 'newsroom_answers_by_route_total{process="' in said
    assert 'route="search/"' in said
    assert 'newsroom_ready{what="database"} 1' in said
    assert [one for one in ("Marked", "192.0.2.77") if one in said] == []
    for line in said.splitlines():
        assert line.startswith("# TYPE ") or float(line.rpartition(" ")[2]) >= 0
    assert said.count("# TYPE newsroom_ready ") == 1


def test_made_up_kinds_of_pages_are_bounded(monkeypatch):
    monkeypatch.setattr(metrics, "MAX_ROUTES", len(metrics._by_route) + 2)
    for number in range(10):
        metrics.answered(f"made-up-{number}/", 200, 0.01)
    assert sum(route.startswith("made-up") for route in metrics._by_route) == 2


def test_the_operators_page_is_for_chiefs(client, chief, editor, monkeypatch, settings, tmp_path):
    breaks("disk", monkeypatch, settings, tmp_path)
    client.force_login(editor)
    assert client.get("/admin/state/").status_code == 403
    assert "/admin/state/" not in client.get("/admin/").content.decode()
    client.force_login(chief)
    assert "/admin/state/" in client.get("/admin/").content.decode()
    page = client.get("/admin/state/").content.decode()
    assert "1 MB are free, less than 200." in page
    assert "Nothing so far." in page
    assert page.count("<h1") == 1
