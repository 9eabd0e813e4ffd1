"""What topics are called, and why one cannot be called so: each word leads to one topic."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from releases.models import FormerSlug, Topic
from releases.models.topic import KEY_LENGTH, end_of, key_of
from releases.workflow.states import Refused

NAMED = ("name", "names", "description", "slug", "synonyms")


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
            name_so(Topic.objects.get(pk=topic.pk), before_and_after(topic, naming)[1])
            transaction.set_rollback(True)
    except Refused as refusal:
        return refusal.reasons
    return []


def make(naming: Naming) -> Topic:
    """A topic that is called so. Raises `Refused`."""
    topic = Topic(
        name=naming.name, names=dict(naming.names), description=naming.description, slug=naming.slug,
        synonyms=list(naming.synonyms),
    )  # fmt: skip
    if naming.slug and FormerSlug.objects.filter(slug=naming.slug).exists():
        raise Refused([_("Another topic had the address “%s”: choose another one.") % naming.slug])
    save(topic)
    return topic


def name_so(topic: Topic, words: Mapping[str, object]) -> None:
    """Call it by the fields of `NAMED`; a former address leads on. Raises `Refused`."""
    old = topic.slug
    for field in NAMED:
        setattr(topic, field, words[field])
    if topic.slug != old:
        if FormerSlug.objects.filter(slug=topic.slug).exclude(topic=topic).exists():
            raise Refused([_("Another topic had the address “%s”: choose another one.") % topic.slug])
        FormerSlug.objects.filter(slug=topic.slug, topic=topic).delete()
        FormerSlug.objects.get_or_create(slug=old, topic=topic)
    save(topic)


def save(topic: Topic) -> None:
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
    said = (
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
        for there, reason in said
        if key_of(word) in there
    ]
