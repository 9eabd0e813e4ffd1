"""What has been written into a folder, under which edition; one process at a time; nothing lost when it is killed."""

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

from newsroom.locks import hold
from releases.editions import EditionNow


class Busy(Exception):
    """Another process is writing into the folder."""


class NotOurs(Exception):
    """The folder holds something else, which would be deleted."""


@dataclass(frozen=True)
class Page:
    """A file that stands in the folder: the address that it answers, its digest (SHA-256) and length, and what it hangs on since
    which edition (None: it has to be made anew). `at` is when it was made (seconds since 1970)."""

    address: str
    file: str
    digest: str
    length: int
    parts: frozenset[str]
    edition: EditionNow | None
    at: float


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Holds the folder's lock, which ends with this process. Raises `Busy`."""
    with open(place_of(folder, "lock"), "w") as file:
        hold(file, Busy(f"Another process is writing into {folder}."))
        yield


def place_of(folder: Path, ending: str) -> Path:
    """Beside the database and not in the folder, which holds nothing but what readers may have."""
    state = Path(settings.DATA_DIR) / "static_site"
    state.mkdir(mode=0o700, parents=True, exist_ok=True)
    return state / f"{hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:24]}.{ending}"


def known_folders() -> list[Path]:
    """The folders into which this machine has written the public site, and that are there."""
    found = set()
    for path in (Path(settings.DATA_DIR) / "static_site").glob("*.sqlite3"):
        with closing(sqlite3.connect(path)) as rows, suppress(sqlite3.Error):
            found |= {Path(name) for (name,) in rows.execute("SELECT value FROM fact WHERE name = 'folder'")}
    return sorted(one for one in found if one.is_dir())


class State:
    """The record of a folder's pages, in a small database of its own. Every method commits."""

    def __init__(self, folder: Path) -> None:
        self.rows = sqlite3.connect(place_of(folder, "sqlite3"))
        self.rows.execute("PRAGMA journal_mode=WAL")
        self.rows.execute("PRAGMA synchronous=NORMAL")
        self.rows.execute("PRAGMA secure_delete=ON")  # an address can be a name that had to go
        self.rows.executescript(
            "CREATE TABLE IF NOT EXISTS page (address TEXT PRIMARY KEY, file TEXT NOT NULL, digest TEXT NOT NULL, "
            "length INTEGER NOT NULL, parts TEXT NOT NULL, edition TEXT NOT NULL, at REAL NOT NULL);"
            "CREATE TABLE IF NOT EXISTS fact (name TEXT PRIMARY KEY, value TEXT NOT NULL);"
        )
        self.remember("folder", str(folder.resolve()))

    def close(self) -> None:
        """Let go of the file."""
        self.rows.close()

    def pages(self) -> dict[str, Page]:
        """All of them, by address. Editions that are the same are the same object."""
        editions: dict[str, EditionNow | None] = {}
        parts: dict[str, frozenset[str]] = {}
        found = {}
        for address, file, digest, length, of, under, at in self.rows.execute(
            "SELECT address, file, digest, length, parts, edition, at FROM page"
        ):
            if of not in parts:
                parts[of] = frozenset(json.loads(of))
            if under not in editions:
                editions[under] = _read(under)
            found[address] = Page(address, file, digest, length, parts[of], editions[under], at)
        return found

    def put(self, pages: Iterable[Page]) -> None:
        """Record what has been written."""
        rows = [
            (
                one.address,
                one.file,
                one.digest,
                one.length,
                json.dumps(sorted(one.parts)),
                _written(one.edition),
                one.at,
            )
            for one in pages
        ]
        with self.rows:
            self.rows.executemany("INSERT OR REPLACE INTO page VALUES (?, ?, ?, ?, ?, ?, ?)", rows)

    def drop(self, addresses: Iterable[str]) -> None:
        """Forget what has been removed."""
        with self.rows:
            self.rows.executemany("DELETE FROM page WHERE address = ?", [(one,) for one in addresses])

    def renew(self, edition: EditionNow) -> None:
        """All pages are right under this edition."""
        with self.rows:
            self.rows.execute("UPDATE page SET edition = ? WHERE edition != ?", (_written(edition),) * 2)

    def expire(self, addresses: Iterable[str] | None = None) -> None:
        """These pages have to be made anew, or all of them."""
        with self.rows:
            if addresses is None:
                self.rows.execute("UPDATE page SET edition = ''")
            else:
                self.rows.executemany(
                    "UPDATE page SET edition = '' WHERE address = ?", [(one,) for one in addresses]
                )

    def fact(self, name: str) -> str:
        """A remembered fact; "" where there is none."""
        row = self.rows.execute("SELECT value FROM fact WHERE name = ?", (name,)).fetchone()
        return row[0] if row else ""

    def remember(self, name: str, value: str) -> None:
        """Remember a fact."""
        with self.rows:
            self.rows.execute("INSERT OR REPLACE INTO fact VALUES (?, ?)", (name, value))


def _written(edition: EditionNow | None) -> str:
    if edition is None:
        return ""
    newest = edition.newest.isoformat() if edition.newest else ""
    return f"{edition.number} {edition.changed_at.isoformat()} {newest}"


def _read(written: str) -> EditionNow | None:
    if not written:
        return None
    number, changed_at, newest = written.split(" ")
    moment = datetime.fromisoformat
    return EditionNow(int(number), moment(changed_at), moment(newest) if newest else None, None)


def version() -> str:
    """A name for the code, templates, words and settings that pages are made of: with another one all are made anew."""
    digest = hashlib.sha256()
    for name in ("newsroom", "releases", "templates", "static", "locale"):
        root = Path(settings.BASE_DIR) / name
        for path in sorted(root.rglob("*")):
            if path.suffix in {
                ".py",
                ".html",
                ".xml",
                ".opml",
                ".css",
                ".js",
                ".mo",
                ".svg",
                ".png",
                ".json",
            }:
                digest.update(str(path.relative_to(root)).encode() + path.read_bytes())
    said = {name: getattr(settings, name) for name in dir(settings) if name.isupper()}
    digest.update(json.dumps(said, sort_keys=True, default=lambda value: "", skipkeys=True).encode())
    return digest.hexdigest()
