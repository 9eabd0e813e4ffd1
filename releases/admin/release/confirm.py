"""The page between pressing a button and doing its verb.

It says which text will be published, where and when, who is notified, and what the checklist finds."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from newsroom.accounts.models import User
from newsroom.http import Request
from releases import clock, workflow
from releases.addresses import absolute, address
from releases.admin.base import release_or_404, revision_of, show_reasons, staff_page
from releases.admin.release.buttons import Button, success_message
from releases.checklist import checklist
from releases.models import Intent, Release, Revision
from releases.models.release import State
from releases.workflow import Conflict, Refused, reasons_against
from releases.workflow.filing import topics_of
from releases.workflow.moments import sentence, when
from releases.workflow.outlook import approved, outlook
from releases.workflow.publication import against_correction, way_out
from releases.workflow.states import locked

CONFIRMED_VERBS = ("publish", "schedule", "correct", "approve")
# The largest save number that a database column stores.
MAX_SAVE_NUMBER = 2**31 - 1


class SeenForm(forms.Form):
    """Which words somebody has on the screen, by their `save_number`."""

    seen = forms.IntegerField(min_value=0, max_value=MAX_SAVE_NUMBER)


class ConfirmForm(SeenForm):
    """Which words were on the screen, in which state, and what is to be done."""

    do = forms.ChoiceField(choices=[(verb, verb) for verb in CONFIRMED_VERBS])
    state = forms.ChoiceField(choices=[(state.value, state.value) for state in State])
    note = forms.CharField(required=False, max_length=1000)
    comment = forms.CharField(required=False, max_length=500)


@dataclass(frozen=True)
class Option:
    """A button of the page: the verb that it does, and its label."""

    do: str
    label: str


def needs_confirmation(button: Button, release: Release) -> bool:
    """Does this button lead to the page first? It does where readers will see the result, now or later."""
    if button.verb not in CONFIRMED_VERBS:
        return False
    return button.verb != "approve" or release.state() == State.SCHEDULED


def store_intent(button: Button, release: Release, data: dict[str, Any], user: User) -> None:
    """Store what was typed beside the button until it is confirmed. Raises `Refused` with all that is against the verb."""
    note, comment = data.get("correction_note") or "", data.get("comment") or ""
    if reasons := _reasons_against(button.verb, release, note, user):
        raise Refused(reasons)
    if note or comment:
        typed = {"live_id": release.live_id, "note": note, "comment": comment, "at": timezone.now()}
        Intent.objects.update_or_create(release=release, user=user, defaults=typed)


def intent_of(release: Release, user: User) -> Intent:
    """What `user` typed beside a button and has not confirmed. An empty one where there is nothing."""
    found = Intent.objects.filter(release=release, user=user, live=release.live_id).first()
    return found or Intent(release=release, user=user)


def confirm_url(button: Button, release: Release) -> str:
    """The address of the page for the words as they are stored now."""
    seen = revision_of(release).save_number
    return f"{reverse('admin:releases_release_confirm', args=[release.pk, button.verb])}?seen={seen}"


def confirm(request: Request, pk: int, verb: str) -> HttpResponse:
    """GET: ask. POST: do what was chosen. Whoever has to sign in again in between finds the same page."""
    if verb not in CONFIRMED_VERBS:
        raise Http404("no such page")
    release = release_or_404(request, pk, "save draft")
    if request.method == "POST":
        return _post(request, release, verb)
    seen, revision = SeenForm(request.GET), revision_of(release)
    if not seen.is_valid():
        return _back(request, release, [gettext("This page is out of date: press the button again.")])
    if revision.save_number != seen.cleaned_data["seen"]:
        return _back(request, release, [_newer(revision)])
    if verb == "approve" and release.state() != State.SCHEDULED:
        return _back(request, release, [_changed(release)])
    intent = intent_of(release, request.user)
    if reasons := _reasons_against(verb, release, intent.note, request.user):
        return _back(request, release, reasons)
    title = _question(verb, release) % revision.title
    return staff_page(request, "release/confirm", title, _context(request, release, verb, intent))


def _context(request: Request, release: Release, verb: str, intent: Intent) -> dict[str, Any]:
    revision = revision_of(release)
    now = timezone.now()
    return {
        "release": release,
        "facts": facts(verb, release, at=now),
        "points": checklist(revision, before=release.live if release.working else None),
        "options": _options(verb, release, request.user),
        "instead": reasons_against("schedule", release, by=request.user) if verb == "approve" else [],
        "note": intent.note if verb == "correct" else "",
        "comment": intent.comment,
        "seen": revision.save_number,
        "state": release.state(now).value,
        "back": reverse("admin:releases_release_change", args=[release.pk]),
    }


def _question(verb: str, release: Release) -> str:
    state = release.state()
    if verb == "approve":
        return gettext("What goes out: approve “%s” over a scheduled text")
    if verb == "correct":
        return gettext("Publish “%s” as a correction?")
    if verb == "schedule" or way_out(release, timezone.now()) == "schedule":
        return gettext("Schedule “%s”?")
    if state == State.WITHDRAWN:
        return gettext("Publish “%s” again?")
    return gettext("Publish “%s” as a minor edit?") if state == State.PUBLISHED else gettext("Publish “%s”?")


def _options(verb: str, release: Release, user: User) -> list[Option]:
    now = timezone.now()
    if verb == "approve":
        return _approvals(release, user)
    if verb == "correct":
        return [Option("correct", gettext("Publish the correction now"))]
    if verb == "schedule" or way_out(release, now) == "schedule":
        due = workflow.due_of(release)
        return [Option(verb, gettext("Let it go out %s") % when(due, now) if due else gettext("Schedule"))]
    if release.withdrawn_at:
        return [Option("publish", gettext("Publish it again now"))]
    label = gettext("Publish the minor edit now") if release.is_visible() else gettext("Publish now")
    return [Option("publish", label)]


def _approvals(release: Release, user: User) -> list[Option]:
    """Both ways, in full sentences. The first is offered only where nothing is against it."""
    now, found = timezone.now(), []
    due = workflow.due_of(release)
    if due and not reasons_against("schedule", release, by=user):
        message = gettext("Approve, and let this text go out %s instead")
        found.append(Option("schedule", message % when(due, now)))
    if release.live and release.publish_at:
        message = gettext("Approve only; the text approved %(approved)s still goes out %(due)s")
        still = {"approved": approved(release.live, now), "due": when(release.publish_at, now)}
        found.append(Option("approve", message % still))
    return found


def _post(request: Request, release: Release, verb: str) -> HttpResponse:
    form = ConfirmForm(request.POST)
    if not form.is_valid() or form.cleaned_data["do"] not in _possible(verb):
        return _back(request, release, [gettext("This page is out of date: press the button again.")])
    data = form.cleaned_data
    try:
        with transaction.atomic():
            release = locked(release, seen=data["seen"])
            if release.state() != data["state"]:
                raise Refused([_changed(release)])
            release = _do_verb(data, release, request.user)
            Intent.objects.filter(release=release, user=request.user).delete()
    except Refused as refusal:
        return _back(request, release, refusal.reasons)
    except Conflict as conflict:
        return _back(request, release, [_newer(conflict.revision)])
    messages.success(request, success_message(release, data["do"]))
    return redirect("admin:releases_release_change", release.pk)


def _possible(verb: str) -> tuple[str, ...]:
    return ("schedule", "approve") if verb == "approve" else (verb,)


def _do_verb(data: dict[str, Any], release: Release, user: User) -> Release:
    verbs: dict[str, Callable[[], Release]] = {
        "publish": lambda: workflow.publish(release, by=user),
        "schedule": lambda: workflow.schedule(release, by=user),
        "correct": lambda: workflow.correct(release, by=user, note=data["note"]),
        "approve": lambda: workflow.approve(release, by=user, comment=data["comment"]),
    }
    return verbs[data["do"]]()


def _reasons_against(verb: str, release: Release, note: str, user: User) -> list[str]:
    now = timezone.now()
    if verb == "correct":
        return against_correction(release, note, by=user, at=now)
    effective = way_out(release, now) if verb == "publish" else verb
    return reasons_against(effective, release, by=user, at=now)


def _newer(revision: Revision) -> str:
    message = gettext(
        "%(who)s saved a newer text at %(when)s. Nothing was done: look at it, then press again."
    )
    face = date_format(clock.local(revision.edited_at), "H:i:s")
    return message % {"who": revision.edited_by or "–", "when": face}


def _changed(release: Release) -> str:
    return gettext("This has changed since you pressed the button, and nothing was done. %s") % outlook(
        release
    )


def _back(request: Request, release: Release, reasons: list[str]) -> HttpResponse:
    show_reasons(request, reasons)
    return redirect("admin:releases_release_change", release.pk)


@dataclass(frozen=True)
class Fact:
    """A line of the page: `words`, or `items` where there are several."""

    label: str
    words: str = ""
    items: tuple[str, ...] = ()


def facts(verb: str, release: Release, *, at: datetime) -> list[Fact]:
    """Everything about the words of `release` that staff see, as `verb` would publish them."""
    revision = revision_of(release)
    return [
        Fact(gettext("Text"), _text(revision, at)),
        Fact(gettext("Language"), str(dict(settings.LANGUAGES).get(release.language, release.language))),
        Fact(gettext("When"), _when(verb, release, at)),
        *_instead(verb, release, at),
        *_address(release, revision),
        Fact(gettext("Feeds and lists"), items=tuple(_feeds(release, revision))),
        Fact(gettext("Told at once"), _notified(verb, release, at)),
    ]


def _text(revision: Revision, at: datetime) -> str:
    text = gettext("Revision %(number)d, last edited by %(who)s %(when)s: %(words)s, %(notes)s.") % {
        "number": revision.number,
        "who": revision.edited_by or "–",
        "when": when(revision.edited_at, at),
        "words": ngettext("%d word", "%d words", revision.word_count) % revision.word_count,
        "notes": ngettext("%d note", "%d notes", revision.note_count) % revision.note_count,
    }
    if not revision.approved_at:
        return text
    by = gettext("Approved by %(who)s %(when)s.") % {
        "who": revision.approved_by or "–",
        "when": approved(revision, at),
    }
    return f"{text} {by}"


def _when(verb: str, release: Release, at: datetime) -> str:
    zone, due = ZoneInfo(settings.TIME_ZONE), workflow.due_of(release)
    if verb == "approve":
        return gettext("You choose below.")
    if due and (verb == "schedule" or way_out(release, at) == "schedule"):
        return gettext("It %s.") % sentence(due, zone, at)
    date = when(release.publish_at, at) if release.publish_at else ""
    if verb == "correct":
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


def _instead(verb: str, release: Release, at: datetime) -> Iterator[Fact]:
    live, state = release.live, release.state(at)
    if live is None or release.publish_at is None:
        return
    moments = {"approved": approved(live, at), "due": when(release.publish_at, at)}
    if state == State.SCHEDULED and verb != "approve":
        text = gettext(
            "The text approved %(approved)s, scheduled to go out %(due)s: it stays in the history."
        )
        yield Fact(gettext("In place of"), text % moments)
    elif state == State.SCHEDULED:
        yield Fact(
            gettext("Scheduled"), gettext("The text approved %(approved)s, to go out %(due)s.") % moments
        )
    elif state == State.PUBLISHED:
        text = gettext("The text approved %(approved)s, which readers see now: it stays in the history.")
        yield Fact(gettext("In place of"), text % moments)
    elif release.working:
        text = gettext(
            "The withdrawal notice. The text approved %(approved)s, which was withdrawn, stays in the history: to show "
            "that one, go back and discard the draft first."
        )
        yield Fact(gettext("In place of"), text % moments)
    else:
        yield Fact(
            gettext("In place of"), gettext("The withdrawal notice: it is the text that was withdrawn.")
        )


def _address(release: Release, revision: Revision) -> Iterator[Fact]:
    slug = revision.planned_slug or release.slug
    yield Fact(gettext("Address"), absolute(address("release", slug, language=release.language)))
    if slug != release.slug:
        yield Fact(gettext("Leads to it"), absolute(release.get_absolute_url()))


def _feeds(release: Release, revision: Revision) -> Iterator[str]:
    language = dict(settings.LANGUAGES).get(release.language, release.language)
    yield gettext("everything in %s") % language
    for topic in topics_of(revision):
        yield topic.name_in(release.language)


def _notified(verb: str, release: Release, at: datetime) -> str:
    if not settings.WEBSUB_HUB:
        return gettext("Nobody: no hub is set up. Feed readers find it when they look next.")
    later = verb in {"schedule", "approve"} or way_out(release, at) == "schedule"
    if later:
        return gettext("Nobody. The hub, %s, hears of these feeds when it goes out.") % settings.WEBSUB_HUB
    return gettext("The hub, %s, hears of these feeds.") % settings.WEBSUB_HUB
