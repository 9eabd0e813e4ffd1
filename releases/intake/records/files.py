"""The files of an export: copied under their own names, and only if they are what the line says."""

import hashlib
from pathlib import Path
from typing import IO

from django.core.exceptions import SuspiciousFileOperation
from django.core.files import File
from django.core.files.storage import Storage
from django.core.files.utils import validate_file_name
from django.utils.translation import gettext as _

from releases.intake.records import FILES
from releases.intake.records.fields import Record, Wrong

_PIECE = 1024 * 1024


def take_file(record: Record, folder: Path, storage: Storage, *, dry: bool) -> int:
    """Keep one file: 1, or 0 where it is there already. Raises `Wrong`, also where another file has its name."""
    path = record.text("path", most=500, empty=False)
    try:
        validate_file_name(path, allow_relative_path=True)
        root = (folder / FILES).resolve()
        source = (root / path).resolve()
        there = source.is_relative_to(root) and source.is_file()
    except SuspiciousFileOperation as error:
        raise Wrong(_("“%s” is no name for a file here.") % path[:100]) from error
    except (OSError, RuntimeError, ValueError):  # a name that is too long, links in a circle
        there = False
    if not there:
        raise Wrong(_("The file “%s” is not there.") % path[:100])
    with source.open("rb") as file:
        if _digest(file) != record.text("sha256"):
            raise Wrong(_("The file “%s” is not the one that was exported.") % path[:100])
        if storage.exists(path):
            with storage.open(path) as kept:
                if not _begins(file, kept):
                    raise Wrong(_("Another file is called “%s” here, and stays.") % path[:100])
                if kept.size == source.stat().st_size:
                    return 0
            # A run was broken off while it copied.
            if not dry:
                storage.delete(path)
        if not dry:
            file.seek(0)
            storage.save(path, File(file))
    return 1


def _digest(file: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while piece := file.read(_PIECE):
        digest.update(piece)
    return digest.hexdigest()


def _begins(file: IO[bytes], kept: File) -> bool:
    """Whether what is kept is the file, or the beginning of it."""
    file.seek(0)
    while piece := kept.read(_PIECE):
        if file.read(len(piece)) != piece:
            return False
    return True
