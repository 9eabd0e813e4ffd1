"""A drill: the newest backup is restored beside the running site, compared with it, and removed again."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.db import ProgrammingError, connection

from newsroom.safety.backup import status
from newsroom.safety.backup.errors import BackupError
from releases.models import Release

TEMPORARY = "newsroom_drill"


@dataclass(frozen=True)
class Drill:
    """How many releases the restored newsroom has, how many of them readers see, and how many the running one has now."""

    name: str
    releases: int
    visible: int
    now: int

    @property
    def sentence(self) -> str:
        """For whoever ran it."""
        more = self.now - self.releases
        since = (
            f"; the site has {abs(more)} {'more' if more > 0 else 'fewer'} by now"
            if more
            else ", as the site has"
        )
        return (
            f"The drill went well: {self.name} was restored, every row and file compared, its front page shown: {self.releases} releases, "
            f"{self.visible} of them public{since}."
        )


def drill(
    folder: Path, passphrase: str = "", *, name: str = "", said: Callable[[str], object] = lambda line: None
) -> Drill:
    """Restore the newest backup, or this one, in a process and a place of its own. Raises `BackupError` and notes it for the desk where
    that goes wrong."""
    try:
        with (
            _database(said) as url,
            tempfile.TemporaryDirectory(prefix="drill-", dir=settings.DATA_DIR) as place,
        ):
            found = _restored(folder, passphrase, name, url, Path(place))
    except BackupError:
        status.note_drill(passed=False)
        raise
    status.note_drill(passed=True)
    return Drill(**found, now=Release.objects.count())


def _restored(folder: Path, passphrase: str, name: str, url: str, place: Path) -> dict[str, Any]:
    environment = {
        **os.environ, "DATA_DIR": str(place), "DATABASE_URL": url or f"sqlite:///{place}/newsroom.sqlite3", "BACKUP_PASSPHRASE": passphrase,
        "BACKUP_PASSPHRASE_FILE": "", "CACHE_URL": "locmem://", "PAGE_CACHE_URL": "locmem://", "SECRET_KEY": settings.SECRET_KEY,
        # Nothing that is the running site's, and nothing by which others would hear of it.
        "DATABASE_DIRECT_URL": "", "REPLICA_URLS": "", "STORAGE_URL": "", "PURGE_URLS": "", "WEBSUB_HUB": "",
        "SENTRY_DSN": "",
    }  # fmt: skip
    if not url:
        environment["DATABASE_POOLER"] = ""  # which SQLite has none of
    command = [sys.executable, "-m", "newsroom.safety.drilled", str(folder), name]
    done = subprocess.run(  # noqa: S603  this Python, and a module of ours
        command, env=environment, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False
    )
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        raise BackupError(f"The drill failed: {reason}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


@contextmanager
def _database(said: Callable[[str], object]) -> Iterator[str]:
    """The address of an empty database beside the site's; empty for one on SQLite in the drill's own folder."""
    if connection.vendor == "sqlite":
        yield ""
        return
    name = f"{TEMPORARY}_{os.getpid()}"
    with connection.cursor() as cursor:
        try:
            cursor.execute(f"CREATE DATABASE {name}")
        except ProgrammingError:  # this account may make none
            said(
                "This account may not create databases, so the drill restores into SQLite (ALTER ROLE … CREATEDB allows it)."
            )
            yield ""
            return
    try:
        known = connection.settings_dict
        yield (
            f"postgres://{quote(known['USER'], safe='')}:{quote(known['PASSWORD'], safe='')}@{quote(known['HOST'], safe='')}"
            f"{':' if known['PORT'] else ''}{known['PORT']}/{name}"
        )
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
