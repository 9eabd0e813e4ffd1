"""Files and pictures in an export: files are copied if they are what their line says, pictures become rows of the library."""

import hashlib
import re
import warnings
from pathlib import Path
from typing import IO

from django.core.exceptions import SuspiciousFileOperation
from django.core.files import File
from django.core.files.storage import Storage
from django.core.files.utils import validate_file_name
from django.db import DataError, IntegrityError, transaction
from django.utils.translation import gettext as _
from PIL import Image

from releases.intake.records import FILES
from releases.intake.records.fields import Record, Wrong, refused
from releases.intake.records.people import People
from releases.models import Picture
from releases.models.picture import FOLDER, NAME_LENGTH
from releases.pictures import MASTER, names_of
from releases.pictures.renditions import KEPT
from releases.workflow.cleaning import settle_files

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


def _begins(file: IO[bytes], kept: File[bytes]) -> bool:
    """Whether what is kept is the file, or the beginning of it."""
    file.seek(0)
    while piece := kept.read(_PIECE):
        if file.read(len(piece)) != piece:
            return False
    return True


class Pictures:
    """Which picture of this library each UUID of the export means. One that is there already stays as it is."""

    def __init__(self, storage: Storage, *, dry: bool) -> None:
        self.storage = storage
        self.dry = dry
        self.made = 0
        self.meant: dict[str, Picture | None] = {}
        # Those that this run made.
        self.mine: set[int] = set()

    def take(self, record: Record, people: People, fresh: set[str]) -> None:
        """One picture's line; `fresh` are the files that this run took in, or would."""
        uuid, digest = record.uuid("uuid"), record.text("digest", most=64)
        if uuid is None:
            raise Wrong(_("It has no UUID."))
        picture = Picture.objects.filter(uuid=uuid).first() or self._same(digest)
        if picture is None:
            picture = Picture(
                uuid=uuid, digest=digest, name=record.text("name", most=NAME_LENGTH, empty=False),
                width=self._side(record, "width"), height=self._side(record, "height"),
                added_at=record.sure("added_at"), added_by=people.named(record, "added_by"),
            )  # fmt: skip
            master = picture.path(MASTER)
            # `take_file` has seen that it is a picture and that the digest in its name is its own.
            if not (master in fresh or self.storage.exists(master)):
                raise Wrong(_("The file “%s” is not there.") % master[:100])
            self.made += 1
            if self.dry:
                self.meant[str(uuid)] = None
                return
            self._settle(picture)
            if twin := self._same(picture.digest):
                # It differed by the words in its file alone.
                self.made -= 1
                self.meant[str(uuid)] = twin
                self.tidy(fresh, twin)
                return
            try:
                with transaction.atomic():
                    picture.save(force_insert=True)
                self.mine.add(picture.pk)
            except (IntegrityError, DataError, ValueError) as error:
                self.made -= 1
                raise refused(error) from error
        self.meant[str(uuid)] = picture
        self.tidy(fresh, picture)

    def _same(self, digest: str) -> Picture | None:
        """One of these pixels that was here before. Twins of the export stay apart: neither owner knows of the other."""
        twins = [one.pk for one in self.meant.values() if one and one.digest == digest]
        found = Picture.objects.filter(digest=digest).exclude(pk__in=self.mine.intersection(twins))
        return found.order_by("pk").first()

    def tidy(self, fresh: set[str], picture: Picture | None = None) -> None:
        """Take away the files that came with a picture and that it has not got: under another digest, of other names."""
        own = {picture.path(name) for name in (MASTER, *names_of(picture.width))} if picture else set()
        for path in fresh - own:
            if path.startswith(f"{FOLDER}/") and not self.dry and not self._is_kept(path):
                self.storage.delete(path)

    @staticmethod
    def _is_kept(path: str) -> bool:
        """Whether a file is one of a picture of this library."""
        digest, name = path.split("/")[-2:]
        found = Picture.objects.filter(digest=digest).first()
        return found is not None and name in (MASTER, *names_of(found.width))

    def named(self, record: Record, name: str) -> Picture | None:
        """The picture that a value of a record names."""
        uuid = record.uuid(name)
        if uuid is None:
            return None
        if str(uuid) not in self.meant:
            raise Wrong(_("The picture %s has no line of its own.") % uuid)
        return self.meant[str(uuid)]

    @staticmethod
    def _side(record: Record, name: str) -> int:
        side = record.number(name, least=1)
        if side is None or side > KEPT:
            raise Wrong(
                _("“%(name)s” should be a number of pixels, at most %(most)d.") % {"name": name, "most": KEPT}
            )
        return side

    def _settle(self, picture: Picture) -> None:
        """Whatever an export brings besides a master is made anew, and the master too where it holds more than pixels."""
        master = picture.path(MASTER)
        try:
            settle_files(picture, self.storage)
        except Exception as error:  # decoders raise whatever they like over a broken file
            raise Wrong(_("The file “%s” is no picture of the library.") % master[:100]) from error
