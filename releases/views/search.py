"""Search: the page, what it suggests while somebody types, and its description for browsers."""

import json

from django.http import Http404, HttpResponse
from django.shortcuts import render

from newsroom.http import Request
from releases.addresses import absolute, address, with_query
from releases.parts import FRAME, RELEASES
from releases.reading.lists import page_number
from releases.reading.public import (
    cached_only_as,
    in_every_language,
    language_links,
    public,
    render_page,
)
from releases.reading.search import READS, find_page, search_context, search_parameters, suggestions
from releases.reading.topics import search_vocabulary


@public(*READS)
def search(request: Request) -> HttpResponse:
    """What was found, twenty a page, and how it spreads over topics, years and languages."""
    request.parts.add(RELEASES)
    parameters, number = search_parameters(request.GET), page_number(request)
    vocabulary = search_vocabulary(request.edition, request.language)
    result = find_page(parameters, vocabulary, request.edition, number)
    if number > 1 and not result.releases:
        raise Http404("no such page")
    context = search_context(parameters, result, vocabulary, request.language, number)
    query = parameters.query_string()
    translations = {code: with_query(path, query) for code, path in in_every_language("search").items()}
    response = render_page(request, "releases/search.html", context, translations=translations)
    return cached_only_as(response, request, parameters.query_string(page=number))


@public("q")
def suggest(request: Request) -> HttpResponse:
    """OpenSearch's suggestions for words that are still being typed."""
    request.parts.add(RELEASES)
    parameters = search_parameters(request.GET, typing=True)
    found = suggestions(parameters, request.edition, request.language)
    response = HttpResponse(
        json.dumps(found, ensure_ascii=False), content_type="application/x-suggestions+json; charset=utf-8"
    )
    response.headers["X-Robots-Tag"] = "noindex"
    return cached_only_as(response, request, parameters.query_string())


@public()
def opensearch(request: Request) -> HttpResponse:
    """How a browser asks this search (OpenSearch 1.1, draft 6)."""
    request.parts.add(FRAME)
    context = {
        "page_address": absolute(address("search", language=request.language)),
        "suggest_address": absolute(address("suggest", language=request.language)),
        "self_address": absolute(request.path),
        "language_links": language_links(request.language, {}),
    }
    media_type = "application/opensearchdescription+xml; charset=utf-8"
    return render(request, "releases/opensearch.xml", context, content_type=media_type)
