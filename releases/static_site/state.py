"""What has been written into a folder, under which edition; one process at a time; nothing lost when it is killed."""

import fcntl
import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

from releases.editions import EPOCH, EditionNow


class Busy(Exception):
    """Another process is writing into the folder."""


class NotOurs(Exception):
    """The folder holds something else, which would be deleted."""


@dataclass(frozen=True)
class Page:
    """A file that stands in the folder: the address that it answers, its digest (SHA-256) and length, and what it hangs on since
    which edition (a number below zero: it has to be made anew). `at` is when it was made (seconds since 1970)."""

    address: str
    file: str
    digest: str
    length: int
    parts: frozenset[str]
    edition: EditionNow
    at: float


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Holds the folder's lock, which the system lets go of when this process ends, however it ends. Raises `Busy`."""
    with open(_place(folder, "lock"), "w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy(f"Another process is writing into {folder}.") from None
        yield


def _place(folder: Path, ending: str) -> Path:
    """Beside the database and not in the folder, which holds nothing but what readers may have."""
    state = Path(settings.DATA_DIR) / "static_site"
    state.mkdir(mode=0o700, parents=True, exist_ok=True)
    return state / f"{hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:24]}.{ending}"


class State:
    """The record of a folder's pages, in a small database of its own. Every method commits."""

    def __init__(self, folder: Path) -> None:
        self.rows = sqlite3.connect(_place(folder, "sqlite3"))
        self.rows.execute("PRAGMA journal_mode=WAL")
        self.rows.execute("PRAGMA synchronous=NORMAL")
        self.rows.executescript(
            "CREATE TABLE IF NOT EXISTS page (address TEXT PRIMARY KEY, file TEXT NOT NULL, digest TEXT NOT NULL, "
            "length INTEGER NOT NULL, parts TEXT NOT NULL, number INTEGER NOT NULL, newest TEXT NOT NULL, at REAL NOT NULL);"
            "CREATE TABLE IF NOT EXISTS fact (name TEXT PRIMARY KEY, value TEXT NOT NULL);"
        )

    def close(self) -> None:
        """Let go of the file."""
        self.rows.close()

    def pages(self) -> dict[str, Page]:
        """All of them, by address. Editions that are the same are the same object."""
        editions: dict[tuple[int, str], EditionNow] = {}
        parts: dict[str, frozenset[str]] = {}
        found = {}
        for address, file, digest, length, said, number, newest, at in self.rows.execute(
            "SELECT address, file, digest, length, parts, number, newest, at FROM page"
        ):
            if said not in parts:
                parts[said] = frozenset(json.loads(said))
            if (number, newest) not in editions:
                moment = datetime.fromisoformat(newest) if newest else None
                editions[number, newest] = EditionNow(number, EPOCH, moment, None)
            found[address] = Page(address, file, digest, length, parts[said], editions[number, newest], at)
        return found

    def put(self, pages: Iterable[Page]) -> None:
        """Record what has been written."""
        with self.rows:
            self.rows.executemany(
                "INSERT OR REPLACE INTO page VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    (
                        one.address,
                        one.file,
                        one.digest,
                        one.length,
                        json.dumps(sorted(one.parts)),
                        one.edition.number,
                        one.edition.newest.isoformat() if one.edition.newest else "",
                        one.at,
                    )
                    for one in pages
                ],
            )

    def drop(self, addresses: Iterable[str]) -> None:
        """Forget what has been removed."""
        with self.rows:
            self.rows.executemany("DELETE FROM page WHERE address = ?", [(one,) for one in addresses])

    def renew(self, edition: EditionNow) -> None:
        """All pages are still right under this edition."""
        newest = edition.newest.isoformat() if edition.newest else ""
        with self.rows:
            self.rows.execute("UPDATE page SET number = ?, newest = ?", (edition.number, newest))

    def expire(self) -> None:
        """All pages have to be made anew."""
        with self.rows:
            self.rows.execute("UPDATE page SET number = -1, newest = ''")

    def fact(self, name: str) -> str:
        """A remembered fact; "" where there is none."""
        row = self.rows.execute("SELECT value FROM fact WHERE name = ?", (name,)).fetchone()
        return row[0] if row else ""

    def remember(self, name: str, value: str) -> None:
        """Remember a fact."""
        with self.rows:
            self.rows.execute("INSERT OR REPLACE INTO fact VALUES (?, ?)", (name, value))


def version() -> str:
    """A name for the code, templates, words and settings that pages are made of: with another one all are made anew."""
    digest = hashlib.sha256()
    for name in ("newsroom", "releases", "templates", "static", "locale"):
        root = Path(settings.BASE_DIR) / name
        for path in sorted(root.rglob("*")):
            if path.suffix in {".py", ".html", ".xml", ".opml", ".css", ".js", ".mo", ".svg", ".png", ".json"}:
                digest.update(str(path.relative_to(root)).encode() + path.read_bytes())
    said = {name: getattr(settings, name) for name in dir(settings) if name.isupper()}
    digest.update(json.dumps(said, sort_keys=True, default=lambda value: "", skipkeys=True).encode())
    return digest.hexdigest()
