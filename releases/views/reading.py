"""Front page, a release, and the archive by year and month."""

from collections.abc import Sequence

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from releases.addresses import address
from releases.models import Address, Release
from releases.reading.about import about
from releases.reading.index import topic_index
from releases.reading.lead import lead_of
from releases.reading.lists import Month, around, between, by_day, canonical, listed, months_of, page_of
from releases.reading.public import everywhere, page, public
from releases.sources import shown_with, with_copies
from releases.views.record import changes_of


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
        "body": shown_with(found.live.body_page, found.copies, found.language),
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
