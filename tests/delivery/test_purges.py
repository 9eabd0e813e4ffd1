"""A cache in front is told what has changed, in keys that its pages bear; and again, until it has taken it."""

import shutil
import socket
import subprocess
import threading
import time
import urllib.request
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

from newsroom import environment
from releases import editions, purges
from releases.models import Purge
from tests.machine import program

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).parents[2]


@pytest.fixture
def cache(db, settings, monkeypatch):
    """A server that takes purges, or refuses them; and what it was asked."""
    asked, status = [], [200]

    class Handler(BaseHTTPRequestHandler):
        def answer(self):
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            headers = {name.lower(): value for name, value in self.headers.items()}
            asked.append((self.command, self.path, headers, body))
            self.send_response(status[0])
            self.end_headers()

        do_PURGE = do_POST = answer  # noqa: N815

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setattr(purges, "AGAIN", 3600)
    settings.PURGE_URLS = [f"http://127.0.0.1:{server.server_port}/"]
    asked_of = type("Cache", (), {"asked": asked, "status": status, "url": settings.PURGE_URLS[0]})
    purges.send_due()  # of what came before anybody was told
    asked.clear()
    yield asked_of
    server.shutdown()
    server.server_close()


def keys_in(answer):
    return set(answer.headers["Surrogate-Key"].split())


def test_pages_name_no_parts_where_nobody_is_told(client, make_release):
    make_release()
    assert {"Surrogate-Key", "xkey", "Cache-Tag", "Surrogate-Control"}.isdisjoint(client.get("/").headers)


def test_a_change_purges_the_pages_that_it_changes_and_no_other(
    cache, client, make_release, django_capture_on_commit_callbacks
):
    make_release("First", slug="first")
    pages = {path: keys_in(client.get(path)) for path in ("/releases/first/", "/", "/follow/", "/bo/")}
    purges.send_due()
    cache.asked.clear()
    with django_capture_on_commit_callbacks(execute=True):
        make_release("Second")
    method = cache.asked[0][0]
    purged = {key for _method, _path, headers, _body in cache.asked for key in headers["xkey"].split()}
    assert method == "PURGE"
    assert purged & pages["/"]
    assert not purged & pages["/bo/"]


def test_a_change_of_everything_purges_the_whole_site_in_one_key(cache, client, make_release):
    make_release()
    page = keys_in(client.get("/"))
    editions.raise_edition(timezone.now())
    purges.send_due()
    assert cache.asked[-1][2]["xkey"] in page


def test_what_a_cache_refused_is_told_again_and_with_what_came_meanwhile(cache):
    now = timezone.now()
    cache.status[0] = 503
    editions.raise_edition(now, ["release:1"])
    assert purges.send_due(at=now) == purges.Sent(failed=1)
    assert Purge.objects.get().error == "HTTP Error 503: Service Unavailable"
    assert purges.send_due(at=now) == purges.Sent()  # left alone for a moment
    cache.status[0] = 200
    editions.raise_edition(now, ["release:2"])
    assert purges.send_due(at=now + timedelta(seconds=2)) == purges.Sent(told=1)
    assert {purges.key_of("release:1"), purges.key_of("release:2")} <= set(cache.asked[-1][2]["xkey"].split())
    assert purges.send_due(at=now + timedelta(seconds=60)) == purges.Sent()


def test_it_is_told_once_more_in_a_moment(cache, monkeypatch):
    """For an answer that was on its way while the change was made."""
    monkeypatch.setattr(purges, "AGAIN", 0.05)
    editions.raise_edition(timezone.now(), ["release:1"])
    purges.send_due()
    until = time.monotonic() + 20
    while len(cache.asked) < 2 and time.monotonic() < until:
        time.sleep(0.02)
    assert cache.asked[0][2]["xkey"] == cache.asked[1][2]["xkey"]


