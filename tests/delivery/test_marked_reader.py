"""Somebody reads through the server as it runs in production; afterwards nothing of them lies anywhere."""

import shutil
import signal
from itertools import product
from urllib.parse import quote

import pytest

from tests import database
from tests.delivery.sockets import ask, status
from tests.delivery.test_serve import site
from tests.depth import DEEP

ADDRESS, PEER = "203.0.113.199", "127.0.0.77"
WORD, TOKEN, AGENT, SITE, COOKIE, NAME = (
    "markedsearchword", "markedtokenofapreview", "markedagent", "markedreferrer", "markedcookie", "markedname",
)  # fmt: skip
MARKS = (ADDRESS, PEER, WORD, TOKEN, AGENT, SITE, COOKIE, NAME)
PAGES = (
    "/", f"/search/?q={WORD}", f"/search/suggest?q={WORD}", f"/search/feed.rss?q={WORD}", f"/api/releases.json?q={WORD}", f"/preview/{TOKEN}/",
    f"/preview/{TOKEN}/240.jpg", f"/releases/{WORD}/", f"/topics/{WORD}/", f"/nowhere/{WORD}/", "/feeds/releases.rss", "/sitemap.xml",
    f"/admin/?next=/{WORD}/", f"/accounts/login/?next=/{WORD}/", f"/?utm_source={WORD}", f"/{quote('%00')}{WORD}", f"/static/{WORD}.css",
)  # fmt: skip
# The site's, but for its static files, which need not be collected for this.
SETTINGS = """from newsroom.settings import *
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
"""
BROKEN = (b"GET /" + WORD.encode() + b" HTTP/9\r\n\r\n", b"\x00" + WORD.encode() + b"\r\n\r\n")


@pytest.mark.parametrize("form", ["line", "json"] if DEEP else ["json"])
@pytest.mark.parametrize("proxies", ["0", "1"] if DEEP else ["1"])
def test_nothing_of_a_reader_is_left_by_the_server_in_its_log_database_caches_and_files(
    tmp_path, django_db_setup, proxies, form
):
    shutil.copy(database.migrated_file(), tmp_path / "newsroom.sqlite3")
    code = tmp_path / "code"
    code.mkdir()
    (code / "settings_here.py").write_text(SETTINGS)
    more = {
        "DJANGO_SETTINGS_MODULE": "settings_here",
        "PYTHONPATH": str(code),
        "LOG_LEVEL": "INFO",
        "LOG_FORMAT": form,
        "TRUSTED_PROXY_COUNT": proxies,
    }
    answered = {}
    with site(tmp_path, **more) as (port, process):
        for path, method in product(PAGES, ("GET", "POST", "HEAD") if DEEP else ("GET", "POST")):
            body = f"q={WORD}&login={NAME}&password={WORD}".encode() if method == "POST" else b""
            head = (
                f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nUser-Agent: {AGENT}\r\nReferer: https://{SITE}.example/\r\n"
                f"X-Forwarded-For: {ADDRESS}\r\nX-Forwarded-Proto: https\r\nCookie: who={COOKIE}; csrftoken={COOKIE}\r\n"
                f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
            )
            answered[method, path] = status(ask(port, head, body, source=PEER))
        for sent in BROKEN:
            ask(port, "", sent, source=PEER)
        ask(port, f"GET / HTTP/1.1\r\nHost: {SITE}.example\r\nConnection: close\r\n\r\n", source=PEER)
        process.send_signal(signal.SIGTERM)
        said, _ = process.communicate(timeout=60)
    assert {200, 404} <= set(answered.values())
    assert [asked for asked, code in answered.items() if code >= 500] == []
    assert b"search/" in said  # a line for each request is written, and by it nobody is known
    kept = {"log": said} | {
        str(one.relative_to(tmp_path)): one.read_bytes() for one in tmp_path.rglob("*") if one.is_file()
    }
    found = [
        (mark, place)
        for mark in MARKS
        for place, held in kept.items()
        if mark.encode() in held or mark in place
    ]
    assert found == []
