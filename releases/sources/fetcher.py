"""One request to somebody else's server: only to public addresses, bounded in time and size, revealing nothing.

The name is resolved here, once, and the connection is made to the address that was looked at, so that a second answer of
the name server cannot lead elsewhere. No cookie, no password, no referrer, no proxy of the environment.
"""

import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from http.client import HTTPConnection, HTTPException, HTTPResponse
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from releases.text.links import PORTS

# The robot's name, as sites write it into robots.txt.
AGENT = "newsroom-sources"
_NOT_PUBLIC = tuple(
    ipaddress.ip_network(one)
    for one in (
        "64:ff9b::/96", "64:ff9b:1::/48",  # an IPv4 address behind NAT64
        "2002::/16", "2001::/32",  # one in 6to4 and Teredo
        "::/96", "::ffff:0:0/96", "fec0::/10", "100.64.0.0/10", "192.0.0.0/24", "192.88.99.0/24", "198.18.0.0/15",
    )
)  # fmt: skip


class Unreachable(Exception):
    """There was no answer; the message says why in words."""


def is_public(ip: str, port: int) -> bool:
    """Whether a connection may be made: only to the ports 80 and 443 of addresses of the public internet."""
    try:
        address = ipaddress.ip_address(ip)
    except ValueError:
        return False
    return (
        port in PORTS.values()
        and address.is_global
        and not address.is_multicast
        and not address.is_reserved
        and not any(address in network for network in _NOT_PUBLIC if network.version == address.version)
    )


def resolve(host: str, port: int) -> list[str]:
    """The addresses of a host, in the system's order of preference."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


@cache
def _tls_context() -> ssl.SSLContext:
    return ssl.create_default_context()


@dataclass(frozen=True)
class Network:
    """How the network is reached. Only tests pass another one; no setting does.

    All times are in seconds: `delay` is the least time between two requests to a host, `timeout` is for one step of a
    request (connect, read), `total_timeout` for all of it.
    """

    resolve: Callable[[str, int], Sequence[str]] = resolve
    is_allowed: Callable[[str, int], bool] = is_public
    tls_context: Callable[[], ssl.SSLContext] = _tls_context
    sleep: Callable[[float], None] = time.sleep
    delay: float = 5
    timeout: float = 10
    total_timeout: float = 20


@dataclass(frozen=True)
class Answer:
    """What the server answered; `body` holds at most the bytes that were wanted."""

    status: int
    location: str = ""
    retry_after: str = ""
    body: bytes = b""


class _Watchdog:
    """Closes a connection that takes too long, even if bytes keep coming."""

    def __init__(self) -> None:
        # The connection forgets its socket as soon as the headers are there; the body still comes through it.
        self.sock: socket.socket | None = None
        self.expired = False

    def __call__(self) -> None:
        self.expired = True
        if self.sock is not None:
            with suppress(OSError):
                socket.socket.shutdown(self.sock, socket.SHUT_RDWR)


def fetch(method: str, url: str, net: Network, *, max_bytes: int = 0) -> Answer:
    """Ask for `url` (in the form of `address_of`), reading at most `max_bytes` bytes of the body. Raises `Unreachable`."""
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
    ip = _address(host, port, net)
    connection = HTTPConnection(host, port, timeout=net.timeout)
    watchdog = _Watchdog()
    timer = threading.Timer(net.total_timeout, watchdog)
    timer.daemon = True
    timer.start()
    try:
        connection.sock = watchdog.sock = socket.create_connection((ip, port), timeout=net.timeout)
        if parts.scheme == "https":
            secure = net.tls_context().wrap_socket(
                watchdog.sock, server_hostname=host, do_handshake_on_connect=False
            )
            connection.sock = watchdog.sock = secure
            secure.do_handshake()
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        for name, value in _headers(parts.netloc, method, max_bytes).items():
            connection.putheader(name, value)
        connection.endheaders()
        answer = _read(connection.getresponse(), max_bytes)
        if watchdog.expired:  # what was read is cut short
            raise TimeoutError
        return answer
    except ssl.SSLCertVerificationError as error:
        raise Unreachable(_("Its certificate is not valid: %s.") % error.verify_message) from error
    except TimeoutError as error:
        raise Unreachable(_("It did not answer in time.")) from error
    except ConnectionRefusedError as error:
        raise Unreachable(_("Its server takes no connections.")) from error
    except (OSError, HTTPException, ValueError) as error:
        if watchdog.expired:
            raise Unreachable(_("It did not answer in time.")) from error
        raise Unreachable(_("The connection failed: %s.") % type(error).__name__) from error
    finally:
        timer.cancel()
        connection.close()


def _address(host: str, port: int, net: Network) -> str:
    """The address to connect to. One private address among several forbids the host: such a name server
    cannot be trusted."""
    try:
        found = net.resolve(host, port)
    except (OSError, UnicodeError, ValueError) as error:
        raise Unreachable(_("There is no host of this name (any more).")) from error
    if not found:
        raise Unreachable(_("There is no host of this name (any more)."))
    if not all(net.is_allowed(ip, port) for ip in found):
        raise Unreachable(
            _("It leads into a private network, or to a port that is not the web's: not looked at.")
        )
    return found[0]


def _headers(netloc: str, method: str, max_bytes: int) -> dict[str, str]:
    headers = {
        "Host": netloc,
        "User-Agent": f"{AGENT}/1 (+{settings.SOURCES_CONTACT})",
        "Accept": "*/*",
        "Accept-Encoding": "identity",
        "Connection": "close",
    }
    if method == "GET" and not max_bytes:  # all that is wanted is the status
        headers["Range"] = "bytes=0-1023"
    return headers


def _read(response: HTTPResponse, max_bytes: int) -> Answer:
    body = response.read(max_bytes) if max_bytes else b""
    return Answer(
        response.status,
        _readable(response.headers.get("Location", "")),
        response.headers.get("Retry-After", ""),
        body,
    )


def _readable(location: str) -> str:
    """Headers are read as Latin-1; what was UTF-8 is made so again."""
    try:
        return location.encode("latin-1").decode()
    except UnicodeError:
        return location
