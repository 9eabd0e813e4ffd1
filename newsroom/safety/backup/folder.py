"""The folder of the backups made ours, locked, and opened with its key."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from newsroom.locks import hold
from newsroom.safety.backup import encryption
from newsroom.safety.backup.errors import BackupError, Busy, WrongPassphrase
from newsroom.safety.backup.repository import (
    FORMAT,
    KEY,
    LOCK,
    MARK,
    NEW,
    SETS,
    UNFINISHED,
    Repository,
    write_whole,
)

_ABOUT = """This folder holds backups of a newsroom. Do not change or rename anything in it.
To restore one, see docs/operate/backup.md of the newsroom, or: manage.py restore FOLDER
To look for damage without the newsroom: sha256sum --check --quiet sets/*/SHA256SUMS
format {format}
"""
_OWN = re.compile(
    r"objects/[0-9a-f]{2}/[0-9a-f]{62}(\.gz)?|objects/\.new|sets/\.unfinished/(manifest|SHA256SUMS)|\.unfinished|(key|newsroom-backup|removals/[0-9a-f]{32})\.new"
)


def create(folder: Path, passphrase: str) -> Repository:
    """The repository in `folder`, which is made where there is none. Hold its lock (`locked`)."""
    if not (folder / MARK).exists():
        if passphrase and not (folder / KEY).exists():
            if len(passphrase) < encryption.SHORTEST:
                raise BackupError(
                    f"The passphrase is too short: use at least {encryption.SHORTEST} characters, six words are good."
                )
            write_whole(folder / KEY, encryption.new_key().wrapped(passphrase))
        write_whole(folder / MARK, _ABOUT.format(format=FORMAT).encode())
    return opened(folder, passphrase)


def opened(folder: Path, passphrase: str) -> Repository:
    """The repository in `folder`. Raises `BackupError` where there is none, or where the passphrase does not open it."""
    if not (folder / MARK).exists():
        raise BackupError(f"{folder} holds no backups: name the folder in which `sets` and `objects` lie.")
    try:
        kept = (folder / KEY).read_bytes()
    except FileNotFoundError:
        if passphrase and (folder / SETS).exists():
            raise BackupError(
                f"{folder} was begun without a passphrase, and its backups stay as they are. For encrypted ones take "
                "another folder; for these leave the passphrase out."
            ) from None
        return Repository(folder, None)
    if not passphrase:
        raise WrongPassphrase(
            f"{folder} is encrypted: give its passphrase with --passphrase-file, BACKUP_PASSPHRASE_FILE or "
            "BACKUP_PASSPHRASE."
        )
    return Repository(folder, encryption.unwrapped(kept, passphrase))


def is_unfinished(folder: Path) -> bool:
    """Whether a run is under way, or was broken off and not followed by another."""
    return (folder / UNFINISHED).exists()


def is_own(name: str) -> bool:
    """Whether this is the name of something that a run may leave."""
    return bool(_OWN.fullmatch(name))


@contextmanager
def locked(folder: Path, *, make: bool = False) -> Iterator[None]:
    """Hold the folder's lock, which ends with the process. `make`: an empty folder is made ours. Raises `Busy`."""
    if make:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        others = [
            one for one in os.listdir(folder) if one not in {MARK, KEY, LOCK, f"{MARK}{NEW}", f"{KEY}{NEW}"}
        ]
        if others and not (folder / MARK).exists():
            raise BackupError(
                f"{folder} holds something else ({sorted(others)[0]}): backups need a folder of their own."
            )
    with open(folder / LOCK, "a") as file:
        hold(file, Busy(f"Another process is at work in {folder}: wait until it has ended."))
        yield
