"""The server: who is slow, large or ambiguous costs others nothing."""

import io
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest

from newsroom.delivery import limits
from newsroom.delivery.connections import Patience
from newsroom.delivery.server import Crowd, FairQueue, Server
from tests.delivery.test_caches import free_port
from tests.depth import DEEP

ROOT = Path(__file__).resolve().parents[2]
QUICK = Patience(head=0.4, idle=0.6, body=0.5, body_rate=100_000, send=0.5, linger=0.3)


def echo(environ, start_response):
    """In the site's place: what arrived, or a slow or a large answer."""
    path = environ["PATH_INFO"]
    if environ.get(limits.REFUSED):
        start_response("413 Content Too Large", [("Content-Length", "9")])
        return [b"too large"]
    if path == "/slow/":
        time.sleep(0.5)
    body = environ["wsgi.input"].read()
    said = f"{environ['REQUEST_METHOD']} {path} {len(body)}".encode()
    if path == "/large/":
        said = b"x" * 20_000_000
    if path == "/known/":
        start_response("304 Not Modified", [("ETag", '"a"')])
        return []
    if path == "/parts/":
        start_response("200 OK", [])
        return iter([b"one ", b"two"])
    if path == "/file/":
        start_response("200 OK", [("Content-Length", "4")])
        file = io.BytesIO(b"file")
        return environ["wsgi.file_wrapper"](file) if "wsgi.file_wrapper" in environ else [b"file"]
    start_response("200 OK", [("Content-Length", str(len(said))), ("Content-Type", "text/plain")])
    return [b"" if environ["REQUEST_METHOD"] == "HEAD" else said]


