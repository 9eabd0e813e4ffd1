"""What a change to the vocabulary would affect, and the changes that were made, in sentences."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from newsroom.portions import portions
from releases.addresses import FEED_FORMATS, address
from releases.models import Event, FormerSlug, Release, ReleaseTopic, RevisionTopic, Topic
from releases.models.release import ReleaseQuerySet, State
from releases.workflow.filing import PORTION, Filing
from releases.workflow.topics import VERBS


@dataclass(frozen=True)
class Group:
    """Releases in the same state, newest first."""

    label: str
    releases: list[Release] = field(default_factory=list)

    @property
    def folded(self) -> bool:
        """A long list is shown when asked for."""
        return len(self.releases) > 30


@dataclass(frozen=True)
class FiledReleases:
    """Every release under a topic, in groups by its state."""

    live: Group
    embargoed: Group
    withdrawn: Group
    drafts: Group

    @property
    def groups(self) -> list[Group]:
        """In the order in which they matter to readers."""
        return [self.live, self.embargoed, self.withdrawn, self.drafts]

    @property
    def count(self) -> int:
        """How many releases that are."""
        return sum(len(group.releases) for group in self.groups)


def filed_under(topic: Topic, *, at: datetime | None = None) -> FiledReleases:
    """The releases under `topic`, newest first: with their live words, or, in `drafts`, with their drafts alone."""
    found = FiledReleases(
        Group(gettext("Published")),
        Group(gettext("Embargoed")),
        Group(gettext("Withdrawn")),
        Group(gettext("Drafts")),
    )
    places = {State.PUBLISHED: found.live, State.SCHEDULED: found.embargoed, State.WITHDRAWN: found.withdrawn}
    filed = _with_words(Release.objects.filter(topic_items__tag=topic))
    for release in filed:
        places[release.state(at)].releases.append(release)
    drafts = _drafts_under(topic) - {release.pk for release in filed}
    for portion in portions(sorted(drafts), PORTION):
        found.drafts.releases.extend(_with_words(Release.objects.filter(pk__in=portion)))
    return found


def live_releases_of(topic: Topic) -> set[int]:
    """The primary keys of the releases whose live words are under `topic`."""
    return set(ReleaseTopic.objects.filter(tag=topic).values_list("content_object_id", flat=True))


@dataclass(frozen=True)
class Redirect:
    """An address that would lead to another one."""

    old: str
    new: str


def redirects_of(topic: Topic, into: Topic) -> list[Redirect]:
    """Every page and feed of `topic`, and of what was merged into it before, with where it would lead."""
    merged: dict[int, list[int]] = {}
    for pk, target in Topic.objects.exclude(merged_into=None).values_list("pk", "merged_into_id"):
        merged.setdefault(target, []).append(pk)
    parts = [topic.pk]
    for pk in parts:
        parts += merged.get(pk, [])
    slugs = [
        *Topic.objects.filter(pk__in=parts).in_order().values_list("slug", flat=True),
        *FormerSlug.objects.filter(topic__in=parts).order_by("slug").values_list("slug", flat=True),
    ]
    return [one for slug in slugs for one in _redirects(slug, into.slug)]


def _redirects(old: str, new: str) -> list[Redirect]:
    feeds = [
        Redirect(address("topic_feed", old, kind), address("topic_feed", new, kind)) for kind in FEED_FORMATS
    ]
    return [Redirect(address("topic", old), address("topic", new)), *feeds]


def _with_words(releases: ReleaseQuerySet) -> list[Release]:
    return list(
        releases.in_order()
        .select_related("live", "working")
        .only(
            "slug", "language", "publish_at", "withdrawn_at", "live__title", "working__title",
            "working__submitted_at", "working__approved_at",
        )
    )  # fmt: skip


def _drafts_under(topic: Topic) -> set[int]:
    """The releases whose draft stands under `topic`, read through merges and splits as the workflow reads it."""
    topics: dict[int, set[int]] = {}
    drafts = dict(Release.objects.filter(working__isnull=False).values_list("working_id", "pk"))
    rows = RevisionTopic.objects.filter(
        content_object__in=Release.objects.filter(working__isnull=False).values("working")
    )
    for revision, tag in rows.values_list("content_object_id", "tag_id"):
        if revision in drafts:
            topics.setdefault(drafts[revision], set()).add(tag)
    found = set()
    for portion in portions(sorted(topics), PORTION):
        filing = Filing(portion)
        found |= {pk for pk in portion if topic.pk in filing.shown(pk, topics[pk])}
    return found


# The verbs of events that the pages list.
LISTED_VERBS = ("add topic", *VERBS, "undo")
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
    events = Event.objects.filter(release=None, verb__in=LISTED_VERBS).select_related("user").order_by("-pk")
    by_pk = {event.pk: event for event in events}
    return [
        Change(event, sentence(event, by_pk), differences(event))
        for event in by_pk.values()
        if topic is None or topic.pk in event.detail.get("topics", [])
    ]


def sentence(event: Event, events: dict[int, Event]) -> str:
    """What was done, in a sentence."""
    detail: dict[str, Any] = event.detail
    if event.verb == "add topic":
        return gettext("Added “%s”.") % str(detail["name"])
    if event.verb == "rename topic":
        return gettext("Changed “%s”.") % str(detail["before"]["name"])
    if event.verb == "merge topics":
        return gettext("Merged “%(topic)s” into “%(into)s”.") % detail
    if event.verb == "retire topic":
        return gettext("Retired “%s”.") % str(detail["name"])
    if event.verb == "split topic":
        number = len({release for release, _target in detail["made"]})
        message = ngettext(
            "Split “%(topic)s”: %(number)d release moved to %(into)s.",
            "Split “%(topic)s”: %(number)d releases moved to %(into)s.",
            number,
        )
        into = ", ".join(f"“{name}”" for name in detail["into"])
        return message % {"topic": detail["topic"], "number": number, "into": into}
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
