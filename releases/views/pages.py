"""The pages for readers: front, a release and its history, the archive, topics, how to follow."""

from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404, redirect

from newsroom.http import Request
from releases.addresses import address, with_query
from releases.models import Release
from releases.models.topic import topic_at_address
from releases.parts import FRAME, counts_part, list_part, month_part, release_part, topic_part, year_part
from releases.reading.lists import archive_context, list_context
from releases.reading.public import cached_only_as, in_every_language, public, render_page
from releases.reading.ready import releases_in
from releases.reading.release import (
    moved_or_withdrawn,
    neighbours_of,
    published_texts,
    release_context,
    visible_release,
)
from releases.reading.subscriptions import follow_context, subscription_of, topic_options
from releases.reading.topics import counts_under, topic_context, topic_index


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
    neighbours = neighbours_of(found)
    request.parts |= neighbours.parts(found)
    index = topic_index(request.edition, request.language)
    metadata, context = release_context(found, index, neighbours)
    translations = {one.language: one.get_absolute_url() for one in (found, *neighbours.translations)}
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
    context = follow_context(subscription, options)
    translations = in_every_language("follow")
    response = render_page(request, "releases/follow.html", context, translations=translations)
    return cached_only_as(response, request, urlencode(subscription.page_query))
