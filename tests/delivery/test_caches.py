"""Caches are bounded in bytes, and what befalls them is a miss and no error."""

import logging
import os
import pickle
import random
import socket
import subprocess
import time
import zlib

import pytest
from django.core.cache import caches
from django.http import HttpResponse
from django.test import Client, override_settings

from newsroom.delivery import cache_backends as ours
from newsroom.delivery.cache_backends import FaultTolerant, FileCache, MemoryCache
from newsroom.delivery.cache_server import ServerCache
from tests.machine import program


@pytest.fixture(autouse=True)
def fresh():
    FaultTolerant._paused_until.clear()
    FaultTolerant._logged_at.clear()
    yield
    FaultTolerant._paused_until.clear()


def memory(budget, name="of a test"):
    cache = MemoryCache(name, {"OPTIONS": {"MAX_BYTES": budget}})
    cache.clear()
    return cache


def test_memory_holds_no_more_than_its_bytes_and_lets_go_of_what_was_not_used_for_longest():
    cache = memory(100_000)
    for number in range(1000):
        cache.set(f"page-{number}", b"x" * 5_000)
        assert cache.get("page-0") is not None  # used all the time
        assert cache.size <= 100_000
    assert [number for number in range(1000) if cache.get(f"page-{number}")] == [0, *range(984, 1000)]


def test_what_is_larger_than_all_of_it_is_not_held_and_pushes_nothing_out():
    cache = memory(100_000)
    cache.set("small", b"x")
    cache.set("large", b"x" * 200_000)
    assert (cache.get("small"), cache.get("large")) == (b"x", None)


def test_the_bytes_are_counted_right_whatever_is_done():
    cache, chance = memory(60_000), random.Random(7)
    for _ in range(5_000):
        key, size = f"key-{chance.randrange(60)}", chance.randrange(9_000)
        act = chance.choice(["set", "set", "add", "delete", "get", "touch", "incr", "expire"])
        if act == "set":
            cache.set(key, "x" * size)
        elif act == "expire":
            cache.set(key, "x" * size, -1)
        elif act == "add":
            cache.add(key, 1)
        elif act == "incr" and isinstance(cache.get(key), int):
            cache.incr(key, 10**6)
        elif act in {"delete", "get", "touch"}:
            getattr(cache, act)(key)
        assert cache.size <= 60_000
        assert cache.size == sum(cost for one, cost in cache._costs.items() if one)
        assert {one for one in cache._costs if one} == set(cache._cache) == set(cache._expire_info)
    cache.clear()
    assert cache.size == 0


@pytest.mark.django_db
def test_no_number_of_searches_makes_the_page_cache_larger_than_its_setting(make_release):
    make_release("Wells")
    pages, budget = caches["pages"], caches["pages"]._budget
    pages._budget = 300_000
    try:
        client = Client()
        for number in range(100):
            assert client.get("/search/", {"q": f"wells {number}"}).status_code == 200
        assert 200_000 < pages.size <= 300_000
    finally:
        pages._budget = budget


# ------------------------------------------------------------------ files


@pytest.fixture
def files(tmp_path):
    return FileCache(str(tmp_path / "cache"), {})


