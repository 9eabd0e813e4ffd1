"""Before you publish: what stands against a revision's going out, and what an editor should look at again."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from itertools import chain
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from releases.languages import in_every_frame
from releases.models import Address, Release, RemovedAddress, Revision
from releases.models.address import place_of
from releases.text.clean import stored_tree
from releases.text.glued import stray_marks
from releases.text.hints import (
    back_reference,
    duplicate_notes,
    empty_blocks,
    other_script,
    picture_marks,
    raised_figures,
)
from releases.text.notes import Note
from releases.text.tree import Node

TITLE_SHOWN = 110
# What a release is called that was begun without a title, in the language of whoever began it.
UNTITLED = "Untitled"
# So many numbers that run into a word are named; more of them are one kind of text.
GLUED_SHOWN = 5
# So much of a note is quoted where it is named.
NAMED_BY = 60
# A note of fewer letters names no source.
SHORTEST_NOTE = 5
# Two releases with the same title within so many days are the same one, or are taken for it.
SAME_TITLE = timedelta(days=31)


@dataclass(frozen=True)
class Point:
    """One finding. `blocks`: it may not go out like this. `place`: the id in the editor where it is, if any."""

    code: str
    words: str
    blocks: bool = False


def checklist(revision: Revision, *, before: Revision | None = None) -> list[Point]:
    """Everything found in `revision`, blocking points first; `before` is the text that readers see, if any."""
    advice = (_head(revision), _notes(revision, before), _body(revision), _reminders(revision))
    return [*_blocking(revision), *chain(*advice)]


def blocks(revision: Revision) -> list[str]:
    """The words of what forbids publishing."""
    return [point.words for point in _blocking(revision)]


# ------------------------------------------------------------------ what forbids it


def _blocking(revision: Revision) -> Iterable[Point]:
    def point(code: str, words: str) -> Point:
        return Point(code, words, blocks=True)

    if revision.title.strip() in in_every_frame(UNTITLED):
        yield point("no-title", _("It has no title: write one."))
    if revision.picture_id and not revision.picture_alt:
        yield point("no-alt", _("Its picture has no description: write one, for readers who cannot see it."))
    if revision.planned_slug and is_taken(revision.planned_slug, revision.release):
        yield point("address-taken", taken(revision.planned_slug))
    for note in _notes_of(revision):
        if not note.text:
            yield point("empty-note", _("Note %s is empty: write its source, or delete it.") % note.number)
        elif not note.citations:
            yield point(
                "uncited-note",
                _("Note %s is not cited in the text: cite it, or delete it.") % note.number,
            )
    for mark in picture_marks(revision.body_text)[:3]:
        yield point(
            "picture-mark",
            _(
                "A picture stood at “%s”: choose it as the release's picture or leave it out, and delete the mark."
            )
            % mark,
        )


def is_taken(slug: str, release: Release) -> bool:
    """Has, or had, another release this address? A plan reserves none: it may be taken while the draft is written."""
    others = Address.objects.filter(language=release.language, slug=slug).exclude(release=release.pk)
    return others.exists() or RemovedAddress.objects.holds(place_of(release.language, slug))


def taken(slug: str) -> str:
    """Why an address cannot be had."""
    return _("Another release has or had the address “%s”: choose another one.") % slug


# ------------------------------------------------------------------ what to look at again


def _head(revision: Revision) -> Iterable[Point]:
    title = revision.title.strip()
    if len(title) > TITLE_SHOWN:
        yield Point(
            "long-title",
            _("The title has %(length)d characters; search results show about %(shown)d.")
            % {"length": len(title), "shown": TITLE_SHOWN},
        )
    if not revision.picture_id and (revision.picture_alt or revision.picture_caption):
        yield Point("no-picture", _("It has a picture description, but no picture."))
    if _title_is_taken(revision):
        yield Point(
            "same-title",
            _("Another release of these weeks has the same title: readers will take one for the other."),
        )
    if not revision.topics.exists():
        yield Point("no-topic", _("It has no topic: readers will not find it in the index."))


def _title_is_taken(revision: Revision) -> bool:
    """Has another release within a month of this one's date the same title?

    Only those are asked that readers see or that the same author wrote: a colleague's embargo is told to nobody.
    """
    release = revision.release
    around = revision.publish_at or release.publish_at or timezone.now()
    others = Release.objects.visible() | Release.objects.filter(
        live__isnull=False, created_by=release.created_by_id
    )
    same = others.filter(live__title__iexact=revision.title.strip(), withdrawn_at=None)
    return (
        same.filter(publish_at__range=(around - SAME_TITLE, around + SAME_TITLE))
        .exclude(pk=release.pk)
        .exists()
    )


def _notes_of(revision: Revision) -> list[Note]:
    return [Note(**note) for note in revision.notes]


def _notes(revision: Revision, before: Revision | None) -> Iterable[Point]:
    notes = _notes_of(revision)
    for note in notes:
        if not note.text or not note.citations:
            continue  # it may not go out
        if sum(c.isalnum() for c in note.text) < SHORTEST_NOTE and not back_reference(note.text):
            yield Point(
                "short-note",
                _("Note %(number)s says only “%(note)s”: a reader cannot find that source.")
                % {"number": note.number, "note": note.text},
            )
        elif "<a " not in note.html and not back_reference(note.text):
            yield Point("no-link", _("Note %s has no link to its source.") % note.number)
    yield from _leaning(notes, _notes_of(before) if before else [])
    numbers = {note.key: note.number for note in notes}
    for first, second in duplicate_notes(notes):
        yield Point(
            "same-notes",
            _("Notes %(first)s and %(second)s say the same: merge them.")
            % {"first": numbers[first], "second": numbers[second]},
        )


def _leaning(notes: list[Note], before: list[Note]) -> Iterable[Point]:
    """“Ibid.” speaks of the note before it: it says something else as soon as another one stands there."""
    was = {note.key: before[n - 1].key if n else None for n, note in enumerate(before)}
    for n, note in enumerate(notes):
        words = back_reference(note.text)
        if not words:
            continue
        previous = notes[n - 1].key if n else None
        if previous is None:
            why = _("no note stands before it. Name its source.")
        elif note.key in was and was[note.key] != previous:
            why = _("another note stands before it now than before. Name its source.")
        else:
            why = _(
                "it leans on a note before it, and means another source as soon as a note is moved or added. "
                "Name its source, or cite that note again."
            )
        named = note.text if len(note.text) <= NAMED_BY else f"{note.text[:NAMED_BY].rstrip()}…"
        yield Point(
            "ibid",
            _("Note %(number)s (%(note)s) says “%(words)s”: %(why)s")
            % {"number": note.number, "note": named, "words": words, "why": why},
        )


def _body(revision: Revision) -> Iterable[Point]:
    for words, number in stray_marks(revision.body)[:GLUED_SHOWN]:
        yield Point(
            "glued",
            _(
                "“%(words)s” may end in the number of note %(number)d: cite the note there, or part the number from the word."
            )
            % {"words": words, "number": number},
        )
    root = stored_tree(revision.body)
    seen_heading = False
    for node in root.iter("h2", "h3"):
        if node.tag == "h3" and not seen_heading:
            words = " ".join("".join(node.itertext()).split())[:80]
            yield Point(
                "heading", _("The subheading “%s” stands under no heading: make it a heading.") % words
            )
            break
        seen_heading = True
    yield from _left_over(revision, root)
    for node in root.iter("a"):
        address = node.get("href", "")
        if not address.startswith("#") and not parses(address):
            yield Point("link", _("This link is not a web address: %s") % address[:200])


def _left_over(revision: Revision, root: Node) -> Iterable[Point]:
    """What an import or a slip of the hand left in the text."""
    names = {
        "h2": _("heading"), "h3": _("subheading"), "p": _("paragraph"), "li": _("list item"), "ul": _("list"),
        "ol": _("list"), "blockquote": _("quotation"), "table": _("table"),
    }  # fmt: skip
    if empty := empty_blocks(root):
        found = ", ".join(
            f"{names[tag]} ({count})" if count > 1 else names[tag] for tag, count in empty.items()
        )
        yield Point("empty-block", _("Something in the text is empty: %s. Fill or delete it.") % found)
    if figures := raised_figures(root):
        yield Point(
            "raised-figure",
            _("A raised figure cites no note: “%s”. Make it a note, or write it on the line.")
            % "”, “".join(figures[:3]),
        )
    language = revision.release.language
    if script := other_script(f"{revision.title}\n{revision.body_text}", language):
        scripts = {
            "Latin": _("Latin"), "Chinese": _("Chinese"), "Tibetan": _("Tibetan"), "Arabic": _("Arabic"),
            "Cyrillic": _("Cyrillic"), "Korean": _("Korean"),
        }  # fmt: skip
        yield Point(
            "language",
            _(
                "Its language is %(language)s, but most of it is written in %(script)s letters: look at “Language”."
            )
            % {"language": dict(settings.LANGUAGES).get(language, language), "script": scripts[script]},
        )


def parses(address: str) -> bool:
    """Whether a link can lead anywhere: a path here, a mail address, or a web address with a host."""
    try:
        parts = urlsplit(address)
        port_is_one = parts.port is None or parts.port > 0
    except ValueError:
        return False
    if parts.scheme == "mailto":
        name, at, host = parts.path.partition("@")
        return bool(name and at and "." in host)
    if not parts.scheme:
        return address.startswith("/")
    host = parts.hostname or ""
    labelled = all(host.split(".")) and not any(c.isspace() for c in parts.netloc)
    return port_is_one and labelled and ("." in host or host == "localhost" or ":" in host)


def _reminders(revision: Revision) -> Iterable[Point]:
    words = f"{revision.title}\n{revision.summary}\n{revision.body_text}".casefold()
    words += "\n".join(str(note["text"]) for note in revision.notes).casefold()
    for reminder in settings.REMINDER_WORDS:
        asked, _colon, advice = reminder.partition(":")
        if asked.strip() and asked.strip().casefold() in words:
            question = _("Your newsroom asks you to check “%s”.") % asked.strip()
            yield Point("reminder", f"{question} {advice.strip()}".strip())
