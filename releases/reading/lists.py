"""What lists of releases are made of: their rows, pages, days, months, and what stands around a release."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.core.paginator import EmptyPage, Page, Paginator
from django.db.models import Count, Prefetch
from django.db.models.functions import TruncMonth
from django.http import Http404, HttpRequest
from django.utils import timezone

from releases import clock
from releases.models import Release, ReleaseTopic
from releases.models.release import ReleaseQuerySet
from releases.numbers import whole

PER_PAGE = 20
MOST_PAGES = 999_999
# The body for its beginning, where there is no summary; none of the forms made of it.
_SHOWN = ("language", "slug", "publish_at", "live__title", "live__summary", "live__body")


def listed(language: str, *, at: datetime | None = None) -> ReleaseQuerySet:
    """Visible releases in `language`, newest first, with what a list shows of them (two queries)."""
    filed = ReleaseTopic.objects.select_related("tag")
    return (
        Release.objects.visible(at)
        .filter(language=language)
        .in_order()
        .select_related("live")
        .only(*_SHOWN)
        .prefetch_related(Prefetch("topic_items", queryset=filed))
    )


def page_of(request: HttpRequest, releases: ReleaseQuerySet, *, total: int | None = None) -> Page:
    """The page that `?page=` asks for; 404 for one that is not there. `total` spares the count where it is known."""
    number = whole(request.GET.get("page", "1"), least=1, most=MOST_PAGES)
    if number is None:
        raise Http404("no such page")
    paginator = Paginator(releases, PER_PAGE)
    if total is not None:
        paginator.count = total
    try:
        return paginator.page(number)
    except EmptyPage as error:
        raise Http404("no such page") from error


def canonical(request: HttpRequest, page: Page) -> str:
    """The one address of a page of a list, without what else may stand behind its question mark."""
    return request.path if page.number == 1 else f"{request.path}?page={page.number}"


@dataclass(frozen=True)
class Day:
    """A day in the newsroom's time zone, and what was published on it."""

    date: date
    releases: list[Release]


def by_day(releases: Iterable[Release]) -> list[Day]:
    """Releases in their order, grouped by the day on which the newsroom's clock saw them published."""
    days = groupby(releases, key=lambda release: clock.day(release.publish_at))
    return [Day(day, list(group)) for day, group in days]


@dataclass(frozen=True)
class Month:
    """A month in which something was published, and how much."""

    year: int
    month: int
    count: int

    @property
    def first(self) -> date:
        """Its first day, for writing its name."""
        return date(self.year, self.month, 1)


def months_of(language: str, *, at: datetime | None = None) -> list[Month]:
    """The months that have visible releases in `language`, newest first (one query)."""
    month = TruncMonth(clock.within("publish_at"), tzinfo=timezone.get_default_timezone())
    rows = (
        Release.objects.visible(at)
        .filter(language=language)
        .order_by()
        .annotate(month=month)
        .values_list("month")
        .annotate(number=Count("pk"))
        .order_by("-month")
    )
    return [Month(first.year, first.month, number) for first, number in rows]


def between(releases: ReleaseQuerySet, year: int, month: int | None = None) -> ReleaseQuerySet:
    """Those of a year, or of one month of it, by the newsroom's clock."""
    first = month or 1
    last = month or 12
    end = clock.begins(year + last // 12, last % 12 + 1)
    return releases.filter(publish_at__gte=clock.begins(year, first), publish_at__lt=end)
