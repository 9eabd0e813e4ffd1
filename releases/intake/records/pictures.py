"""Pictures in an export: rows of the library, once their files, which stand before them, have been taken in."""

from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from django.db import DataError, IntegrityError, transaction
from django.utils.translation import gettext as _

from releases.intake.records.fields import Record, Wrong, refused
from releases.intake.records.people import People
from releases.models import Picture
from releases.models.picture import NAME_LENGTH
from releases.pictures import MASTER, names_of, renditions
from releases.pictures.taking import KEPT


class Pictures:
    """Which picture of this library each UUID of the export means. One that is there already stays as it is."""

    def __init__(self, storage: Storage, *, dry: bool) -> None:
        self.storage = storage
        self.dry = dry
        self.made = 0
        self.meant: dict[str, Picture | None] = {}

    def take(self, record: Record, people: People, fresh: set[str]) -> None:
        """One picture's line; `fresh` are the files that this run took in, or would."""
        uuid, digest = record.uuid("uuid"), record.text("digest", most=64)
        if uuid is None:
            raise Wrong(_("It has no UUID."))
        picture = Picture.objects.filter(digest=digest).first()
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
            self._complete(picture)
            try:
                with transaction.atomic():
                    picture.save(force_insert=True)
            except (IntegrityError, DataError, ValueError) as error:
                self.made -= 1
                raise refused(error) from error
        self.meant[str(uuid)] = picture

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

    def _complete(self, picture: Picture) -> None:
        """Make anew the forms of a picture that the export did not bring."""
        if all(self.storage.exists(picture.path(name)) for name in names_of(picture.width)):
            return
        with self.storage.open(picture.path(MASTER)) as file:
            master = file.read()
        for name, content in renditions(master):
            if not self.storage.exists(picture.path(name)):
                self.storage.save(picture.path(name), ContentFile(content))
