"""What was removed after a backup, removed once more from the newsroom that was restored of it."""

from collections import Counter
from collections.abc import Iterable
from functools import partial

from django.utils import timezone

from newsroom.safety.backup.removals import Note
from newsroom.safety.scrub.record import record_removal
from newsroom.safety.scrub.remains import compact, search_bytes
from newsroom.safety.scrub.whole import needles_of
from newsroom.safety.scrub.words import scrub
from releases import workflow
from releases.models import Picture, Release
from releases.text.removal import Removal


def remove_again(notes: Iterable[Note], more: Iterable[Removal] = ()) -> list[str]:
    """Do all of them, in their order, and then `more`, which somebody has typed; the names of what holds bytes of them still."""
    spellings: set[str] = set()
    for note in notes:
        spellings.update(_again(note))
    for removal in more:
        scrub(removal, by=None)
        spellings.update(removal.spellings)
    if not spellings:
        return []
    compact()
    return search_bytes(spellings)


def _again(note: Note) -> Iterable[str]:
    """One of them; by what its bytes are looked for. An event with its identifier says that it is done, even where there was nothing
    to do: the next backups are of after it."""
    noted = partial(_identifier, note)
    if note.spellings:
        scrub(Removal(note.spellings, note.by, whole_words=note.whole_words), by=None, noted=noted)
        return note.spellings
    needles: list[str] = []
    for release in Release.objects.filter(uuid=note.release) if note.release else ():
        needles += needles_of(release)
        workflow.remove_release(release, by=None, noted=noted)
    while picture := Picture.objects.filter(uuid__in=note.pictures).order_by("pk").first():
        needles += [picture.digest, picture.uuid.hex]
        workflow.remove_picture(picture, by=None, noted=noted)  # its twins go along
    if not needles:
        record_removal(Counter(), note.identifier, by=None, at=timezone.now())
    return needles


def _identifier(note: Note, _places: int) -> str:
    return note.identifier
