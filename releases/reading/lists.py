"""Lists of releases: their rows, pages and days."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any, cast

from django.core.paginator import EmptyPage, Page, Paginator
from django.db.models import Case, OuterRef, Prefetch, Subquery, TextField, Value, When
from django.http import Http404, HttpRequest
from django.utils import timezone

from newsroom.http import Request
from releases import clock
from releases.addresses import address, with_query
from releases.counts import counts_of_months
from releases.edition_cache import EditionCache
from releases.models import Release, ReleaseTopic, Revision, Topic
from releases.models.release import JSONList, ReleaseQuerySet, read_list
from releases.models.statement import Statement
from releases.numbers import whole
from releases.parts import counts_part, release_part
from releases.reading.ready import releases_in
from releases.search.engine import IdList
from releases.text.render import excerpt

PER_PAGE = 20
MOST_PAGES = 999_999
DESCRIPTION = 200  # characters of a text that stand for a summary


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


@dataclass(frozen=True)
class Listed:
    """What a list shows of a release; `topics` are primary keys."""

    language: str
    slug: str
    publish_at: datetime
    title: str
    description: str
    topics: Sequence[int]

    @property
    def path(self) -> str:
        """Its page."""
        return address("release", self.slug, language=self.language)


def topic_keys() -> Subquery:
    """The primary keys of the topics of the outer query's release, as one list (`read_list`)."""
    filed = ReleaseTopic.objects.filter(content_object=OuterRef("pk")).order_by().values("content_object")
    return Subquery(filed.annotate(all=JSONList("tag")).values("all"))


_ROWS = Statement(
    lambda pks, moment: (
        Release.objects.visible(moment)
        .filter(pk__in=IdList(pks))
        .order_by()
        .values_list(
            "pk", "language", "slug", "publish_at", "live__title", "live__summary",
            # Only where an excerpt has to be made of it.
            Case(When(live__summary="", then="live__body"), default=Value(""), output_field=TextField()),
            topic_keys(),
        )
    ),
    pks=[-71],
    moment=clock.FIRST,
)  # fmt: skip


def listed(pks: Sequence[int], *, at: datetime | None = None) -> list[Listed]:
    """These releases in this order, through `visible` once more, in one query."""
    found = {
        pk: Listed(
            language, slug, publish_at, title, summary or excerpt(body, limit=DESCRIPTION), read_list(topics)
        )
        for pk, language, slug, publish_at, title, summary, body, topics in _ROWS.rows(
            {"pks": pks, "moment": at or timezone.now()}
        )
    }
    return [found[pk] for pk in pks if pk in found]


def page_number(request: HttpRequest) -> int:
    """The number in `?page=`, 1 without it; 404 for anything that is no page number."""
    number = whole(request.GET.get("page", "1"), least=1, most=MOST_PAGES)
    if number is None:
        raise Http404("no such page")
    return number


def page_of(request: HttpRequest, pks: Sequence[int]) -> Page[int]:
    """The page that `?page=` asks for; 404 for one that does not exist."""
    try:
        return Paginator(pks, PER_PAGE).page(page_number(request))
    except EmptyPage as error:
        raise Http404("no such page") from error


def list_context(request: Request, pks: Sequence[int], query: str = "") -> dict[str, object]:
    """What every page with a list of releases shows, of the list with these primary keys. `query` is what its pages have in
    common behind the question mark. The answer depends on each release that it shows."""
    page = page_of(request, pks)
    request.parts.update(map(release_part, page.object_list))
    number = f"page={page.number}" if page.number > 1 else ""
    return {
        "page": page,
        "days": by_day(listed(list(page.object_list))),
        "page_query": query,
        "canonical": with_query(with_query(request.path, query), number),
    }


@dataclass(frozen=True)
class DayGroup:
    """A day in the newsroom's time zone, and what was published on it."""

    date: date
    releases: list[Listed]


def by_day(releases: Iterable[Listed]) -> list[DayGroup]:
    """Releases in their order, grouped by the day on which the newsroom's clock saw them published."""
    days = groupby(releases, key=lambda release: clock.day(release.publish_at))
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
    counts = counts_of_months(language, at=at or timezone.now())
    return [MonthCount(year, month, number) for (year, month), number in sorted(counts.items(), reverse=True)]


_months: EditionCache[Sequence[MonthCount]] = EditionCache()


def archive_context(request: Request, year: int | None = None, month: int | None = None) -> dict[str, object]:
    """The archive: everything, a year or a month. 404 for a time in which nothing was published: only times from
    `months_of` ever reach the calendar."""
    language = request.language
    months = _months.get(
        request.edition, lambda: tuple(months_of(language)), language, parts={counts_part(language)}
    )
    chosen = [one for one in months if year in (None, one.year) and month in (None, one.month)]
    if year is not None and not chosen:
        raise Http404("nothing was published then")
    return {
        "here": "archive",
        "months": months,
        "year": year,
        "month": month and chosen[0],
        **list_context(request, releases_in(request.edition, language).between(year, month)),
    }
