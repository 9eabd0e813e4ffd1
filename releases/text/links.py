"""Web addresses: without tracking parameters and redirects, in the normalised form in which they are compared, and those of a stored body.

The editor's paste cleans links by the same rules and the same table, in `static/js/editor/paste/links.js`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import parse_qs, quote, urlsplit, urlunsplit

from releases.text.clean import stored_tree
from releases.text.notes import note_list, notes_in
from releases.text.tables import table
from releases.text.tree import Node

PORTS = {"http": 80, "https": 443}
LONGEST_HOST = 253  # as the name system has it
_SAFE = "/%:@!$&'()*+,;=~?"
_TABLE = table("links")
_TRACKING = re.compile("|".join(_TABLE["tracking"]), re.IGNORECASE)
# Host, parameter that holds the address behind the detour, path (any where empty).
_DETOURS = [(re.compile(host), parameter, path) for host, parameter, path in _TABLE["detours"]]
_WEB = re.compile(r"https?://", re.IGNORECASE)
_MAIL = re.compile(r"mailto:[^@\s?]+@[^@\s?]+(?:@[^@\s?]+)*(?:\?.*)?", re.IGNORECASE | re.DOTALL)
_PROOFPOINT = re.compile(r"https?://urldefense\.com/v3/__(https?:/*)(.+?)__;", re.IGNORECASE)
MAX_LENGTH = 8000


@dataclass(frozen=True)
class Place:
    """A link: its address as `address_of` writes it, and the note in which it stands ("" and 0: the text)."""

    url: str
    note: str
    number: int


def links_of(html: str) -> list[Place]:
    """Where a stored body leads on the web, in reading order, each address once a note and once for the text."""
    root = stored_tree(html)
    holder = note_list(root)
    inside = set() if holder is None else set(holder.iter("a"))
    found = [Place(url, "", 0) for url in _addresses(one for one in root.iter("a") if one not in inside)]
    for number, (key, note) in enumerate(notes_in(root), 1):
        found += [Place(url, key, number) for url in _addresses(note.iter("a"))]
    return list(dict.fromkeys(found))


def address_of(href: str) -> str | None:
    """A web address in normalised form (RFC 3986, 6.2.2); None for other addresses.

    It has no fragment, user name, password or default port; the host is in ASCII and lower case.
    """
    try:
        parts = urlsplit(href)
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme not in PORTS or not host:
        return None
    host = _ascii(host.rstrip("."))
    if not 0 < len(host) <= LONGEST_HOST:
        return None
    netloc = f"[{host}]" if ":" in host else host
    if port not in (None, PORTS[parts.scheme]):
        netloc = f"{netloc}:{port}"
    path, query = quote(parts.path or "/", safe=_SAFE), quote(parts.query, safe=_SAFE)
    return urlunsplit((parts.scheme, netloc, path, query, ""))


def host_of(url: str) -> str:
    """The host of an address in that form."""
    return urlsplit(url).hostname or ""


def _ascii(host: str) -> str:
    try:
        return host.encode("idna").decode() if not host.isascii() else host
    except UnicodeError:
        return host


def _addresses(links: Iterator[Node]) -> Iterator[str]:
    for link in links:
        if url := address_of(link.get("href", "")):
            yield url


class Link(NamedTuple):
    """The address to store, or "" where it leads nowhere for a reader, and whether it was made shorter."""

    href: str
    tracked: bool


def clean_link(raw: str) -> Link:
    """`raw` without tracking; "" for anything but a web or mail address. Never raises."""
    address = re.sub(r"[\x00-\x20\xa0]+", "%20", raw.strip("\x00\t\n\r \xa0"))
    if len(address) > MAX_LENGTH:
        return Link("", tracked=False)
    if _MAIL.fullmatch(address):
        return Link(address.split("?")[0], tracked=False)
    if not _WEB.match(address):
        return Link("", tracked=False)
    target, tracked = address, False
    for _hop in range(3):
        found = _behind(target)
        if not found:
            break
        target, tracked = found, True
    href = _without_tracking(target)
    return Link(href, tracked=tracked or href != address)


def _behind(address: str) -> str:
    if match := _PROOFPOINT.match(address):
        return match[1].rstrip("/") + "//" + match[2].lstrip("/")
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
        for name, parameter, path in _DETOURS:
            if name.fullmatch(host) and (not path or parts.path == path):
                target = parse_qs(parts.query, max_num_fields=100).get(parameter, [""])[0]
                if _WEB.match(target):
                    return target
    except ValueError:
        pass
    return ""


def _without_tracking(address: str) -> str:
    before, hash_sign, after = address.partition("#")
    path, question, query = before.partition("?")
    if not question:
        return address
    pairs = [pair for pair in query.split("&") if not _TRACKING.fullmatch(pair.split("=")[0])]
    return path + ("?" + "&".join(pairs) if pairs else "") + hash_sign + after
