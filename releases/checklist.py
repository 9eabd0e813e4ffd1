"""Before you publish: what stands against a revision's going out, and what an editor should look at again."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from releases.models import Revision
from releases.text.clean import stored_tree

TITLE_SHOWN = 110
# What a release is called that was begun without a title.
UNTITLED = "Untitled"
_IBID = ("ibid", "ebd.", "ebenda", "同上", "id., at", "op. cit.")


@dataclass(frozen=True)
class Point:
    """One finding. `blocks`: it may not go out like this. `place`: the id in the editor where it is, if any."""

    code: str
    words: str
    blocks: bool = False


def checklist(revision: Revision, *, before: Revision | None = None) -> list[Point]:
    """Everything found in `revision`, blocking points first; `before` is the text that readers see, if any."""
    found = [*_head(revision), *_notes(revision, before), *_body(revision), *_reminders(revision)]
    return sorted(found, key=lambda point: not point.blocks)


def blocks(revision: Revision) -> list[str]:
    """The words of what forbids publishing."""
    return [point.words for point in checklist(revision) if point.blocks]


def _head(revision: Revision) -> Iterable[Point]:
    title = revision.title.strip()
    if title in {UNTITLED, _("Untitled")}:
        yield Point("no-title", _("It has no title: write one."), blocks=True)
    if len(title) > TITLE_SHOWN:
        yield Point(
            "long-title",
            _("The title has %(length)d characters; search results show about %(shown)d.")
            % {"length": len(title), "shown": TITLE_SHOWN},
        )
    if not revision.topics.exists():
        yield Point("no-topic", _("It has no topic: readers will not find it in the index."))


def _notes(revision: Revision, before: Revision | None) -> Iterable[Point]:
    notes: list[dict[str, object]] = list(revision.notes)
    for note in notes:
        number = note["number"]
        if not note["text"]:
            yield Point(
                "empty-note", _("Note %s is empty: write its source, or delete it.") % number, blocks=True
            )
        elif not note["citations"]:
            yield Point(
                "uncited-note", _("Note %s is cited nowhere: cite it, or delete it.") % number, blocks=True
            )
        elif "<a " not in str(note["html"]) and not _same_place(note):
            yield Point("no-link", _("Note %s links to no source.") % number)
    yield from _moved(notes, list(before.notes) if before else [])


def _same_place(note: dict[str, object]) -> bool:
    return str(note["text"]).casefold().startswith(_IBID)


def _moved(notes: list[dict[str, object]], before: list[dict[str, object]]) -> Iterable[Point]:
    """“Ibid.” speaks of the note before it, so it lies once another one stands there."""
    was = {str(note["key"]): before[n - 1]["key"] if n else None for n, note in enumerate(before)}
    for n, note in enumerate(notes):
        if not _same_place(note):
            continue
        previous = notes[n - 1]["key"] if n else None
        if previous is None:
            yield Point("ibid", _("Note %s says “ibid.”, but no note stands before it.") % note["number"])
        elif str(note["key"]) in was and was[str(note["key"])] != previous:
            yield Point(
                "ibid", _("Note %s says “ibid.”, but another note stands before it now.") % note["number"]
            )


def _body(revision: Revision) -> Iterable[Point]:
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
    for node in root.iter("a"):
        address = node.get("href", "")
        if not address.startswith("#") and not parses(address):
            yield Point("link", _("This link does not parse: %s") % address[:200])


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
            said = _("The newsroom asked to be reminded of “%s”.") % asked.strip()
            yield Point("reminder", f"{said} {advice.strip()}".strip())
