"""Heads of requests as the server reads them: what could be understood in two ways is refused, and so is a body that is too large."""

from typing import Any

from waitress.parser import HTTPRequestParser, ParsingError
from waitress.utilities import BadRequest, Error, RequestEntityTooLarge

from newsroom.delivery import limits

CONTROL_BYTES = 4 * 1024  # of a line between the chunks of a body, and of what follows the last


class Busy(Error):
    """There is no room for what was sent, for now."""

    code, reason = 503, "Service Unavailable"


class TooMany(Error):
    """Too much of one address is under way."""

    code, reason = 429, "Too Many Requests"


class Parser(HTTPRequestParser):
    """Refuses what two servers could understand in two ways, and a body as soon as it is known to be too large."""

    allowed = limits.SMALL
    environ: dict[str, Any] | None = None

    def parse_header(self, header_plus: bytes) -> None:
        """Raises ParsingError for a head that is not plain."""
        super().parse_header(header_plus)
        if self.chunked and "CONTENT_LENGTH" in self.headers:
            raise ParsingError("Content-Length and Transfer-Encoding exclude each other")
        if "TRANSFER_ENCODING" in self.headers:  # in a version that knows none
            raise ParsingError("Transfer-Encoding needs HTTP/1.1")
        host = self.headers.get("HOST", "")
        if "," in host or (not host and self.version == "1.1"):
            raise ParsingError("there must be one Host")
        self.allowed = limits.of_strangers(self.path)

    def received(self, data: bytes) -> int:
        """Of what is known to be too large by its head nobody is asked for the rest."""
        consumed: int = super().received(data)
        if self.headers_finished and not self.error:
            body = self.body_rcv
            if len(getattr(body, "control_line", b"")) + len(getattr(body, "trailer", b"")) > CONTROL_BYTES:
                self.refuse(BadRequest("the lines between the chunks of the body are too long"))
            elif self.size > self.allowed and not self.may_be_asked_about:
                self.refuse(RequestEntityTooLarge(f"more than {self.allowed} bytes"))
        if self.error:
            self.expect_continue = False
        return consumed

    @property
    def size(self) -> int:
        """The bytes that the body has, or is said to have."""
        return max(int(self.content_length), int(self.body_bytes_received))

    @property
    def may_be_asked_about(self) -> bool:
        """Whether somebody who is signed in could send it, though a stranger cannot; and it names a session."""
        most = limits.of_staff(self.path)
        return self.allowed < most and self.size <= most and bool(self.session)

    @property
    def session(self) -> str:
        """The key of the session that it names."""
        return limits.session_key(self.headers.get("COOKIE", ""))

    def refuse(self, error: Error) -> None:
        """It is whole as far as it goes: nothing more is read."""
        self.error, self.completed = error, True
