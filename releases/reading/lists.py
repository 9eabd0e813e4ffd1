"""Lists of releases: their rows, pages, days and months."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any, cast

from django.core.paginator import EmptyPage, Page, Paginator
from django.db.models import Count, Prefetch
from django.db.models.functions import TruncMonth
from django.http import Http404, HttpRequest
from django.utils import timezone

from newsroom.http import Request
from releases import clock
from releases.addresses import with_query
from releases.counts import counts_of_months
from releases.models import Release, ReleaseTopic, Revision, Topic
from releases.models.release import ReleaseQuerySet
from releases.numbers import whole

PER_PAGE = 20
MOST_PAGES = 999_999
# The body for its beginning, where there is no summary; none of the forms made of it.
_SHOWN = ("language", "slug", "publish_at", "live__title", "live__summary", "live__body")


def live_words(release: Release) -> Revision:
    """The words of a visible release: `visible()` lets none through without them."""
    return cast(Revision, release.live)


def published_at(release: Release) -> datetime:
    """When a visible release was published: `visible()` lets none through without a date."""
    return cast(datetime, release.publish_at)


def annotation(release: Release, name: str) -> Any:
    """What the query has annotated beside the columns."""
    return vars(release)[name]


def with_topics(releases: ReleaseQuerySet) -> ReleaseQuerySet:
    """With the topics of all of them (`topics_of`), in one query more."""
    return releases.prefetch_related(
        Prefetch("topic_items", queryset=ReleaseTopic.objects.select_related("tag"))
    )


def topics_of(release: Release) -> list[Topic]:
    """The topics of a release that was read `with_topics`, in no order."""
    return [item.tag for item in release.topic_items.all()]


def listed(language: str, *, at: datetime | None = None) -> ReleaseQuerySet:
    """Visible releases in `language`, newest first, with what a list shows of them (two queries)."""
    visible = Release.objects.visible(at).filter(language=language)
    return with_topics(visible.in_order().select_related("live").only(*_SHOWN))


def page_number(request: HttpRequest) -> int:
    """The number in `?page=`, 1 without it; 404 for anything that is no page number."""
    number = whole(request.GET.get("page", "1"), least=1, most=MOST_PAGES)
    if number is None:
        raise Http404("no such page")
    return number


def page_of(request: HttpRequest, releases: ReleaseQuerySet, *, total: int | None = None) -> Page[Release]:
    """The page that `?page=` asks for; 404 for one that does not exist. `total` saves the count where it is known."""
    paginator = Paginator(releases, PER_PAGE)
    if total is not None:
        paginator.count = total
    try:
        return paginator.page(page_number(request))
    except EmptyPage as error:
        raise Http404("no such page") from error


def list_context(request: HttpRequest, page: Page[Release], query: str = "") -> dict[str, object]:
    """What every page with a list of releases shows. `query` is what its pages have in common behind the question mark."""
    number = f"page={page.number}" if page.number > 1 else ""
    return {
        "page": page,
        "days": by_day(page),
        "page_query": query,
        "canonical": with_query(with_query(request.path, query), number),
    }


@dataclass(frozen=True)
class DayGroup:
    """A day in the newsroom's time zone, and what was published on it."""

    date: date
    releases: list[Release]


def by_day(releases: Iterable[Release]) -> list[DayGroup]:
    """Releases in their order, grouped by the day on which the newsroom's clock saw them published."""
    days = groupby(releases, key=lambda release: clock.day(published_at(release)))
    return [DayGroup(day, list(group)) for day, group in days]


@dataclass(frozen=True)
class MonthCount:
    """A month in which something was published, and how much."""

    year: int
    month: int
    count: int

    @property
    def first(self) -> date:
        """Its first day, for writing its name."""
        return date(self.year, self.month, 1)


def months_of(language: str, *, at: datetime | None = None) -> list[MonthCount]:
    """The months that have visible releases in `language`, newest first (one query)."""
    kept = counts_of_months(language, at=at or timezone.now())
    if kept is not None:
        return [
            MonthCount(year, month, number) for (year, month), number in sorted(kept.items(), reverse=True)
        ]
    return months_counted_anew(language, at=at)


def months_counted_anew(language: str, *, at: datetime | None = None) -> list[MonthCount]:
    """The same without what is kept."""
    month = TruncMonth(clock.clamped("publish_at"), tzinfo=timezone.get_default_timezone())
    rows = (
        Release.objects.visible(at)
        .filter(language=language)
        .order_by()
        .annotate(month=month)
        .values_list("month")
        .annotate(number=Count("pk"))
        .order_by("-month")
    )
    return [MonthCount(first.year, first.month, number) for first, number in rows]


def between(releases: ReleaseQuerySet, year: int, month: int | None = None) -> ReleaseQuerySet:
    """Those of a year, or of one month of it, by the newsroom's clock."""
    first = month or 1
    last = month or 12
    end = clock.start_of(year + last // 12, last % 12 + 1)
    return releases.filter(publish_at__gte=clock.start_of(year, first), publish_at__lt=end)


def archive_context(request: Request, year: int | None = None, month: int | None = None) -> dict[str, object]:
    """The archive: everything, a year or a month. 404 for a time in which nothing was published: only times from
    `months_of` ever reach the calendar."""
    months = months_of(request.language)
    chosen = [one for one in months if year in (None, one.year) and month in (None, one.month)]
    if year is not None and not chosen:
        raise Http404("nothing was published then")
    releases = listed(request.language)
    releases = releases if year is None else between(releases, year, month)
    shown = page_of(request, releases, total=sum(one.count for one in chosen))
    return {
        "here": "archive",
        "months": months,
        "year": year,
        "month": month and chosen[0],
        **list_context(request, shown),
    }