def damaged(whole):
    chance = random.Random(3)
    yield from (
        b"",
        b"\x80",
        b"junk",
        whole[:-1],
        whole[: len(whole) // 2],
        whole[:12],
        whole + b"x",
        b"\x00" * len(whole),
    )
    yield pickle.dumps("tomorrow") + zlib.compress(pickle.dumps([1]))
    yield pickle.dumps(None) + zlib.compress(b"no pickle")
    yield pickle.dumps(None) + zlib.compress(b"cno.such.module\nThing\n.")
    for _ in range(200):
        place = chance.randrange(len(whole))
        yield whole[:place] + bytes([chance.randrange(256)]) + whole[place + 1 :]


def test_a_damaged_file_is_thrown_away_and_is_a_miss(files):
    files.set("count", [1, 2, 3], 300)
    name = files._key_to_file("count")
    with open(name, "rb") as file:
        whole = file.read()
    for content in damaged(whole):
        with open(name, "wb") as file:
            file.write(content)
        for ask in (files.get, files.has_key, files.touch):
            ask("count")
        assert files.get("count") in (None, [1, 2, 3])
        files.set("count", [1, 2, 3], 300)
        assert files.get("count") == [1, 2, 3]


def test_what_cannot_be_read_written_or_made_is_held_in_memory(tmp_path):
    (tmp_path / "a file").write_text("where the folder should be")
    cache = FileCache(str(tmp_path / "a file" / "cache"), {})
    cache.set("count", 1)
    assert (cache.get("count"), cache.incr("count"), cache.has_key("count")) == (1, 2, True)
    assert (cache.add("count", 5), cache.add("other", 5), cache.get_many(["count", "other"])) == (
        False, True, {"count": 2, "other": 5},
    )  # fmt: skip
    assert (cache.delete("count"), cache.get("count", "gone")) == (True, "gone")
    folder = FileCache(str(tmp_path / "cache"), {})
    os.mkdir(folder._key_to_file("count"))
    folder.set("count", 7)
    assert folder.get("count") == 7


def test_what_was_counted_while_the_disk_was_full_counts_until_it_can_be_written(files, monkeypatch):
    files.set("count", [1])

    def full(*args, **kwargs):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("tempfile.mkstemp", full)
        files.set("count", [1, 2])
    assert files.get("count") == [1, 2]
    files.set("count", [1, 2, 3])
    assert files._fallback.size == 0
    assert files.get("count") == [1, 2, 3]


SIGN_IN = {"login": "edith", "password": "wrong wrong wrong"}


def with_default(backend, location):
    path = f"{backend.__module__}.{backend.__name__}"
    return override_settings(
        CACHES={
            "default": {"BACKEND": path, "LOCATION": location},
            "pages": {
                "BACKEND": path,
                "LOCATION": location,
                "KEY_PREFIX": "pages",
            },
        }
    )


@pytest.mark.django_db
def test_signing_in_works_whatever_lies_in_the_cache_folder(editor, tmp_path):
    with with_default(FileCache, str(tmp_path / "cache")):
        Client().post("/accounts/login/", SIGN_IN)
        names = [one for one in (tmp_path / "cache").iterdir() if one.suffix == ".djcache"]
        assert names
        for content in (b"", b"junk", b"\x80\x05N.junk"):
            for name in names:
                name.write_bytes(content)
            assert Client().post("/accounts/login/", SIGN_IN).status_code == 200
        right = Client().post(
            "/accounts/login/", {"login": "edith", "password": "correct horse battery staple"}
        )
        assert right.status_code == 302


# ------------------------------------------------------------------ a server


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Server:
    """A real Redis that can be stopped and started again."""

    def __init__(self, redis, folder):
        self.redis, self.port, self.folder, self.process = redis, free_port(), folder, None
        self.address = f"redis://127.0.0.1:{self.port}/0"

    def start(self):
        self.process = subprocess.Popen(
            [
                self.redis,
                "--port",
                str(self.port),
                "--bind",
                "127.0.0.1",
                "--save",
                "",
                "--dir",
                str(self.folder),
            ],
            stdout=subprocess.DEVNULL,
        )
        for _ in range(200):
            with socket.socket() as one:
                if one.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise AssertionError("redis-server does not start")

    def stop(self):
        if self.process:
            self.process.kill()
            self.process.wait(timeout=30)
        self.process = None


@pytest.fixture
def server(tmp_path):
    made = Server(program("redis-server"), tmp_path)
    made.start()
    yield made
    made.stop()


def test_a_server_holds_what_is_given_to_it(server):
    one, other = (ServerCache(server.address, {}) for _ in range(2))
    one.set("count", 1)
    response = HttpResponse("page")
    one.set("page", response, 60)
    assert (other.incr("count"), other.get("page").content, other.add("count", 9)) == (2, b"page", False)
    assert other.get_many(["count", "nothing"]) == {"count": 2}
    assert (other.touch("page"), other.has_key("page"), other.delete("page"), one.get("page")) == (
        True,
        True,
        True,
        None,
    )
    one._cache.get_client(write=True).set(one.make_key("bad"), b"\x80junk")
    assert one.get("bad", "gone") == "gone"
    one.clear()
    assert other.get("count") is None


@pytest.mark.django_db
def test_a_lost_server_is_a_miss_and_the_limits_go_on_counting(
    server, make_release, editor, caplog, monkeypatch
):
    make_release("Wells", slug="wells")
    asked = []
    real = ServerCache._try
    monkeypatch.setattr(ServerCache, "_try", lambda self, *args: asked.append(args[0]) or real(self, *args))
    with (
        with_default(ServerCache, server.address),
        caplog.at_level(logging.WARNING, "newsroom.delivery.cache_backends"),
    ):
        client = Client()
        first = client.get("/releases/wells/")
        assert client.get("/releases/wells/").content == first.content
        server.stop()
        for _ in range(10):
            assert client.get("/releases/wells/").content == first.content
        tries = [Client().post("/accounts/login/", SIGN_IN).text for _ in range(8)]
        assert "Too many" in tries[-1]
        assert "Too many" not in tries[0]
        assert len(caplog.records) == 1  # once a minute at most
        assert "wells" not in caplog.text
        server.start()
        FaultTolerant._paused_until.clear()
        assert client.get("/releases/wells/").content == first.content
        caches["default"].set("again", 1)
        assert ServerCache(server.address, {}).get("again") == 1


@pytest.mark.django_db
def test_where_no_server_ever_was_every_page_answers_and_it_is_asked_once_in_a_while(
    make_release, editor, monkeypatch
):
    make_release("Wells", slug="wells")
    asked = []
    monkeypatch.setattr(
        "redis.connection.Connection.connect", lambda self, *a, **k: asked.append(1) or _refuse()
    )
    with with_default(ServerCache, f"redis://127.0.0.1:{free_port()}/0"):
        client = Client()
        for path in (
            "/",
            "/releases/wells/",
            "/search/?q=wells",
            "/feeds/releases.rss",
            "/accounts/login/",
            "/admin/",
        ):
            assert client.get(path).status_code in {200, 302}, path
        assert client.post("/accounts/login/", SIGN_IN).status_code == 200
    assert len(asked) <= 2 * 2  # twice by each of the two caches, which have one address and so one pause


def _refuse():
    from redis.exceptions import ConnectionError as Refused

    raise Refused("nobody answers")


def test_the_address_of_a_server_is_all_that_a_move_to_it_takes():
    code = "from django.conf import settings as s; print(s.CACHES['default']['BACKEND'], s.CACHES['pages']['BACKEND'], s.PAGE_CACHE_MB)"
    env = {**os.environ, "CACHE_URL": "redis://127.0.0.1:1/0", "PAGE_CACHE_URL": "locmem://pages", "DEBUG": "1", "PAGE_CACHE_MB": "7",
           "DJANGO_SETTINGS_MODULE": "newsroom.settings"}  # fmt: skip
    import sys

    said = subprocess.run(
        [sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True, timeout=120
    ).stdout
    assert said.split() == [
        "newsroom.delivery.cache_server.ServerCache",
        "newsroom.delivery.cache_backends.PageMemory",
        "7",
    ]
    assert ours.MEGABYTE == 2**20