@contextmanager
def served(*, patience=QUICK, crowd=None, threads=2):
    """Its port, and the server itself."""
    listening = socket.create_server(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    server = Server(echo, listening, threads=threads, patience=patience, crowd=crowd or Crowd())
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield port, server
    finally:
        server.stop()
        thread.join(10)
        assert not thread.is_alive()


def connect(port, sent=b"", *, source="127.0.0.1"):
    one = socket.create_connection(("127.0.0.1", port), timeout=5, source_address=(source, 0))
    with suppress(ConnectionError):  # who is refused at once may not get rid of everything
        one.sendall(sent)
    return one


def is_open(one):
    """After a byte more."""
    try:
        one.sendall(b"x")
        return one.recv(100) != b""
    except TimeoutError:
        return True
    except OSError:
        return False


def everything(one):
    """What comes until the other side closes."""
    said = b""
    with suppress(ConnectionError):
        while part := one.recv(65536):
            said += part
    return said


def ask(port, head="GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", body=b"", **more):
    with closing(connect(port, head.encode() + body, **more)) as one:
        return everything(one)


def status(said):
    return int(said.split(b" ", 2)[1]) if said else 0


# ------------------------------------------------------------------ slow


@pytest.mark.parametrize(
    "sent",
    [
        b"GET / HTTP/1.1\r\nX-Slow: ",
        b"POST /admin/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5000\r\n\r\n",
        b"POST /admin/ HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n1000\r\n",
    ],
)
def test_who_drips_is_given_up_however_often_a_byte_comes(sent):
    with served() as (port, _), closing(connect(port, sent)) as one:
        one.settimeout(0.1)
        began = time.monotonic()
        while time.monotonic() - began < 8 and is_open(one):
            pass
        assert time.monotonic() - began < 5


def test_a_body_that_comes_in_at_a_bearable_pace_is_taken():
    head = b"POST /admin/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 180000\r\n\r\n"
    with served(patience=QUICK._replace(body=0.2)) as (port, _), closing(connect(port, head)) as one:
        for _ in range(9):
            one.sendall(b"x" * 20_000)
            time.sleep(0.05)
        assert everything(one).endswith(b"POST /admin/ 180000")


def test_a_reader_is_answered_while_many_drip_and_others_take_nothing():
    """Twenty times as many as there are threads."""
    sent = [
        b"GET / HTTP/1.1\r\nX-Slow: ",
        b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 50\r\n\r\n",
        b"GET /large/ HTTP/1.1\r\nHost: localhost\r\n\r\n",
    ]
    patience = Patience(head=60, idle=60, body=60, send=60)
    with served(patience=patience) as (port, _):
        slow = [connect(port, sent[number % (3 if number < 6 else 2)]) for number in range(40)]
        assert [status(ask(port)) for _ in range(10)] == [200] * 10
        for one in slow:
            one.close()


def test_who_takes_nothing_of_an_answer_is_given_up():
    with (
        served() as (port, server),
        closing(connect(port, b"GET /large/ HTTP/1.1\r\nHost: localhost\r\n\r\n")),
    ):
        until = time.monotonic() + 8
        while not server.active_channels and time.monotonic() < until:
            time.sleep(0.02)
        while server.active_channels and time.monotonic() < until:
            time.sleep(0.05)
        assert not server.active_channels


def test_of_one_address_who_has_waited_longest_makes_room():
    with served(patience=Patience(), crowd=Crowd(of_one=3)) as (port, server):
        first, *others = [connect(port, b"GET / HTTP/1.1\r\nX-Slow: ", source="127.0.0.9") for _ in range(3)]
        elsewhere = connect(port, b"GET / HTTP/1.1\r\nX-Slow: ")
        assert status(ask(port, source="127.0.0.9")) == 200
        assert everything(first) == b""
        assert len(server.active_channels) == 3
        for one in (first, *others, elsewhere):
            one.close()


def test_behind_proxies_an_address_is_the_one_that_these_name(settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    head = "POST / HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: {}\r\nContent-Length: 5\r\nConnection: close\r\n\r\n"
    with served(patience=Patience(), crowd=Crowd(of_one=2)) as (port, _):
        waiting = [connect(port, head.format("192.0.2.1, 192.0.2.7").encode()) for _ in range(2)]
        time.sleep(0.2)
        assert status(ask(port, head.format("192.0.2.7"))) == 429
        assert status(ask(port, head.format("192.0.2.1"), b"12345")) == 200
        for one in waiting:
            one.close()


def test_addresses_take_turns():
    class Task:
        def __init__(self, address, number):
            self.address, self.number = address, number

    queue = FairQueue()
    for number in range(4):
        queue.append(Task("192.0.2.1", number))
    queue.append(Task("192.0.2.2", 0))
    queue.append(Task("192.0.2.2", 1))
    taken = [queue.popleft() for _ in range(len(queue))]
    assert [one.address[-1] for one in taken] == ["1", "2", "1", "2", "1", "1"]
    assert [one.number for one in taken if one.address[-1] == "1"] == [0, 1, 2, 3]
    assert not queue


# ------------------------------------------------------------------ large

UPLOAD = "POST {} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\nCookie: {}\r\nContent-Type: multipart/form-data; boundary=x\r\nConnection: close\r\n\r\n"
CHUNKED = "POST {} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nCookie: {}\r\nConnection: close\r\n\r\n"


@pytest.fixture
def sessions(monkeypatch):
    """The session "anna" is somebody's; which ones were asked about."""
    asked = []

    def is_signed_in(key):
        asked.append(key)
        return key == "anna"

    monkeypatch.setattr(limits, "is_signed_in", is_signed_in)
    return asked


def cookie(settings, key):
    return f"other=1; {settings.SESSION_COOKIE_NAME}={key}"


@pytest.mark.parametrize(
    ("path", "most"), [("/", limits.SMALL), ("/accounts/login/", limits.SMALL), ("/admin/", 8 * 1024 * 1024)]
)
def test_a_strangers_body_is_refused_by_its_length_before_any_of_it_is_read(sessions, path, most):
    with served() as (port, _):
        assert status(ask(port, UPLOAD.format(path, most + 1, ""))) == 413
        assert status(ask(port, UPLOAD.format(path, 300_000_000, ""))) == 413
        assert (
            status(ask(port, UPLOAD.format(path, min(most, 100_000), ""), b"x" * min(most, 100_000))) == 200
        )
    assert sessions == []


def test_a_strangers_body_of_unknown_length_is_refused_while_it_is_read(sessions, monkeypatch):
    """And no file holds what was sent."""
    made, make = [], tempfile.TemporaryFile

    def counted(*args, **kwargs):
        made.append(make(*args, **kwargs))
        return made[-1]

    monkeypatch.setattr("tempfile.TemporaryFile", counted)
    chunk = b"8000\r\n" + b"x" * 0x8000 + b"\r\n"
    with served() as (port, _), closing(connect(port, CHUNKED.format("/search/", "").encode())) as one:
        with suppress(ConnectionError):
            for _ in range(40):
                one.sendall(chunk)
                time.sleep(0.005)
        assert status(everything(one)) == 413
    assert all(file.closed for file in made)


def test_who_is_signed_in_may_upload_and_a_session_that_is_none_may_not(sessions, settings):
    size = 9 * 1024 * 1024
    with served() as (port, _):
        anna = UPLOAD.format("/admin/releases/release/add/", size, cookie(settings, "anna"))
        assert ask(port, anna, b"x" * size).endswith(f" {size}".encode())
        forged = UPLOAD.format("/admin/releases/release/add/", size, cookie(settings, "nobody"))
        assert status(ask(port, forged)) == 413
        too_large = UPLOAD.format("/admin/", limits.upload_bytes() + 1, cookie(settings, "anna"))
        assert status(ask(port, too_large)) == 413
        assert status(ask(port, UPLOAD.format("/search/", size, cookie(settings, "anna")))) == 413
    assert sessions == ["anna", "nobody"]


def test_what_strangers_send_at_once_is_bounded_in_all():
    size = 600_000
    head = UPLOAD.format("/admin/", size, "").encode()
    with served(patience=Patience(), crowd=Crowd(strangers_bytes=1_000_000)) as (port, _):
        first = connect(port, head + b"x" * (size - 1))
        time.sleep(0.3)
        second = connect(port, head + b"x" * (size - 1))
        assert status(everything(second)) in {503, 0}
        first.sendall(b"x")
        assert status(everything(first)) == 200
        first.close()
        second.close()


def test_a_head_that_is_too_large_is_said_to_be():
    with served() as (port, _):
        said = ask(port, "GET / HTTP/1.1\r\nHost: localhost\r\n" + "X-Long: " + "x" * 20_000 + "\r\n\r\n")
    assert status(said) == 431
    assert b"127.0.0.1" not in said


# ------------------------------------------------------------------ ambiguous

POST = "POST / HTTP/1.1\r\nHost: localhost\r\n"
BEHIND = "GET /smuggled/ HTTP/1.1\r\nHost: localhost\r\n\r\n"
AMBIGUOUS = {
    "both": POST + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + BEHIND,
    "both, the other way": POST + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n" + BEHIND,
    "two lengths": POST + "Content-Length: 5\r\nContent-Length: 0\r\n\r\n" + BEHIND,
    "a list of lengths": POST + "Content-Length: 0, 0\r\n\r\n" + BEHIND,
    "a signed length": POST + "Content-Length: +0\r\n\r\n" + BEHIND,
    "a negative length": POST + "Content-Length: -1\r\n\r\n" + BEHIND,
    "an unknown coding": POST + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + BEHIND,
    "chunked twice": POST + "Transfer-Encoding: identity, chunked\r\n\r\n0\r\n\r\n" + BEHIND,
    "chunked, with a control": POST + "Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n" + BEHIND,
    "chunked in 1.0": "POST / HTTP/1.0\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    + BEHIND,
    "a space before the colon": POST + "Content-Length : 0\r\n\r\n" + BEHIND,
    "a folded first header": "POST / HTTP/1.1\r\n Host: localhost\r\nContent-Length: 0\r\n\r\n" + BEHIND,
    "a bare line feed": "POST / HTTP/1.1\r\nHost: localhost\nContent-Length: 0\r\n\r\n" + BEHIND,
    "a signed chunk": POST + "Transfer-Encoding: chunked\r\n\r\n+0\r\n\r\n" + BEHIND,
    "a chunk with a prefix": POST + "Transfer-Encoding: chunked\r\n\r\n0x0\r\n\r\n" + BEHIND,
    "a chunk that is longer than said": POST
    + "Transfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n0\r\n\r\n"
    + BEHIND,
    "an endless chunk line": POST + "Transfer-Encoding: chunked\r\n\r\n1;" + "x" * 9_000,
    "no host": "GET / HTTP/1.1\r\n\r\n",
    "an empty host": "GET / HTTP/1.1\r\nHost:\r\n\r\n",
    "two hosts": "GET / HTTP/1.1\r\nHost: localhost\r\nHost: elsewhere.example\r\n\r\n",
    "no request": "hello\r\n\r\n",
}


@pytest.mark.parametrize("sent", AMBIGUOUS.values(), ids=list(AMBIGUOUS))
def test_what_two_servers_could_understand_in_two_ways_is_refused(strict, sent):
    said = ask(strict, sent)
    assert status(said) in {400, 501}, said
    assert len(re.findall(rb"HTTP/1\.\d \d{3} ", said)) == 1
    assert b"smuggled" not in said


@pytest.fixture(scope="module")
def strict():
    with served() as (port, _):
        yield port


def test_a_name_with_an_underscore_is_no_header(strict):
    assert ask(strict, POST + "Content_Length: 5\r\nConnection: close\r\n\r\n").endswith(b"POST / 0")


# ------------------------------------------------------------------ as ever


def test_a_connection_is_kept_and_questions_that_came_at_once_are_answered_in_turn(strict):
    asked = b"".join(f"GET /{number}/ HTTP/1.1\r\nHost: localhost\r\n\r\n".encode() for number in range(5))
    with closing(
        connect(strict, asked + b"GET /end/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    ) as one:
        assert re.findall(rb"GET (/\w+/) 0", everything(one)) == [
            *(f"/{n}/".encode() for n in range(5)),
            b"/end/",
        ]


def test_a_chunked_body_is_handed_on_whole(strict):
    assert ask(strict, CHUNKED.format("/a/", ""), b"5\r\nhello\r\n6;ext=1\r\n world\r\n0\r\n\r\n").endswith(
        b"POST /a/ 11"
    )


def test_who_asks_whether_to_go_on_is_told_so_or_refused(strict):
    expect = "POST /a/ HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nConnection: close\r\nContent-Length: {}\r\n\r\n"
    with closing(connect(strict, expect.format(5).encode())) as one:
        assert one.recv(100).startswith(b"HTTP/1.1 100")
        one.sendall(b"hello")
        assert everything(one).endswith(b"POST /a/ 5")
    assert status(ask(strict, expect.format(900_000))) == 413


def test_the_answer_to_head_has_no_body_and_the_same_length(strict):
    said = ask(strict, "HEAD /a/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    assert b"Content-Length: 10\r\n" in said
    assert said.endswith(b"\r\n\r\n")


def test_a_connection_is_kept_after_answers_without_a_body_or_a_known_length(strict):
    asked = [
        ("GET", "/known/"),
        ("GET", "/parts/"),
        ("HEAD", "/parts/"),
        ("HEAD", "/file/"),
        ("GET", "/file/"),
        ("GET", "/end/"),
    ]
    sent = "".join(
        f"{method} {path} HTTP/1.1\r\nHost: localhost\r\n"
        + ("Connection: close\r\n" if path == "/end/" else "")
        + "\r\n"
        for method, path in asked
    )
    with closing(connect(strict, sent.encode())) as one:
        said = everything(one)
    heads, bodies = zip(
        *(part.split(b"\r\n\r\n", 1) for part in re.split(rb"(?=HTTP/1\.1 \d{3} )", said)[1:]), strict=True
    )
    assert [status(head) for head in heads] == [304, 200, 200, 200, 200, 200]
    assert [b"close" in head for head in heads] == [False] * 5 + [True]
    assert bodies == (b"", b"4\r\none \r\n3\r\ntwo\r\n0\r\n\r\n", b"", b"", b"file", b"GET /end/ 0")
    assert b'ETag: "a"' in heads[0]
    assert b"Content-Length: 4" in heads[3]


def test_what_has_begun_is_answered_when_the_server_stops():
    with served(patience=Patience()) as (port, server):
        under_way = connect(port, b"GET /slow/ HTTP/1.1\r\nHost: localhost\r\n\r\n")
        idle = connect(port)
        time.sleep(0.2)
        server.stop()
        assert everything(idle) == b""
        said = everything(under_way)
        assert b"Connection: close" in said
        assert said.endswith(b"GET /slow/ 0")
        under_way.close()
        idle.close()


# ------------------------------------------------------------------ the site itself


@contextmanager
def site(folder, **more):
    """As `make serve` starts it, without a database: the probe needs none."""
    port = free_port()
    environ = {
        **os.environ, "DJANGO_SETTINGS_MODULE": "newsroom.settings", "DEBUG": "0", "SECRET_KEY": "0123456789" * 6, "ENV_FILE": os.devnull,
        "DATA_DIR": str(folder), "PORT": str(port), "SITE_URL": "http://localhost", "CACHE_URL": "", "DATABASE_URL": "", **more,
    }  # fmt: skip
    for name in ("CACHE_URL", "DATABASE_URL", "ACCEPTED_RISKS", "SECOND_FACTOR_REQUIRED", "ALLOWED_HOSTS"):
        environ.pop(name, None)
    command = [sys.executable, "-m", "newsroom.serve"]
    process = subprocess.Popen(
        command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    try:
        until = time.monotonic() + 60
        while time.monotonic() < until and process.poll() is None:
            with suppress(OSError):
                if status(probe(port)) == 200:
                    break
            time.sleep(0.05)
        yield port, process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        process.stdout.close()


def probe(port):
    return ask(port, "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")


def children(process):
    return [int(one) for one in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()]


def test_the_site_starts_soon_in_little_memory_and_stops_when_told_to(tmp_path):
    with site(tmp_path) as (port, process):
        ticks = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()[11:13]
        assert (
            sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK") < 2 * 2
        )  # seconds; twice as many where coverage or a debugger looks on
        assert len(children(process)) == 2
        for child in children(process):
            resident = resident_kilobytes(child)
            own = sum(
                map(
                    int,
                    re.findall(
                        r"^Private_\w+:\s+(\d+)",
                        Path(f"/proc/{child}/smaps_rollup").read_text(),
                        re.MULTILINE,
                    ),
                )
            )
            assert resident < 120 * 1024
            assert own < resident / 2  # the rest is shared
        killed = children(process)[0]
        os.kill(killed, signal.SIGKILL)
        until = time.monotonic() + 20
        # Who was killed stands among the children until its parent has looked.
        while (len(now := children(process)) < 2 or killed in now) and time.monotonic() < until:
            time.sleep(0.1)
        assert status(probe(port)) == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
        assert b"another one takes its place" in process.stdout.read()


def test_who_stops_it_early_stops_it(tmp_path):
    """At any moment of its start."""
    for pause in (0.2, 1.0, 1.6, 1.8, 2.0, 2.2, 2.5, 3.0) if DEEP else (1.5,):
        environ = {
            **os.environ,
            "DEBUG": "1",
            "PORT": str(free_port()),
            "DATA_DIR": str(tmp_path),
            "ENV_FILE": os.devnull,
        }
        process = subprocess.Popen(
            [sys.executable, "-m", "newsroom.serve"], cwd=ROOT, env=environ, stderr=subprocess.DEVNULL
        )
        time.sleep(pause)
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) in {0, -signal.SIGTERM}


DRIP = b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: "
UPLOADED = b"POST /admin/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 7000000\r\n\r\n" + b"x" * 100_000


def test_a_readers_wait_is_short_and_memory_small_while_a_thousand_drip_and_a_hundred_upload(tmp_path):
    many, uploads, seconds = (1_000, 100, 60) if DEEP else (100, 20, 2)
    with site(tmp_path, CONNECTIONS_PER_ADDRESS="0") as (port, process):
        sent = [DRIP] * many + [UPLOADED] * uploads
        slow = [connect(port, one) for one in sent]
        waited, until, dripped = [], time.monotonic() + seconds, 0.0
        while time.monotonic() < until:
            began = time.monotonic()
            if began - dripped > 1:
                dripped = began
                for number, one in enumerate(slow):
                    try:
                        one.sendall(b"x")
                    except OSError:
                        one.close()
                        slow[number] = connect(port, sent[number])
            began = time.monotonic()
            assert status(probe(port)) == 200
            waited.append(time.monotonic() - began)
            time.sleep(0.02)
        assert sorted(waited)[len(waited) * 99 // 100] < 1
        assert all(resident_kilobytes(child) < 150 * 1024 for child in children(process))
        for one in slow:
            one.close()
        process.send_signal(signal.SIGTERM)
        assert process.wait(40) == 0


def resident_kilobytes(pid):
    return int(re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())[1])
