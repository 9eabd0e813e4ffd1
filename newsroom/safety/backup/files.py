"""The files of a backup: what the storage holds, and which of it belongs to a snapshot of the database."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from django.core.files.storage import Storage, default_storage

from newsroom.safety.backup.errors import BackupError
from newsroom.safety.backup.repository import Repository
from releases.models import Picture
from releases.models.picture import FOLDER
from releases.pictures import MASTER, names_of

ATTEMPTS = 5


@dataclass(frozen=True)
class File:
    """A file of the storage. `seen` is its length and date when it was read, by which one that is the same is known."""

    path: str
    size: int
    digest: str
    seen: str


def of_picture(digest: str, width: int) -> list[str]:
    """The files that a row of the library names."""
    return [Picture(digest=digest, width=width).path(name) for name in (MASTER, *names_of(width))]


def is_of_pictures(path: str) -> bool:
    """Whether a row has to name this file for it to be one of the newsroom."""
    return path.startswith(f"{FOLDER}/")


def paths_in(storage: Storage = default_storage, folder: str = "") -> Iterator[str]:
    """Every file of the storage."""
    try:
        folders, files = storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in sorted(files):
        yield f"{folder}{name}"
    for name in sorted(folders):
        yield from paths_in(storage, f"{folder}{name}/")


def look(path: str) -> str:
    """Length and date of a file. Raises FileNotFoundError."""
    return f"{default_storage.size(path)} {default_storage.get_modified_time(path).timestamp():.6f}"


def digest_of(path: str) -> str:
    """SHA-256 of what a file says, in hexadecimal."""
    found = hashlib.sha256()
    with default_storage.open(path) as source:
        for piece in source.chunks():
            found.update(piece)
    return found.hexdigest()


def keep(path: str, repository: Repository, before: dict[str, File]) -> File:
    """Keep a file in the repository; one that is as it was `before` is there. It is read until it stands still while it is read: so
    no half of an upload is kept. Raises FileNotFoundError."""
    for _attempt in range(ATTEMPTS):
        seen = look(path)
        known = before.get(path)
        if known and known.seen == seen and _is_held(known.digest, repository):
            return known
        digest = digest_of(path)
        if not _is_held(digest, repository):
            with default_storage.open(path) as source:
                if not repository.put_file(digest, source):
                    continue
        if look(path) == seen:
            return File(path, int(seen.split()[0]), digest, seen)
    raise BackupError(f"The file {path} changes all the time, so it cannot be backed up.")


def _is_held(digest: str, repository: Repository) -> bool:
    return repository.held(repository.name_of(digest, compressed=False)) is not None
