"""What a site asks of robots: RFC 9309, read strictly, for one robot. Pure Python.

The standard library's reader takes the first rule that fits and knows neither `*` nor `$`, so it would look at what a site
asks not to be looked at.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote_to_bytes

# RFC 9309, 2.5: at least so much of the file has to be read.
MOST_BYTES = 500 * 1024
MOST_RULES = 5000
LONGEST_DELAY = 60.0


@dataclass(frozen=True)
class Rules:
    """The rules that are meant for us, as (allow, pattern), and how many seconds to leave between two requests."""

    rules: Sequence[tuple[bool, str]] = ()
    delay: float = 0

    def allows(self, path: str) -> bool:
        """May this path (with its query) be asked for? The longest rule that fits counts; among equals the one that
        allows (RFC 9309, 2.2.2)."""
        wanted = _normal(path)
        fits = [(len(pattern), allow) for allow, pattern in self.rules if _fits(pattern, wanted)]
        return max(fits)[1] if fits else True

    def stored(self) -> dict[str, Any]:
        """As JSON."""
        return {"rules": [list(rule) for rule in self.rules], "delay": self.delay}

    @classmethod
    def read(cls, stored: dict[str, Any]) -> "Rules":
        """From what `stored` wrote."""
        return cls(
            [(bool(allow), str(pattern)) for allow, pattern in stored.get("rules", ())],
            stored.get("delay", 0),
        )


def parse(text: str, *, agent: str) -> Rules:
    """The rules for the robot `agent` (its name alone, in small letters): those of every group that names it, else those
    of the groups for `*`."""
    own: list[tuple[str, str]] = []
    common: list[tuple[str, str]] = []
    named = False
    for agents, lines in _groups(text):
        if agent in agents:
            named = True
            own += lines
        if "*" in agents:
            common += lines
    return _rules(own if named else common)


def _groups(text: str) -> Iterable[tuple[set[str], list[tuple[str, str]]]]:
    agents: set[str] = set()
    lines: list[tuple[str, str]] = []
    begun = False
    for raw in text.removeprefix("\ufeff").splitlines():
        field, colon, value = raw.split("#", 1)[0].partition(":")
        if not colon:
            continue
        field, value = field.strip().lower(), value.strip()
        if field == "user-agent":
            if begun:
                yield agents, lines
                agents, lines, begun = set(), [], False
            # "newsroom-sources/1.0" names the robot by the part before the slash.
            agents.add("*" if value == "*" else re.split(r"[^a-z_-]", value.lower())[0])
        elif field in {"allow", "disallow", "crawl-delay"}:
            begun = True
            lines.append((field, value))
    yield agents, lines


def _rules(lines: list[tuple[str, str]]) -> Rules:
    found, delay = [], 0.0
    for field, value in lines:
        if field == "crawl-delay":
            try:
                delay = min(max(delay, float(value)), LONGEST_DELAY)
            except ValueError:
                continue
        elif value and len(found) < MOST_RULES:
            found.append((field == "allow", _normal(value)))
    return Rules(found, delay if delay == delay else 0.0)


def _normal(path: str) -> str:
    """With everything quoted alike, whoever wrote it (RFC 9309, 2.2.2)."""
    return quote(unquote_to_bytes(path), safe="/*$?&=:@!'()+,;~[]")


def _fits(pattern: str, path: str) -> bool:
    """Does the path begin as the pattern says? `*` stands for anything, `$` at its end for the path's end. In linear
    time: a pattern comes from strangers."""
    whole = pattern.endswith("$")
    first, *pieces = pattern.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    at = len(first)
    if not pieces:
        return not whole or at == len(path)
    last = pieces.pop() if whole else ""
    for piece in pieces:
        found = path.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    return not whole or (len(path) - len(last) >= at and path.endswith(last))
