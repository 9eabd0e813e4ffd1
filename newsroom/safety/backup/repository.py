"""What lies in the folder of the backups: the sets, and the objects that they share.

    DIR/newsroom-backup     says that the folder is ours
    DIR/key                 where it is encrypted: the key, which the passphrase opens
    DIR/objects/ab/cdef…    content under its digest (SHA-256); `.gz` where that is compressed
    DIR/sets/NAME/          a backup: `manifest`, and `SHA256SUMS` of all that it needs, which `sha256sum --check` reads
    DIR/removals/ID         what was removed after one of them (`removals`)

A set's folder takes its name when everything in it is on the disk, so what has a name is whole. What a run that was killed has
written already is found by the next one.
"""

import gzip
import hashlib
import io
import json
import os
import re
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO, Any

from newsroom.safety.backup import encryption
from newsroom.safety.backup.encryption import Readable
from newsroom.safety.backup.errors import BackupError, Damaged

MARK, KEY, LOCK, OBJECTS, SETS = "newsroom-backup", "key", "lock", "objects", "sets"
MANIFEST, SUMS, UNFINISHED, NEW = "manifest", "SHA256SUMS", ".unfinished", ".new"
REMOVALS = "removals"
NAME = re.compile(r"\d{6}-\d{4}-\d\d-\d\dT\d{6}Z")
FORMAT = 1
COMPRESSED = ".gz"


@dataclass(frozen=True)
class Stored:
    """An object as it lies in the folder: its length in bytes, and the digest of these bytes."""

    size: int
    sha256: str


