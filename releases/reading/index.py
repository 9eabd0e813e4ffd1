"""The topic index, "Explore topics": at the foot of every page, whole, in one query."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Count, Exists, IntegerField, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

from releases.languages import frame_language
from releases.models import Release, ReleaseTopic, Topic
from releases.models.topic import in_index_order


@dataclass(frozen=True)
class Entry:
    """A topic as the index names it. `spoken` is the name's language where the page around it is in another one."""

    topic: Topic
    name: str
    path: str
    spoken: str = ""
    of_release: bool = False
    count: int | None = None


def entry(topic: Topic, language: str) -> Entry:
    """How lists in `language` name a topic; what the index's query has found out about it goes along."""
    of_name = language if topic.names.get(language) else settings.LANGUAGE_CODE
    return Entry(
        topic=topic,
        name=topic.name_in(language),
        path=topic.get_absolute_url(language),
        spoken="" if of_name == language == frame_language(language) else of_name,
        of_release=getattr(topic, "of_release", False),
        count=getattr(topic, "visible_count", None),
    )


def topic_index(language: str, *, release: Release | None = None) -> list[Entry]:
    """All topics in the index's order, in one query; those of `release` are marked."""
    topics = Topic.objects.current().only("name", "slug", "names", "description")
    if release:
        of_release = ReleaseTopic.objects.filter(tag=OuterRef("pk"), content_object=release)
        topics = topics.annotate(of_release=Exists(of_release))
    return entries(topics, language)


def counted_index(language: str, *, at: datetime | None = None) -> list[Entry]:
    """All topics, each with the number of visible releases in `language`, in one query."""
    visible = Release.objects.visible(at).filter(language=language)
    filed = (
        ReleaseTopic.objects.filter(tag=OuterRef("pk"), content_object__in=visible)
        .order_by()
        .values("tag")
        .annotate(number=Count("pk"))
        .values("number")
    )
    count = Coalesce(Subquery(filed), Value(0), output_field=IntegerField())
    return entries(Topic.objects.current().annotate(visible_count=count), language)


def entries(topics: Iterable[Topic], language: str) -> list[Entry]:
    """Entries in the index's order."""
    return [entry(topic, language) for topic in in_index_order(topics, language)]
