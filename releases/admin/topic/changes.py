"""The record of the vocabulary, in sentences: what was done to which topic, and why it can or cannot be undone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from releases.models import Event, Topic
from releases.workflow.topics import VERBS

SHOWN = ("add topic", *VERBS, "undo")
LABELS = {
    "name": _("Name"),
    "names": _("Names in other languages"),
    "description": _("Description"),
    "slug": _("Address"),
    "synonyms": _("Synonyms"),
}


@dataclass(frozen=True)
class Change:
    """One event in words. `differences` holds (field, before, after) of a new name."""

    event: Event
    sentence: str
    differences: list[tuple[str, str, str]]


def changes(topic: Topic | None = None) -> list[Change]:
    """What was done to `topic`, or to any, newest first. (One query; a vocabulary changes some hundred times.)"""
    events = Event.objects.filter(release=None, verb__in=SHOWN).select_related("user").order_by("-pk")
    by_pk = {event.pk: event for event in events}
    return [
        Change(event, sentence(event, by_pk), differences(event))
        for event in by_pk.values()
        if topic is None or topic.pk in event.detail.get("topics", [])
    ]


def sentence(event: Event, events: dict[int, Event]) -> str:
    """What was done."""
    detail: dict[str, Any] = event.detail
    if event.verb == "add topic":
        return gettext("Added “%s”.") % detail["name"]
    if event.verb == "rename topic":
        return gettext("Changed “%s”.") % detail["before"]["name"]
    if event.verb == "merge topics":
        return gettext("Merged “%(topic)s” into “%(into)s”.") % detail
    if event.verb == "retire topic":
        return gettext("Retired “%s”.") % detail["name"]
    if event.verb == "split topic":
        number = len({release for release, _target in detail["made"]})
        words = ngettext(
            "Split “%(topic)s”: %(number)d release moved to %(into)s.",
            "Split “%(topic)s”: %(number)d releases moved to %(into)s.",
            number,
        )
        into = ", ".join(f"“{name}”" for name in detail["into"])
        return words % {"topic": detail["topic"], "number": number, "into": into}
    undone = events.get(detail["undone"])
    return gettext("Undone: %s") % (sentence(undone, events) if undone else detail["what"])


def differences(event: Event) -> list[tuple[str, str, str]]:
    """What a topic was called before and after, where the event says so."""
    before, after = event.detail.get("before"), event.detail.get("after")
    return differing(before, after) if before and after else []


def differing(before: Mapping[str, object], after: Mapping[str, object]) -> list[tuple[str, str, str]]:
    """The fields that differ, each as it was and as it is."""
    return [
        (str(label), _shown(before[name]), _shown(after[name]))
        for name, label in LABELS.items()
        if before[name] != after[name]
    ]


def _shown(value: object) -> str:
    if isinstance(value, dict):
        return _listed(f"{code}: {name}" for code, name in sorted(value.items()))
    return _listed(value) if isinstance(value, list) else str(value or "–")


def _listed(words: Iterable[str]) -> str:
    return " · ".join(words) or "–"
