"""The pages for readers: front, a release and its history, the archive, topics, how to follow."""

from collections.abc import Sequence

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from releases.addresses import address
from releases.models import Address, Release, Topic
from releases.models.topic import standing_at
from releases.reading.lists import Month, between, by_day, canonical, listed, months_of, page_of
from releases.reading.metadata import about
from releases.reading.pictures import lead_of
from releases.reading.public import cached_only_as, everywhere, page, public
from releases.reading.release import around, changes_of, versions_of
from releases.reading.subscriptions import Tongue, _marked, _ways, choice_of
from releases.reading.topics import Year, counted_index, entries, related, topic_index, years_of
from releases.reading.topics import entry as name_entry
from releases.sources import link_copies, with_copies


@public("page")
def front(request: HttpRequest) -> HttpResponse:
    """The latest releases, by day."""
    shown = page_of(request, listed(request.language))
    words = {"page": shown, "days": by_day(shown), "canonical": canonical(request, shown), "here": "front"}
    index = topic_index(request.language)
    return page(request, "releases/front.html", words, index=index, same=everywhere("front"))


@public()
def release(request: HttpRequest, slug: str) -> HttpResponse:
    """A release, with its topics, translations and neighbours."""
    visible = with_copies(Release.objects.visible()).select_related("live__picture")
    found = visible.filter(language=request.language, slug=slug).first()
    if found is None:
        return elsewhere(request, slug)
    nearby = around(found)
    index = topic_index(request.language, release=found)
    same = {one.language: one.get_absolute_url() for one in (found, *nearby.translations)}
    topics = [entry for entry in index if entry.of_release]
    said = about(found, topics)
    words = {
        "release": found,
        "words": found.live,
        "lead": lead_of(found.live),
        "body": link_copies(found.live.body_page, found.copies, found.language),
        "around": nearby,
        "topics": topics,
        "about": said,
        **changes_of(found),
    }
    response = page(request, "releases/release.html", words, index=index, same=same)
    response.headers["Link"] = said.link
    return response


def elsewhere(request: HttpRequest, slug: str) -> HttpResponse:
    """For an address without a visible release: where it went, that it was withdrawn, or 404 whatever the reason."""
    known = (
        Address.objects.filter(language=request.language, slug=slug).select_related("release__live").first()
    )
    found = known.release if known else None
    if found and found.is_visible():
        return redirect(found, permanent=True)
    if found and found.is_told():
        index = topic_index(request.language)
        return page(request, "410.html", {"release": found}, index=index, status=410)
    raise Http404("no such release")


@public("page")
def archive(request: HttpRequest) -> HttpResponse:
    """Every release, with the way to each year and month."""
    return _archive(request, months_of(request.language), same=everywhere("archive"))


@public("page")
def year(request: HttpRequest, year: int) -> HttpResponse:
    """The releases of a year."""
    return _archive(request, months_of(request.language), year=year)


@public("page")
def month(request: HttpRequest, year: int, month: int) -> HttpResponse:
    """The releases of a month."""
    path = address("month", year, month, language=request.language)
    if request.path != path:  # /2026/6/
        return redirect(path, permanent=True)
    return _archive(request, months_of(request.language), year=year, month=month)


def _archive(
    request: HttpRequest,
    months: Sequence[Month],
    *,
    year: int | None = None,
    month: int | None = None,
    same: dict[str, str] | None = None,
) -> HttpResponse:
    """404 for a time in which nothing was published: only times from `months` ever reach the calendar."""
    of_time = [one for one in months if year in (None, one.year) and month in (None, one.month)]
    if year is not None and not of_time:
        raise Http404("nothing was published then")
    releases = listed(request.language)
    releases = releases if year is None else between(releases, year, month)
    shown = page_of(request, releases, total=sum(one.count for one in of_time))
    words = {
        "page": shown, "days": by_day(shown), "months": months, "year": year, "month": month and of_time[0],
        "canonical": canonical(request, shown), "here": "archive",
    }  # fmt: skip
    return page(request, "releases/archive.html", words, index=topic_index(request.language), same=same)


