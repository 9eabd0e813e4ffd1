"""The topic index as a page of its own, and a page for each topic."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Count
from django.db.models.functions import ExtractYear
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.utils import timezone

from releases import clock
from releases.models import Release, ReleaseTopic, Topic
from releases.models.topic import standing_at
from releases.reading.index import Entry, counted_index, entries
from releases.reading.index import entry as name_entry
from releases.reading.lists import between, by_day, canonical, listed, page_of
from releases.reading.public import everywhere, page, public

MOST_RELATED = 8


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


@dataclass(frozen=True)
class Year:
    """A year in which something was published, and how much."""

    year: int
    count: int


def years_of(topic: Topic, language: str, *, at: datetime | None = None) -> list[Year]:
    """The years, by the newsroom's clock, that have visible releases under `topic`, newest first (one query)."""
    rows = (
        Release.objects.visible(at)
        .filter(language=language, topic_items__tag=topic)
        .order_by()
        .annotate(year=ExtractYear(clock.within("publish_at"), tzinfo=timezone.get_default_timezone()))
        .values_list("year")
        .annotate(number=Count("pk"))
        .order_by("-year")
    )
    return [Year(year, number) for year, number in rows]


def related(topic: Topic, index: list[Entry], language: str, *, at: datetime | None = None) -> list[Entry]:
    """The topics under which most of the visible releases of `topic` stand as well (one query)."""
    visible = Release.objects.visible(at).filter(language=language, topic_items__tag=topic)
    rows = (
        ReleaseTopic.objects.filter(content_object__in=visible.order_by().values("pk"))
        .exclude(tag=topic)
        .order_by()
        .values_list("tag")
        .annotate(number=Count("pk"))
    )
    together = dict(rows)
    found = [entry for entry in index if entry.topic.pk in together]
    # Sorting keeps the order of the index among those that share as many.
    return sorted(found, key=lambda entry: -together[entry.topic.pk])[:MOST_RELATED]


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
