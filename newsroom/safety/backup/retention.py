"""Taking away backups that are not kept any more, and what only they needed."""

from pathlib import Path

from newsroom.safety.backup import folder as folders
from newsroom.safety.backup.errors import BackupError
from newsroom.safety.backup.rules import kept_of
from newsroom.safety.backup.verify import verify


def prune(folder: Path, rules: dict[str, int], passphrase: str = "") -> list[str]:
    """Take away what the rules do not keep, and then the objects that no backup needs; the names of the backups that went.

    Nothing goes unless the newest backup is whole to the last byte. Raises `BackupError`.
    """
    with folders.locked(folder):
        kept = folders.opened(folder, passphrase)
        names = kept.sets()
        going = [one for one in names if one not in kept_of(names, rules)] if rules else []
        if not going:
            return []
        if not verify(folder, passphrase, only=names[-1]).sound:
            raise BackupError(
                f"The newest backup, {names[-1]}, is damaged, so no older one was removed. See: manage.py backup --verify"
            )
        with kept.unfinished():
            for name in going:
                kept.remove_set(name)
        return going
