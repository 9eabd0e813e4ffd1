"""Looking whether every byte of a folder is as it was when its backups were made. It asks no network and no database."""

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from newsroom.safety.backup import folder as folders
from newsroom.safety.backup.errors import BackupError, Damaged
from newsroom.safety.backup.make import Progress
from newsroom.safety.backup.repository import KEY, LOCK, MANIFEST, MARK, REMOVALS, SETS, SUMS, Repository


@dataclass
class Findings:
    """What is not as it should be, by names in the folder. `broken` are the backups that cannot be restored whole; `left` what an
    unfinished run has left, which the next one uses or removes."""

    sets: list[str] = field(default_factory=list)
    files: int = 0
    changed: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    extra: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        """Whether nothing was found."""
        return not (self.changed or self.missing or self.extra or self.broken)


def verify(
    folder: Path, passphrase: str = "", *, only: str = "", progress: Progress = lambda done, total: None
) -> Findings:
    """Compare every byte with the sums, and each backup's sums with its manifest; `only` one backup, without looking for what does not
    belong there. Raises `BackupError` where there are no backups or the passphrase is wrong."""
    kept = folders.opened(folder, passphrase)
    found = Findings(sets=[one for one in kept.sets() if only in {"", one}])
    if not found.sets:
        raise BackupError(f"There is no finished backup {only} in {folder}.".replace("  ", " "))
    wanted: dict[str, dict[str, str]] = {}
    for name in found.sets:
        try:
            wanted[name] = kept.sums(name)
        except Damaged:
            found.changed.append(f"{SETS}/{name}/{SUMS}")
            found.broken.append(name)
    said: dict[str, set[str]] = {}
    for sums in wanted.values():
        for one, digest in sums.items():
            said.setdefault(one, set()).add(digest)
    wrong = _compared(folder, said, found, progress)
    for name, sums in wanted.items():
        if wrong & set(sums) or not _is_complete(kept, name, sums, found):
            found.broken.append(name)
    if not only:
        _look_for_more(kept, set(said), found)
    for names in (found.changed, found.missing, found.extra, found.left, found.broken):
        names.sort()
    return found


def _compared(folder: Path, said: dict[str, set[str]], found: Findings, progress: Progress) -> set[str]:
    wrong = set()
    for done, (name, digests) in enumerate(sorted(said.items()), 1):
        path = folder / name
        try:
            if path.is_symlink():
                raise FileNotFoundError
            with open(path, "rb") as file:
                if {hashlib.file_digest(file, "sha256").hexdigest()} != digests:
                    found.changed.append(name)
                    wrong.add(name)
        except FileNotFoundError:
            found.missing.append(name)
            wrong.add(name)
        except OSError:  # the disk cannot read it
            found.changed.append(name)
            wrong.add(name)
        found.files += 1
        progress(done, len(said))
    return wrong


def _is_complete(kept: Repository, name: str, sums: dict[str, str], found: Findings) -> bool:
    """Whether the sums name exactly what the manifest needs, under the same digests."""
    try:
        manifest = kept.manifest(name)
    except BackupError:
        found.changed.append(f"{SETS}/{name}/{MANIFEST}")
        return False
    needed = {one: stored[1] for one, stored in manifest["objects"].items()}
    listed = {
        one: digest for one, digest in sums.items() if one not in {MARK, KEY, f"{SETS}/{name}/{MANIFEST}"}
    }
    if needed != listed:
        found.changed.append(f"{SETS}/{name}/{SUMS}")
    return needed == listed


def _look_for_more(kept: Repository, said: set[str], found: Findings) -> None:
    """What no backup names: left by an unfinished run as long as one is unfinished, else not ours."""
    own = {LOCK, *(f"{SETS}/{name}/{SUMS}" for name in found.sets)}
    for identifier in kept.removals():
        own.add(f"{REMOVALS}/{identifier}")
        try:
            kept.removal(identifier)
        except (Damaged, OSError):
            found.changed.append(f"{REMOVALS}/{identifier}")
    unfinished = folders.is_unfinished(kept.folder)
    for name in kept.names():
        if name in said or name in own:
            continue
        (found.left if unfinished and folders.is_own(name) else found.extra).append(name)
