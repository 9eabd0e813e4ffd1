"""The web links of a stored body, and the normalised form in which addresses are compared."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote, urlsplit, urlunsplit

from releases.text.clean import stored_tree
from releases.text.notes import note_list, notes_in
from releases.text.tree import Node

PORTS = {"http": 80, "https": 443}
LONGEST_HOST = 253  # as the name system has it
_SAFE = "/%:@!$&'()*+,;=~?"


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
