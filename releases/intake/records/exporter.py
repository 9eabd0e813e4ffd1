"""Everything of record as lines of JSON: the same newsroom always gives the same bytes."""

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from django.core.files.storage import Storage, default_storage
from django.db import connection, reset_queries, transaction
from django.db.models import Prefetch

from newsroom.accounts.models import User
from releases.intake.records.fields import Names
from releases.intake.records.format import (
    END,
    EVENT,
    FILE,
    FILES,
    HEAD,
    LINES,
    PERSON,
    PICTURE,
    RELEASE,
    SOURCE,
    TOPIC,
)
from releases.models import Edition, Event, Picture, Release, Revision, RevisionTopic, Source, Topic
from releases.models.picture import FOLDER
from releases.pictures import MASTER, names_of

Progress = Callable[[int, int], None]
CHUNK = 100
# Made anew from the words when they are imported.
DERIVED = ("body_page", "body_text", "body_feed", "notes", "note_count", "word_count")


def no_progress(done: int, total: int) -> None:
    """Show no progress."""


def export_records(
    folder: Path, *, progress: Progress = no_progress, storage: Storage = default_storage
) -> int:
    """Write the newsroom into `folder` (made if need be); returns the number of releases. Raises OSError.

    The lines take their name only when all of them are written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = folder / f"{LINES}.unfinished"
    releases = 0
    with unfinished.open("w", encoding="utf-8", newline="\n") as file, _snapshot():
        for line in _lines(folder, progress, storage):
            file.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")
            releases += line.get("kind") == RELEASE.name
    unfinished.replace(folder / LINES)
    return releases


@contextmanager
def _snapshot() -> Iterator[None]:
    """All of it is read as it stood at one moment, and nobody who writes has to wait."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "sqlite":
        # Django's own transactions take the lock for writing at once; this one only reads.
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")
    else:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield


class _Totals(NamedTuple):
    releases: int
    files: int


class _File(NamedTuple):
    path: str
    size: int
    sha256: str


def _lines(folder: Path, progress: Progress, storage: Storage) -> Iterator[dict[str, Any]]:
    names = Names(
        people=dict(User.objects.values_list("pk", "username")),
        topics=dict(Topic.objects.values_list("pk", "slug")),
    )
    yield HEAD.write(Edition.objects.filter(pk=1).first(), names)
    for user in User.objects.order_by("pk").prefetch_related("groups"):
        yield PERSON.write(user, names)
    for topic in Topic.objects.order_by("pk").prefetch_related("former_slugs"):
        yield TOPIC.write(topic, names)
    files = 0
    for picture in Picture.objects.order_by("pk").iterator(chunk_size=CHUNK):
        for path in map(picture.path, (MASTER, *names_of(picture.width))):
            if storage.exists(path):
                files += 1
                yield FILE.write(_copied(path, folder, storage), names)
        yield PICTURE.write(picture, names)
    total = Release.objects.count()
    done = 0
    for release in _releases():
        numbers = {one.pk: one.number for one in release.revisions.all()}
        yield RELEASE.write(release, replace(names, revisions=numbers))
        done += 1
        if done % CHUNK == 0:
            # With DEBUG, Django keeps the text of its last 9,000 statements.
            reset_queries()
            progress(done, total)
    progress(total, total)
    for source in Source.objects.archived().order_by("key").iterator(chunk_size=CHUNK):
        yield SOURCE.write(source, names)
    for event in _events(names):
        yield EVENT.write(event, names)
    for path in _paths(storage, ""):
        if not path.startswith(f"{FOLDER}/"):  # those stand with their pictures
            files += 1
            yield FILE.write(_copied(path, folder, storage), names)
    yield END.write(_Totals(done, files), names)


def _releases() -> Iterator[Release]:
    """Releases in the order in which they were made, which breaks ties of date, with all that hangs on them."""
    revisions = Revision.objects.order_by("number").defer(*DERIVED)
    filed = RevisionTopic.objects.order_by("pk")
    return (
        Release.objects.order_by("pk")
        .select_related("translation_group")
        .prefetch_related(
            Prefetch("revisions", revisions), "revisions__picture", Prefetch("revisions__topic_items", filed),
            "addresses", "former_paths", "refilings", "corrections", "events",
        )
        .iterator(chunk_size=CHUNK)
    )  # fmt: skip


def _events(names: Names) -> Iterator[Event]:
    """What was done to the vocabulary. Details name topics, releases and other events by primary key, which are only
    this database's: here they become slugs, UUIDs and places in this list."""
    places: dict[int, int] = {}
    uuids: dict[int, str] = {}
    for event in Event.objects.filter(release=None).order_by("pk").iterator(chunk_size=CHUNK):
        places[event.pk] = len(places) + 1
        detail = event.detail = dict(event.detail)
        if isinstance(detail.get("topics"), list):
            detail["topics"] = [names.topics.get(pk) for pk in detail["topics"]]
        if isinstance(detail.get("made"), list):
            wanted = {pk for pk, _topic in detail["made"]} - uuids.keys()
            uuids |= {
                pk: str(uuid) for pk, uuid in Release.objects.filter(pk__in=wanted).values_list("pk", "uuid")
            }
            detail["made"] = [[uuids.get(pk), names.topics.get(topic)] for pk, topic in detail["made"]]
        if "undone" in detail:
            detail["undone"] = places.get(detail["undone"])
        yield event


def _paths(storage: Storage, folder: str) -> Iterator[str]:
    """Every file that the newsroom keeps, by name."""
    if folder == "" and not storage.exists(""):
        return
    folders, files = storage.listdir(folder)
    for name in sorted(files):
        yield f"{folder}/{name}".lstrip("/")
    for name in sorted(folders):
        yield from _paths(storage, f"{folder}/{name}".lstrip("/"))


def _copied(path: str, folder: Path, storage: Storage) -> _File:
    """Copy a file into the export."""
    target = folder / FILES / path
    target.parent.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with storage.open(path) as source, target.open("wb") as copy:
        for chunk in source.chunks():
            digest.update(chunk)
            size += len(chunk)
            copy.write(chunk)
    return _File(path, size, digest.hexdigest())
