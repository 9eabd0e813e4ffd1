"""Which addresses a link in a body may have."""

import re
from functools import lru_cache
from typing import Final
from urllib.parse import quote

import nh3

from releases.text.schema import SCHEMES, nh3_arguments
from releases.text.tree import escape_value

# What browsers take away before they read an address: "java\nscript:" is "javascript:" to them.
_IGNORED: Final = re.compile(r"[\t\n\r]")
_EDGES: Final = "".join(chr(code) for code in range(0x21))
_SCHEME: Final = re.compile(r"([a-zA-Z][a-zA-Z0-9+.\-]*):")
_TO_QUOTE: Final = re.compile(r"[\x00-\x20\x7f-\xa0<>\"`\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
_CLEANER: Final = nh3.Cleaner(**nh3_arguments())


@lru_cache(maxsize=2048)
def link_address(value: str) -> str | None:
    """The address to store for what an `href` said, or None where the link may not stand.

    Allowed are http, https and mailto, and paths of this site (`/…`, not `//…`).
    """
    address = _IGNORED.sub("", value.strip(_EDGES))
    scheme = _SCHEME.match(address)
    if scheme:
        name = scheme[1].lower()
        if name not in SCHEMES:
            return None
        rest = address[scheme.end() :]
        if name != "mailto":
            rest = rest.replace("\\", "/")
            if not re.match(r"//[^/]", rest):
                return None
        address = f"{name}:{rest}"
        if not rest:
            return None
    elif not re.match(r"/(?![/\\])", address):
        return None
    address = _TO_QUOTE.sub(lambda match: quote(match[0]), address)
    # The last word is nh3's: it knows which hosts and ports are none.
    kept = _CLEANER.clean(f'<a href="{escape_value(address)}">-</a>')
    return address if kept.startswith("<a href=") else None
