"""A picture of the library: its files are in the storage, under a digest; what it shows is said where it is used."""

import hashlib
import logging
import uuid
from datetime import datetime

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import models
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from releases.models.release import Release
from releases.pictures import MASTER, names_of

NAME_LENGTH = 200
FOLDER = "pictures"
log = logging.getLogger(__name__)


def digest_of(master: bytes) -> str:
    """What a picture is known by."""
    return hashlib.sha256(master).hexdigest()


class PictureQuerySet(models.QuerySet["Picture"]):
    """Pictures."""

    def visible(self, at: datetime | None = None) -> "PictureQuerySet":
        """Those that a release shows which readers may see at `at`: the gate is the release's own."""
        showing = Release.objects.visible(at).filter(live__picture=OuterRef("pk"))
        return self.filter(Exists(showing))


class Picture(models.Model):
    """Never changed: another picture is another row. `digest` is the SHA-256 of the master, in hexadecimal.

    Rows that two people brought, neither of whom may see the other's, share their files and know nothing of each other.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    digest = models.CharField(max_length=64, db_index=True, editable=False)
    name = models.CharField(_("name"), max_length=NAME_LENGTH)
    width = models.PositiveIntegerField(_("width"), editable=False)
    height = models.PositiveIntegerField(_("height"), editable=False)
    added_at = models.DateTimeField(_("added"))
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("added by"),
    )

    objects = PictureQuerySet.as_manager()

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        ordering = ("-added_at", "-pk")
        constraints = (
            models.UniqueConstraint(fields=("digest", "added_by"), name="releases_picture_once_a_person"),
            models.CheckConstraint(
                condition=models.Q(width__gt=0, height__gt=0), name="releases_picture_measured"
            ),
        )

    def __str__(self) -> str:
        return self.name

    def path(self, name: str) -> str:
        """Where a file of it lies in the storage."""
        return f"{FOLDER}/{self.digest[:2]}/{self.digest}/{name}"

    def remove_files(self) -> None:
        """Take its files away, unless another row shows them; whatever is gone already is no matter."""
        if Picture.objects.filter(digest=self.digest).exists():
            return
        for name in (MASTER, *names_of(self.width)):
            try:
                default_storage.delete(self.path(name))
            except OSError as error:
                # The row is gone already, and nobody can see the file any more.
                log.error(
                    "%s could not be deleted: manage.py clean_pictures does it from tomorrow on (%s)",
                    self.path(name),
                    error,
                )
