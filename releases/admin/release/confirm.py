"""The step between pressing and doing: which text goes out, where and when, who is told, and what the checklist says."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from releases import clock, workflow
from releases.addresses import absolute, address
from releases.admin.release.buttons import Button, said
from releases.checklist import checklist
from releases.models import Intent, Release, Revision
from releases.models.release import State
from releases.permissions import may
from releases.workflow import Conflict, Refused, reasons_against
from releases.workflow.filing import topics_of
from releases.workflow.moments import sentence, when
from releases.workflow.outlook import approved, outlook
from releases.workflow.publication import against_correction, way_out
from releases.workflow.states import locked

ASKED = ("publish", "schedule", "correct", "approve")
# Larger than any save number that a database keeps.
LARGEST = 2**31 - 1


class Seen(forms.Form):
    """The words that somebody has before them, by their `save_number`."""

    seen = forms.IntegerField(min_value=0, max_value=LARGEST)


class Answer(Seen):
    """What was seen, in which state, and what is to be done."""

    do = forms.ChoiceField(choices=[(verb, verb) for verb in ASKED])
    state = forms.ChoiceField(choices=[(state.value, state.value) for state in State])
    note = forms.CharField(required=False, max_length=1000)
    comment = forms.CharField(required=False, max_length=500)


@dataclass(frozen=True)
class Choice:
    """A button of the page."""

    do: str
    label: str


def is_asked(button: Button | None, release: Release) -> bool:
    """Does this button lead to the page first? Whatever readers get to see does, now or later."""
    if button is None or button.verb not in ASKED:
        return False
    return button.verb != "approve" or release.state() == State.SCHEDULED


def demand(button: Button, release: Release, data: dict[str, Any], user: Any) -> None:
    """Raise `Refused` with all that stands against it already; else keep what was typed beside the button."""
    note, comment = data.get("correction_note") or "", data.get("comment") or ""
    if reasons := _against(button.verb, release, note, user):
        raise Refused(reasons)
    if note or comment:
        words = {"live_id": release.live_id, "note": note, "comment": comment, "at": timezone.now()}
        Intent.objects.update_or_create(release=release, user=user, defaults=words)


def kept(release: Release, user: Any) -> Intent:
    """What this person typed beside a button and has not confirmed; an empty one where there is nothing."""
    found = Intent.objects.filter(release=release, user=user, live=release.live_id).first()
    return found or Intent(release=release, user=user)


def address_of(button: Button, release: Release) -> str:
    """The page for the words as they are stored now."""
    seen = release.current.save_number if release.current else 0
    return f"{reverse('admin:releases_release_confirm', args=[release.pk, button.verb])}?seen={seen}"


def confirm(request: HttpRequest, pk: int, asked: str) -> HttpResponse:
    """Ask once, or do what was answered. Whoever signs in again in between finds the same page."""
    release = get_object_or_404(Release.objects.select_related("live", "working", "created_by"), pk=pk)
    if asked not in ASKED or not may(request.user, "save draft", release):
        raise Http404("no such page")
    if request.method == "POST":
        return _answered(request, release, asked)
    seen = Seen(request.GET)
    if not seen.is_valid():
        return _back(request, release, [gettext("This page is out of date: press the button again.")])
    if release.current.save_number != seen.cleaned_data["seen"]:
        return _back(request, release, [_newer(release.current)])
    if asked == "approve" and release.state() != State.SCHEDULED:
        return _back(request, release, [_changed(release)])
    intent = kept(release, request.user)
    if reasons := _against(asked, release, intent.note, request.user):
        return _back(request, release, reasons)
    return TemplateResponse(
        request, "admin/releases/release/confirm.html", _page(request, release, asked, intent)
    )


def _page(request: HttpRequest, release: Release, asked: str, intent: Intent) -> dict[str, Any]:
    words = release.current
    now = timezone.now()
    choices = _choices(asked, release, request.user)
    return {
        **admin.site.each_context(request),
        "title": _question(asked, release) % words.title,
        "release": release,
        "facts": facts(asked, release, at=now),
        "points": checklist(words, before=release.live if release.working else None),
        "choices": choices,
        "instead": reasons_against("schedule", release, by=request.user) if asked == "approve" else [],
        "note": intent.note if asked == "correct" else "",
        "comment": intent.comment,
        "seen": words.save_number,
        "state": release.state(now).value,
        "back": reverse("admin:releases_release_change", args=[release.pk]),
    }


def _question(asked: str, release: Release) -> str:
    state = release.state()
    if asked == "approve":
        return gettext("What goes out: approve “%s” over a scheduled text")
    if asked == "correct":
        return gettext("Publish “%s” as a correction?")
    if asked == "schedule" or way_out(release, timezone.now()) == "schedule":
        return gettext("Schedule “%s”?")
    if state == State.WITHDRAWN:
        return gettext("Publish “%s” again?")
    return gettext("Publish “%s” as a minor edit?") if state == State.PUBLISHED else gettext("Publish “%s”?")


def _choices(asked: str, release: Release, user: Any) -> list[Choice]:
    now = timezone.now()
    if asked == "approve":
        return _approvals(release, user)
    if asked == "correct":
        return [Choice("correct", gettext("Publish the correction now"))]
    if asked == "schedule" or way_out(release, now) == "schedule":
        due = workflow.due_of(release)
        return [Choice(asked, gettext("Let it go out %s") % when(due, now) if due else gettext("Schedule"))]
    if release.withdrawn_at:
        return [Choice("publish", gettext("Publish it again now"))]
    label = gettext("Publish the minor edit now") if release.is_visible() else gettext("Publish now")
    return [Choice("publish", label)]


def _approvals(release: Release, user: Any) -> list[Choice]:
    """Both ways, in full sentences; the first only where nothing stands against it."""
    now, found = timezone.now(), []
    due = workflow.due_of(release)
    if due and not reasons_against("schedule", release, by=user):
        words = gettext("Approve, and let this text go out %s instead")
        found.append(Choice("schedule", words % when(due, now)))
    if release.live and release.publish_at:
        words = gettext("Approve only; the text approved %(approved)s still goes out %(due)s")
        still = {"approved": approved(release.live, now), "due": when(release.publish_at, now)}
        found.append(Choice("approve", words % still))
    return found


def _answered(request: HttpRequest, release: Release, asked: str) -> HttpResponse:
    form = Answer(request.POST)
    if not form.is_valid() or form.cleaned_data["do"] not in _answers(asked):
        return _back(request, release, [gettext("This page is out of date: press the button again.")])
    data = form.cleaned_data
    try:
        with transaction.atomic():
            release = locked(release, seen=data["seen"])
            if release.state() != data["state"]:
                raise Refused([_changed(release)])
            release = _do(data, release, request.user)
            Intent.objects.filter(release=release, user=request.user).delete()
    except Refused as refusal:
        return _back(request, release, refusal.reasons)
    except Conflict as conflict:
        return _back(request, release, [_newer(conflict.revision)])
    messages.success(request, said(release, data["do"]))
    return HttpResponseRedirect(reverse("admin:releases_release_change", args=[release.pk]))


def _answers(asked: str) -> tuple[str, ...]:
    return ("schedule", "approve") if asked == "approve" else (asked,)


def _do(data: dict[str, Any], release: Release, user: Any) -> Release:
    verbs: dict[str, Any] = {
        "publish": lambda: workflow.publish(release, by=user),
        "schedule": lambda: workflow.schedule(release, by=user),
        "correct": lambda: workflow.correct(release, by=user, note=data["note"]),
        "approve": lambda: workflow.approve(release, by=user, comment=data["comment"]),
    }
    done: Release = verbs[data["do"]]()
    return done


def _against(asked: str, release: Release, note: str, user: Any) -> list[str]:
    now = timezone.now()
    if asked == "correct":
        return against_correction(release, note, by=user, at=now)
    verb = way_out(release, now) if asked == "publish" else asked
    return reasons_against(verb, release, by=user, at=now)


def _newer(revision: Any) -> str:
    words = gettext("%(who)s saved a newer text at %(when)s. Nothing was done: look at it, then press again.")
    face = date_format(clock.local(revision.edited_at), "H:i:s")
    return words % {"who": revision.edited_by or "–", "when": face}


def _changed(release: Release) -> str:
    return gettext("This has changed since you pressed the button, and nothing was done. %s") % outlook(
        release
    )


def _back(request: HttpRequest, release: Release, reasons: list[str]) -> HttpResponse:
    for reason in reasons:
        messages.error(request, reason)
    return HttpResponseRedirect(reverse("admin:releases_release_change", args=[release.pk]))


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
        Fact(gettext("Text"), _text(words, at)),
        Fact(gettext("Language"), str(dict(settings.LANGUAGES).get(release.language, release.language))),
        Fact(gettext("When"), _when(asked, release, at)),
        *_instead(asked, release, at),
        *_address(release, words),
        Fact(gettext("Feeds and lists"), items=tuple(_feeds(release, words))),
        Fact(gettext("Told at once"), _told(asked, release, at)),
    ]


def _text(words: Revision, at: datetime) -> str:
    said = gettext("Revision %(number)d, last edited by %(who)s %(when)s: %(words)s, %(notes)s.") % {
        "number": words.number,
        "who": words.edited_by or "–",
        "when": when(words.edited_at, at),
        "words": ngettext("%d word", "%d words", words.word_count) % words.word_count,
        "notes": ngettext("%d note", "%d notes", words.note_count) % words.note_count,
    }
    if not words.approved_at:
        return said
    by = gettext("Approved by %(who)s %(when)s.") % {
        "who": words.approved_by or "–",
        "when": approved(words, at),
    }
    return f"{said} {by}"


def _when(asked: str, release: Release, at: datetime) -> str:
    zone, due = ZoneInfo(settings.TIME_ZONE), workflow.due_of(release)
    if asked == "approve":
        return gettext("You choose below.")
    if due and (asked == "schedule" or way_out(release, at) == "schedule"):
        return gettext("It %s.") % sentence(due, zone, at)
    date = when(release.publish_at, at) if release.publish_at else ""
    if asked == "correct":
        return (
            gettext("At once. It keeps its date, %s, and counts as updated now; readers see the note.") % date
        )
    if release.withdrawn_at:
        return gettext("At once. It keeps its date, %s, and counts as updated now; the notice goes.") % date
    if release.is_visible(at):
        return (
            gettext("At once. It keeps its date, %s, and counts as no update: nothing tells readers.") % date
        )
    planned = release.working.publish_at if release.working else None
    return gettext("At once, dated %s.") % when(planned, at) if planned else gettext("At once, dated now.")


def _instead(asked: str, release: Release, at: datetime) -> Iterator[Fact]:
    live, state = release.live, release.state(at)
    if live is None or release.publish_at is None:
        return
    words = {"approved": approved(live, at), "due": when(release.publish_at, at)}
    if state == State.SCHEDULED and asked != "approve":
        said = gettext(
            "The text approved %(approved)s, scheduled to go out %(due)s: it stays in the history."
        )
        yield Fact(gettext("In place of"), said % words)
    elif state == State.SCHEDULED:
        yield Fact(
            gettext("Scheduled"), gettext("The text approved %(approved)s, to go out %(due)s.") % words
        )
    elif state == State.PUBLISHED:
        said = gettext("The text approved %(approved)s, which readers see now: it stays in the history.")
        yield Fact(gettext("In place of"), said % words)
    elif release.working:
        said = gettext(
            "The withdrawal notice. The text approved %(approved)s, which was withdrawn, stays in the history: to show "
            "that one, go back and discard the draft first."
        )
        yield Fact(gettext("In place of"), said % words)
    else:
        yield Fact(
            gettext("In place of"), gettext("The withdrawal notice: it is the text that was withdrawn.")
        )


def _address(release: Release, words: Revision) -> Iterator[Fact]:
    slug = words.planned_slug or release.slug
    yield Fact(gettext("Address"), absolute(address("release", slug, language=release.language)))
    if slug != release.slug:
        yield Fact(gettext("Leads to it"), absolute(release.get_absolute_url()))


def _feeds(release: Release, words: Revision) -> Iterator[str]:
    language = dict(settings.LANGUAGES).get(release.language, release.language)
    yield gettext("everything in %s") % language
    for topic in topics_of(words):
        yield topic.name_in(release.language)


def _told(asked: str, release: Release, at: datetime) -> str:
    if not settings.WEBSUB_HUB:
        return gettext("Nobody: no hub is set up. Feed readers find it when they look next.")
    later = asked in {"schedule", "approve"} or way_out(release, at) == "schedule"
    if later:
        return gettext("Nobody. The hub, %s, hears of these feeds when it goes out.") % settings.WEBSUB_HUB
    return gettext("The hub, %s, hears of these feeds.") % settings.WEBSUB_HUB
