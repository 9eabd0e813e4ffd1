"""What was removed after a backup, removed once more from the newsroom that was restored of it."""

from collections.abc import Iterable
from functools import partial

from newsroom.safety.backup.removals import Note
from newsroom.safety.scrub.remains import compact, search_bytes
from newsroom.safety.scrub.whole import needles_of
from newsroom.safety.scrub.words import scrub
from releases import workflow
from releases.models import Release
from releases.text.removal import Removal


def remove_again(notes: Iterable[Note], more: Iterable[Removal] = ()) -> list[str]:
    """Do all of them, in their order, and then `more`, which somebody has typed; the names of what holds bytes of them still."""
    spellings: set[str] = set()
    for note in notes:
        if note.release:
            for release in Release.objects.filter(uuid=note.release):
                spellings.update(needles_of(release))
                workflow.remove_release(release, by=None, noted=partial(_identifier, note))
            continue
        removal = Removal(note.spellings, note.by, whole_words=note.whole_words)
        scrub(removal, by=None, noted=partial(_identifier, note))
        spellings.update(note.spellings)
    for removal in more:
        scrub(removal, by=None)
        spellings.update(removal.spellings)
    if not spellings:
        return []
    compact()
    return search_bytes(spellings)


def _identifier(note: Note, _places: int) -> str:
    return note.identifier