@public()
def history(request: HttpRequest, slug: str) -> HttpResponse:
    """Every text of a release that readers have seen, newest first, each with what changed."""
    if not settings.PUBLIC_HISTORY:
        raise Http404("the newsroom shows no history")
    visible = Release.objects.visible().filter(language=request.language)
    release = get_object_or_404(visible.select_related("live"), slug=slug)
    words = {
        "release": release,
        "words": release.live,
        "texts": versions_of(release),  # `versions` are the page's own, in other languages
        "canonical": request.path,
    }
    return page(request, "releases/history.html", words, index=topic_index(request.language))


@public()
def topics(request: HttpRequest) -> HttpResponse:
    """All topics, with the number of releases that a reader finds under each."""
    index = counted_index(request.language)
    return page(request, "releases/topics.html", {"here": "topics"}, index=index, same=everywhere("topics"))


@public("year", "page")
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    """What a topic means and the releases filed under it; `?year=` shows those of a year."""
    # With what is retired or merged, so that its page costs no query more.
    known = list(Topic.objects.only("name", "slug", "names", "description", "merged_into", "retired_at"))
    index = entries((one for one in known if one.is_current), request.language)
    found = standing_at(slug, known)
    if found is None:
        raise Http404("no such topic")
    if found.slug != slug:
        asked = f"?{request.GET.urlencode()}" if request.GET else ""
        return HttpResponsePermanentRedirect(found.get_absolute_url(request.language) + asked)
    entry = name_entry(found, request.language)
    at = timezone.now()
    years = years_of(entry.topic, request.language, at=at)
    year = _year(request, years)
    releases = listed(request.language, at=at).filter(topic_items__tag=entry.topic)
    releases = releases if year is None else between(releases, year)
    counts = [one.count for one in years if year in (None, one.year)]
    # What the years add up to spares the query that would count the pages.
    shown = page_of(request, releases, total=sum(counts))
    words = {
        "entry": entry, "described_in": settings.LANGUAGE_CODE, "years": years, "year": year,
        "page": shown, "days": by_day(shown), "canonical": canonical(request, shown),
        "related": related(entry.topic, index, request.language, at=at),
    }  # fmt: skip
    if year is not None:
        words |= {"kept": f"year={year}", "canonical": _canonical_of(request, year, shown.number)}
    return page(request, "releases/topic.html", words, index=index, same=everywhere("topic", slug))


def _year(request: HttpRequest, years: list[Year]) -> int | None:
    """The year asked for; 404 for one in which a reader finds nothing, whatever is due in it."""
    asked = request.GET.get("year")
    if asked is None:
        return None
    for one in years:
        if asked == str(one.year):
            return one.year
    raise Http404("nothing was published then")


def _canonical_of(request: HttpRequest, year: int, number: int) -> str:
    return f"{request.path}?year={year}" + (f"&page={number}" if number > 1 else "")


@public("topic*", "language*")
def follow(request: HttpRequest) -> HttpResponse:
    """The feeds of everything, and of what `?topic=a&topic=b&language=en&language=bo` choose."""
    index = topic_index(request.language)
    choices = _marked(index, request.GET.getlist("topic"), request.language)
    chosen = [entry for entry in choices if entry.of_release]
    slugs = [entry.topic.slug for entry in chosen]
    choice = choice_of(request.language, request.GET.getlist("language"), slugs)
    everything = choice_of(request.language, (), ())
    tongues = [Tongue(code, name, code in choice.languages) for code, name in settings.LANGUAGES]
    words = {
        "here": "follow",
        "everything": _ways(everything),
        "choices": choices,
        "chosen": chosen,
        "tongues": tongues if len(tongues) > 1 else (),
        "spoken": [tongue for tongue in tongues if tongue.chosen]
        if choice.languages != everything.languages
        else (),
        "ways": _ways(choice) if choice != everything else (),
        "opml": address("opml", language=request.language),
        "topics": address("topics", language=request.language),
        "search": address("search", language=request.language),
        "canonical": address("follow", language=request.language),
    }
    response = page(request, "releases/follow.html", words, index=index, same=everywhere("follow"))
    return cached_only_as(response, request, choice.page().partition("?")[2])
