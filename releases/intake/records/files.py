"""The files of an export: copied under their own names, and only if they are what the line says."""

import hashlib
from pathlib import Path

from django.core.exceptions import SuspiciousFileOperation
from django.core.files import File
from django.core.files.storage import Storage
from django.core.files.utils import validate_file_name
from django.utils.translation import gettext as _

from releases.intake.records import FILES
from releases.intake.records.fields import Record, Wrong


def take_file(record: Record, folder: Path, storage: Storage, *, dry: bool) -> int:
    """Keep one file: 1, or 0 where one of that name is there already."""
    path = record.text("path", most=500, empty=False)
    root = (folder / FILES).resolve()
    source = (root / path).resolve()
    try:
        validate_file_name(path, allow_relative_path=True)
    except SuspiciousFileOperation as error:
        raise Wrong(_("“%s” is no name for a file here.") % path) from error
    if not source.is_relative_to(root) or not source.is_file():
        raise Wrong(_("The file “%s” is not there.") % path)
    digest = hashlib.sha256()
    with source.open("rb") as file:
        while piece := file.read(1024 * 1024):
            digest.update(piece)
        if digest.hexdigest() != record.text("sha256"):
            raise Wrong(_("The file “%s” is not the one that was exported.") % path)
        if storage.exists(path):
            return 0
        if not dry:
            file.seek(0)
            storage.save(path, File(file))
    return 1
