"""The bytes that are left of removed words: the database written anew, and a search of every byte that is there."""

import json
import os
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from html import escape
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.core.cache import caches
from django.db import connection

from newsroom.accounts.models import User
from newsroom.safety.scrub.words import scrub, tables
from releases.text.removal import Removal
from releases.text.slugs import slug_of


@dataclass(frozen=True)
class Scrubbed:
    """What was done, and where bytes of the words are still to be found."""

    places: int
    hits: list[str]


def compact() -> None:
    """Write the database anew, so that nothing of what was deleted is left in it, and empty the shared caches."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("INSERT INTO releases_search(releases_search) VALUES ('rebuild')")
            cursor.execute("PRAGMA secure_delete = ON")
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        else:
            for table in tables():
                cursor.execute(f'VACUUM FULL "{table}"')
    for cache in caches.all(initialized_only=False):
        cache.clear()


def search_bytes(spellings: Iterable[str]) -> list[str]:
    """The names of files and tables in whose bytes a spelling stands: as UTF-8, as JSON, HTML and addresses write it."""
    needles = {form for one in spellings for form in _forms(one)}
    hits = []
    roots = {Path(settings.DATA_DIR), Path(settings.MEDIA_ROOT)}
    paths = {path for root in roots for path in root.rglob("*") if path.is_file()}
    if connection.vendor == "sqlite":
        name = str(connection.settings_dict["NAME"])
        paths |= {Path(name + end) for end in ("", "-wal", "-journal") if os.path.exists(name + end)}
    else:
        hits += _tables_with(needles)
    return hits + [
        str(path)
        for path in sorted(paths)
        if any(one in str(path).lower().encode() for one in needles) or _holds(path, needles)
    ]


def _forms(spelling: str) -> set[bytes]:
    low = spelling.lower()
    forms = {low, json.dumps(low)[1:-1], quote(low).lower(), escape(low), slug_of(low)}
    return {one.encode() for one in forms} | {low.encode("utf-16-le")}


def _holds(path: Path, needles: set[bytes]) -> bool:
    overlap = max(map(len, needles))
    tail = b""
    try:
        with open(path, "rb") as file:
            while portion := file.read(1 << 20):
                whole = (tail + portion).lower()
                if any(one in whole for one in needles):
                    return True
                tail = whole[-overlap:]
    except FileNotFoundError:
        return False
    return False


def _tables_with(needles: set[bytes]) -> list[str]:
    found = []
    with closing(connection.cursor()) as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            with cursor.copy(f'COPY "{table}" TO STDOUT') as lines:
                # COPY writes a backslash twice.
                if any(
                    one in bytes(line).replace(b"\\\\", b"\\").lower() for line in lines for one in needles
                ):
                    found.append(table)
    return found


def run(
    removal: Removal,
    spellings: Iterable[str],
    *,
    by: User | None,
    expected: int | None = None,
    at: datetime | None = None,
) -> Scrubbed:
    """All of it. A run that was killed is finished by the same again: the words go in one transaction, the rest can be repeated."""
    places = scrub(removal, by=by, expected=expected, at=at)
    compact()
    return Scrubbed(places, search_bytes(spellings))
