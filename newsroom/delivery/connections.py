"""Connections of a server process: no thread is used by one whose request is not whole, or whose answer is not taken.

waitress reads heads and bodies, and sends answers, in one loop. Here stands what it leaves open: for how long, how much, and who
makes room for whom.
"""

import logging
import socket
import time
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import close_old_connections
from waitress.channel import HTTPChannel
from waitress.task import ErrorTask, WSGITask
from waitress.utilities import Error, RequestEntityTooLarge, build_http_date

from newsroom.delivery import limits
from newsroom.delivery.heads import Parser
from newsroom.delivery.page_cache import ANSWER, answer_from_memory
from newsroom.http import NEVER_STORED

if TYPE_CHECKING:
    from newsroom.delivery.server import Server

log = logging.getLogger(__name__)


class Patience(NamedTuple):
    """Seconds after which a connection is given up. A body may take longer, as long as it comes in at `body_rate` bytes a second."""

    head: float = 10.0
    idle: float = 30.0
    body: float = 20.0
    body_rate: float = 16 * 1024
    send: float = 30.0
    linger: float = 2.0


class Task(WSGITask):
    """A request that is whole, or refused for its size, which a page says."""

    def get_environment(self) -> dict[str, Any]:
        if self.request.environ is None:
            self.request.environ = super().get_environment()
            if self.request.command == "HEAD":
                del self.request.environ["wsgi.file_wrapper"]  # which would send the file
        environ: dict[str, Any] = self.request.environ
        return environ

    @property
    def has_body(self) -> bool:
        """Neither 304, nor whatever is answered to HEAD."""
        return self.request.command != "HEAD" and bool(super().has_body)

    def build_response_header(self) -> bytes:
        """As the library's, but the connection is kept after an answer without a body, or without a known length, too (RFC 9112, 6.3),
        and names stay as they were written."""
        names = {name.lower() for name, _value in self.response_headers}
        known = "content-length" in names or self.content_length is not None
        wanted = self.request.headers.get("CONNECTION", "").lower()
        if not self.has_body and self.request.command != "HEAD":
            self.remove_content_length_header()
        elif self.content_length is not None and "content-length" not in names:
            self.response_headers.append(("Content-Length", str(self.content_length)))
        elif self.has_body and not known and self.version == "1.1":
            self.chunked_response = True
            self.response_headers.append(("Transfer-Encoding", "chunked"))
        keeps = (
            wanted != "close"
            if self.version == "1.1"
            else wanted == "keep-alive" and (known or not self.has_body)
        )
        if not keeps or self.channel.server.stopping or self.request.error:
            self.set_close_on_finish()
        elif self.version == "1.0":
            self.response_headers.append(("Connection", "keep-alive"))
        if "date" not in names:
            self.response_headers.append(("Date", build_http_date(self.start_time)))
        lines = [
            f"HTTP/{self.version} {self.status}",
            *(f"{name}: {value}" for name, value in self.response_headers),
        ]
        self.logged_write_no_body = True  # what is left out is left out on purpose
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


class PlainError(ErrorTask):
    """A request that cannot be understood, or answered for now: a line of plain text."""

    def execute(self) -> None:
        error = self.request.error
        body = f"{error.reason}: {error.body}.\n".encode()
        self.status = f"{error.code} {error.reason}"
        self.response_headers = [
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Cache-Control", NEVER_STORED),
        ]
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)


class Question:
    """Whether who sends a large body is signed in: a thread asks, for the loop itself asks no database."""

    def __init__(self, channel: "Channel", request: Parser) -> None:
        self.channel, self.request, self.address = channel, request, channel.address

    def service(self) -> None:
        """Called by a thread of the dispatcher."""
        close_old_connections()
        try:
            if limits.is_signed_in(self.request.session):
                self.request.allowed = limits.of_staff(self.request.path)
        finally:
            close_old_connections()
            self.channel.asking = False
            self.channel.server.touch(self.channel)

    def cancel(self) -> None:
        """The server stops."""


