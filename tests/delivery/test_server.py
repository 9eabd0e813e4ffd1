"""The server: who is slow or large costs others nothing."""

import tempfile
import time
from contextlib import closing, suppress

import pytest

from newsroom.delivery import limits
from newsroom.delivery.connections import Patience
from newsroom.delivery.server import Crowd, FairQueue
from tests.delivery.sockets import CHUNKED, QUICK, ask, connect, everything, is_open, served, status

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
