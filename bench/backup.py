"""What a backup costs: size and time of the first, of the next after a day's work, of a look at every byte, and of a restoration.

By default of 10,000 releases with ten revisions each (BENCH_COUNT). It runs on the database of the environment, which is filled: give
it one of its own. What is restored goes into SQLite.
"""

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from bench._copies import grow
from newsroom.safety.backup import folder as folders
from newsroom.safety.backup.make import _database_size, make
from newsroom.safety.backup.verify import verify
from releases import workflow
from releases.models import Release
from releases.sample.load import staff

DAY = 50  # saves, of which every fifth is published


def main() -> None:
    """Fill, back up, change, back up, look, restore."""
    call_command("migrate", verbosity=0)
    grow(int(os.environ.get("BENCH_COUNT", "10000")))
    with tempfile.TemporaryDirectory(dir=settings.DATA_DIR) as place:
        folder = Path(place) / "backups"
        print(
            f"{connection.vendor}: {Release.objects.count()} releases, database {_database_size() / 2**20:.0f} MB"
        )
        made = _measured("first backup", lambda: make(folder))
        print(f"  {made.rows} rows, {made.files} files, {made.size / 2**20:.1f} MB")
        made = _measured("again, nothing changed", lambda: make(folder))
        print(f"  {made.new / 2**20:.2f} MB new")
        _a_day()
        made = _measured(f"again, after {DAY} saves and {DAY // 5} publications", lambda: make(folder))
        print(f"  {made.new / 2**20:.2f} MB new, and a manifest of {_manifest(folder) / 2**20:.2f} MB")
        _measured("every byte compared", lambda: verify(folder))
        made = _measured(
            "first backup, encrypted",
            lambda: make(Path(place) / "secret", "six plain words nobody would guess"),
        )
        _measured("restored", lambda: _restored(folder, Path(place) / "elsewhere"))


def _measured(name: str, do: Callable):
    began, cpu = time.monotonic(), _cpu()
    found = do()
    print(f"{name}: {_cpu() - cpu:.1f} s of CPU time, {time.monotonic() - began:.1f} s", flush=True)
    return found


def _cpu() -> float:
    """Of this process, and of those that it has waited for."""
    there = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + there.ru_utime + there.ru_stime


def _a_day() -> None:
    people = staff()
    for number in range(DAY):
        draft = workflow.save_draft(
            None, workflow.Words(f"Of the day {number}", "<p>New words.</p>"), by=people.author
        )
        if number % 5 == 0:
            workflow.publish(draft, by=people.editor)


def _manifest(folder: Path) -> int:
    last = folders.opened(folder, "").sets()[-1]
    return (folder / "sets" / last / "manifest").stat().st_size


def _restored(folder: Path, place: Path) -> None:
    place.mkdir()
    environment = {
        **os.environ,
        "DATA_DIR": str(place),
        "DATABASE_URL": f"sqlite:///{place}/newsroom.sqlite3",
    }
    subprocess.run(
        [sys.executable, "manage.py", "restore", str(folder)],
        env=environment,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    shutil.rmtree(place)
