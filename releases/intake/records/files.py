"""The files of an export: copied under their own names, and only if they are what the line says."""

import hashlib
import re
import warnings
from pathlib import Path
from typing import IO

from django.core.exceptions import SuspiciousFileOperation
from django.core.files import File
from django.core.files.storage import Storage
from django.core.files.utils import validate_file_name
from django.utils.translation import gettext as _
from PIL import Image

from releases.intake.records import FILES
from releases.intake.records.fields import Record, Wrong
from releases.models.picture import FOLDER
from releases.pictures import MASTER
from releases.pictures.taking import KEPT

_KINDS = {"jpg": "JPEG", "avif": "AVIF"}
_PICTURE = re.compile(
    rf"{FOLDER}/(?P<first>[0-9a-f]{{2}})/(?P<digest>(?P=first)[0-9a-f]{{62}})/(?P<name>[a-z0-9]+\.(?P<kind>jpg|avif))"
)
_PIECE = 1024 * 1024


def take_file(record: Record, folder: Path, storage: Storage, *, dry: bool) -> int:
    """Keep one file: 1, or 0 where it is there already or is not needed. Raises `Wrong`, also where another file has its name."""
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
        digest = _digest(file)
        if digest != record.text("sha256"):
            raise Wrong(_("The file “%s” is not the one that was exported.") % path[:100])
        if path.startswith(f"{FOLDER}/") and not _is_picture(path, digest, file):
            raise Wrong(_("The file “%s” is no picture of the library.") % path[:100])
        if path.startswith(f"{FOLDER}/") and not path.endswith(f"/{MASTER}"):
            return 0  # what readers get of a picture is made anew of its master
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


def _is_picture(path: str, digest: str, file: IO[bytes]) -> bool:
    """Whether a file is what its name in the library says, by its first bytes: nothing is decoded here."""
    match = _PICTURE.fullmatch(path)
    if match is None or (match["name"] == MASTER and match["digest"] != digest):
        return False
    file.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with Image.open(file, formats=(_KINDS[match["kind"]],)) as found:
                return max(found.size) <= KEPT
    except Exception:  # decoders raise whatever they like over a broken file
        return False


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
