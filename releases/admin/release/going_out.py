"""What there is to know before a text goes out: which one it is, where it will stand and when, and who is told."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from releases import workflow
from releases.addresses import absolute, address
from releases.models import Release, Revision
from releases.models.release import State
from releases.workflow.filing import topics_of
from releases.workflow.moments import sentence, when
from releases.workflow.outlook import approved
from releases.workflow.publication import way_out


@dataclass(frozen=True)
class Fact:
    """A line of the page. `items` where there are several."""

    label: str
    words: str = ""
    items: tuple[str, ...] = ()


def facts(asked: str, release: Release, *, at: datetime) -> list[Fact]:
    """Everything about the words of `release` that staff see, as they go out by the button `asked`."""
    words = release.current
    return [
        Fact(_("Text"), _text(words, at)),
        Fact(_("Language"), str(dict(settings.LANGUAGES).get(release.language, release.language))),
        Fact(_("When"), _when(asked, release, at)),
        *_instead(asked, release, at),
        *_address(release, words),
        Fact(_("Feeds and lists"), items=tuple(_feeds(release, words))),
        Fact(_("Told at once"), _told(asked, release, at)),
    ]


def _text(words: Revision, at: datetime) -> str:
    said = _("Revision %(number)d, last edited by %(who)s %(when)s: %(words)s, %(notes)s.") % {
        "number": words.number,
        "who": words.edited_by or "–",
        "when": when(words.edited_at, at),
        "words": ngettext("%d word", "%d words", words.word_count) % words.word_count,
        "notes": ngettext("%d note", "%d notes", words.note_count) % words.note_count,
    }
    if not words.approved_at:
        return said
    by = _("Approved by %(who)s %(when)s.") % {"who": words.approved_by or "–", "when": approved(words, at)}
    return f"{said} {by}"


def _when(asked: str, release: Release, at: datetime) -> str:
    zone, due = ZoneInfo(settings.TIME_ZONE), workflow.due_of(release)
    if asked == "approve":
        return _("You choose below.")
    if due and (asked == "schedule" or way_out(release, at) == "schedule"):
        return _("It %s.") % sentence(due, zone, at)
    date = when(release.publish_at, at) if release.publish_at else ""
    if asked == "correct":
        return _("At once. It keeps its date, %s, and counts as updated now; readers see the note.") % date
    if release.withdrawn_at:
        return _("At once. It keeps its date, %s, and counts as updated now; the notice goes.") % date
    if release.is_visible(at):
        return _("At once. It keeps its date, %s, and counts as no update: nothing tells readers.") % date
    planned = release.working.publish_at if release.working else None
    return _("At once, dated %s.") % when(planned, at) if planned else _("At once, dated now.")


def _instead(asked: str, release: Release, at: datetime) -> Iterator[Fact]:
    live, state = release.live, release.state(at)
    if live is None or release.publish_at is None:
        return
    words = {"approved": approved(live, at), "due": when(release.publish_at, at)}
    if state == State.SCHEDULED and asked != "approve":
        said = _("The text approved %(approved)s, scheduled to go out %(due)s: it stays in the history.")
        yield Fact(_("In place of"), said % words)
    elif state == State.SCHEDULED:
        yield Fact(_("Scheduled"), _("The text approved %(approved)s, to go out %(due)s.") % words)
    elif state == State.PUBLISHED:
        said = _("The text approved %(approved)s, which readers see now: it stays in the history.")
        yield Fact(_("In place of"), said % words)
    elif release.working:
        said = _(
            "The withdrawal notice. The text approved %(approved)s, which was withdrawn, stays in the history: to show "
            "that one, go back and discard the draft first."
        )
        yield Fact(_("In place of"), said % words)
    else:
        yield Fact(_("In place of"), _("The withdrawal notice: it is the text that was withdrawn."))


def _address(release: Release, words: Revision) -> Iterator[Fact]:
    slug = words.planned_slug or release.slug
    yield Fact(_("Address"), absolute(address("release", slug, language=release.language)))
    if slug != release.slug:
        yield Fact(_("Leads to it"), absolute(release.get_absolute_url()))


def _feeds(release: Release, words: Revision) -> Iterator[str]:
    language = dict(settings.LANGUAGES).get(release.language, release.language)
    yield _("everything in %s") % language
    for topic in topics_of(words):
        yield topic.name_in(release.language)


def _told(asked: str, release: Release, at: datetime) -> str:
    if not settings.WEBSUB_HUB:
        return _("Nobody: no hub is set up. Feed readers find it when they look next.")
    later = asked in {"schedule", "approve"} or way_out(release, at) == "schedule"
    if later:
        return _("Nobody. The hub, %s, hears of these feeds when it goes out.") % settings.WEBSUB_HUB
    return _("The hub, %s, hears of these feeds.") % settings.WEBSUB_HUB
