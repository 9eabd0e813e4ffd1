"""Verbs on the vocabulary: rename, merge, split, retire, and undo, which puts back exactly what was."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from newsroom.accounts.models import User
from releases.models import Event, Refiling, Release, ReleaseTopic, Topic
from releases.permissions import may
from releases.workflow.naming import Naming, before_and_after, make, name_so, save
from releases.workflow.public_change import public_change
from releases.workflow.states import Refused

VERBS = ("rename topic", "merge topics", "split topic", "retire topic")


@transaction.atomic
def add_topic(naming: Naming, *, by: User, at: datetime | None = None) -> Topic:
    """A new entry of the vocabulary. Raises `Refused`."""
    at = at or timezone.now()
    _allow(by)
    with public_change(everywhere=True, at=at):
        topic = make(naming)
    _record("add topic", [topic], by, at, name=topic.name)
    return topic


@transaction.atomic
def rename(topic: Topic, naming: Naming, *, by: User, at: datetime | None = None) -> Topic:
    """Call a topic something else; its former address leads on."""
    at = at or timezone.now()
    _allow(by)
    topic = Topic.objects.select_for_update().get(pk=topic.pk)
    before, after = before_and_after(topic, naming)
    if before != after:
        with public_change(topics=[topic], at=at):
            name_so(topic, after)
        _record("rename topic", [topic], by, at, before=before, after=after)
    return topic


@transaction.atomic
def merge(topic: Topic, into: Topic, *, by: User, at: datetime | None = None) -> Topic:
    """Let everything filed under `topic` stand under `into`; its name and addresses lead there."""
    at = at or timezone.now()
    _allow(by)
    topic, into = _locked(topic, into)
    if topic.pk == into.pk:
        raise Refused([_("A topic cannot be merged into itself.")])
    if topic.merged_into_id or into.merged_into_id:
        raise Refused([_("One of these topics has been merged into another already.")])
    if into.retired_at:
        raise Refused([_("“%s” is retired: merge the other way round, or undo that first.") % into.name])
    with public_change(topics=[topic, into], at=at):
        topic.merged_into = into
        save(topic)
    _record("merge topics", [topic, into], by, at, topic=topic.name, into=into.name)
    return into


@transaction.atomic
def split(
    topic: Topic, parts: Mapping[Topic, Iterable[Release]], *, by: User, at: datetime | None = None
) -> Topic:
    """Move releases from `topic` to the topics they are given to, which may be several; the others stay."""
    at = at or timezone.now()
    _allow(by)
    topic, *_targets = _locked(topic, *parts)
    if topic.pk in {part.pk for part in parts} or any(part.merged_into_id for part in parts):
        raise Refused([_("Split a topic into others than itself, none of which was merged away.")])
    here = _under(topic)
    moves = [
        (release.pk, part.pk)
        for part, releases in parts.items()
        for release in releases
        if release.pk in here
    ]
    if not moves:
        raise Refused([_("Choose at least one release that is filed under this topic.")])
    before = list(
        Refiling.objects.filter(release__in={pk for pk, _part in moves}, source=topic).values_list(
            "release_id", "target_id"
        )
    )
    with public_change(topics=[topic], at=at):
        made = [
            Refiling.objects.get_or_create(release_id=release, source=topic, target_id=part)[0]
            for release, part in moves
        ]
    _record(
        "split topic", [topic, *parts], by, at, topic=topic.name, into=[part.name for part in parts],
        made=[[one.release_id, one.target_id] for one in made if (one.release_id, one.target_id) not in before],
    )  # fmt: skip
    return topic


@transaction.atomic
def retire(topic: Topic, *, by: User, at: datetime | None = None) -> Topic:
    """Take a topic out of the picker and the index; what is filed under it stays, and so does its page."""
    at = at or timezone.now()
    _allow(by)
    (topic,) = _locked(topic)
    if topic.retired_at or topic.merged_into_id:
        raise Refused([_("This topic is not in the vocabulary any more.")])
    with public_change(topics=[topic], at=at):
        topic.retired_at = at
        save(topic)
    _record("retire topic", [topic], by, at, name=topic.name)
    return topic


@transaction.atomic
def undo(event: Event, *, by: User, at: datetime | None = None) -> None:
    """Put back what a verb did to topics. Only the latest one to touch any of its topics can be undone."""
    at = at or timezone.now()
    _allow(by)
    topics = _locked(*Topic.objects.filter(pk__in=event.detail.get("topics", [])))
    if reason := reason_against_undo(event):
        raise Refused([reason])
    by_pk = {topic.pk: topic for topic in topics}
    first = by_pk[event.detail["topics"][0]]
    with public_change(topics=topics, at=at):
        if event.verb == "rename topic":
            name_so(first, event.detail["before"])
        elif event.verb == "merge topics":
            first.merged_into = None
            save(first)
        elif event.verb == "split topic":
            for release, target in event.detail["made"]:
                Refiling.objects.filter(release=release, source=first, target=target).delete()
        else:
            first.retired_at = None
            save(first)
    _record("undo", topics, by, at, undone=event.pk, what=event.verb)


def reason_against_undo(event: Event) -> str:
    """Why an event cannot be undone, or nothing."""
    return reasons_against_undo([event])[event.pk]


def reasons_against_undo(events: Iterable[Event]) -> dict[int, str]:
    """For each event (primary key) why it cannot be undone, or nothing. One query for all of them."""
    events = list(events)
    first = min((event.pk for event in events), default=0)
    # Events of the vocabulary belong to no release, which an index knows.
    later = Event.objects.filter(release=None, verb__in=[*VERBS, "undo"], pk__gt=first).order_by("-pk")
    done = list(later) if events else []
    return {event.pk: _reason_against_undo(event, done) for event in events}


def _reason_against_undo(event: Event, later: Iterable[Event]) -> str:
    """`later`: what has been done to topics since, newest first; what is older than `event` may be among it."""
    if event.verb not in VERBS:
        return _("This cannot be undone.")
    topics = set(event.detail["topics"])
    undone: set[int] = set()
    for other in later:
        if other.pk <= event.pk:
            break
        if other.verb == "undo":
            undone.add(other.detail["undone"])
        elif other.pk not in undone and topics & set(other.detail["topics"]):
            return _("Something has been done to these topics since: undo that first.")
    return _("This has been undone already.") if event.pk in undone else ""


def _allow(by: User) -> None:
    if not may(by, "change topics"):
        raise Refused([_("Only a chief may change the vocabulary.")])
    # One change at a time: two chiefs could merge two topics into each other. Releases go on being filed meanwhile.
    list(Topic.objects.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))


def _locked(*topics: Topic) -> list[Topic]:
    """The topics as they are now, in the order asked for, held until the transaction ends."""
    found = {
        topic.pk: topic
        for topic in Topic.objects.select_for_update()
        .filter(pk__in=[one.pk for one in topics])
        .order_by("pk")
    }
    return [found[topic.pk] for topic in topics]


def _under(*topics: Topic) -> set[int]:
    """The releases that stand under any of these topics."""
    return set(ReleaseTopic.objects.filter(tag__in=topics).values_list("content_object_id", flat=True))


def _record(verb: str, topics: Iterable[Topic], by: User, at: datetime, **detail: object) -> None:
    """Write the one event of a verb."""
    detail["topics"] = [topic.pk for topic in topics]
    Event.objects.create(user=by, verb=verb, at=at, detail=detail)
