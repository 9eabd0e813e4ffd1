"""Stored pictures made anew of their pixels: what an earlier version kept of a file, and what an import brings."""

from collections.abc import Callable, Iterator
from datetime import datetime

from django.core.files.base import ContentFile
from django.core.files.storage import Storage, default_storage
from django.db import transaction
from django.utils import timezone

from releases.models import Event, Picture
from releases.models.picture import FOLDER, digest_of
from releases.pictures import MASTER, holds_only_pixels, names_of, reencode, renditions
from releases.pictures.renditions import QUALITY

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
    for path in _strays():
        default_storage.delete(path)
        yield None, path


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


def _strays() -> Iterator[str]:
    """Files of no picture (of a run that was broken off) that hold more than pixels. What an upload has just written for
    a row that is still to come does not."""
    for first in _inside(FOLDER)[0]:
        digests = _inside(f"{FOLDER}/{first}")[0]
        of_rows = set(Picture.objects.filter(digest__in=digests).values_list("digest", flat=True))
        for digest in set(digests) - of_rows:
            for name in _inside(f"{FOLDER}/{first}/{digest}")[1]:
                path = f"{FOLDER}/{first}/{digest}/{name}"
                if not holds_only_pixels(_read(default_storage, path)):
                    yield path


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
