"""The server and HTTP: what is ambiguous is refused, and the rest is as it ever was."""

import re
import time
from contextlib import closing

import pytest

from newsroom.delivery.connections import Patience
from tests.delivery.sockets import CHUNKED, ask, connect, everything, served, status

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


def test_who_is_told_to_stop_again_while_it_ends_or_afterwards_has_stopped():
    with served() as (_port, server):
        server.stop()
        until = time.monotonic() + 60
        while not server._epoll.closed and time.monotonic() < until:
            server.stop()
            time.sleep(0.001)
        server.stop()
