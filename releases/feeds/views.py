"""The addresses of feeds, which releases each of them holds, and the answer in the form asked for."""

from collections.abc import Sequence
from dataclasses import replace

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.utils.translation import gettext

from newsroom.http import Request
from releases.addresses import FEED_FORMATS, address, with_query
from releases.feeds.document import Channel, Chosen, document_of
from releases.feeds.formats import write_json, write_xml
from releases.feeds.items import xml_safe
from releases.models import Release, ReleaseTopic, Topic
from releases.models.topic import in_index_order
from releases.parts import FRAME, RELEASES, topic_part
from releases.reading.public import allow_cross_origin, cached_only_as, public
from releases.reading.ready import fed_in
from releases.reading.search import READS, SearchParameters, search_parameters
from releases.reading.subscriptions import Subscription, subscription_of, topics_at
from releases.reading.topics import search_vocabulary, topic_index
from releases.search import NEWEST, bitmap_index, find

# Topics that a title names.
MOST_NAMED = 3
# Beyond these the archive, or another filter, is the better way.
MOST_FOUND = 2000


@public("language*", "topic*", "page")
def feed(request: Request, suffix: str) -> HttpResponse:
    """The releases in the language of the address; with `?topic=a&topic=b`, those under any of these topics; with
    `?language=en&language=bo`, those in any of these languages."""
    languages, slugs = request.GET.getlist("language"), request.GET.getlist("topic")
    if set(languages) - {"", *dict(settings.LANGUAGES)}:
        raise Http404("no such language")
    topics = topics_at(slugs)
    subscription = subscription_of(request.language, filter(None, languages), (one.slug for one in topics))
    query = [*(("language", code) for code in languages), *(("topic", slug) for slug in slugs)]
    request.parts |= subscription.parts(topics)
    path = subscription.feed(suffix)
    if path != with_query(address("feed", suffix, language=request.language), query):
        return redirect(_same_page(request, path), permanent=True)
    releases: Chosen
    if query:
        releases = Release.objects.in_feeds().filter(language__in=subscription.languages)
        if topics:
            filed = ReleaseTopic.objects.filter(tag__in=topics).values("content_object")
            releases = releases.filter(pk__in=filed)
    else:
        releases = fed_in(request.edition, request.language).pks
    page = subscription.page() if query else address("front", language=request.language)
    # The hub is pinged for the feeds of everything and of a topic; other subscriptions have no end.
    channel = Channel(_subscription_title(topics, subscription), page, path, hub=not query)
    return feed_response(request, suffix, releases, channel)


@public("page")
def topic_feed(request: Request, slug: str, suffix: str) -> HttpResponse:
    """The releases under one topic."""
    topic = Topic.objects.at_address(slug)
    if topic is None:
        raise Http404("no such topic")
    request.parts.add(topic_part(topic.pk, request.language))
    path = address("topic_feed", topic.slug, suffix, language=request.language)
    if topic.slug != slug:
        return redirect(_same_page(request, path), permanent=True)
    releases = fed_in(request.edition, request.language, topic).pks
    title = _subscription_title([topic], subscription_of(request.language, (), (topic.slug,)))
    channel = Channel(title, topic.get_absolute_url(request.language), path, hub=True)
    return feed_response(request, suffix, releases, channel)


@public(*READS)
def search_feed(request: Request, suffix: str) -> HttpResponse:
    """The releases that a search finds, newest first."""
    request.parts.add(RELEASES)
    parameters = search_parameters(request.GET)
    pks: Sequence[int] = ()
    if not parameters.is_empty:
        filters = parameters.filters(search_vocabulary(request.edition, request.language))
        index = bitmap_index(request.edition)
        pks = find(parameters.query, index, filters, order=NEWEST, stop=MOST_FOUND).releases
    query = parameters.query_string(order=False)
    channel = Channel(
        title=_search_title(parameters),
        page=with_query(address("search", language=request.language), query),
        path=with_query(address("search_feed", suffix, language=request.language), query),
    )
    response = feed_response(request, suffix, pks, channel)
    page = request.GET.get("page")
    return cached_only_as(response, request, f"{query}&page={page}" if page else query)


@public()
def opml(request: Request) -> HttpResponse:
    """The list of all feeds in the language of the address, for import into feed readers."""
    request.parts.add(FRAME)
    index = [
        replace(entry, name=xml_safe(entry.name)) for entry in topic_index(request.edition, request.language)
    ]
    context = {"index": index, "language": request.language}
    response = render(request, "releases/feeds.opml", context, content_type="text/x-opml+xml; charset=utf-8")
    response.headers["Content-Disposition"] = 'inline; filename="feeds.opml"'
    return response


def feed_response(request: Request, suffix: str, releases: Chosen, channel: Channel) -> HttpResponse:
    """The feed of `releases` (already gated) in a format: the newest, or the page asked for."""
    document = document_of(request, releases, channel)
    form = FEED_FORMATS[suffix]
    if form.is_xml:
        body = write_xml(document, atom=suffix == "atom", stylesheet=static("css/feed.css"))
    else:
        body = write_json(document)
    response = HttpResponse(body, content_type=f"{form.media_type}; charset=utf-8")
    links = [("self", document.address), *([("hub", document.hub)] if document.hub else [])]
    response.headers["Link"] = ", ".join(f'<{url}>; rel="{relation}"' for relation, url in links)
    # Readers that run in a browser fetch feeds from pages of other sites.
    return allow_cross_origin(response)


def _same_page(request: Request, path: str) -> str:
    """The same page of the feed at `path` as was asked for here."""
    page = request.GET.get("page", "")
    return with_query(path, [("page", page)] if page else [])


def _subscription_title(topics: Sequence[Topic], subscription: Subscription) -> str:
    """The topics and the newsroom; the languages where there are several."""
    language = subscription.page_language
    names = [topic.name_in(language) for topic in in_index_order(topics, language)]
    shown = ", ".join(names[:MOST_NAMED]) + (" …" if len(names) > MOST_NAMED else "")
    languages = ", ".join(dict(settings.LANGUAGES)[code] for code in subscription.languages)
    parts = (shown, settings.NEWSROOM["name"], languages if len(subscription.languages) > 1 else "")
    return " · ".join(part for part in parts if part)


def _search_title(parameters: SearchParameters) -> str:
    year = [str(parameters.year)] if parameters.year is not None else []
    conditions = (parameters.query.text, *parameters.topics, *year, parameters.language)
    what = " · ".join(part for part in conditions if part)
    return gettext("Search: %(what)s · %(newsroom)s") % {"what": what, "newsroom": settings.NEWSROOM["name"]}
