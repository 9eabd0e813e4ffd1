"""The topic index as a page of its own, and a page for each topic."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect

from releases.models import Topic
from releases.views.index import counted_index, topic_index
from releases.views.index import entry as name_entry
from releases.views.lists import by_day, canonical, listed, page_of
from releases.views.public import everywhere, page, public


@public
def topics(request: HttpRequest) -> HttpResponse:
    """All topics, with the number of releases that a reader finds under each."""
    index = counted_index(request.language)
    return page(request, "releases/topics.html", {"here": "topics"}, index=index, same=everywhere("topics"))


@public
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    """What a topic means and the releases filed under it."""
    index = topic_index(request.language)
    entry = next((entry for entry in index if entry.topic.slug == slug), None)
    if entry is None:
        # Not in the vocabulary: retired, known by another address, or part of another topic now.
        found = Topic.objects.standing_at(slug)
        if found is None:
            raise Http404("no such topic")
        if found.slug != slug:
            return HttpResponsePermanentRedirect(found.get_absolute_url(request.language))
        entry = name_entry(found, request.language)
    shown = page_of(request, listed(request.language).filter(topic_items__tag=entry.topic))
    words = {
        "entry": entry, "described_in": settings.LANGUAGE_CODE,
        "page": shown, "days": by_day(shown), "canonical": canonical(request, shown),
    }  # fmt: skip
    return page(request, "releases/topic.html", words, index=index, same=everywhere("topic", slug))