@pytest.mark.parametrize(
    ("place", "headers", "body", "asked"),
    [
        ("", {"Surrogate-Key": "{keys}"}, "", ["/"]),
        ("", {"Content-Type": "application/json"}, '{"tags": {json}}', ["/"]),
        ("purge/{key}", {}, "", None),
    ],
)
def test_other_caches_are_told_as_settings_say(cache, settings, place, headers, body, asked):
    settings.PURGE_URLS, settings.PURGE_METHOD = [cache.url + place], "POST"
    settings.PURGE_HEADERS, settings.PURGE_BODY = headers, body
    Purge.objects.update(url=settings.PURGE_URLS[0])
    editions.raise_edition(timezone.now(), ["release:1"])
    assert purges.send_due().told == 1
    keys = purges.keys_of_change(["release:1"])
    assert [one[1] for one in cache.asked] == (asked or [f"/purge/{key}" for key in keys])
    if "json" in body:
        assert cache.asked[0][3] == f'{{"tags": ["{keys[0]}", "{keys[1]}"]}}'
    if "Surrogate-Key" in headers:
        assert cache.asked[0][2]["surrogate-key"] == " ".join(keys)


def test_headers_that_are_none_are_refused_at_the_start():
    assert environment.headers("PURGE_HEADERS", "a: b; c: d:e") == {"a": "b", "c": "d:e"}
    with pytest.raises(ImproperlyConfigured, match="PURGE_HEADERS must be headers"):
        environment.headers("PURGE_HEADERS", "nonsense")


# ------------------------------------------------------------------ a real Varnish


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@pytest.fixture
def varnish(tmp_path):
    """Behind it a site of one page that counts how often it was asked."""
    varnishd = program("varnishd", "varnish")
    if not list(Path("/usr/lib").glob("**/libvmod_xkey.so")):
        shutil.which("apt-get") and subprocess.run(
            ["apt-get", "install", "-y", "-q", "varnish-modules"],
            capture_output=True,
            timeout=120,
            check=False,
        )
    if not list(Path("/usr/lib").glob("**/libvmod_xkey.so")):
        pytest.skip("Varnish's module xkey is not installed, and could not be (Debian: varnish-modules)")
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(200)
            for name, value in [("Surrogate-Control", "max-age=60"), ("Cache-Control", "public, max-age=0, must-revalidate"),
                                ("xkey", f"all {self.path.strip('/')}"), ("Content-Length", "4")]:  # fmt: skip
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(b"page")

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    words = (
        (ROOT / "docs" / "operate" / "varnish.vcl").read_text().replace('"8000"', f'"{server.server_port}"')
    )
    (tmp_path / "site.vcl").write_text(words)
    port = free_port()
    process = subprocess.Popen(
        [varnishd, "-j", "none", "-F", "-n", str(tmp_path / "work"), "-a", f"127.0.0.1:{port}", "-f", str(tmp_path / "site.vcl"), "-s", "malloc,32m"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        with socket.socket() as one:
            if one.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.1)
    yield f"http://127.0.0.1:{port}/", asked
    process.terminate()
    process.wait(timeout=30)
    server.shutdown()
    server.server_close()


def test_varnish_with_our_configuration_drops_what_is_purged_and_keeps_the_rest(
    varnish, settings, monkeypatch
):
    address, asked = varnish
    monkeypatch.setattr(purges, "AGAIN", 3600)

    def read(path):
        with urllib.request.urlopen(address + path, timeout=30) as answer:
            assert {"xkey", "surrogate-control"}.isdisjoint(name.lower() for name in answer.headers)
            return answer.read()

    for path in ("one", "two", "one", "two", "one"):
        assert read(path) == b"page"
    assert asked == ["/one", "/two"]
    assert purges.request_purge(address, ["one", "three"]) == ""
    read("one"), read("two")
    assert asked == ["/one", "/two", "/one"]
    assert purges.request_purge(address, ["all"]) == ""
    read("one"), read("two")
    assert asked[3:] == ["/one", "/two"]
