"""The verbs on pictures: bringing one into the library, and taking away one that no release has."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import PurePath
from typing import IO

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _

from newsroom.accounts.models import User
from releases.models import Event, Picture, Revision
from releases.models.picture import NAME_LENGTH, digest_of
from releases.permissions import may, pictures
from releases.pictures import MASTER, UnacceptablePicture, normalise, renditions
from releases.pictures.renditions import MAX_PIXELS, MIN_SIDE
from releases.workflow.states import Refused


def add_picture(
    file: IO[bytes], *, name: str, by: User, most_pixels: int = MAX_PIXELS, at: datetime | None = None
) -> Picture:
    """Take a picture into the library, without what the camera wrote into it; one that `by` may see there already is that one.
    Of one that is there for others alone nothing is told: it comes in under its own name, and takes as long.

    The files are written before the row, so that a row never lacks them; a crash in between leaves files that the
    next try finds. Raises `Refused`.
    """
    at = at or timezone.now()
    if not may(by, "add picture"):
        raise Refused([_("Your role does not allow you to add pictures.")])
    try:
        taken = normalise(file, max_pixels=most_pixels)
    except UnacceptablePicture as unfit:
        raise Refused([_unfit(unfit.code, most_pixels)]) from unfit
    digest = digest_of(taken.master)
    if found := pictures(by, Picture.objects.filter(digest=digest)).order_by("pk").first():
        return found
    picture = Picture(
        digest=digest, name=_name(name), width=taken.width, height=taken.height, added_at=at, added_by=by
    )
    forms = list(renditions(taken.master))
    _keep_files(picture, taken.master, forms)
    try:
        with transaction.atomic():
            picture.save(force_insert=True)
            Event.objects.create(
                user=by,
                verb="add picture",
                at=at,
                detail={"picture": str(picture.uuid), "name": picture.name},
            )
    except IntegrityError:  # a twin was quicker
        return Picture.objects.get(digest=digest, added_by=by)
    _keep_files(picture, taken.master, forms)  # a twin's may have been taken away meanwhile
    return picture


def _keep_files(picture: Picture, master: bytes, forms: Iterable[tuple[str, bytes]]) -> None:
    """Write what is not there. The master comes last: where it is whole, so are the others."""
    path = picture.path(MASTER)
    if not (default_storage.exists(path) and default_storage.size(path) == len(master)):
        for name, content in forms:
            _write(picture.path(name), content)
        _write(path, master)


@transaction.atomic
def delete_picture(picture: Picture, *, by: User, at: datetime | None = None) -> None:
    """Take a picture that no revision has out of the library, files and all. Raises `Refused`."""
    at = at or timezone.now()
    if not may(by, "delete picture"):
        raise Refused([_("Your role does not allow you to delete pictures; ask an editor.")])
    said = {"picture": str(picture.uuid), "name": picture.name}
    try:
        with transaction.atomic():
            picture.delete()
    except (ProtectedError, IntegrityError) as error:
        raise Refused([_("A release uses this picture, or has used it, so it cannot be deleted.")]) from error
    Event.objects.create(user=by, verb="delete picture", at=at, detail=said)
    transaction.on_commit(picture.remove_files)


def demand_picture(picture: Picture | None, current: Revision | None, *, by: User) -> None:
    """Raise `Refused` where `by` may not use `picture`, which they may that stands in `current` already."""
    if picture is None or (current and current.picture_id == picture.pk):
        return
    if not pictures(by, Picture.objects.filter(pk=picture.pk)).exists():
        raise Refused([_("You may not use this picture: upload it yourself, or ask an editor.")])


def largest() -> int:
    """The largest file that may come, in bytes."""
    return int(settings.PICTURE_MAX_MB) * 1024 * 1024


def too_large() -> str:
    """What is said of a larger one."""
    return (
        _("This picture is larger than %d MB: make it smaller and upload it again.") % settings.PICTURE_MAX_MB
    )


def _unfit(code: str, most_pixels: int) -> str:
    words = {
        "unreadable": _(
            "This picture cannot be read: the file may be damaged. Save it again and upload it once more."
        ),
        "format": _("This is not a picture that can be shown: upload a JPEG, PNG, WebP, AVIF or GIF file."),
        "small": _("This picture is too small: each side must be at least %d pixels.") % MIN_SIDE,
        "large": _("This picture has more than %d million pixels: make it smaller and upload it again.")
        % (most_pixels // 1_000_000),
    }
    return words[code]


def _name(name: str) -> str:
    """The file's name as people read it, on one line."""
    plain = PurePath(name.replace("\\", "/")).name
    return " ".join("".join(c if c.isprintable() else " " for c in plain).split())[:NAME_LENGTH] or _(
        "picture"
    )


def _write(path: str, content: bytes) -> None:
    """Under the digest of the whole, so what is there already is either this or what a crash left of it."""
    default_storage.delete(path)
    default_storage.save(path, ContentFile(content))
