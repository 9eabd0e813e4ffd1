"""What is known of the backups: when the last one was made, and when one was last restored to try it. The desk says it to chiefs."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import timezone

from newsroom.safety.backup.repository import MARK

if TYPE_CHECKING:
    from newsroom.safety.backup.make import Made

# A drill every quarter is due a week later.
DRILL_DUE = timedelta(days=98)


@dataclass(frozen=True)
class Status:
    """`backup` and `drill` are the moments of the last ones that went well; None where there was none that this machine knows of.
    `failed` is when the last drill went wrong, if none has gone well since."""

    folder: str
    backup: datetime | None
    drill: datetime | None
    failed: datetime | None
    backup_is_old: bool
    drill_is_old: bool


def _file() -> Path:
    """Beside the database and not in it: what a backup holds cannot tell of itself."""
    return Path(settings.DATA_DIR) / "backups.json"


def read(at: datetime | None = None) -> Status:
    """Asks no database. What cannot be read is not known."""
    at = at or timezone.now()
    try:
        said = json.loads(_file().read_text("utf-8"))
        backup, drill, failed = (_moment(said.get(name)) for name in ("backup", "drill", "drill failed"))
        folder = str(said.get("folder", ""))
    except (OSError, ValueError, AttributeError, TypeError):
        backup = drill = failed = None
        folder = ""
    hours = timedelta(hours=settings.BACKUP_MAX_HOURS)
    return Status(
        folder=folder or str(settings.BACKUP_DIR or ""), backup=backup, drill=drill,
        failed=failed if failed and (drill is None or failed > drill) else None,
        backup_is_old=backup is None or at - backup > hours,
        drill_is_old=drill is None or at - drill > DRILL_DUE,
    )  # fmt: skip


def _moment(said: object) -> datetime | None:
    return datetime.fromisoformat(said) if isinstance(said, str) else None


def folders() -> list[Path]:
    """Every folder of which this machine has made or restored backups, and the one of the settings once there is one in it."""
    try:
        said = json.loads(_file().read_text("utf-8"))
        found = {str(one) for one in (*said.get("folders", []), said.get("folder", "")) if one}
    except (OSError, ValueError, AttributeError, TypeError):
        found = set()
    if settings.BACKUP_DIR and (Path(settings.BACKUP_DIR) / MARK).exists():
        found.add(str(Path(settings.BACKUP_DIR).resolve()))
    return sorted(map(Path, found))


def note_backup(folder: Path, made: "Made") -> None:
    """Write down that one was made."""
    _note({"folder": str(folder), "backup": made.at.isoformat(), "set": made.name})
    note_folder(folder)


def note_folder(folder: Path) -> None:
    """Write down that there are backups in it: what is removed is to be noted there."""
    _note({"folders": sorted({*map(str, folders()), str(folder)})})


def note_drill(*, passed: bool, at: datetime | None = None) -> None:
    """Write down how a drill went."""
    _note({"drill" if passed else "drill failed": (at or timezone.now()).isoformat()})


def _note(more: Mapping[str, Any]) -> None:
    path = _file()
    try:
        said = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        said = {}
    new = path.with_name(f"{path.name}.{os.getpid()}")
    new.write_text(json.dumps({**said, **more}), "utf-8")
    new.replace(path)
