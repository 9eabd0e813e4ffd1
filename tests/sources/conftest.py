"""Releases that cite sources, and a small web of its own on this machine."""

import threading
from collections import Counter
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.utils import timezone

from releases.models import Source
from releases.sources import check_due
from releases.sources.fetcher import Network, is_public


def citing(*addresses, note=()):
    """A body that links to `addresses` in its text and to those of `note` in one note."""
    links = "".join(f'<p>See <a href="{address}">this report</a>.</p>' for address in addresses)
    if not note:
        return links or "<p>Words.</p>"
    inner = ", ".join(f'<a href="{address}">a source</a>' for address in note)
    mark = '<sup class="footnote-ref"><a href="#fn-aaaa1" id="fnref-aaaa1">1</a></sup>'
    return f'{links}<p>Claim{mark}.</p><ol class="footnotes"><li id="fn-aaaa1"><p>{inner}.</p></li></ol>'


@pytest.fixture
def cite(make_release):
    """Make a published release that links to addresses."""

    def make(*addresses, note=(), title="A title", **words):
        return make_release(title, body=citing(*addresses, note=note), **words)

    return make


@pytest.fixture
def source_of(cite):
    """Make a release that cites one address; its source."""

    def make(url="https://example.org/report", **words):
        cite(url, **words)
        return Source.objects.get(url=url)

    return make


class Web(ThreadingHTTPServer):
    """Answers by path what `pages` says: a status, or a function of the request. Every name leads here."""

    daemon_threads = True

    def __init__(self):
        self.pages = {}
        self.robots = {}
        self.asked = []
        self.headers = []
        self.lock = threading.Lock()
        self.at_once = Counter()
        self.most_at_once = Counter()
        super().__init__(("127.0.0.1", 0), Page)

    def address(self, path="/", host="one.example"):
        return f"http://{host}:{self.server_address[1]}{path}"

    def handle_error(self, request, client_address):
        """A client that hangs up is what some of the tests are about."""


class Page(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def handle_one(self):
        host = self.headers.get("Host", "").split(":")[0]
        web = self.server
        with web.lock:
            web.asked.append((self.command, host, self.path))
            web.headers.append(dict(self.headers))
            web.at_once[host] += 1
            web.most_at_once[host] = max(web.most_at_once[host], web.at_once[host])
        self.under_way = host
        try:
            if self.path == "/robots.txt":
                found = web.robots.get(host, 404)
            else:
                found = web.pages.get(self.path, 404)
            if callable(found):
                found(self)
            elif isinstance(found, str):
                self.reply(200, found.encode())
            else:
                self.reply(found)
        finally:
            self.answered()

    def answered(self):
        """Whoever has the answer may ask again before this thread goes on, so it counts as given before it is sent."""
        with self.server.lock:
            if self.under_way:
                self.server.at_once[self.under_way] -= 1
            self.under_way = None

    do_GET = do_HEAD = handle_one  # noqa: N815  the names that http.server asks for

    def reply(self, status, body=b"", **headers):
        self.answered()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    def log_message(self, *args):
        """Nothing is written into the tests' output."""


def leads_to(location, status=302):
    return lambda page: page.reply(status, Location=location)


@pytest.fixture
def web():
    """A web whose every host is this machine."""
    server = Web()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield server
    server.shutdown()
    thread.join(timeout=30)
    server.server_close()


@pytest.fixture
def net(web):
    """The way to that web, and nowhere else; sleeping is noted, not done."""

    def resolve(host, port):
        return ["127.0.0.1"] if host.endswith(".example") else {"inside.test": ["10.0.0.8"]}.get(host, [host])

    def is_allowed(ip, port):
        return (ip, port) == web.server_address or is_public(ip, port)

    slept = []
    made = Network(resolve=resolve, is_allowed=is_allowed, sleep=slept.append, timeout=0.5, total_timeout=1.0)
    object.__setattr__(made, "slept", slept)
    return made


@pytest.fixture
def on(settings):
    """The checks are switched on."""
    settings.CHECK_SOURCES = True
    return settings


@pytest.fixture
def check(on, net):
    """A run; `after` so long from now."""

    def run(after=timedelta(0), **options):
        return check_due(at=timezone.now() + after, net=net, **options)

    return run


def stored(url):
    return Source.objects.get(url=url)
