"""Everything of record as lines of JSON: the same newsroom always gives the same bytes."""

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.files.storage import Storage, default_storage
from django.db import connection, reset_queries, transaction
from django.db.models import Prefetch

from newsroom.accounts.models import User
from newsroom.accounts.roles import CHIEF, ROLES
from releases.intake.records import FILES, FORMAT, LINES, VERSION
from releases.models import Edition, Event, Picture, Release, Revision, RevisionTopic, Source, Topic
from releases.models.picture import FOLDER
from releases.pictures import MASTER, names_of

Progress = Callable[[int, int], None]
PORTION = 100
# Made anew from the words when they are taken in.
DERIVED = ("body_page", "body_text", "body_feed", "notes", "note_count", "word_count")


def quiet(done: int, total: int) -> None:
    """No progress to be shown."""


def export(folder: Path, *, progress: Progress = quiet, storage: Storage = default_storage) -> int:
    """Write the newsroom into `folder` (made if need be); returns the number of releases. Raises OSError.

    The lines take their name only when all of them are written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = folder / f"{LINES}.unfinished"
    releases = 0
    with unfinished.open("w", encoding="utf-8", newline="\n") as file, _one_moment():
        for line in _lines(folder, progress, storage):
            file.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")
            releases += line.get("kind") == "release"
    unfinished.replace(folder / LINES)
    return releases


@contextmanager
def _one_moment() -> Iterator[None]:
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


def _lines(folder: Path, progress: Progress, storage: Storage) -> Iterator[dict[str, Any]]:
    changed = Edition.objects.filter(pk=1).values_list("raised_at", flat=True).first()
    yield {"format": FORMAT, "version": VERSION, "changed_at": _moment(changed)}
    people = dict(User.objects.values_list("pk", "username"))
    yield from _people()
    topics = dict(Topic.objects.values_list("pk", "slug"))
    yield from _topics(topics)
    files = 0
    for line in _pictures(people, folder, storage):
        files += line["kind"] == "file"
        yield line
    total = Release.objects.count()
    done = 0
    for release in _releases():
        yield _release(release, people, topics)
        done += 1
        if done % PORTION == 0:
            # With DEBUG, Django keeps the text of its last 9,000 statements.
            reset_queries()
            progress(done, total)
    progress(total, total)
    for source in Source.objects.archived().order_by("key").iterator(chunk_size=PORTION):
        yield {
            "kind": "source", "url": source.url, "archived_url": source.archived_url,
            "archived_on": str(source.archived_on),
        }  # fmt: skip
    yield from _events(people, topics)
    for path in _paths(storage, ""):
        if path.startswith(f"{FOLDER}/"):
            continue  # they stand with their pictures
        files += 1
        yield _file(path, folder, storage)
    yield {"kind": "end", "releases": done, "files": files}


def _people() -> Iterator[dict[str, Any]]:
    for user in User.objects.order_by("pk").prefetch_related("groups"):
        names = {group.name for group in user.groups.all()}
        role = CHIEF if user.is_superuser else next((one for one in reversed(ROLES) if one in names), None)
        yield {
            "kind": "person", "username": user.username, "first_name": user.first_name, "last_name": user.last_name,
            "email": user.email, "active": user.is_active, "role": role,
        }  # fmt: skip


def _topics(slugs: dict[int, str]) -> Iterator[dict[str, Any]]:
    for topic in Topic.objects.order_by("pk").prefetch_related("former_slugs"):
        yield {
            "kind": "topic", "slug": topic.slug, "name": topic.name, "names": dict(sorted(topic.names.items())),
            "description": topic.description, "synonyms": topic.synonyms,
            "former_slugs": [one.slug for one in sorted(topic.former_slugs.all(), key=lambda one: one.pk)],
            "merged_into": slugs[topic.merged_into_id] if topic.merged_into_id else None,
            "retired_at": _moment(topic.retired_at),
        }  # fmt: skip


def _pictures(people: dict[int, str], folder: Path, storage: Storage) -> Iterator[dict[str, Any]]:
    """Each picture of the library, its files before it."""
    for picture in Picture.objects.order_by("pk").iterator(chunk_size=PORTION):
        for path in map(picture.path, (MASTER, *names_of(picture.width))):
            if storage.exists(path):
                yield _file(path, folder, storage)
        yield {
            "kind": "picture", "uuid": str(picture.uuid), "digest": picture.digest, "name": picture.name,
            "width": picture.width, "height": picture.height, "added_at": _moment(picture.added_at),
            "added_by": people.get(picture.added_by_id),
        }  # fmt: skip


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
        .iterator(chunk_size=PORTION)
    )  # fmt: skip


def _release(release: Release, people: dict[int, str], topics: dict[int, str]) -> dict[str, Any]:
    numbers = {one.pk: one.number for one in release.revisions.all()}
    group = release.translation_group
    return {
        "kind": "release", "uuid": str(release.uuid), "language": release.language, "slug": release.slug,
        "publish_at": _moment(release.publish_at), "updated_at": _moment(release.updated_at),
        "withdrawn_at": _moment(release.withdrawn_at), "withdrawal_notice": release.withdrawal_notice,
        "withdrawal_hides_title": release.withdrawal_hides_title, "back_since": _moment(release.back_since),
        "created_at": _moment(release.created_at), "created_by": people.get(release.created_by_id),
        "translation_group": str(group.uuid) if group else None,
        "live": numbers.get(release.live_id), "working": numbers.get(release.working_id),
        "addresses": [[one.language, one.slug] for one in _in_order(release.addresses.all())],
        "former_paths": sorted(one.path for one in release.former_paths.all()),
        "refilings": sorted([topics[one.source_id], topics[one.target_id]] for one in release.refilings.all()),
        "revisions": [_revision(one, people, topics) for one in release.revisions.all()],
        "corrections": [
            {"revision": numbers[one.revision_id], "at": _moment(one.at), "note": one.note, "by": people.get(one.by_id)}
            for one in _in_order(release.corrections.all())
        ],
        "events": [
            {
                "verb": one.verb, "at": _moment(one.at), "by": people.get(one.user_id),
                "revision": numbers.get(one.revision_id), "detail": _sorted(one.detail),
            }
            for one in _in_order(release.events.all())
        ],
    }  # fmt: skip


def _revision(revision: Revision, people: dict[int, str], topics: dict[int, str]) -> dict[str, Any]:
    return {
        "number": revision.number, "title": revision.title, "dateline": revision.dateline, "summary": revision.summary,
        "body": revision.body,
        "picture": str(revision.picture.uuid) if revision.picture else None, "picture_alt": revision.picture_alt,
        "picture_caption": revision.picture_caption, "publish_at": _moment(revision.publish_at),
        "planned_slug": revision.planned_slug,
        "topics": sorted(topics[one.tag_id] for one in revision.topic_items.all()), "comment": revision.comment,
        "created_at": _moment(revision.created_at), "created_by": people.get(revision.created_by_id),
        "edited_at": _moment(revision.edited_at), "edited_by": people.get(revision.edited_by_id),
        "authors": sorted(people[pk] for pk in revision.authors if pk in people), "save_number": revision.save_number,
        "submitted_at": _moment(revision.submitted_at), "submitted_by": people.get(revision.submitted_by_id),
        "approved_at": _moment(revision.approved_at), "approved_by": people.get(revision.approved_by_id),
        "frozen_at": _moment(revision.frozen_at),
    }  # fmt: skip


def _events(people: dict[int, str], topics: dict[int, str]) -> Iterator[dict[str, Any]]:
    """What was done to the vocabulary. It names topics, releases and other events by primary key, which are only this
    database's: here they are slugs, UUIDs and places in this list."""
    places: dict[int, int] = {}
    uuids: dict[int, str] = {}
    for event in Event.objects.filter(release=None).order_by("pk").iterator(chunk_size=PORTION):
        places[event.pk] = len(places) + 1
        detail = dict(event.detail)
        if isinstance(detail.get("topics"), list):
            detail["topics"] = [topics.get(pk) for pk in detail["topics"]]
        if isinstance(detail.get("made"), list):
            wanted = {pk for pk, _topic in detail["made"]} - uuids.keys()
            uuids |= {
                pk: str(uuid) for pk, uuid in Release.objects.filter(pk__in=wanted).values_list("pk", "uuid")
            }
            detail["made"] = [[uuids.get(release), topics.get(topic)] for release, topic in detail["made"]]
        if "undone" in detail:
            detail["undone"] = places.get(detail["undone"])
        yield {
            "kind": "event", "verb": event.verb, "at": _moment(event.at), "by": people.get(event.user_id),
            "detail": _sorted(detail),
        }  # fmt: skip


def _paths(storage: Storage, folder: str) -> Iterator[str]:
    """Every file that the newsroom keeps, by name."""
    if folder == "" and not storage.exists(""):
        return
    folders, files = storage.listdir(folder)
    for name in sorted(files):
        yield f"{folder}/{name}".lstrip("/")
    for name in sorted(folders):
        yield from _paths(storage, f"{folder}/{name}".lstrip("/"))


def _file(path: str, folder: Path, storage: Storage) -> dict[str, Any]:
    target = folder / FILES / path
    target.parent.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with storage.open(path) as source, target.open("wb") as copy:
        for piece in source.chunks():
            digest.update(piece)
            size += len(piece)
            copy.write(piece)
    return {"kind": "file", "path": path, "size": size, "sha256": digest.hexdigest()}


def _moment(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat() if at else None


def _in_order(rows: Any) -> list[Any]:
    return sorted(rows, key=lambda row: row.pk)


def _sorted(value: Any) -> Any:
    """JSON with its names in order: PostgreSQL keeps them in an order of its own."""
    if isinstance(value, dict):
        return {name: _sorted(value[name]) for name in sorted(value)}
    return [_sorted(one) for one in value] if isinstance(value, list) else value
