"""Files that a web server reads while they change: each appears whole, under a new date, and goes at once."""

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from time import time

# What another account may do with them: the web server reads. The site's own files are closed to it (`read_environment`).
FILE_MODE, FOLDER_MODE = 0o644, 0o755
# No file system takes a longer name; what is written first has a longer one than what comes of it.
NAME_LENGTH = 240
TEMPORARY = ".new~"


def write(root: Path, name: str, forms: Mapping[str, bytes]) -> int:
    """Write a file in its forms (by what its name ends in, "" for itself), and remove the forms that it has no more. Returns
    its date in whole seconds.

    A web server makes its entity tag of date and length, so the date is later than the one before, whatever the clock says.
    """
    path = root / name
    make_folder(path.parent, root)
    date = max(int(time()), _date_of(path) + 1)
    ready = []
    for ending, content in forms.items():
        temporary = path.with_name(f"{TEMPORARY}{os.getpid()}~{path.name}{ending}")
        with open(temporary, "wb") as file:
            file.write(content)
            os.fchmod(file.fileno(), FILE_MODE)
        os.utime(temporary, (date, date))
        ready.append((temporary, path.with_name(path.name + ending)))
    for ending in {*COMPRESSED, ""} - set(forms):
        path.with_name(path.name + ending).unlink(missing_ok=True)
    for temporary, place in ready:
        temporary.replace(place)
    return date


# What the names of compressed forms end in.
COMPRESSED = (".gz", ".br", ".zst")


def remove(root: Path, name: str) -> None:
    """Take a file away, itself first: without it no other form is served. Folders that it leaves empty go too."""
    path = root / name
    for ending in ("", *COMPRESSED):
        path.with_name(path.name + ending).unlink(missing_ok=True)
    for folder in path.parents:
        if folder == root:
            return
        try:
            folder.rmdir()
        except OSError:
            return


def make_folder(folder: Path, root: Path) -> None:
    """Make a folder and those above it, readable for the web server."""
    if folder.is_dir():
        return
    if folder != root:
        make_folder(folder.parent, root)
    with suppress(FileExistsError):
        folder.mkdir()
    folder.chmod(FOLDER_MODE)


def files_in(root: Path) -> Iterator[tuple[str, int]]:
    """The names (with `/`, from `root` on) and lengths of all files, in no order; links are not followed."""
    waiting = [""]
    while waiting:
        folder = waiting.pop()
        with os.scandir(root / folder) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(f"{folder}{entry.name}/")
                else:
                    yield folder + entry.name, entry.stat(follow_symlinks=False).st_size


def without_ending(name: str) -> str:
    """The name of the file of which this is a compressed form, or its own."""
    for ending in COMPRESSED:
        if name.endswith(ending):
            return name.removesuffix(ending)
    return name


def fits(name: str) -> bool:
    """Whether each part of a name can stand on a disk, and leads nowhere else."""
    parts = name.split("/")
    return all(part not in {"", ".", ".."} and len(part.encode()) <= NAME_LENGTH for part in parts)


def _date_of(path: Path) -> int:
    try:
        return int(path.stat().st_mtime)
    except OSError:
        return 0
