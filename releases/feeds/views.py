"""The addresses of feeds, and which releases each of them holds."""

from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from releases.addresses import address
from releases.feeds.answer import Channel, answer
from releases.feeds.items import writable
from releases.models import Release, ReleaseTopic, Topic
from releases.models.release import ReleaseQuerySet
from releases.models.topic import in_index_order
from releases.reading.choice import MOST_FORMER, Choice, choice_of, with_query
from releases.reading.index import topic_index
from releases.reading.public import public

# Whoever ticks all of a large vocabulary still gets an address that answers.
MOST_TOPICS = 500
MOST_NAMED = 3


@public("language*", "topic*", "page")
def feed(request: HttpRequest, kind: str) -> HttpResponse:
    """The releases in the language of the address; with `?topic=a&topic=b`, those under any of these topics; with
    `?language=en&language=bo`, those in any of these languages."""
    languages, slugs = request.GET.getlist("language"), request.GET.getlist("topic")
    if set(languages) - {"", *dict(settings.LANGUAGES)}:
        raise Http404("no such language")
    topics = _standing(slugs)
    choice = choice_of(request.language, filter(None, languages), (topic.slug for topic in topics))
    asked = [*(("language", code) for code in languages), *(("topic", slug) for slug in slugs)]
    if choice.feed(kind) != with_query(address("feed", kind, language=request.language), asked):
        return redirect(_volume_of(request, choice.feed(kind)), permanent=True)
    releases = _feedable(*choice.languages)
    if topics:
        filed = ReleaseTopic.objects.filter(tag__in=topics).values("content_object")
        releases = releases.filter(pk__in=filed)
    page = choice.page() if asked else address("front", language=request.language)
    # The hub is told of feeds that everybody has in common; choices are without number.
    channel = Channel(_title(topics, choice), page, choice.feed(kind), hub=not asked)
    return answer(request, kind, releases, channel)


@public("page")
def topic_feed(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """The releases under one topic."""
    topic = Topic.objects.standing_at(slug)
    if topic is None:
        raise Http404("no such topic")
    path = address("topic_feed", topic.slug, kind, language=request.language)
    if topic.slug != slug:
        return redirect(_volume_of(request, path), permanent=True)
    page = topic.get_absolute_url(request.language)
    title = _title([topic], choice_of(request.language, (), (topic.slug,)))
    channel = Channel(title, page, path, hub=True)
    return answer(request, kind, _feedable(request.language).filter(topic_items__tag=topic), channel)


@public()
def opml(request: HttpRequest) -> HttpResponse:
    """The list of all feeds in the language of the address, for feed readers to take in at once."""
    index = [replace(entry, name=writable(entry.name)) for entry in topic_index(request.language)]
    words = {"index": index, "language": request.language}
    response = render(request, "releases/feeds.opml", words, content_type="text/x-opml+xml; charset=utf-8")
    response.headers["Content-Disposition"] = 'inline; filename="feeds.opml"'
    return response


def _standing(asked: Sequence[str]) -> list[Topic]:
    """The topics that these addresses lead to, former ones too; 404 when one of them is nobody's."""
    wanted = {slug for slug in asked if slug}
    if not wanted:
        return []
    if len(wanted) > MOST_TOPICS or any("\x00" in slug for slug in wanted):
        raise Http404("too many topics, or what no topic is called")
    topics = list(Topic.objects.filter(slug__in=wanted, merged_into=None))
    former = wanted - {topic.slug for topic in topics}
    if len(former) > MOST_FORMER:
        raise Http404("too many topics that are called so no more")
    for slug in former:
        topic = Topic.objects.standing_at(slug)
        if topic is None:
            raise Http404("no such topic")
        topics.append(topic)
    return topics


def _feedable(*languages: str) -> ReleaseQuerySet:
    return Release.objects.in_feeds().filter(language__in=languages)


def _volume_of(request: HttpRequest, path: str) -> str:
    """The same volume of the feed at `path` as was asked for here."""
    page = request.GET.get("page", "")
    mark = "&" if "?" in path else "?"
    return path + (f"{mark}{urlencode({'page': page})}" if page else "")


def _title(topics: Sequence[Topic], choice: Choice) -> str:
    """Which topics, whose newsroom; the languages where it is not that of the address alone."""
    names = [topic.name_in(choice.frame) for topic in in_index_order(topics, choice.frame)]
    shown = ", ".join(names[:MOST_NAMED]) + (" …" if len(names) > MOST_NAMED else "")
    spoken = ", ".join(dict(settings.LANGUAGES)[code] for code in choice.languages)
    parts = (shown, settings.NEWSROOM["name"], spoken if len(choice.languages) > 1 else "")
    return " · ".join(part for part in parts if part)
