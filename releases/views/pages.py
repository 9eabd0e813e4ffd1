"""The pages for people: front, a release and its history, the archive, topics, how to follow, the search, and a draft behind a link."""

import json
from functools import partial
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from newsroom.accounts import record
from newsroom.http import NEVER_STORED, Request
from releases.addresses import absolute, address, machine_address, with_query
from releases.models import PreviewLink, Release
from releases.models.topic import topic_at_address
from releases.parts import (
    FRAME,
    RELEASES,
    counts_part,
    list_part,
    month_part,
    release_part,
    topic_part,
    year_part,
)
from releases.reading.lists import archive_context, list_context, page_number
from releases.reading.mirrors import signed_list
from releases.reading.pictures import picture_response
from releases.reading.public import (
    cached_only_as,
    in_every_language,
    language_links,
    public,
    render_page,
)
from releases.reading.ready import releases_in
from releases.reading.release import (
    moved_or_withdrawn,
    neighbours_in,
    published_texts,
    release_context,
    render_preview,
    visible_release,
)
from releases.reading.search import READS, find_page, search_context, search_parameters, suggestions
from releases.reading.subscriptions import follow_context, subscription_of, topic_options
from releases.reading.topics import counts_under, search_vocabulary, topic_context, topic_index
from releases.workflow.previews import note_opening, opens


@public("page")
def front(request: Request) -> HttpResponse:
    """The latest releases, by day."""
    request.parts.add(list_part(request.language))
    ready = releases_in(request.edition, request.language)
    context = {"here": "front", **list_context(request, ready.pks)}
    translations = in_every_language("front")
    return render_page(request, "releases/front.html", context, translations=translations)


@public()
def release(request: Request, slug: str) -> HttpResponse:
    """A release, with its topics, translations and neighbours."""
    found = visible_release(request.language, slug)
    if found is None:
        return moved_or_withdrawn(request, slug)
    neighbours = neighbours_in(found)
    request.parts |= neighbours.parts(found)
    index = topic_index(request.edition, request.language)
    metadata, context = release_context(found, index, neighbours)
    translations = {one.language: one.get_absolute_url() for one in neighbours.translations}
    translations[found.language] = found.get_absolute_url()
    response = render_page(request, "releases/release.html", context, translations=translations)
    response.headers["Link"] = metadata.link
    return response


@public()
def history(request: Request, slug: str) -> HttpResponse:
    """Every text of a release that readers have seen, newest first, each with what changed."""
    if not settings.PUBLIC_HISTORY:
        raise Http404("the newsroom shows no history")
    visible = Release.objects.visible().filter(language=request.language)
    release = get_object_or_404(visible.select_related("live"), slug=slug)
    request.parts.add(release_part(release.pk))
    context = {"release": release, "words": release.live, "texts": published_texts(release)}
    return render_page(request, "releases/history.html", context)


@public("page")
def archive(request: Request) -> HttpResponse:
    """Every release, with links to each year and month."""
    context = archive_context(request)
    return _archive(request, context, list_part(request.language), in_every_language("archive"))


@public("page")
def year(request: Request, year: int) -> HttpResponse:
    """The releases of a year."""
    return _archive(request, archive_context(request, year), year_part(request.language, year))


@public("page")
def month(request: Request, year: int, month: int) -> HttpResponse:
    """The releases of a month."""
    path = address("month", year, month, language=request.language)
    if request.path != path:  # /2026/6/
        request.parts.add(FRAME)
        return redirect(path, permanent=True)
    context = archive_context(request, year, month)
    return _archive(request, context, month_part(request.language, year, month))


def _archive(
    request: Request, context: dict[str, object], part: str, translations: dict[str, str] | None = None
) -> HttpResponse:
    # Beside the releases that they list, all of them count those of each month.
    request.parts |= {part, counts_part(request.language)}
    return render_page(request, "releases/archive.html", context, translations=translations)


@public()
def topics(request: Request) -> HttpResponse:
    """All topics, with the number of releases that a reader finds under each."""
    request.parts.add(counts_part(request.language))
    context = {"here": "topics", "counts": counts_under(request.edition, request.language)}
    translations = in_every_language("topics")
    return render_page(request, "releases/topics.html", context, translations=translations)


@public("year", "page")
def topic(request: Request, slug: str) -> HttpResponse:
    """What a topic means and the releases filed under it; `?year=` shows those of a year."""
    index = topic_index(request.edition, request.language)
    # Retired and merged topics are among them, so that their pages cost no query more.
    found = topic_at_address(slug, (entry.topic for entry in index.by_key.values()))
    if found is None:
        raise Http404("no such topic")
    request.parts.add(topic_part(found.pk, request.language))
    if found.slug != slug:
        path = with_query(found.get_absolute_url(request.language), request.GET.urlencode())
        return HttpResponsePermanentRedirect(path)
    context = topic_context(request, found, index)
    translations = in_every_language("topic", slug)
    return render_page(request, "releases/topic.html", context, translations=translations)


@public("topic*", "language*")
def follow(request: Request) -> HttpResponse:
    """The feeds of everything, and of what `?topic=a&topic=b&language=en&language=bo` choose."""
    request.parts.add(FRAME)
    index = topic_index(request.edition, request.language)
    options = topic_options(index.entries, request.GET.getlist("topic"), request.language)
    slugs = [entry.topic.slug for entry in options if entry.selected]
    subscription = subscription_of(request.language, request.GET.getlist("language"), slugs)
    found = signed_list(request.edition) if settings.MIRRORS else None
    context = {
        **follow_context(subscription, options),
        "signed_list": found,
        "list_address": machine_address("mirrors") if found else "",
    }
    translations = in_every_language("follow")
    response = render_page(request, "releases/follow.html", context, translations=translations)
    return cached_only_as(response, request, urlencode(subscription.page_query))


@public(*READS)
def search(request: Request) -> HttpResponse:
    """What was found, twenty a page, and how it spreads over topics, years and languages."""
    request.parts.add(RELEASES)
    parameters, number = search_parameters(request.GET), page_number(request)
    vocabulary = search_vocabulary(request.edition, request.language)
    result = find_page(parameters, vocabulary, request.edition, number)
    if number > 1 and not result.releases:
        raise Http404("no such page")
    context = search_context(parameters, result, vocabulary, request.edition, request.language, number)
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


@require_safe
def shared_draft(request: Request, token: str) -> HttpResponse:
    """One draft, while its link is open; 404 for everything else."""
    link = _open_link(token)
    if request.method == "GET" and request.user.is_authenticated:
        record.note_preview(link.revision, request=request, by=request.user)
    elif request.method == "GET":
        note_opening(link)
    banner = {"until": link.expires_at}
    return render_preview(request, link.revision, banner=banner, path_of=partial(_picture_path, token))


@require_safe
def shared_picture(request: Request, token: str, name: str) -> HttpResponseBase:
    """A file of the picture of that draft."""
    picture = _open_link(token).revision.picture
    if picture is None:
        raise Http404("no such picture")
    response = picture_response(request, picture, name)
    response.headers["Cache-Control"] = NEVER_STORED
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _picture_path(token: str, name: str) -> str:
    return reverse("preview_picture", args=[token, name])


def _open_link(token: str) -> PreviewLink:
    link = PreviewLink.of(token)
    if link is None or not opens(link):
        raise Http404("no such preview")
    return link