class Channel(HTTPChannel):
    """One connection. What is called by threads is `service` alone."""

    parser_class, task_class, error_task_class = Parser, Task, PlainError
    server: "Server"
    request: Parser | None

    def __init__(
        self, server: "Server", sock: socket.socket, addr: tuple[Any, ...], *args: Any, **kwargs: Any
    ) -> None:
        # Since when it waits for a request to begin, or for its head to be whole: a byte now and then changes nothing.
        self.since = self.body_since = self.moved = time.monotonic()
        self.unread = b""
        self.asking = self.asked = self.refused = self.lingering = False
        self.question: Parser | None = None
        self.peer = self.address = str(addr[0])
        self.requests: list[Parser] = []
        super().__init__(server, sock, addr, *args, **kwargs)

    # ------------------------------------------------------------------ reading

    def readable(self) -> bool:
        return self.lingering or (not self.asking and not self.unread and super().readable())

    def handle_read(self) -> None:
        if self.lingering:
            self.recv(self.adj.recv_bytes)
        else:
            super().handle_read()

    def received(self, data: bytes) -> bool:
        self.unread += data
        self._take()
        return True

    def _take(self) -> None:
        """One request: what follows it waits until its answer has left, and until others have had their turn. Else a stranger could
        ask a thousand questions at once, and have the answers held here."""
        while (
            self.unread and self.waits and not (self.lingering or self.will_close or self.close_when_flushed)
        ):
            if self.request is None:
                self.request, self.since = self.parser_class(self.adj), time.monotonic()
            request: Parser = self.request
            self.unread = self.unread[request.received(self.unread) :]
            if request.completed:
                self.request, self.sent_continue = None, False
                if not request.empty:
                    self._begin(request)
                    break
            elif request.headers_finished:
                if request.expect_continue and not self.sent_continue:
                    self.send_continue()
                self._look_at_body(request)
        if self.unread and self.waits:
            self.server.touch(self)

    def _look_at_body(self, request: Parser) -> None:
        """The head is whole, and the body is not."""
        if not self.server.is_under_way(self):
            self.body_since = time.monotonic()
            self.address = limits.client_address(self.peer, request.headers.get("X_FORWARDED_FOR", ""))
        strangers = request.body_bytes_received if request.allowed <= limits.form_bytes() else 0
        if error := self.server.no_room_for(self, strangers):
            self._refuse(error)
        elif (
            not self.asked
            and (request.chunked or request.size > request.allowed)
            and request.may_be_asked_about
        ):
            self.asking = self.asked = True
            self.question = request
            self.server.task_dispatcher.add_task(Question(self, request))
        elif self.asked and not self.asking:
            self._refuse_if_too_large(request)

    def _refuse_if_too_large(self, request: Parser) -> None:
        if request.size > request.allowed:
            self._refuse(RequestEntityTooLarge(f"more than {request.allowed} bytes"))

    def _refuse(self, error: Error) -> None:
        request, self.request = self.request, None
        if request is not None:
            request.refuse(error)
            self._begin(request)

    def settle(self) -> None:
        """What a thread has left to the loop."""
        if self.question is not None and not self.asking:
            request, self.question = self.question, None
            if self.request is request:
                self._refuse_if_too_large(request)
        if not self.requests and (self.request is None or not self.request.headers_finished):
            self.server.ended(self)
        self._take()

    def _begin(self, request: Parser) -> None:
        """A page that is held is answered by the loop at once, whatever the threads have to do; everything else by these."""
        error = request.error
        with self.requests_lock:
            self.requests = [request]
        if error:
            self.refused, self.unread = True, b""
        if isinstance(error, RequestEntityTooLarge):
            request.close()
            request.body_rcv, self.error_task_class = None, Task
            environ = Task(self, request).get_environment()
            environ.update({limits.REFUSED: True, "CONTENT_LENGTH": "0"})
        elif error:
            self.service()
            return
        else:
            environ = Task(self, request).get_environment()
            environ[ANSWER] = answer_from_memory(environ)
            if environ[ANSWER] is not None:
                self.service()
                return
            del environ[ANSWER]  # by the time that a thread comes to it, it may be held
        self.address = limits.client_address(self.peer, environ.get("HTTP_X_FORWARDED_FOR", ""))
        self.asked = False
        if not self.refused and (error := self.server.no_room_for(self)):
            request.error = error
            self._begin(request)
            return
        self.server.busy.add(self)
        self.server.task_dispatcher.add_task(self)

    # ------------------------------------------------------------------ answering

    def service(self) -> None:
        """Answer the first request that is whole."""
        try:
            super().service()
        finally:
            self.since = self.moved = time.monotonic()
            self.server.touch(self)

    def _flush_some(self, do_close: bool = True) -> bool:
        try:
            moved: bool = super()._flush_some(do_close)
        except AttributeError as error:
            if self.socket is not None:
                raise
            raise OSError("The connection was closed meanwhile") from error
        if moved:
            self.moved = time.monotonic()
        return moved

    # ------------------------------------------------------------------ ending

    @property
    def waits(self) -> bool:
        """For a request, or for the rest of one: nothing is being answered."""
        return not (self.requests or self.total_outbufs_len or self.asking)

    def overdue(self, now: float, patience: Patience) -> bool:
        """Whether it is given up: nobody is waited for without end, however often a byte comes."""
        if self.lingering:
            return now - self.since > patience.linger
        if self.total_outbufs_len:
            return now - self.moved > patience.send
        if not self.waits:
            return False
        if self.request is None:
            return now - self.since > patience.idle
        if not self.request.headers_finished:
            return now - self.since > patience.head
        return bool(
            now - self.body_since > patience.body + self.request.body_bytes_received / patience.body_rate
        )

    def give_up(self) -> None:
        """Close it without a word."""
        self.refused = False
        self.handle_close()

    def handle_close(self) -> None:
        """Who is still sending would lose the answer with the connection: for a moment what comes is read and dropped."""
        if self.refused and self.connected and not self.lingering and not self.total_outbufs_len:
            self.refused, self.will_close, self.close_when_flushed = False, False, False
            try:
                self.socket.shutdown(socket.SHUT_WR)
            except OSError:
                pass
            else:
                self.lingering, self.since = True, time.monotonic()
                return
        if self.request is not None:
            self.request.close()
        super().handle_close()

    def handle_error(self) -> None:
        """Of a fault of ours. The library's line names the address."""
        log.exception("A connection was closed by a fault")
        self.give_up()

    def add_channel(self, map: Any = None) -> None:
        super().add_channel(map)
        self.server.enters(self)

    def del_channel(self, map: Any = None) -> None:
        self.server.leaves(self)
        super().del_channel(map)
