"""Every public address, found in the database by the names of the urlconf; a test compares the two."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.staticfiles import finders
from django.db.models import Count, QuerySet
from django.db.models.functions import ExtractYear
from django.utils import timezone

from releases import clock
from releases.addresses import FEED_FORMATS, address, machine_address, with_query
from releases.models import Address, FormerPath, FormerSlug, MirrorList, Picture, Release, ReleaseTopic, Topic
from releases.models.release import FEED_LENGTH
from releases.models.topic import end_of
from releases.pictures import names_of
from releases.reading.lists import PER_PAGE, MonthCount, months_of
from releases.reading.metadata import CITATION_FORMATS
from releases.sitemaps import PER_FILE


@dataclass(frozen=True)
class PublicAddress:
    """`path` with its query string, as a reader asks for it; `name` is its pattern's in the urlconf; `status` is what it is
    answered with; `target` is where a former address (301) leads."""

    path: str
    name: str
    status: int = 200
    target: str = ""


@dataclass
class Facts:
    """What the addresses follow from, read once. Releases are (language, slug, uuid, number of the live words), newest
    first; topics that were merged are former ones; counts are by language, by that and the topic, by those and the year."""

    releases: list[tuple[str, str, UUID, int]]
    moved: list[tuple[str, str, str]]
    withdrawn: list[tuple[str, str]]
    topics: list[Topic]
    moved_topics: list[tuple[str, str]]
    by_language: dict[Any, int]
    by_topic: dict[Any, int]
    by_year: dict[Any, int]
    in_feeds: dict[Any, int]
    in_topic_feeds: dict[Any, int]
    months: dict[str, list[MonthCount]]
    languages: list[str]


def facts_of(at: datetime | None = None) -> Facts:
    """The facts at a moment, in some twenty queries however many releases there are."""
    at = at or timezone.now()
    languages = [code for code, _name in settings.LANGUAGES]
    visible, fed = Release.objects.visible(at), Release.objects.in_feeds(at)
    filed, filed_fed = (
        ReleaseTopic.objects.filter(content_object__in=releases.order_by()) for releases in (visible, fed)
    )
    year = ExtractYear(clock.clamped("content_object__publish_at"), tzinfo=timezone.get_default_timezone())
    known = Address.objects.filter(language__in=languages).order_by("pk")
    here = known.filter(release__in=visible.order_by()).values_list("language", "slug", "release__slug")
    gone = Release.objects.announced(at).exclude(withdrawn_at=None).order_by()
    shown = visible.filter(language__in=languages).in_order()
    topics = {topic.pk: topic for topic in Topic.objects.in_order()}
    moved_topics = [(one.slug, end_of(one, topics).slug) for one in topics.values() if one.merged_into_id]
    moved_topics += [
        (slug, end_of(topics[pk], topics).slug)
        for slug, pk in FormerSlug.objects.order_by("pk").values_list("slug", "topic_id")
    ]
    return Facts(
        releases=list(shown.values_list("language", "slug", "uuid", "live__number")),
        moved=[(language, slug, now) for language, slug, now in here if slug != now],
        withdrawn=list(known.filter(release__in=gone).values_list("language", "slug")),
        topics=[topic for topic in topics.values() if not topic.merged_into_id],
        moved_topics=moved_topics,
        by_language=_counted(visible, "language"),
        by_topic=_counted(filed, "content_object__language", "tag"),
        by_year=_counted(filed.annotate(year=year), "content_object__language", "tag", "year"),
        in_feeds=_counted(fed, "language"),
        in_topic_feeds=_counted(filed_fed, "content_object__language", "tag"),
        months={code: months_of(code, at=at) for code in languages},
        languages=languages,
    )


def _counted(rows: QuerySet[Any], *by: str) -> dict[Any, int]:
    found = rows.order_by().values_list(*by).annotate(number=Count("pk"))
    return {row[0] if len(by) == 1 else row[:-1]: row[-1] for row in found}


def public_addresses(at: datetime | None = None) -> list[PublicAddress]:
    """Every address with an answer of its own at that moment, each once; releases newest first."""
    facts = facts_of(at)
    found = [
        PublicAddress(path, name, *rest) for name, list_of in LISTS.items() for path, *rest in list_of(facts)
    ]
    return [*found, *_old_sites({one.path for one in found}, at)]


# A path, and a status and target where it is no page of its own.
Listed = Iterator[tuple[Any, ...]]


def _pages(path: str, count: int) -> Listed:
    """A list's pages; the first is there however empty the list is."""
    yield (path,)
    for number in range(2, -(-count // PER_PAGE) + 1):
        yield (with_query(path, f"page={number}"),)


def _in_each_language(name: str, *args: object) -> Callable[[Facts], Listed]:
    return lambda facts: ((address(name, *args, language=code),) for code in facts.languages)


def _lists(name: str) -> Callable[[Facts], Listed]:
    return lambda facts: (
        one
        for code in facts.languages
        for one in _pages(address(name, language=code), facts.by_language.get(code, 0))
    )


def _years(facts: Facts) -> Listed:
    for code, months in facts.months.items():
        for year in dict.fromkeys(one.year for one in months):
            count = sum(one.count for one in months if one.year == year)
            yield from _pages(address("year", year, language=code), count)


def _months(facts: Facts) -> Listed:
    for code, months in facts.months.items():
        for one in months:
            yield from _pages(address("month", one.year, one.month, language=code), one.count)


def _releases(facts: Facts) -> Listed:
    for language, slug, _uuid, _number in facts.releases:
        yield (address("release", slug, language=language),)
    for language, slug in facts.withdrawn:
        yield address("release", slug, language=language), 410
    for language, slug, now in facts.moved:
        yield (
            address("release", slug, language=language),
            301,
            address("release", now, language=language),
        )


def _histories(facts: Facts) -> Listed:
    if settings.PUBLIC_HISTORY:
        for language, slug, _uuid, _number in facts.releases:
            yield (address("history", slug, language=language),)


def _citations(facts: Facts) -> Listed:
    for language, slug, _uuid, _number in facts.releases:
        for suffix in CITATION_FORMATS:
            yield (address("cite", slug, suffix, language=language),)


def _topics(facts: Facts) -> Listed:
    years: dict[tuple[str, int], list[tuple[int, int]]] = {}
    for (language, topic, year), count in facts.by_year.items():
        years.setdefault((language, topic), []).append((year, count))
    for code in facts.languages:
        for topic in facts.topics:
            path = topic.get_absolute_url(code)
            yield from _pages(path, facts.by_topic.get((code, topic.pk), 0))
            for year, count in sorted(years.get((code, topic.pk), ())):
                yield from _pages(with_query(path, f"year={year}"), count)
        for slug, now in facts.moved_topics:
            yield address("topic", slug, language=code), 301, address("topic", now, language=code)


def _feed_pages(path: str, count: int) -> Listed:
    """The newest items, and the full pages of older ones, which are counted from the oldest on."""
    yield (path,)
    for number in range(1, count // FEED_LENGTH + 1):
        yield (with_query(path, f"page={number}"),)


def _feeds(facts: Facts) -> Listed:
    for code in facts.languages:
        for suffix in FEED_FORMATS:
            yield from _feed_pages(address("feed", suffix, language=code), facts.in_feeds.get(code, 0))


def _topic_feeds(facts: Facts) -> Listed:
    for code in facts.languages:
        for suffix in FEED_FORMATS:
            for topic in facts.topics:
                path = address("topic_feed", topic.slug, suffix, language=code)
                yield from _feed_pages(path, facts.in_topic_feeds.get((code, topic.pk), 0))
            for slug, now in facts.moved_topics:
                target = address("topic_feed", now, suffix, language=code)
                yield address("topic_feed", slug, suffix, language=code), 301, target


def _sitemaps(facts: Facts) -> Listed:
    count = sum(facts.by_language.values())
    for number in range(1, -(-count // PER_FILE) + 1):
        yield (machine_address("sitemap_releases", number),)


def _cards(facts: Facts) -> Listed:
    for _language, _slug, uuid, number in facts.releases:
        yield (machine_address("card", uuid, number),)


def _pictures(facts: Facts) -> Listed:
    for picture in Picture.objects.visible().only("uuid", "width").iterator():
        for name in names_of(picture.width):
            yield (machine_address("picture", picture.uuid, name),)


def _once(name: str) -> Callable[[Facts], Listed]:
    return lambda facts: iter([(machine_address(name),)])


def _signed(name: str) -> Callable[[Facts], Listed]:
    return lambda facts: iter([(machine_address(name),)] if MirrorList.objects.exists() else [])


# By the name of a pattern in the urlconf: those of its addresses that have an end.
LISTS: dict[str, Callable[[Facts], Listed]] = {
    "releases:release": _releases,
    "releases:front": _lists("front"),
    "releases:archive": _lists("archive"),
    "releases:topics": _in_each_language("topics"),
    "releases:topic": _topics,
    "releases:year": _years,
    "releases:month": _months,
    "releases:follow": _in_each_language("follow"),
    "releases:privacy": _in_each_language("privacy"),
    "releases:search": _in_each_language("search"),
    "releases:opensearch": _in_each_language("opensearch"),
    "releases:feed": _feeds,
    "releases:topic_feed": _topic_feeds,
    "releases:opml": _in_each_language("opml"),
    "releases:history": _histories,
    "releases:cite": _citations,
    "site:sitemap": _once("sitemap"),
    "site:sitemap_pages": _once("sitemap_pages"),
    "site:sitemap_releases": _sitemaps,
    "site:sitemap_news": _once("sitemap_news"),
    "site:robots": _once("robots"),
    "site:api": _once("api"),
    "site:openapi": _once("openapi"),
    "site:mirrors": _signed("mirrors"),
    "site:signing_key": _signed("signing_key"),
    "site:card": _cards,
    "site:picture": _pictures,
}
# These answer questions, of which there is no end.
QUESTIONS = frozenset({"releases:suggest", "releases:search_feed", "site:oembed"})
# These no file can answer: what is stored by nobody, holds a date that goes on, or takes reports.
OF_THE_MOMENT = frozenset({"releases:securedrop", "site:security_txt", "site:security_key", "csp_reports"})
OLD_SITE = "old site"


def _old_sites(taken: set[str], at: datetime | None) -> Iterator[PublicAddress]:
    """The paths of the site that was here before, of whatever readers may know now."""
    announced = Release.objects.announced(at).order_by()
    paths = FormerPath.objects.filter(release__in=announced).select_related("release")
    for one in paths:
        if one.path not in taken:
            yield PublicAddress(one.path, OLD_SITE, 301, one.release.get_absolute_url())


def static_files() -> dict[str, Path]:
    """The files under STATIC_URL by their paths: those that `collectstatic` has collected; with DEBUG, where they lie."""
    if settings.STATIC_ROOT.is_dir() and not settings.DEBUG:
        root = Path(settings.STATIC_ROOT)
        return {
            settings.STATIC_URL + path.relative_to(root).as_posix(): path
            for path in sorted(root.rglob("*"))
            if path.is_file()
        }
    return {
        settings.STATIC_URL + name: Path(storage.path(name))
        for finder in finders.get_finders()
        for name, storage in finder.list([])
    }