class Repository:
    """A folder that is there. `key` is None where it is not encrypted."""

    def __init__(self, folder: Path, key: encryption.Key | None) -> None:
        self.folder, self.key = folder, key

    # ------------------------------------------------------------------ sets

    def sets(self) -> list[str]:
        """The names of the finished ones, oldest first. The number in front counts, whatever the clock said."""
        try:
            return sorted(one for one in os.listdir(self.folder / SETS) if NAME.fullmatch(one))
        except FileNotFoundError:
            return []

    def manifest(self, name: str) -> dict[str, Any]:
        """What is said of a set. Raises `Damaged`."""
        path = self.folder / SETS / name / MANIFEST
        try:
            with open(path, "rb") as file:
                content = b"".join(self._opened(file, f"{SETS}/{name}/{MANIFEST}"))
            said: dict[str, Any] = json.loads(gzip.decompress(content))
        except FileNotFoundError as error:
            raise BackupError(f"There is no backup {name} in {self.folder}.") from error
        except (ValueError, EOFError, OSError) as error:
            raise Damaged(f"The manifest of {name} was changed or cut off: {error}") from error
        if said.get("format") != FORMAT:
            raise BackupError(f"{name} was made by a newer version of the newsroom, which has to restore it.")
        return said

    def sums(self, name: str) -> dict[str, str]:
        """The digests of a set's files by their names in the folder. Raises `Damaged`."""
        path = self.folder / SETS / name / SUMS
        try:
            content = path.read_text("ascii")
        except (OSError, UnicodeDecodeError) as error:
            raise Damaged(f"{path} cannot be read: {error}") from error
        body, _mark, end = content.rpartition("# ")
        if end != f"{hashlib.sha256(body.encode()).hexdigest()}\n":
            raise Damaged(f"{path} was changed or cut off.")
        return dict(reversed(line.split("  ", 1)) for line in body.splitlines())  # type: ignore[misc]  # two each

    def seal(self, name: str, manifest: dict[str, Any]) -> None:
        """Write a set, last of all: once it has its name, it is whole and on the disk."""
        place = self.folder / SETS / UNFINISHED
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        content = gzip.compress(json.dumps(manifest, ensure_ascii=False).encode(), 6, mtime=0)
        its_name = f"{SETS}/{name}/{MANIFEST}"
        said = self._write(place / MANIFEST, io.BytesIO(content), its_name)
        sums = {one: stored[1] for one, stored in manifest["objects"].items()} | {its_name: said.sha256}
        for one in (MARK, KEY) if self.key else (MARK,):
            sums[one] = hashlib.sha256((self.folder / one).read_bytes()).hexdigest()
        body = "".join(f"{sums[one]}  {one}\n" for one in sorted(sums))
        end = f"# {hashlib.sha256(body.encode()).hexdigest()}\n"
        with open(place / SUMS, "wb") as file:
            file.write((body + end).encode())
            flush(file)
        for folder in {(self.folder / one).parent for one in manifest["objects"]} | {place}:
            sync_folder(folder)
        sync_folder(self.folder / OBJECTS)
        os.rename(place, self.folder / SETS / name)
        sync_folder(self.folder / SETS)

    @contextmanager
    def unfinished(self) -> Iterator[None]:
        """Marks the folder as long as a run is not at its end. At the end everything goes that no backup needs, such as what a run
        that was killed has written. Where a backup's sums are damaged, nobody knows what it needs: then nothing goes."""
        mark = self.folder / UNFINISHED
        mark.touch()
        sync_folder(self.folder)
        yield
        shutil.rmtree(self.folder / SETS / UNFINISHED, ignore_errors=True)
        try:
            needed = {one for name in self.sets() for one in self.sums(name)}
        except Damaged:
            return
        for name in [one for one in self.names() if one.startswith(f"{OBJECTS}/") and one not in needed]:
            (self.folder / name).unlink()
        self._drop_removals()
        mark.unlink()

    def remove_set(self, name: str) -> None:
        """Take a set away, its name first."""
        place = self.folder / SETS / UNFINISHED
        shutil.rmtree(place, ignore_errors=True)
        os.rename(self.folder / SETS / name, place)
        sync_folder(self.folder / SETS)
        shutil.rmtree(place)

    # ------------------------------------------------------------------ removals

    def removals(self) -> list[str]:
        """The identifiers of what was removed after a backup that is here."""
        try:
            return sorted(one for one in os.listdir(self.folder / REMOVALS) if not one.endswith(NEW))
        except FileNotFoundError:
            return []

    def removal(self, identifier: str) -> bytes:
        """One as it was encrypted. Raises `Damaged`."""
        content = (self.folder / REMOVALS / identifier).read_bytes()
        digest, sealed = content[:32], content[32:]
        if hashlib.sha256(sealed).digest() != digest:
            raise Damaged(f"{REMOVALS}/{identifier} was changed or cut off: it says what was removed.")
        return sealed

    def _drop_removals(self) -> None:
        """Those go that every backup has in its rows."""
        if not (found := self.removals()):
            return
        try:
            had = [set(self.manifest(name).get(REMOVALS, ())) for name in self.sets()]
        except BackupError:  # nobody knows what that one has
            return
        for identifier in set(found).intersection(*had):
            (self.folder / REMOVALS / identifier).unlink()

    # ------------------------------------------------------------------ objects

    def name_of(self, digest: str, *, compressed: bool) -> str:
        """Where content lies in the folder."""
        name = self.key.name_of(digest) if self.key else digest
        return f"{OBJECTS}/{name[:2]}/{name[2:]}{COMPRESSED if compressed else ''}"

    @cached_property
    def last(self) -> dict[str, Any] | None:
        """The manifest of the newest set that can be read."""
        for name in reversed(self.sets()):
            try:
                return self.manifest(name)
            except Damaged:
                continue
        return None

    @cached_property
    def known(self) -> dict[str, Stored]:
        """The objects of that set as they are written down there, and those that were looked at or written since."""
        return {one: Stored(*said) for one, said in (self.last or {"objects": {}})["objects"].items()}

    def held(self, name: str) -> Stored | None:
        """The object of this name, if it lies there whole. Where no set speaks for it, a run was killed after writing it; it got its
        name when it was on the disk."""
        path = self.folder / name
        try:
            size = path.stat().st_size
        except FileNotFoundError:
            return None
        if name not in self.known:
            with open(path, "rb") as file:
                self.known[name] = Stored(size, hashlib.file_digest(file, "sha256").hexdigest())
        return self.known[name] if self.known[name].size == size else None

    def put_rows(self, content: bytes) -> str:
        """Keep a portion of rows, if it is not there; its digest."""
        digest = hashlib.sha256(content).hexdigest()
        name = self.name_of(digest, compressed=True)
        if self.held(name) is None:
            new = self._new(name)
            self.known[name] = self._write(new, io.BytesIO(gzip.compress(content, 5, mtime=0)), name)
            os.replace(new, self.folder / name)
        return digest

    def put_file(self, digest: str, source: IO[bytes]) -> bool:
        """Keep a file, which had this digest a moment ago; False where it is another by now."""
        name, reading = self.name_of(digest, compressed=False), _Reading(source)
        new = self._new(name)
        stored = self._write(new, reading, name)
        if reading.digest != digest:
            return False
        self.known[name] = stored
        os.replace(new, self.folder / name)
        return True

    def _new(self, name: str) -> Path:
        """Where an object is written before it has its name."""
        (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
        return self.folder / OBJECTS / NEW

    def rows(self, digest: str) -> bytes:
        """A portion of rows. Raises `Damaged`."""
        name = self.name_of(digest, compressed=True)
        try:
            content = gzip.decompress(b"".join(self._read(name)))
        except (EOFError, OSError) as error:
            raise Damaged(f"{name} was changed or cut off.") from error
        if hashlib.sha256(content).hexdigest() != digest:
            raise Damaged(f"{name} was changed.")
        return content

    def file(self, digest: str) -> Iterator[bytes]:
        """A file, piece by piece; raises `Damaged`, perhaps at its end."""
        name, found = self.name_of(digest, compressed=False), hashlib.sha256()
        for piece in self._read(name):
            found.update(piece)
            yield piece
        if found.hexdigest() != digest:
            raise Damaged(f"{name} was changed.")

    def _read(self, name: str) -> Iterator[bytes]:
        try:
            with open(self.folder / name, "rb") as file:
                yield from self._opened(file, name)
        except FileNotFoundError as error:
            raise Damaged(f"{name} is missing.") from error

    def _opened(self, file: IO[bytes], name: str) -> Iterator[bytes]:
        return self.key.decrypt(file, name) if self.key else _pieces(file)

    def _write(self, path: Path, source: Readable, name: str) -> Stored:
        digest, size = hashlib.sha256(), 0
        with open(path, "wb") as file:
            for piece in self.key.encrypt(source, name) if self.key else _pieces(source):
                digest.update(piece)
                size += len(piece)
                file.write(piece)
            flush(file)
        return Stored(size, digest.hexdigest())

    def names(self) -> Iterator[str]:
        """Of every file in the folder."""
        for path in self.folder.rglob("*"):
            if path.is_symlink() or not path.is_dir():
                yield path.relative_to(self.folder).as_posix()


class _Reading:
    """A file, and the digest of what has been read of it."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source, self._found = source, hashlib.sha256()

    def read(self, length: int) -> bytes:
        piece = self._source.read(length)
        self._found.update(piece)
        return piece

    @property
    def digest(self) -> str:
        return self._found.hexdigest()


def _pieces(file: Readable) -> Iterator[bytes]:
    while piece := file.read(1024 * 1024):
        yield piece


def write_whole(path: Path, content: bytes) -> None:
    """A file that is there whole or not at all."""
    new = path.with_name(path.name + NEW)
    with open(new, "wb") as file:
        file.write(content)
        flush(file)
    os.replace(new, path)
    sync_folder(path.parent)


def flush(file: IO[Any]) -> None:
    file.flush()
    os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Let the names in a folder be on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def total(stored: Iterable[Stored]) -> int:
    """Bytes."""
    return sum(one.size for one in stored)
