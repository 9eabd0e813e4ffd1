"""What in a set of notes an editor should look at again: those that lean on another, those that say the same."""

import re
from collections.abc import Iterable
from typing import Final, Protocol

# Said in a note's first words they mean "the source in the note before", or in one before that; static/js/editor/same.js
# asks the same of a note that is being written.
_LEANING: Final = re.compile(
    r"""[\s"'“”‘’«»(\[*_]*(
        ibid(?:em)?(?!\w)\.? | idem(?!\w) | id\. | ebd\. | ebenda(?!\w) | a\.\s?a\.\s?o\. | (?:op|loc)\.\s?cit\.
        | 同上 | 同前
    )""",
    re.IGNORECASE | re.VERBOSE,
)
# "Smith, op. cit., p. 3": these lean on an earlier note wherever they stand.
_LEANING_LATER: Final = re.compile(r"(?<!\w)((?:op|loc)\.\s?cit\.)", re.IGNORECASE)
_LINK: Final = re.compile(r'<a href="([^"]*)"')


class Words(Protocol):
    """A note, as far as its words go."""

    @property
    def key(self) -> str: ...
    @property
    def html(self) -> str: ...
    @property
    def text(self) -> str: ...


def leans(text: str) -> str:
    """The words with which a note leans on another one ("Ibid."), or nothing."""
    found = _LEANING.match(text) or _LEANING_LATER.search(text)
    return found[1] if found else ""


def doubles(notes: Iterable[Words]) -> list[tuple[str, str]]:
    """The keys of each note that says the same as one before it, together with that one's, which comes first.

    The same is: the same words, whatever the spaces; and where both have links, the same links. Notes that lean on
    another say the same everywhere, and mean another source each time.
    """
    known: dict[str, list[tuple[str, frozenset[str]]]] = {}
    found: list[tuple[str, str]] = []
    for note in notes:
        words = " ".join(note.text.split())
        if not words or leans(words):
            continue
        links = frozenset(_LINK.findall(note.html))
        others = known.setdefault(words, [])
        twin = next((key for key, had in others if had == links or not had or not links), None)
        if twin is not None:
            found.append((twin, note.key))
        others.append((note.key, links))
    return found
