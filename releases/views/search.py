"""Search: the page, what it proposes while somebody types, and its description for browsers."""

import json

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import SimpleLazyObject

from releases.addresses import absolute, address
from releases.numbers import whole
from releases.reading.lists import MOST_PAGES, PER_PAGE
from releases.reading.public import cached_only_as, page, public, versions_of
from releases.reading.search import (
    READS,
    _languages,
    _orders,
    _path,
    _topics,
    _years,
    filters_of,
    read,
)
from releases.reading.topics import topic_index, vocabulary_of
from releases.search import Found, find, shelf_of
from releases.search.find import hits_of

PROPOSED, PROPOSED_TOPICS = 8, 3


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
    return cached_only_as(response, request, asked.address(page=number))


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
    return cached_only_as(response, request, asked.address())


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


def _page_number(request: HttpRequest) -> int:
    number = whole(request.GET.get("page", "1"), least=1, most=MOST_PAGES)
    if number is None:
        raise Http404("no such page")
    return number


def _page(found: Found, number: int) -> Page:
    paginator = Paginator(range(found.total), PER_PAGE)
    return Page(found.releases, number, paginator)
