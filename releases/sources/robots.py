"""What a site's robots.txt asks of our robot (RFC 9309). Protego reads the rules; the file comes from strangers."""

import re
from typing import Any

from protego import Protego

# RFC 9309, 2.5: at least so much of the file has to be read. No more is.
MAX_BYTES = 500 * 1024
MAX_DELAY = 60.0  # seconds
# A line that begins a group, in all the spellings that Protego takes.
_USER_AGENT = re.compile(r"\s*user[- ]?agent\b\s*:?\s*([^#]*)", re.IGNORECASE)
# The robots that no group of ours names share one name, which no robot has.
_ANOTHER = "another-robot"


class Rules:
    """The rules of one site for the robot `agent` (its name alone, in small letters)."""

    def __init__(self, text: str, *, agent: str) -> None:
        lines = _readable(text).splitlines()
        self.text = "\n".join(_named(line, agent) for line in lines if line.strip())
        self._agent = agent
        self._parsed = Protego.parse(self.text)

    def allows(self, path: str) -> bool:
        """Whether the robot may request this path (with its query)."""
        return self._parsed.can_fetch(f"https://site{path}", self._agent)

    @property
    def delay(self) -> float:
        """How many seconds the site wants between two requests, within reason."""
        return min(self._parsed.crawl_delay(self._agent) or 0.0, MAX_DELAY)

    def stored(self) -> dict[str, Any]:
        """As JSON, for `from_stored`."""
        return {"text": self.text}

    @classmethod
    def from_stored(cls, stored: dict[str, Any], *, agent: str) -> "Rules | None":
        """What `stored` wrote; None for anything else."""
        text = stored.get("text")
        return cls(text, agent=agent) if isinstance(text, str) else None


def _readable(text: str) -> str:
    """Without the byte order mark, which hides the first line, and without NUL, which PostgreSQL does not store."""
    return text[:MAX_BYTES].removeprefix("\ufeff").replace("\x00", "")


def _named(line: str, agent: str) -> str:
    """The line; where it names a robot, with the name that RFC 9309, 2.2.1 compares: the part before the slash, as a whole.

    Protego also takes a part of a name for the name ("newsroom" for "newsroom-sources"). And it copies each rule for each
    name of its group: a file with thousands of both would fill the memory. Three names remain: ours, `*` and another.
    """
    found = _USER_AGENT.match(line)
    if not found:
        return line
    name = found[1].strip().lower()
    if name != "*":
        name = agent if re.split(r"[^a-z_-]", name)[0] == agent else _ANOTHER
    return f"User-agent: {name}"
