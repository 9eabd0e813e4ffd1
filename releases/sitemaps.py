"""Sitemaps: an index, the pages of lists, the releases ten thousand a file, and the news of the last two days."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import cast

from django.conf import settings
from django.db.models import Count, Max, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.html import escape
from django.views.decorators.http import require_safe

from newsroom.http import Request, of_public_page
from releases.addresses import absolute, address, machine_address
from releases.counts import counts_of_languages
from releases.models import Release, ReleaseTopic
from releases.parts import RELEASES
from releases.reading.public import public

PER_FILE = 10_000
MOST_FILES = 50_000  # of an index, by the protocol; a greater number is more than a database can count to
NEWS = timedelta(hours=48)
NEWS_MOST = 1000
_SPACES = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
_XHTML = 'xmlns:xhtml="http://www.w3.org/1999/xhtml"'
_NEWS = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
_CHANGED = Coalesce("withdrawn_at", "updated_at", "publish_at")
# Primary key, language, slug, published, updated, translation group.
ReleaseRow = tuple[int, str, str, datetime | None, datetime | None, int | None]


@public()
def index(request: Request) -> HttpResponse:
    """The index: each file with the time of the last change of substance in it (one query a file)."""
    request.parts.add(RELEASES)
    count = -(-counts_of_languages(at=timezone.now()).total() // PER_FILE)
    files = [(machine_address("sitemap_pages"), _newest(Release.objects.announced()))]
    for number in range(1, count + 1):
        changed = _changed_in(number, last=number == count)
        files.append((machine_address("sitemap_releases", number), _newest(changed)))
    body = "".join(f"<sitemap>{_loc(path)}{_lastmod(at)}</sitemap>\n" for path, at in files)
    return _xml(f"<sitemapindex {_SPACES}>\n{body}</sitemapindex>\n")


@public()
def releases(request: Request, number: int) -> HttpResponse:
    """Releases from the oldest on, so that a full file changes only where a release does; with translations."""
    request.parts.add(RELEASES)
    rows = list(
        _file(number).values_list("pk", "language", "slug", "publish_at", "updated_at", "translation_group")
    )
    if not rows:
        raise Http404("no such file")
    # A slice cannot be filtered further, and some databases allow only some thousand values in a query.
    tied = Release.objects.filter(pk__in=_file(number).values("pk")).exclude(translation_group=None)
    grouped = Release.objects.visible().filter(translation_group__in=tied.values("translation_group"))
    groups: dict[int, list[tuple[str, str]]] = {}
    for group, language, slug in grouped.order_by("language").values_list(
        "translation_group", "language", "slug"
    ):
        groups.setdefault(group, []).append((language, slug))
    return _xml(_urlset(_release_rows(rows, groups), _XHTML))


@public()
def pages(request: Request) -> HttpResponse:
    """Front page, archive, topic index and every topic that has something to read, in each language that has."""
    request.parts.add(RELEASES)
    # What was withdrawn changed the lists that it left, and no list is named that it left empty.
    known = Release.objects.announced().order_by()
    languages = dict(
        known.values_list("language")
        .annotate(newest=Max(_CHANGED))
        .alias(left=Count("pk", filter=Q(withdrawn_at=None)))
        .filter(left__gt=0)
    )
    of_release = (f"content_object__{name}" for name in ("withdrawn_at", "updated_at", "publish_at"))
    topics = (
        ReleaseTopic.objects.filter(content_object__in=known)
        .order_by("tag__slug", "content_object__language")
        .values_list("tag__slug", "content_object__language")
        .annotate(newest=Max(Coalesce(*of_release)))
        .alias(left=Count("pk", filter=Q(content_object__withdrawn_at=None)))
        .filter(left__gt=0)
    )
    rows = [
        (address(name, language=language), newest)
        for language, newest in sorted(languages.items())
        for name in ("front", "archive", "topics", "follow", "privacy")
    ]
    rows += [(address("topic", slug, language=language), newest) for slug, language, newest in topics]
    return _xml(_urlset(f"<url>{_loc(path)}{_lastmod(newest)}</url>\n" for path, newest in rows))


@require_safe
def news(request: Request) -> HttpResponse:
    """What was published in the last 48 hours, for news search (https://www.google.com/schemas/sitemap-news/0.9)."""
    now = timezone.now()
    fresh = Release.objects.visible(now).filter(publish_at__gt=now - NEWS).in_order()[:NEWS_MOST]
    name = escape(settings.NEWSROOM["name"])
    rows = (
        f"<url>{_loc(address('release', slug, language=language))}<news:news><news:publication>"
        f"<news:name>{name}</news:name><news:language>{_news_language(language)}</news:language></news:publication>"
        f"<news:publication_date>{_exactly(cast(datetime, at))}</news:publication_date>"
        f"<news:title>{escape(title)}</news:title></news:news></url>\n"
        for slug, language, at, title in fresh.values_list("slug", "language", "publish_at", "live__title")
    )
    response = _xml(_urlset(rows, _NEWS))
    # They expire by the clock, without a new edition. So nothing may cache them for longer than a page.
    for header, value in of_public_page(now):
        response.headers[header] = value
    return response


def _file(number: int) -> QuerySet[Release]:
    if not 0 < number <= MOST_FILES:
        raise Http404("no such file")
    start = (number - 1) * PER_FILE
    return _in_files()[start : start + PER_FILE]


def _changed_in(number: int, *, last: bool) -> QuerySet[Release]:
    """A file's releases, and what was withdrawn from it or before it: each that goes lets one of the next file in."""
    gone = Q(withdrawn_at__isnull=False)
    if not last:
        end = number * PER_FILE
        gone &= Q(publish_at__lte=Subquery(_in_files().values("publish_at")[end - 1 : end]))
    return Release.objects.announced().filter(gone | Q(pk__in=_file(number).values("pk")))


def _in_files() -> QuerySet[Release]:
    return Release.objects.visible().order_by("publish_at", "pk")


def _release_rows(rows: Iterable[ReleaseRow], groups: Mapping[int, list[tuple[str, str]]]) -> Iterator[str]:
    for _, language, slug, published, updated, group in rows:
        others = groups.get(group, ()) if group is not None else ()
        links = "".join(
            f'<xhtml:link rel="alternate" hreflang="{code}" href="{escape(absolute(address("release", other, language=code)))}"/>'
            for code, other in others
            if len(others) > 1
        )
        path = address("release", slug, language=language)
        yield f"<url>{_loc(path)}{_lastmod(updated or published)}{links}</url>\n"


def _newest(releases: QuerySet[Release]) -> datetime | None:
    newest: datetime | None = releases.order_by().aggregate(newest=Max(_CHANGED))["newest"]
    return newest


def _urlset(rows: Iterable[str], *spaces: str) -> str:
    return f"<urlset {' '.join((_SPACES, *spaces))}>\n{''.join(rows)}</urlset>\n"


def _loc(path: str) -> str:
    return f"<loc>{escape(absolute(path))}</loc>"


def _lastmod(at: datetime | None) -> str:
    return f"<lastmod>{_exactly(at)}</lastmod>" if at else ""


def _exactly(at: datetime) -> str:
    return at.isoformat(timespec="seconds")


def _news_language(code: str) -> str:
    """ISO 639-1, with the two exceptions that the format makes for Chinese."""
    return {"zh-hans": "zh-cn", "zh-hant": "zh-tw"}.get(code, code)


def _xml(body: str) -> HttpResponse:
    return HttpResponse(
        f'<?xml version="1.0" encoding="utf-8"?>\n{body}', content_type="application/xml; charset=utf-8"
    )
