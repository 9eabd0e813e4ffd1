"""Cleans the addresses of links: without tracking parameters and redirects. The editor's paste has the same rules, by the
same table, in `static/js/editor/paste/links.js`."""

import re
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

from releases.text.tables import table

_TABLE = table("links")
_TRACKING = re.compile("|".join(_TABLE["tracking"]), re.IGNORECASE)
# Host, parameter that holds the address behind the detour, path (any where empty).
_DETOURS = [(re.compile(host), parameter, path) for host, parameter, path in _TABLE["detours"]]
_WEB = re.compile(r"https?://", re.IGNORECASE)
_MAIL = re.compile(r"mailto:[^@\s?]+@[^@\s?]+(?:@[^@\s?]+)*(?:\?.*)?", re.IGNORECASE | re.DOTALL)
_PROOFPOINT = re.compile(r"https?://urldefense\.com/v3/__(https?:/*)(.+?)__;", re.IGNORECASE)
MAX_LENGTH = 8000


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
