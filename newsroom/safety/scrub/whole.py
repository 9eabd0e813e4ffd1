"""A whole release, or a picture, removed from everything: the verb, and then the bytes."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from django.db import transaction

from newsroom.accounts.models import User
from newsroom.safety.backup.removals import Note
from newsroom.safety.scrub.places import Place, find
from newsroom.safety.scrub.remains import Notes, Scrubbed, finished
from releases import workflow
from releases.models import Picture, Release
from releases.numbers import whole as number_of
from releases.text.removal import Removal

# A title as short as "Statement" stands elsewhere, too.
LONG = 12
Access = Callable[[int], object]


def release_at(words: str) -> list[Release]:
    """Those that somebody means by a number, an address or a part of one; several where languages share it."""
    words = words.strip().partition("?")[0].rstrip("/").rpartition("/")[2]
    known = Release.objects.select_related("live", "working").order_by("pk")
    number = number_of(words)
    if number is not None and (found := known.filter(pk=number)):
        return list(found)
    return list(known.filter(addresses__slug=words).distinct()) if words and "\x00" not in words else []


def picture_at(words: str) -> Picture | None:
    """The one that somebody means by a number, a UUID, or the address of its file."""
    for part in (one.partition(".")[0] for one in reversed(words.strip().split("/"))):
        if (number := number_of(part)) is not None:
            return Picture.objects.filter(pk=number).first()
        hexadecimal = part.replace("-", "")
        if len(hexadecimal) == 32 and set(hexadecimal.lower()) <= set("0123456789abcdef"):
            return Picture.objects.filter(uuid=hexadecimal).first()
    return None


def needles_of(release: Release) -> list[str]:
    """What none but this release says, as far as one can tell: by these it is looked for, byte by byte."""
    needles = {str(release.uuid), release.uuid.hex, *release.addresses.values_list("slug", flat=True)}
    for title, text in release.revisions.values_list("title", "body_text"):
        needles |= {title, max(text.split("\n"), key=len, default="").strip()[:200]}
    return sorted(one for one in needles if len(one) >= LONG)


def mentions_of(release: Release) -> list[Place]:
    """Where others name it by its title, or link to it."""
    titles = {title for title in release.revisions.values_list("title", flat=True) if len(title) >= LONG}
    slugs = {slug for slug in release.addresses.values_list("slug", flat=True) if len(slug) >= LONG}
    if not titles | slugs:
        return []
    own = _own(release)
    places = find(Removal(sorted(titles | slugs), "", whole_words=False))
    return [one for one in places if (one.table, one.pk) not in own]


def _own(release: Release) -> set[tuple[str, object]]:
    found: set[tuple[str, object]] = set()
    workflow.each_row(release, lambda model, pks: found.update((model._meta.db_table, pk) for pk in pks))
    return found


def remove_release(
    release: Release,
    *,
    by: User | None,
    expected: int | None = None,
    passphrase: str | None = None,
    access: Access = lambda rows: None,
    at_once: bool = True,
    at: datetime | None = None,
) -> Scrubbed:
    """All of it; see `workflow.remove_release` for what is raised. `access` is called in the same transaction, with the rows."""
    verb = partial(workflow.remove_release, release, by=by, expected=expected, at=at)
    notes = Notes(Note(release=str(release.uuid)), passphrase)
    return _removed(verb, needles_of(release), notes, access, at_once=at_once)


def remove_picture(
    picture: Picture,
    *,
    by: User | None,
    expected: int | None = None,
    passphrase: str | None = None,
    access: Access = lambda places: None,
    at_once: bool = True,
    at: datetime | None = None,
) -> Scrubbed:
    """All of it; see `workflow.remove_picture` for what is raised."""
    twins = Picture.objects.filter(digest=picture.digest).order_by("pk").values_list("uuid", flat=True)
    verb = partial(workflow.remove_picture, picture, by=by, expected=expected, at=at)
    notes = Notes(Note(pictures=tuple(map(str, twins))), passphrase)
    return _removed(verb, [picture.digest, picture.uuid.hex], notes, access, at_once=at_once)


def _removed(
    verb: Callable[..., int], needles: list[str], notes: Notes, access: Access, *, at_once: bool
) -> Scrubbed:
    with transaction.atomic():
        count = verb(noted=notes.put)
        access(count)
    return finished(count, needles, notes, at_once=at_once)
