"""docs/operate/nginx.conf in a real nginx, over a baked folder: what readers get, with which headers, and what Django is asked."""

import gzip
import http.client
import re
import socket
import subprocess
import threading
import time
from contextlib import closing
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import quote

import pytest
from django.test import Client

from newsroom.delivery.connections import Patience
from releases.models import Release
from releases.pictures import names_of
from releases.static_site import bake
from releases.static_site.inventory import public_addresses
from tests.machine import NGINX, program, write_nginx_configuration

pytestmark = pytest.mark.django_db
# Of the moment, or of the bytes as they are sent.
OF_THE_ANSWER = {
    "cache-control", "content-length", "etag", "last-modified", "vary", "date", "connection", "server", "accept-ranges",
    "content-encoding", "content-disposition", "link", "x-request-id",
}  # fmt: skip


class Upstream(BaseHTTPRequestHandler):
    """In Django's place: says what it was asked."""

    protocol_version = "HTTP/1.1"

    def answer(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        said = f"Django: {self.command} {self.path} {self.headers['X-Forwarded-For']}".encode()
        self.send_response(203)
        self.send_header("Content-Length", str(len(said)))
        self.send_header("X-Frame-Options", "DENY")
        self.end_headers()
        self.wfile.write(said if self.command != "HEAD" else b"")

    do_GET = do_POST = do_HEAD = answer  # noqa: N815  named by the library

    def log_message(self, *args: object) -> None:
        """Nothing."""


class Web:
    """nginx on a port of its own."""

    def __init__(self, port: int) -> None:
        self.port = port

    def ask(self, path: str, *, method: str = "GET", body: bytes | None = None, **headers: str):
        """Status, headers by their names in small letters, and body."""
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)) as connection:
            named = {"Host": "news.example.org"} | {
                name.replace("_", "-"): value for name, value in headers.items()
            }
            connection.request(method, quote(path, safe="/?=&%"), body=body, headers=named)
            answer = connection.getresponse()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()


@pytest.fixture(scope="module")
def web(once_baked, tmp_path_factory):
    """The file as it is, but for its addresses, its certificates and its log."""
    nginx = program("nginx")
    upstream = HTTPServer(("127.0.0.1", 0), Upstream)
    upstream.handle_error = lambda *_: None  # of who goes away in the middle of a body
    threading.Thread(target=upstream.serve_forever, daemon=True).start()
    place = tmp_path_factory.mktemp("nginx")
    with closing(HTTPServer(("127.0.0.1", 0), Upstream).socket) as free:
        port = free.getsockname()[1]
    write_nginx_configuration(place, www=once_baked, port=port, upstream=upstream.server_port)
    command = [nginx, "-p", str(place), "-c", "nginx.conf", "-e", f"{place}/start.log"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE)
    try:
        _wait_for(port, process)
        yield Web(port)
    finally:
        process.terminate()
        process.wait(20)
        process.stderr.close()
        upstream.shutdown()
        upstream.server_close()


def _wait_for(port: int, process: subprocess.Popen) -> None:
    for _ in range(100):
        assert process.poll() is None, process.stderr.read().decode()
        try:
            Web(port).ask("/robots.txt")
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("nginx does not answer")


def test_what_is_baked_is_answered_as_django_answers_it(web, settings):
    settings.SECURE_HSTS_SECONDS = 31_536_000
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = settings.SECURE_HSTS_PRELOAD = True
    client = Client()
    addresses = [one for one in public_addresses() if "?" not in one.path and one.status != 301]
    by_name = {one.name + one.path[:3]: one for one in addresses if one.name not in bake.BY_DJANGO}
    by_name |= {
        one.path: one for one in addresses if one.status == 410 or "feed" in one.name or "cite" in one.name
    }
    assert len(by_name) > 40
    for one in by_name.values():
        status, headers, body = web.ask(one.path)
        theirs = client.get(one.path, secure=True)
        assert (status, body) == (theirs.status_code, theirs.getvalue()), one.path
        assert _compared(headers) == _compared(
            {name.lower(): value for name, value in theirs.headers.items()}
        ), one.path


def _compared(headers: dict[str, str]) -> dict[str, object]:
    said: dict[str, object] = {name: value for name, value in headers.items() if name not in OF_THE_ANSWER}
    said["content-security-policy"] = sorted(str(said.get("content-security-policy")).split("; "))
    return said


def test_a_browser_that_opens_a_feed_gets_xml(web):
    for kind in ("rss", "atom"):
        _status, headers, _body = web.ask(f"/feeds/releases.{kind}", Accept="text/html,*/*")
        assert headers["content-type"] == "application/xml; charset=utf-8"
        assert "Accept" in headers["vary"]


