"""The addresses of feeds, which releases each of them holds, and the answer in the form asked for."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.utils.translation import gettext

from releases.addresses import absolute, address
from releases.feeds.document import Document, Volume, volume_of
from releases.feeds.formats import write_json, write_xml
from releases.feeds.items import Item, item_of, writable
from releases.models import Release, ReleaseTopic, Topic
from releases.models.release import ReleaseQuerySet
from releases.models.topic import in_index_order
from releases.reading.public import cached_only_as, public
from releases.reading.search import READS, Asked, filters_of, read
from releases.reading.subscriptions import MOST_FORMER, Choice, choice_of, with_query
from releases.reading.topics import topic_index, vocabulary_of
from releases.search import NEWEST, find, shelf_of
from releases.search.engine import Among

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
    channel = Channel(_title_of_choice(topics, choice), page, choice.feed(kind), hub=not asked)
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
    title = _title_of_choice([topic], choice_of(request.language, (), (topic.slug,)))
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


def _title_of_choice(topics: Sequence[Topic], choice: Choice) -> str:
    """Which topics, whose newsroom; the languages where it is not that of the address alone."""
    names = [topic.name_in(choice.frame) for topic in in_index_order(topics, choice.frame)]
    shown = ", ".join(names[:MOST_NAMED]) + (" …" if len(names) > MOST_NAMED else "")
    spoken = ", ".join(dict(settings.LANGUAGES)[code] for code in choice.languages)
    parts = (shown, settings.NEWSROOM["name"], spoken if len(choice.languages) > 1 else "")
    return " · ".join(part for part in parts if part)


# Beyond these the archive, or another filter, is the better way.
MOST_FOUND = 2000


@public(*READS)
def search_feed(request: HttpRequest, kind: str) -> HttpResponse:
    """The releases that a search finds, newest first."""
    asked = read(request.GET)
    pks = []
    if asked.anything:
        filters = filters_of(asked, vocabulary_of(request.edition, request.language))
        pks = find(asked.query, shelf_of(request.edition), filters, order=NEWEST, stop=MOST_FOUND).releases
    question = asked.address(order=False)
    here = address("search_feed", kind, language=request.language)
    page = address("search", language=request.language)
    channel = Channel(
        title=_title_of_search(asked),
        page=f"{page}?{question}" if question else page,
        path=f"{here}?{question}" if question else here,
    )
    response = answer(request, kind, Release.objects.visible().filter(pk__in=Among(pks)), channel)
    volume = request.GET.get("page")
    return cached_only_as(response, request, f"{question}&page={volume}" if volume else question)


def _title_of_search(asked: Asked) -> str:
    filters = [*asked.topics, *([str(asked.year)] if asked.year is not None else []), asked.language]
    named = " · ".join(part for part in (asked.query.text, *filters) if part)
    return gettext("Search: %(what)s · %(newsroom)s") % {"what": named, "newsroom": settings.NEWSROOM["name"]}


TYPES = {"rss": "application/rss+xml", "atom": "application/atom+xml", "json": "application/feed+json"}

# Atom asks for a date where nothing has happened. Validators find one before 1990 implausible.
NEVER = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Channel:
    """What a feed is: its title, the path of the page that it is about, its own path (with what it asks for behind
    a question mark, in normal order), and whether the hub is told of its changes."""

    title: str
    page: str
    path: str
    hub: bool = False


def answer(request: HttpRequest, kind: str, releases: ReleaseQuerySet, channel: Channel) -> HttpResponse:
    """The feed of `releases` (in any order, already gated) as `kind`: the newest, or the volume asked for."""
    volume = volume_of(request, releases)
    items = [item_of(release) for release in volume.releases]
    address = _address(channel, volume.number)
    hub = settings.WEBSUB_HUB if channel.hub and volume.number is None else ""
    document = Document(
        title=writable(channel.title),
        language=request.language,
        page=absolute(channel.page),
        address=address,
        current=absolute(channel.path),
        links=_links(channel, volume, hub),
        hub=hub,
        archive=volume.number is not None,
        image=absolute(static("img/touch-icon.png")),
        updated=_updated(items),
        items=items,
    )
    if kind == "json":
        body = write_json(document)
    else:
        body = write_xml(document, kind=kind, stylesheet=static("css/feed.css"))
    response = HttpResponse(body, content_type=f"{TYPES[kind]}; charset=utf-8")
    links = [("self", address), *([("hub", hub)] if hub else [])]
    response.headers["Link"] = ", ".join(f'<{where}>; rel="{what}"' for what, where in links)
    # Readers that run in a browser fetch feeds from pages of other sites.
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _links(channel: Channel, volume: Volume, hub: str) -> list[tuple[str, str]]:
    """RFC 5005: the newest items, the volumes next to this one, by the names of its sections 3 (pages) and 4
    (archives), since readers know one or the other; WebSub: the hub."""
    links = [("hub", hub)] if hub else []
    newest = absolute(channel.path)
    if volume.number is not None:
        newer = _address(channel, volume.newer) if volume.newer else newest
        links += [("current", newest), ("first", newest), ("previous", newer)]
    if volume.older:
        older = _address(channel, volume.older)
        links += [("prev-archive", older), ("next", older)]
    if volume.newer:
        links.append(("next-archive", _address(channel, volume.newer)))
    if volume.last:
        links.append(("last", _address(channel, 1)))
    return links


def _address(channel: Channel, number: int | None) -> str:
    if number is None:
        return absolute(channel.path)
    mark = "&" if "?" in channel.path else "?"
    return absolute(f"{channel.path}{mark}page={number}")


def _updated(items: list[Item]) -> datetime:
    """Of this feed's items, so that it stays the same when another one changes, an empty one too."""
    return max((item.updated for item in items), default=NEVER)
