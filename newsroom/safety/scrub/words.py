"""Removing words from everything: every column in which they stand is changed, frozen or not."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from django.db import connection, models, transaction
from django.utils import timezone

from newsroom.accounts.models import User
from newsroom.safety.scrub.places import BODY, fields_of, find, is_left, models_with_words
from newsroom.safety.scrub.record import first_saves, record_removal
from releases.models import (
    Address,
    Release,
    Revision,
    ScrubDoor,
    SearchEntry,
    Source,
    Version,
)
from releases.search import update_index
from releases.sources import record_sources
from releases.text.removal import Removal
from releases.text.slugs import slug_of
from releases.workflow.public_change import public_change
from releases.workflow.removal import OtherRows, read_words_anew
from releases.workflow.versions import reword
from releases.workflow.words import derive

# Rows that are made anew, by themselves or of others, and so go as a whole where they hold the words.
_GOES: Final = (
    "releases.ping",
    "releases.formerpath",
    "releases.formerslug",
    "releases.sourcehost",
    "releases.source",
    "sessions.session",
)


def scrub(
    removal: Removal,
    *,
    by: User | None,
    expected: int | None = None,
    noted: Callable[[int], str] = lambda places: "",
    access: Callable[[int], object] = lambda places: None,
    at: datetime | None = None,
) -> int:
    """Remove the words, in one transaction; in how many places. The bytes are `compact`'s.

    `expected` is how many a preview has told. Raises OtherRows where there are others by now; none is right, too: the run before
    this one was broken off after its transaction. `noted` is called before anything is changed, with the number of places: it puts notes
    beside the backups and gives their identifier for the event. Where nothing is to be changed there is an event only if it gives one.
    `access` writes the record of access in the same transaction, where something was removed.
    """
    at = at or timezone.now()
    with transaction.atomic():
        _hold()
        found = [one for one in find(removal) if not one.left]
        if not found:
            if identifier := noted(0):
                record_removal(Counter(), identifier, by=by, at=at)
            return 0
        if expected not in (None, len(found)):
            raise OtherRows(len(found))
        identifier = noted(len(found))
        door = ScrubDoor.objects.create(edition_id=0)
        each: dict[str, dict[Any, None]] = {}
        for place in found:
            each.setdefault(place.table, {})[place.pk] = None
        by_table = {table: list(pks) for table, pks in each.items()}
        touched = {
            pk
            for model, column in (
                (Revision, "release_id"),
                (Version, "revision__release_id"),
                (Release, "pk"),
            )
            for pk in model._base_manager.filter(pk__in=by_table.get(model._meta.db_table, [])).values_list(
                column, flat=True
            )
        }
        releases = list(
            Release.objects.filter(pk__in=touched).select_related("live", "working").order_by("pk")
        )
        with public_change(*releases, everywhere=True, at=at):
            for model in models_with_words():
                pks = by_table.get(model._meta.db_table, [])
                if not pks or is_left(model):
                    continue
                _change(model, pks, removal)
            read_words_anew(releases)
            for one in releases:
                one.refresh_from_db(fields=["slug"])
        # Their rows of the search are made anew even where the words stood in nothing but them.
        SearchEntry.objects.filter(release__in=releases).delete()
        update_index(releases)
        record_sources([one for one in releases if one.live_id])
        kinds = Counter(f"{place.table}.{place.field}" for place in found)
        record_removal(kinds, identifier, releases, first_saves(by_table), by=by, at=at)
        access(len(found))
        door.delete()
    return len(found)


def _hold() -> None:
    """Nobody saves meanwhile. SQLite's transactions have begun with its one lock already."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE releases_release, releases_revision, releases_event IN EXCLUSIVE MODE")


# ------------------------------------------------------------------ changed


def _change(model: type[models.Model], pks: list[Any], removal: Removal) -> None:
    rows = model._base_manager.filter(pk__in=pks)
    if model._meta.label_lower in _GOES:
        if model is Source:  # what cites it goes with it
            Source.objects.filter(pk__in=pks).delete()
        else:
            rows.delete()
    elif model is Address:
        # One that is a release's present one moves with it.
        present = Release.objects.filter(
            addresses__in=pks, slug=models.F("addresses__slug"), language=models.F("addresses__language")
        )
        for release in present.distinct():
            _readdress(release, removal)
        rows.delete()
    else:
        for row in rows.select_for_update(of=("self",)) if connection.vendor == "postgresql" else rows:
            _reword(row, removal)


def _reword(row: Any, removal: Removal) -> None:
    if isinstance(row, Version):
        reword(
            row,
            lambda name, text: (
                removal.html(text) if name == "body" else _written(removal, Version, name, text)
            ),
        )
        return
    if isinstance(row, Release) and removal.stands_in(row.slug):
        _readdress(row, removal)
    changes = {}
    for one in fields_of(type(row)):
        name, value = one.attname, getattr(row, one.attname)
        new = (
            removal.html(value)
            if isinstance(row, Revision) and name == "body"
            else _new(removal, type(row), one, value)
        )
        if new != value and not (isinstance(row, Release) and name == "slug"):
            changes[name] = new
    if not changes:
        return
    if isinstance(row, Revision):
        for name, value in changes.items():
            setattr(row, name, value)
        derive(row, row.release)
        # Whoever has it open is told that it was saved meanwhile.
        row.save_number += 1
        row.save(update_fields=[*changes, *BODY - {"body"}, "note_count", "word_count", "save_number"])
    else:
        type(row)._base_manager.filter(pk=row.pk).update(**changes)


def _new(removal: Removal, model: type[models.Model], one: Any, value: Any) -> Any:
    return _written(removal, model, one.attname, value) if isinstance(value, str) else removal.value(value)


def _written(removal: Removal, model: type[models.Model], name: str, text: str) -> str:
    """A text as its column takes it."""
    if name == "planned_slug":
        return "" if removal.stands_in(text) else text
    field = next(
        (
            one
            for one in (Revision if model is Version else model)._meta.concrete_fields
            if one.attname == name
        ),
        None,
    )
    new = removal.text(text)
    if new == text:
        return text
    longest = getattr(field, "max_length", None) if isinstance(field, models.CharField) else None
    return (new[:longest] or "…") if new.strip() or not text else "…"


def _readdress(release: Release, removal: Removal) -> None:
    """Another address; the old one, which would tell the words, is forgotten and answers 404."""
    taken = set(Address.objects.filter(language=release.language).values_list("slug", flat=True))
    slug = slug_of(removal.text(release.slug.replace("-", " ")).strip(), taken=taken)
    Address.objects.filter(language=release.language, slug=release.slug).delete()
    Release.objects.filter(pk=release.pk).update(slug=slug)
    Address.objects.create(language=release.language, slug=slug, release=release)
