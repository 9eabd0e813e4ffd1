"""The verbs on pictures: bringing one into the library, taking away one that no release has, making its files anew."""

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import PurePath
from typing import IO

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import Storage, default_storage
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _

from newsroom.accounts.models import User
from releases.models import Event, Picture, Revision
from releases.models.picture import FOLDER, NAME_LENGTH, digest_of
from releases.permissions import may, pictures
from releases.pictures import (
    MASTER,
    UnacceptablePicture,
    holds_only_pixels,
    names_of,
    normalise,
    reencode,
    renditions,
)
from releases.pictures.renditions import MAX_PIXELS, MIN_SIDE, QUALITY
from releases.workflow.states import Refused

log = logging.getLogger(__name__)
STRAY_AFTER = timedelta(days=1)


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
    try:
        _keep_files(picture, taken.master, forms)
    except OSError as error:
        log.error("A picture could not be stored: %s", error)
        raise Refused([_not_stored()]) from error
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
    with suppress(OSError):  # they were written a moment ago
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
    detail = {"picture": str(picture.uuid), "name": picture.name}
    try:
        with transaction.atomic():
            picture.delete()
    except (ProtectedError, IntegrityError) as error:
        raise Refused([_("A release uses this picture, or has used it, so it cannot be deleted.")]) from error
    Event.objects.create(user=by, verb="delete picture", at=at, detail=detail)
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


def _not_stored() -> str:
    return _(
        "This picture could not be stored: the storage of pictures does not answer or is full. Everything else is as it was; upload the "
        "picture again in a moment."
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


# ------------------------------------------------------------------ files made anew

Progress = Callable[[int, int], None]


def clean_pictures(
    *, at: datetime | None = None, progress: Progress = lambda done, total: None
) -> Iterator[tuple[Picture | None, str]]:
    """Make anew, where any file of a picture holds something besides its pixels. Yields each picture of which that was so
    and what became of it ("changed", "missing", "broken"), and None for each file of no picture that was taken away."""
    total = Picture.objects.count()
    for done, picture in enumerate(Picture.objects.order_by("pk").iterator(chunk_size=100), 1):
        try:
            changed = clean_picture(picture, at=at)
        except FileNotFoundError:
            yield picture, "missing"
        except Exception:  # decoders raise whatever they like over a broken file
            yield picture, "broken"
        else:
            if changed:
                yield picture, "changed"
        progress(done, total)
    for path in remove_strays(at=at):
        yield None, path


def remove_strays(*, only_old: bool = False, at: datetime | None = None) -> Iterator[str]:
    """Take away files of no picture, each of which is yielded: those that were there a day ago, and, unless `only_old`, those that hold
    more than pixels, as what an import has brought may do that is under way."""
    for digest, path in _strays(at or timezone.now(), only_old=only_old):
        with transaction.atomic():
            _hold_rows()
            if Picture.objects.filter(digest=digest).exists():  # it has come since
                continue
            default_storage.delete(path)
        yield path


def clean_picture(picture: Picture, *, at: datetime | None = None) -> bool:
    """One stored picture; whether it had to be made anew.

    Its files lie under the digest of the master and move with it. Its UUID stays, which is all that addresses, releases and
    exports know it by. The new files stand before the row names them, the old ones go after that.
    """
    paths = _paths(picture)
    if all(
        default_storage.exists(path) and holds_only_pixels(_read(default_storage, path)) for path in paths
    ):
        return False
    old, master = picture.digest, _read(default_storage, paths[0])
    picture.digest, master = _pure(master, lambda digest: _is_anothers(digest, picture))
    _keep(default_storage, picture, master)
    with transaction.atomic():
        Picture.objects.filter(pk=picture.pk, digest=old).update(digest=picture.digest)
        Event.objects.create(
            verb="clean picture", at=at or timezone.now(), detail={"picture": str(picture.uuid), "name": picture.name},
        )  # fmt: skip
    if picture.digest != old and not Picture.objects.filter(digest=old).exists():  # a twin has them still
        for path in paths:
            default_storage.delete(path)
    return True


def settle_files(picture: Picture, storage: Storage) -> None:
    """For a picture of an import whose master has come: all its files of its pixels, whatever came with it. The picture,
    which has no row yet, gets the digest and the size of what is kept."""
    brought = picture.path(MASTER)
    picture.digest, master = _pure(_read(storage, brought), lambda digest: False)
    size = reencode(master)
    picture.width, picture.height = size.width, size.height
    _keep(storage, picture, master)
    if picture.path(MASTER) != brought:
        storage.delete(brought)


def _pure(master: bytes, is_anothers: Callable[[str], bool]) -> tuple[str, bytes]:
    """The digest of a master, and the master, made anew where it was not pure. Two pictures that differed by their words
    alone are two: no revision that is frozen can be given another picture. So the second is written a shade finer."""
    if holds_only_pixels(master):
        return digest_of(master), master
    for quality in range(QUALITY, 101):
        made = reencode(master, quality=quality).master
        if not is_anothers(digest_of(made)):
            return digest_of(made), made
    raise ValueError("too many pictures of the same pixels")


def _is_anothers(digest: str, picture: Picture) -> bool:
    return Picture.objects.filter(digest=digest).exclude(pk=picture.pk).exists()


def _keep(storage: Storage, picture: Picture, master: bytes) -> None:
    """The master last: where it is whole, so are the others."""
    for name, content in (*renditions(master), (MASTER, master)):
        path = picture.path(name)
        if storage.exists(path):
            if _read(storage, path) == content:
                continue
            storage.delete(path)
        storage.save(path, ContentFile(content))


def _strays(at: datetime, *, only_old: bool) -> Iterator[tuple[str, str]]:
    """Files of no picture, by its digest: those that hold more than pixels, and those that were there a day ago (of a run that was
    broken off, of a picture whose files could not be deleted). What an upload has just written for a row that is still to come is neither."""
    for first in _inside(FOLDER)[0]:
        digests = _inside(f"{FOLDER}/{first}")[0]
        of_rows = set(Picture.objects.filter(digest__in=digests).values_list("digest", flat=True))
        for digest in sorted(set(digests) - of_rows):
            for name in _inside(f"{FOLDER}/{first}/{digest}")[1]:
                path = f"{FOLDER}/{first}/{digest}/{name}"
                with suppress(FileNotFoundError):  # gone meanwhile
                    old = at - default_storage.get_modified_time(path) > STRAY_AFTER
                    if old or not (only_old or holds_only_pixels(_read(default_storage, path))):
                        yield digest, path


def _hold_rows() -> None:
    """No row of a picture comes meanwhile: an upload that waits writes its files once more after its row. SQLite's transactions have
    begun with its one lock already."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f'LOCK TABLE "{Picture._meta.db_table}" IN SHARE ROW EXCLUSIVE MODE')


def _inside(folder: str) -> tuple[list[str], list[str]]:
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return [], []
    return folders, files


def _paths(picture: Picture) -> list[str]:
    return [picture.path(name) for name in (MASTER, *names_of(picture.width))]


def _read(storage: Storage, path: str) -> bytes:
    with storage.open(path) as file:
        content: bytes = file.read()
    return content
