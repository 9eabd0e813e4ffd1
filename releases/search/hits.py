"""A release as a list of results shows it: where the words stand, in the text and in its notes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from releases.addresses import address
from releases.models import Release, Revision
from releases.search.query import Query
from releases.search.snippets import Snippet, beginning, marked, snippets


@dataclass(frozen=True)
class InNote:
    """A note that has what the text has not; `path` leads to it."""

    number: int
    path: str
    snippet: Snippet


@dataclass(frozen=True)
class Hit:
    """A release that was found; `title` is its `name` with the words marked."""

    name: str
    language: str
    path: str
    publish_at: datetime
    title: Snippet
    snippets: Sequence[Snippet]
    notes: Sequence[InNote]


class _Words(NamedTuple):
    """A row of the one query. No models: making twenty of them and their revisions takes longer than reading them."""

    pk: int
    language: str
    slug: str
    uuid: UUID
    publish_at: datetime
    live: int
    title: str
    summary: str
    text: str

    @property
    def path(self) -> str:
        return address("release", self.slug, language=self.language)


_COLUMNS = (
    "pk",
    "language",
    "slug",
    "uuid",
    "publish_at",
    "live",
    "live__title",
    "live__summary",
    "live__body_text",
)


def hits_of(pks: Sequence[int], query: Query, *, at: datetime | None = None) -> list[Hit]:
    """These releases in this order, through the one gate once more, in a query; notes are read where they are needed."""
    rows = Release.objects.visible(at).filter(pk__in=pks).order_by().values_list(*_COLUMNS)
    by_pk = {row[0]: _Words(*row) for row in rows}
    shown = [(by_pk[pk], *_in_text(by_pk[pk], query)) for pk in pks if pk in by_pk]
    unread = [words.live for words, _, missing in shown if missing]
    notes = dict(Revision.objects.filter(pk__in=unread).values_list("pk", "notes")) if unread else {}
    hits = []
    for words, found, missing in shown:
        in_notes = tuple(_in_notes(words, notes[words.live], missing)) if missing else ()
        # What is written in a way that cannot be marked still begins somehow.
        places = found if found or in_notes else (beginning(_text(words)),)
        title = marked(words.title, query)
        hits.append(Hit(words.title, words.language, words.path, words.publish_at, title, places, in_notes))
    return hits


def _in_text(words: _Words, query: Query) -> tuple[Sequence[Snippet], list[Query]]:
    """Places in summary and text; and what neither they nor the title have."""
    found, absent = snippets(_text(words), query)
    alone = [Query("", (clause,)) for clause in absent]
    missing = [one for one in alone if not any(bit.marked for bit in marked(words.title, one))]
    return found, missing


def _text(words: _Words) -> str:
    return "\n\n".join(part for part in (words.summary, words.text) if part)


def _in_notes(words: _Words, notes: Sequence[dict[str, Any]], missing: Sequence[Query]) -> Iterator[InNote]:
    waiting = list(missing)
    prefix = Release(uuid=words.uuid).note_prefix
    for note in notes:
        here = [(one, snippets(note["text"], one, most=1)[0]) for one in waiting]
        here = [(one, found) for one, found in here if found]
        if here:
            path = f"{words.path}#{prefix}fn-{note['key']}"
            yield InNote(note["number"], path, here[0][1][0])
            met = [one for one, _ in here]
            waiting = [one for one in waiting if one not in met]
        if not waiting:
            return
