"""The addresses of feeds, and which releases each of them holds."""

from collections.abc import Sequence
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from releases.addresses import address
from releases.feeds.answer import Channel, answer
from releases.models import Release, ReleaseTopic, Topic
from releases.models.release import ReleaseQuerySet
from releases.models.topic import in_index_order
from releases.views.index import topic_index
from releases.views.public import public

# More topics than this are nearly all of them.
MOST_TOPICS = 60
MOST_NAMED = 3


@public
def feed(request: HttpRequest, kind: str) -> HttpResponse:
    """The releases in the language of the address; with `?topic=a&topic=b`, those under any of these topics."""
    asked = request.GET.getlist("topic")
    path = address("feed", kind, language=request.language)
    if not asked:
        channel = Channel(
            settings.NEWSROOM["name"], address("front", language=request.language), path, hub=True
        )
        return answer(request, kind, _feedable(request.language), channel)
    topics = _standing(asked)
    slugs = sorted({topic.slug for topic in topics})
    if len(slugs) < 2 or slugs != asked:
        return redirect(_normal(request, kind, slugs), permanent=True)
    follow = address("follow", language=request.language)
    channel = Channel(_title(topics, request.language), follow, f"{path}?{_query(slugs)}")
    filed = ReleaseTopic.objects.filter(tag__in=topics).values("content_object")
    return answer(request, kind, _feedable(request.language).filter(pk__in=filed), channel)


@public
def topic_feed(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """The releases under one topic."""
    topic = Topic.objects.standing_at(slug)
    if topic is None:
        raise Http404("no such topic")
    if topic.slug != slug:
        return redirect(address("topic_feed", topic.slug, kind, language=request.language), permanent=True)
    path = address("topic_feed", topic.slug, kind, language=request.language)
    page = topic.get_absolute_url(request.language)
    channel = Channel(_title([topic], request.language), page, path, hub=True)
    return answer(request, kind, _feedable(request.language).filter(topic_items__tag=topic), channel)


@public
def opml(request: HttpRequest) -> HttpResponse:
    """The list of all feeds in the language of the address, for feed readers to take in at once."""
    words = {"index": topic_index(request.language), "language": request.language}
    response = render(request, "releases/feeds.opml", words, content_type="text/x-opml+xml; charset=utf-8")
    response.headers["Content-Disposition"] = 'inline; filename="feeds.opml"'
    return response


def _standing(asked: Sequence[str]) -> list[Topic]:
    """The topics that these addresses lead to, former ones too; 404 when one of them is nobody's."""
    wanted = {slug for slug in asked if slug}
    if len(wanted) > MOST_TOPICS or any("\x00" in slug for slug in wanted):
        raise Http404("too many topics, or what no topic is called")
    topics = list(Topic.objects.filter(slug__in=wanted, merged_into=None))
    for slug in wanted - {topic.slug for topic in topics}:
        topic = Topic.objects.standing_at(slug)
        if topic is None:
            raise Http404("no such topic")
        topics.append(topic)
    return topics


def _feedable(language: str) -> ReleaseQuerySet:
    """What readers may see; by a setting also, as notices, what they have seen and was withdrawn."""
    releases = Release.objects.visible()
    if settings.WITHDRAWN_IN_FEEDS:
        releases |= Release.objects.filter(live__isnull=False, withdrawn_at__gte=F("publish_at"))
    return releases.filter(language=language)


def _normal(request: HttpRequest, kind: str, slugs: Sequence[str]) -> str:
    """The one address of a choice of topics, so that readers and caches share it."""
    page = request.GET.get("page", "")
    volume = {"page": page} if page else {}
    if len(slugs) == 1:
        path, query = address("topic_feed", slugs[0], kind, language=request.language), urlencode(volume)
    else:
        path, query = address("feed", kind, language=request.language), _query(slugs, **volume)
    return f"{path}?{query}" if query else path


def _query(slugs: Sequence[str], **more: str) -> str:
    return urlencode([*(("topic", slug) for slug in slugs), *more.items()])


def _title(topics: Sequence[Topic], language: str) -> str:
    names = [topic.name_in(language) for topic in in_index_order(topics, language)]
    shown = ", ".join(names[:MOST_NAMED]) + (" …" if len(names) > MOST_NAMED else "")
    return f"{shown} · {settings.NEWSROOM['name']}"