@pytest.mark.parametrize(
    "path",
    ["/search/?q=wells", "/search/", "/?page=2", "/topics/water-wells/?year=2026", "/releases/crossing-3/", "/node/17", "/nowhere/",
     "/releases/wells/index.html", "/index.html", "/index.html.gz", "/releases", "/admin/?page=2", "/follow/?topic=bridges",
     "/feeds/releases.rss?page=1", "/feeds/releases.json?language=en"],
)  # fmt: skip
def test_django_is_asked_for_what_is_no_file(web, path):
    status, headers, body = web.ask(path)
    assert (status, body.decode()) == (203, f"Django: GET {path} 127.0.0.1")
    assert "content-security-policy" not in headers, "Django sends its own"


def test_a_name_that_no_view_reads_makes_no_other_page(web):
    assert web.ask("/?utm_source=x&fbclid=y")[2] == web.ask("/")[2]


def test_a_body_for_staff_is_passed_on_as_it_comes_in(web, tmp_path_factory):
    """So that the newsroom can refuse it by its head, and no file of nginx's fills the disk."""
    with closing(socket.create_connection(("127.0.0.1", web.port), timeout=10)) as one:
        one.sendall(
            b"POST /admin/ HTTP/1.1\r\nHost: news.example.org\r\nContent-Length: 60000000\r\n\r\n"
            + b"x" * 3_000_000
        )
        time.sleep(0.3)
        kept = [
            path
            for path in (tmp_path_factory.getbasetemp()).glob("nginx*/client_body/**/*")
            if path.is_file()
        ]
        assert kept == []


def test_its_times_are_no_longer_than_those_of_the_newsroom():
    text, patience = NGINX.read_text(), Patience()
    for name, most in (
        ("client_header", patience.head),
        ("client_body", patience.body),
        ("keepalive", patience.idle),
        ("send", patience.send),
    ):
        found = re.findall(rf"\s{name}_timeout (\d+)s", text)
        assert found, name
        assert all(int(one) <= most for one in found), name


def test_a_form_of_the_staff_reaches_django_and_a_large_body_elsewhere_does_not(web):
    large = b"x" * 200_000
    assert web.ask("/admin/releases/release/add/", method="POST", body=large)[0] == 203
    assert web.ask("/releases/wells/", method="POST", body=large)[0] == 413
    assert web.ask("/accounts/login/", method="POST", body=large)[0] == 413
    assert web.ask("/releases/wells/", method="POST", body=b"x")[0] == 405


def test_long_headers_are_refused(web):
    assert web.ask("/", X_Long="x" * 40_000)[0] in {400, 431, 494}


def test_compressed_forms_are_sent_to_whoever_takes_them(web):
    _status, headers, body = web.ask("/releases/wells/", Accept_Encoding="gzip")
    assert headers["content-encoding"] == "gzip"
    assert gzip.decompress(body) == web.ask("/releases/wells/")[2]
    assert "Accept-Encoding" in headers["vary"]


def test_conditional_requests_ranges_and_heads_are_answered_right(web):
    _status, headers, body = web.ask("/releases/wells/")
    assert web.ask("/releases/wells/", If_None_Match=headers["etag"])[0::2] == (304, b"")
    assert web.ask("/releases/wells/", If_Modified_Since=headers["last-modified"])[0] == 304
    assert web.ask("/releases/wells/", Range="bytes=0-14")[0::2] == (206, body[:15])
    status, said, nothing = web.ask("/releases/wells/", method="HEAD")
    assert (status, said["content-length"], nothing) == (200, str(len(body)), b"")
    assert headers["cache-control"] == "public, no-cache"


def test_what_was_withdrawn_says_so_compressed_too(web):
    status, headers, body = web.ask("/releases/gone/", Accept_Encoding="gzip")
    assert status == 410
    assert "A person is in danger." in gzip.decompress(body).decode()
    assert "etag" not in headers or web.ask("/releases/gone/", If_None_Match=headers["etag"])[0] == 410


def test_the_pictures_of_what_is_visible_are_served_and_no_other_file(web):
    picture = Release.objects.get(slug="wells").live.picture
    assert web.ask(f"/pictures/{picture.uuid}/{names_of(picture.width)[0]}")[1]["content-type"].startswith(
        "image/"
    )
    for path in ("/baked.txt", "/../baked.txt", "/gone/releases/gone/", "/pictures/master.png", "/media/"):
        assert web.ask(path)[0] in {203, 400}
