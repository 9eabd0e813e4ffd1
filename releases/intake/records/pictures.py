"""Pictures in an export: rows of the library, once their files, which stand before them, have been taken in."""

from django.core.files.storage import Storage
from django.db import DataError, IntegrityError, transaction
from django.utils.translation import gettext as _

from releases.intake.records.fields import Record, Wrong, refused
from releases.intake.records.people import People
from releases.models import Picture
from releases.models.picture import FOLDER, NAME_LENGTH
from releases.pictures import MASTER, names_of
from releases.pictures.taking import KEPT
from releases.workflow.cleaning import settle_files


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
