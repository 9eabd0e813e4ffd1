"""Verbs on the vocabulary (rename, merge, split, retire, undo), and why a topic cannot be called something: each word leads to
one topic."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from newsroom.accounts.models import User
from releases.models import Event, FormerSlug, Refiling, Release, ReleaseTopic, Topic
from releases.models.topic import KEY_LENGTH, end_of, key_of
from releases.permissions import may
from releases.workflow.public_change import public_change
from releases.workflow.states import Refused

VERBS = ("rename topic", "merge topics", "split topic", "retire topic")
NAMED = ("name", "names", "description", "slug", "synonyms")


# ------------------------------------------------------------------ names


@dataclass(frozen=True)
class Naming:
    """What a topic is called. An empty slug keeps the present one."""

    name: str
    names: Mapping[str, str]
    description: str = ""
    slug: str = ""
    synonyms: Iterable[str] = ()


def before_and_after(topic: Topic, naming: Naming) -> tuple[dict[str, Any], dict[str, Any]]:
    """What a topic is called, and what it would be called: the fields of `NAMED`."""
    after = {
        "name": " ".join(naming.name.split()),
        "names": dict(naming.names),
        "description": naming.description,
        "slug": naming.slug or topic.slug,
        "synonyms": list(naming.synonyms),
    }
    return {field: getattr(topic, field) for field in NAMED}, after


def reasons_against_naming(topic: Topic, naming: Naming) -> list[str]:
    """Why a topic cannot be called so, for who would like to know before; nothing is changed."""
    try:
        with transaction.atomic():
            _name_so(Topic.objects.get(pk=topic.pk), before_and_after(topic, naming)[1])
            transaction.set_rollback(True)
    except Refused as refusal:
        return refusal.reasons
    return []


def _make(naming: Naming) -> Topic:
    """A topic that is called so. Raises `Refused`."""
    topic = Topic(
        name=naming.name, names=dict(naming.names), description=naming.description, slug=naming.slug,
        synonyms=list(naming.synonyms),
    )  # fmt: skip
    if naming.slug and FormerSlug.objects.filter(slug=naming.slug).exists():
        raise Refused([_("Another topic had the address “%s”: choose another one.") % naming.slug])
    _save(topic)
    return topic


def _name_so(topic: Topic, words: Mapping[str, object]) -> None:
    """Call it by the fields of `NAMED`; a former address leads on. Raises `Refused`."""
    old = topic.slug
    for field in NAMED:
        setattr(topic, field, words[field])
    if topic.slug != old:
        if FormerSlug.objects.filter(slug=topic.slug).exclude(topic=topic).exists():
            raise Refused([_("Another topic had the address “%s”: choose another one.") % topic.slug])
        FormerSlug.objects.filter(slug=topic.slug, topic=topic).delete()
        FormerSlug.objects.get_or_create(slug=old, topic=topic)
    _save(topic)


def _save(topic: Topic) -> None:
    """Store it, if its words lead nowhere else. Raises `Refused`."""
    if not any(character.isalnum() for character in topic.name):
        raise Refused([_("A topic's name needs at least one letter or digit.")])
    words = (topic.name, *topic.names.values(), *topic.synonyms)
    if long := next((word for word in words if len(key_of(word)) > KEY_LENGTH), ""):
        raise Refused([_("“%s…” is too long.") % long[:40]])
    twin = Topic.objects.filter(key=key_of(topic.name)).exclude(pk=topic.pk).first()
    if twin is not None:
        raise Refused([_("There is a topic of this name already: “%s”.") % twin.name])
    if reasons := _claimed(topic):
        raise Refused(reasons)
    try:
        topic.save()
    except IntegrityError as error:
        raise Refused([_("Another topic has this name, this address or one of these words.")]) from error


def _claimed(topic: Topic) -> list[str]:
    """Which of its words lead to another topic already, said for people; `TopicWord` is what holds it. Topics that were
    merged into one share their words."""
    known = {other.pk: other for other in Topic.objects.in_order()} | {topic.pk: topic}
    end = end_of(topic, known)
    others = [other for other in known.values() if end_of(other, known) is not end]
    claims = (
        ({other.key: other.name for other in others}, _("“%(name)s” is a topic's own name already.")),
        (
            {key_of(word): other.name for other in others for word in other.names.values()},
            _("“%(name)s” is “%(topic)s” in another language already."),
        ),
        (
            {key_of(word): other.name for other in others for word in other.synonyms},
            _("“%(name)s” is a synonym of “%(topic)s” already."),
        ),
    )
    return [
        reason % {"name": word, "topic": there[key_of(word)]}
        for word in dict.fromkeys((topic.name, *topic.names.values(), *topic.synonyms))
        for there, reason in claims
        if key_of(word) in there
    ]


# ------------------------------------------------------------------ verbs


@transaction.atomic
def add_topic(naming: Naming, *, by: User, at: datetime | None = None) -> Topic:
    """A new entry of the vocabulary. Raises `Refused`."""
    at = at or timezone.now()
    _allow(by)
    with public_change(everywhere=True, at=at):
        topic = _make(naming)
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
            _name_so(topic, after)
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
        _save(topic)
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
        _save(topic)
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
            _name_so(first, event.detail["before"])
        elif event.verb == "merge topics":
            first.merged_into = None
            _save(first)
        elif event.verb == "split topic":
            for release, target in event.detail["made"]:
                Refiling.objects.filter(release=release, source=first, target=target).delete()
        else:
            first.retired_at = None
            _save(first)
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
