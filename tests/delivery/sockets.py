"""For tests of the server: it stands on a port with a small site behind it, and is asked by sockets."""

import io
import socket
import threading
import time
from contextlib import closing, contextmanager, suppress

from newsroom.delivery import limits
from newsroom.delivery.connections import Patience
from newsroom.delivery.server import Crowd, Server

QUICK = Patience(head=0.4, idle=0.6, body=0.5, body_rate=100_000, send=0.5, linger=0.3)
CHUNKED = "POST {} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nCookie: {}\r\nConnection: close\r\n\r\n"


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
