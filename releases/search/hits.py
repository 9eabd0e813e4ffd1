"""A release as a list of results shows it: where the words stand, in the text and in its notes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from releases.models import Release, Revision
from releases.search.query import Query
from releases.search.snippets import Snippet, beginning, marked, snippets

SHOWN = ("language", "slug", "uuid", "publish_at", "live__title", "live__summary", "live__body_text")


@dataclass(frozen=True)
class InNote:
    """A note that has what the text has not; `path` leads to it."""

    number: int
    path: str
    snippet: Snippet


@dataclass(frozen=True)
class Hit:
    """A release that was found."""

    release: Release
    title: Snippet
    snippets: Sequence[Snippet]
    notes: Sequence[InNote]


def hits_of(pks: Sequence[int], query: Query, *, at: datetime | None = None) -> list[Hit]:
    """These releases in this order, through the one gate once more, in a query; notes are read where they are needed."""
    releases = Release.objects.visible(at).filter(pk__in=pks).select_related("live").only(*SHOWN)
    by_pk = {release.pk: release for release in releases}
    shown = [(by_pk[pk], *_in_text(by_pk[pk].live, query)) for pk in pks if pk in by_pk]
    unread = [release.live_id for release, _, missing in shown if missing]
    notes = dict(Revision.objects.filter(pk__in=unread).values_list("pk", "notes")) if unread else {}
    hits = []
    for release, found, missing in shown:
        in_notes = tuple(_in_notes(release, notes[release.live_id], missing)) if missing else ()
        # What is written in a way that cannot be marked still begins somehow.
        places = found if found or in_notes else (beginning(_text(release.live)),)
        hits.append(Hit(release, marked(release.live.title, query), places, in_notes))
    return hits


def _in_text(words: Revision, query: Query) -> tuple[Sequence[Snippet], list[Query]]:
    """Places in summary and text; and what neither they nor the title have."""
    found, absent = snippets(_text(words), query)
    alone = [Query("", (clause,)) for clause in absent]
    missing = [one for one in alone if not any(bit.marked for bit in marked(words.title, one))]
    return found, missing


def _text(words: Revision) -> str:
    return "\n\n".join(part for part in (words.summary, words.body_text) if part)


def _in_notes(
    release: Release, notes: Sequence[dict[str, Any]], missing: Sequence[Query]
) -> Iterator[InNote]:
    waiting = list(missing)
    for note in notes:
        here = [(one, snippets(note["text"], one, most=1)[0]) for one in waiting]
        here = [(one, found) for one, found in here if found]
        if here:
            path = f"{release.get_absolute_url()}#{release.note_prefix}fn-{note['key']}"
            yield InNote(note["number"], path, here[0][1][0])
            met = [one for one, _ in here]
            waiting = [one for one in waiting if one not in met]
        if not waiting:
            return
