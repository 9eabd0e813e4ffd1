"""Files and pictures in an export: files are copied if they are what their line says, pictures become rows of the library."""

import hashlib
import re
import warnings
from pathlib import Path
from typing import IO
from uuid import UUID

from django.core.exceptions import SuspiciousFileOperation
from django.core.files import File
from django.core.files.storage import Storage
from django.core.files.utils import validate_file_name
from django.db import DataError, IntegrityError, transaction
from django.utils.translation import gettext as _
from PIL import Image

from releases.intake.records.fields import InvalidRecord, database_refusal
from releases.intake.records.format import FILES, Values
from releases.models import Picture
from releases.models.picture import FOLDER
from releases.pictures import MASTER, names_of
from releases.pictures.renditions import MAX_SIDE
from releases.workflow.pictures import settle_files

_KINDS = {"jpg": "JPEG", "avif": "AVIF"}
_PICTURE = re.compile(
    rf"{FOLDER}/(?P<first>[0-9a-f]{{2}})/(?P<digest>(?P=first)[0-9a-f]{{62}})/(?P<name>[a-z0-9]+\.(?P<kind>jpg|avif))"
)
_CHUNK = 1024 * 1024


def import_file(values: Values, folder: Path, storage: Storage, *, dry: bool) -> int:
    """Copy one file: 1, or 0 where it is there already or is not needed.

    Raises `InvalidRecord`, also where another file has its name.
    """
    path = values["path"]
    try:
        validate_file_name(path, allow_relative_path=True)
        root = (folder / FILES).resolve()
        source = (root / path).resolve()
        exists = source.is_relative_to(root) and source.is_file()
    except SuspiciousFileOperation as error:
        raise InvalidRecord(_("“%s” is no name for a file here.") % path[:100]) from error
    except (OSError, RuntimeError, ValueError):  # a name that is too long, links in a circle
        exists = False
    if not exists:
        raise InvalidRecord(_("The file “%s” is not there.") % path[:100])
    with source.open("rb") as file:
        digest = _digest(file)
        if digest != values["sha256"]:
            raise InvalidRecord(_("The file “%s” is not the one that was exported.") % path[:100])
        if path.startswith(f"{FOLDER}/") and not _is_picture(path, digest, file):
            raise InvalidRecord(_("The file “%s” is no picture of the library.") % path[:100])
        if path.startswith(f"{FOLDER}/") and not path.endswith(f"/{MASTER}"):
            return 0  # renditions are made anew of the master
        if storage.exists(path):
            with storage.open(path) as stored:
                if not _begins_with(file, stored):
                    raise InvalidRecord(_("Another file is called “%s” here, and stays.") % path[:100])
                if stored.size == source.stat().st_size:
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
                return max(found.size) <= MAX_SIDE
    except Exception:  # decoders raise whatever they like over a broken file
        return False


def _digest(file: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while chunk := file.read(_CHUNK):
        digest.update(chunk)
    return digest.hexdigest()


def _begins_with(file: IO[bytes], stored: File[bytes]) -> bool:
    """Whether the stored file is `file`, or the beginning of it."""
    file.seek(0)
    while chunk := stored.read(_CHUNK):
        if file.read(len(chunk)) != chunk:
            return False
    return True


class Pictures:
    """The pictures of this library that UUIDs of the export stand for. One that is there already stays as it is."""

    def __init__(self, storage: Storage, *, dry: bool) -> None:
        self.storage = storage
        self.dry = dry
        self.created = 0
        self.by_uuid: dict[UUID, Picture | None] = {}
        # Those that this run created.
        self.own: set[int] = set()

    def add(self, values: Values, new_files: set[str]) -> None:
        """One picture's line; `new_files` are the files that this run copied, or would."""
        uuid = values["uuid"]
        picture = Picture.objects.filter(uuid=uuid).first() or self._twin(values["digest"])
        if picture is None:
            picture = Picture(**values.columns())
            master = picture.path(MASTER)
            # `import_file` has seen that it is a picture and that the digest in its name is its own.
            if not (master in new_files or self.storage.exists(master)):
                raise InvalidRecord(_("The file “%s” is not there.") % master[:100])
            if self.dry:
                self.created += 1
                self.by_uuid[uuid] = None
                return
            picture = self._create(picture)
        self.by_uuid[uuid] = picture
        self.delete_unused(new_files, picture)

    def _create(self, picture: Picture) -> Picture:
        """Save a picture, its files made anew; or the twin that it turns out to have."""
        try:
            settle_files(picture, self.storage)
        except Exception as error:  # decoders raise whatever they like over a broken file
            master = picture.path(MASTER)
            raise InvalidRecord(_("The file “%s” is no picture of the library.") % master[:100]) from error
        if twin := self._twin(picture.digest):
            return twin  # it differed by the words in its file alone
        try:
            with transaction.atomic():
                picture.save(force_insert=True)
        except (IntegrityError, DataError, ValueError) as error:
            raise database_refusal(error) from error
        self.own.add(picture.pk)
        self.created += 1
        return picture

    def _twin(self, digest: str) -> Picture | None:
        """One of these pixels that was here before. Twins of the export stay apart: neither owner knows of the other."""
        twins = [one.pk for one in self.by_uuid.values() if one and one.digest == digest]
        found = Picture.objects.filter(digest=digest).exclude(pk__in=self.own.intersection(twins))
        return found.order_by("pk").first()

    def delete_unused(self, new_files: set[str], picture: Picture | None = None) -> None:
        """Delete the files that came with a picture and that it does not have: under another digest, of other names."""
        used = {picture.path(name) for name in (MASTER, *names_of(picture.width))} if picture else set()
        for path in new_files - used:
            if path.startswith(f"{FOLDER}/") and not self.dry and not self._is_used(path):
                self.storage.delete(path)

    @staticmethod
    def _is_used(path: str) -> bool:
        """Whether a file is one of a picture of this library."""
        digest, name = path.split("/")[-2:]
        found = Picture.objects.filter(digest=digest).first()
        return found is not None and name in (MASTER, *names_of(found.width))

    def named(self, uuid: UUID) -> Picture | None:
        """The picture of a UUID; None in a dry run, for one that would be created."""
        if uuid not in self.by_uuid:
            raise InvalidRecord(_("The picture %s has no line of its own.") % uuid)
        return self.by_uuid[uuid]
