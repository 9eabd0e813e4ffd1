"""What both commands are told: the folder, and the passphrase, which never stands on a command line."""

import stat
from argparse import ArgumentParser
from pathlib import Path

from django.conf import settings

from newsroom.safety.backup.errors import BackupError


def add_passphrase(parser: ArgumentParser) -> None:
    """Take the file that holds it: every account of the machine can read what stands on a command line."""
    parser.add_argument(
        "--passphrase-file",
        default="",
        help="a file with the passphrase (BACKUP_PASSPHRASE_FILE, or BACKUP_PASSPHRASE)",
    )


def folder_of(named: Path | None) -> Path:
    """The folder of the backups."""
    if named is None and not settings.BACKUP_DIR:
        raise BackupError("Name a folder, or set BACKUP_DIR.")
    return (named or Path(settings.BACKUP_DIR)).expanduser().resolve()


def passphrase_of(file: str) -> str:
    """The passphrase; empty where none is set. Raises `BackupError` for a file that is not there, is empty, or is open to others."""
    name = file or settings.BACKUP_PASSPHRASE_FILE
    if not name:
        return str(settings.BACKUP_PASSPHRASE)
    path = Path(name).expanduser()
    try:
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise BackupError(f"Other accounts can read the passphrase in {path}: chmod 600 {path}")
        found = path.read_text("utf-8").strip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise BackupError(f"The passphrase cannot be read from {path}: {error}") from error
    if not found:
        raise BackupError(f"{path} is empty: there should be a passphrase in it.")
    return found


def size_of(number: int) -> str:
    """Bytes, for people."""
    return f"{number / 1024 / 1024:.1f} MB"
