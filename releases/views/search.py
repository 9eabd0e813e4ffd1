"""Search: the page, what it proposes while somebody types, and its description for browsers."""

import json
from dataclasses import dataclass
from operator import itemgetter

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import SimpleLazyObject

from releases.addresses import absolute, address
from releases.models import Topic
from releases.numbers import whole
from releases.reading.index import topic_index
from releases.reading.lists import MOST_PAGES, PER_PAGE
from releases.reading.public import kept_as, page, public, versions_of
from releases.reading.vocabulary import Vocabulary, vocabulary_of
from releases.search import BEST, NEWEST, Filters, Found, find, shelf_of
from releases.search.asked import READS, Asked, read
from releases.search.find import hits_of

PROPOSED, PROPOSED_TOPICS = 8, 3
# Of the topics of a result; the others are found by choosing one of these first.
MOST_TOPICS = 32


@dataclass(frozen=True)
class Choice:
    """A way to narrow the result, or to widen it again where it is `chosen`."""

    name: str
    path: str
    count: int
    chosen: bool = False
    spoken: str = ""


@public(*READS)
def search(request: HttpRequest) -> HttpResponse:
    """What was found, twenty a page, and how it spreads over topics, years and languages."""
    asked = read(request.GET)
    number = _page_number(request)
    topics = vocabulary_of(request.edition, request.language)
    found = Found(0, [], {}, {}, {})
    if asked.anything:
        filters = filters_of(asked, topics)
        start = (number - 1) * PER_PAGE
        found = find(
            asked.query,
            shelf_of(request.edition),
            filters,
            order=asked.order,
            start=start,
            stop=start + PER_PAGE,
        )
    if number > 1 and not found.releases:
        raise Http404("no such page")
    here = address("search", language=request.language)
    words = {
        "here": "search",
        "asked": asked,
        "total": found.total,
        "hits": hits_of(found.releases, asked.query),
        "page": _page(found, number),
        "for_engines": number == 1 and found.total > 0 and asked.is_plain,
        "named": [(topic, topic.path(request.language)) for topic in topics.named(asked.query)],
        "topics": _topics(asked, found, topics, here),
        "years": _years(asked, found, here),
        "in_languages": _languages(asked, found, here),
        "orders": _orders(asked, here),
        "permalink": _path(here, asked.address()),
        "following": asked.address(order=False),
        "canonical": _path(here, asked.address(page=number)),
    }
    same = {
        code: _path(address("search", language=code), asked.address()) for code, _name in settings.LANGUAGES
    }
    # Read only when the index at the foot of the page, which the template keeps for an edition, is drawn anew.
    index = SimpleLazyObject(lambda: topic_index(request.language))
    response = page(request, "releases/search.html", words, index=index, same=same)
    return kept_as(response, request, asked.address(page=number))


@public("q")
def suggest(request: HttpRequest) -> HttpResponse:
    """Releases and topics for words that are still being typed, as OpenSearch's suggestions (version 1.1):
    what was typed, names, what they are, addresses."""
    asked = read(request.GET, typing=True)
    names: list[tuple[str, str, str]] = []
    if asked.query.wanted:
        for topic in vocabulary_of(request.edition, request.language).named(asked.query)[:PROPOSED_TOPICS]:
            names.append((topic.name, "topic", topic.path(request.language)))
        found = find(asked.query, shelf_of(request.edition), stop=PROPOSED - len(names))
        for hit in hits_of(found.releases, asked.query):
            names.append((hit.name, hit.language, hit.path))
    answer = [asked.query.text, *([one[part] for one in names] for part in range(2))]
    answer.append([absolute(one[2]) for one in names])
    response = HttpResponse(
        json.dumps(answer, ensure_ascii=False), content_type="application/x-suggestions+json; charset=utf-8"
    )
    response.headers["X-Robots-Tag"] = "noindex"
    return kept_as(response, request, asked.address())


@public()
def opensearch(request: HttpRequest) -> HttpResponse:
    """How a browser asks this search (OpenSearch 1.1, draft 6)."""
    words = {
        "page_address": absolute(address("search", language=request.language)),
        "suggest_address": absolute(address("suggest", language=request.language)),
        "self_address": absolute(request.path),
        "versions": versions_of(request.language, {}),
    }
    kind = "application/opensearchdescription+xml; charset=utf-8"
    return render(request, "releases/opensearch.xml", words, content_type=kind)


def filters_of(asked: Asked, topics: Vocabulary) -> Filters:
    """The filters of an address; a topic that was merged is what it was merged into, an unknown one finds nothing."""
    known = {topic.slug: topic.pk for topic in topics.topics} if asked.topics else {}
    wanted = []
    for slug in asked.topics:
        if slug not in known:
            standing = Topic.objects.standing_at(slug)
            known[slug] = standing.pk if standing else 0
        wanted.append(known[slug])
    return Filters(tuple(wanted), asked.year, asked.language)


def _page_number(request: HttpRequest) -> int:
    number = whole(request.GET.get("page", "1"), least=1, most=MOST_PAGES)
    if number is None:
        raise Http404("no such page")
    return number


def _page(found: Found, number: int) -> Page:
    paginator = Paginator(range(found.total), PER_PAGE)
    return Page(found.releases, number, paginator)


def _path(here: str, query: str) -> str:
    return f"{here}?{query}" if query else here


def _topics(asked: Asked, found: Found, topics: Vocabulary, here: str) -> list[Choice]:
    """The chosen ones first, then the most frequent, those alike in the index's order."""
    counted = [
        (topic.slug not in asked.topics, -found.topics.get(topic.pk, 0), topic) for topic in topics.topics
    ]
    counted.sort(key=itemgetter(0, 1))
    choices = []
    for other, count, topic in counted[:MOST_TOPICS]:
        if count or not other:
            rest = tuple(one for one in asked.topics if one != topic.slug)
            change = asked.but(topics=tuple(sorted((*rest, topic.slug))) if other else rest)
            choices.append(Choice(topic.name, _path(here, change.address()), -count, not other, topic.spoken))
    return choices


def _years(asked: Asked, found: Found, here: str) -> list[Choice]:
    years = sorted({*found.years, *([asked.year] if asked.year is not None else [])}, reverse=True)
    return [
        Choice(
            f"{year:04d}",
            _path(here, asked.but(year=None if year == asked.year else year).address()),
            found.years.get(year, 0),
            year == asked.year,
        )
        for year in years
    ]


def _languages(asked: Asked, found: Found, here: str) -> list[Choice]:
    return [
        Choice(
            name,
            _path(here, asked.but(language="" if code == asked.language else code).address()),
            found.languages.get(code, 0),
            code == asked.language,
            code,
        )
        for code, name in settings.LANGUAGES
        if code in found.languages or code == asked.language
    ]


def _orders(asked: Asked, here: str) -> list[tuple[str, str, bool]]:
    """Both orders: name, path, whether it is this one."""
    return [
        (order, _path(here, asked.but(order=order).address()), order == asked.order)
        for order in (BEST, NEWEST)
    ]
