"""Whatever dates stand in the database, every page answers: the first years and the last, east and west of Greenwich."""

import re
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from releases import clock, editions
from releases.counts import rebuild_counts
from releases.models import Release
from releases.search import bitmap
from releases.search.bitmap import _years
from releases.workflow.moments import meanings, skipped
from tests.depth import DEEP

MOMENTS = [
    datetime(1, 1, 1, 0, 30, tzinfo=UTC),
    datetime(26, 6, 8, 9, tzinfo=UTC),
    datetime(999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
    datetime(1000, 1, 1, tzinfo=UTC),
    datetime(9999, 12, 31, 23, 59, tzinfo=UTC),
]
YEARS = (1, 26, 999, 1000, 9999)
PAGES = (
    "/", "/releases/", "/follow/", "/topics/", "/topics/land/", "/search/?q=wells", "/search/?topic=land", "/search/suggest?q=wells",
    "/search/feed.rss?q=wells", "/search/feed.atom?q=wells", "/search/feed.json?q=wells", "/feeds/releases.rss", "/feeds/releases.atom",
    "/feeds/releases.json", "/topics/land/feed.rss", "/sitemap.xml", "/sitemaps/pages.xml",
    "/sitemaps/releases-1.xml", "/sitemaps/news.xml", "/api/releases.json", "/healthz", "/readyz",
    *(f"/releases/wells-{year}/" for year in YEARS), *(f"/releases/wells-{year}/cite.{kind}" for year in YEARS for kind in ("txt", "bib", "ris", "json")),
    *(f"/oembed.json?url=http://testserver/releases/wells-{year}/" for year in YEARS),
)  # fmt: skip
ADMIN = (
    "/admin/", "/admin/releases/release/", "/admin/releases/release/?q=wells", "/admin/releases/event/",
    "/admin/releases/release/calendar/", "/admin/releases/release/?o=3",
)  # fmt: skip
ZONES = ("UTC", "America/New_York", "Pacific/Kiritimati", "Asia/Kathmandu")
# Pages are asked for where the calendar ends last and first.
OF_PAGES = ZONES if DEEP else ZONES[1:3]


@pytest.fixture
def ends(make_release, make_topic):
    """A release at each end and between, put there past the form and published, if the clock says so."""
    topic = make_topic("Land")
    found = []
    for number, (year, moment) in enumerate(zip(YEARS, MOMENTS, strict=True)):
        made = make_release(
            f"Old wells {number}", slug=f"wells-{year}", topics=[topic], body="<p>Words of wells.</p>"
        )
        Release.objects.filter(pk=made.pk).update(publish_at=moment)
        found.append(made.pk)
    rebuild_counts()
    editions.forget_all()
    return found


@pytest.fixture(params=["today", "at the end of time"])
def now(request, monkeypatch):
    """The last one is visible only then."""
    if request.param != "today":
        monkeypatch.setattr(timezone, "now", lambda: datetime.max.replace(tzinfo=UTC))
    return request.param


@pytest.mark.django_db
@pytest.mark.parametrize("zone", OF_PAGES)
def test_every_public_page_answers(ends, settings, zone, now):
    settings.TIME_ZONE = zone
    client = Client()
    missing = {
        f"/releases/wells-9999/{rest}" for rest in ("", *(f"cite.{k}" for k in ("txt", "bib", "ris", "json")))
    }
    for path in PAGES:
        expected = 200
        if now == "today" and (path in missing or path.endswith("wells-9999/")):
            expected = 404
        assert client.get(path).status_code == expected, path
    shown = client.get("/search/?q=wells").text
    named = {clock.local(moment).year for moment in MOMENTS[: 4 if now == "today" else 5]}
    assert [year for year in named if f"year={year:04d}" not in shown] == []
    assert "wells-26" in client.get("/search/?q=wells&year=0026").text


@pytest.mark.django_db
@pytest.mark.parametrize("zone", OF_PAGES)
def test_each_year_and_month_that_the_archive_names_holds_what_it_counts(ends, settings, zone, now):
    settings.TIME_ZONE = zone
    client = Client()
    zoned = ZoneInfo(zone)
    count = len(YEARS) - (now == "today")
    for moment, year in list(zip(MOMENTS, YEARS, strict=True))[:count]:
        local = clock.local(moment, zoned)
        for path in (f"/releases/{local.year:04d}/", f"/releases/{local.year:04d}/{local.month:02d}/"):
            answer = client.get(path)
            assert answer.status_code == 200, path
            assert f"/releases/wells-{year}/" in answer.text, path
        answer = client.get(f"/topics/land/?year={local.year}")
        assert answer.status_code == 200
        assert f"/releases/wells-{year}/" in answer.text


@pytest.mark.django_db
@pytest.mark.parametrize("zone", OF_PAGES)
def test_every_page_of_the_staff_answers(ends, client, chief, settings, zone):
    settings.TIME_ZONE = zone
    client.force_login(chief)
    forms = [
        f"/admin/releases/release/{pk}/{rest}"
        for pk in ends
        for rest in ("change/", "history/", "compare/", "preview/")
    ]
    for path in (*ADMIN, *forms):
        assert client.get(path).status_code == 200, path


@pytest.mark.parametrize("zone", ZONES)
def test_the_years_of_the_bitmap_index_are_counted_in_bounded_steps(settings, monkeypatch, zone):
    """Each step takes one release at the least, so there are no more steps than releases."""
    settings.TIME_ZONE = zone
    texts = [f"{moment:%H:%M:%S}" for moment in MOMENTS]
    moments = [
        f"{moment.year:04d}-{moment.month:02d}-{moment.day:02d} {text}"
        for moment, text in zip(MOMENTS, texts, strict=True)
    ][::-1]
    steps = []
    monkeypatch.setattr(bitmap.clock, "start_of", lambda year, month=1: steps.append(year) or clock.LAST)
    for _year, _bits in zip(_years(moments), range(100), strict=False):
        assert len(steps) <= len(moments)
    monkeypatch.undo()
    settings.TIME_ZONE = zone
    counted = {year: bits.bit_count() for year, bits in _years(moments)}
    assert sum(counted.values()) == len(moments)
    assert set(counted) == {clock.local(moment, ZoneInfo(zone)).year for moment in MOMENTS}


@pytest.mark.parametrize(
    "typed", [datetime.min, datetime.max, datetime(9999, 12, 31, 23, 59), datetime(1, 1, 1, 9)]
)
@pytest.mark.parametrize("zone", ZONES)
def test_a_typed_time_at_an_end_means_one_moment_or_none(typed, zone):
    found = meanings(typed, ZoneInfo(zone))
    assert len(found) <= 1
    assert found or skipped(typed, ZoneInfo(zone)) == (typed, typed)


def test_nobody_asks_for_the_time_of_a_stored_moment_but_by_the_clock_that_knows_the_ends():
    wrong = [
        path.name
        for path in (Path(__file__).parents[2] / "releases").rglob("*.py")
        if re.search(
            r"\blocaltime\(|\.astimezone\(zone\b|localdate\((?!\)|at[,)]|timezone=)", path.read_text()
        )
        and path.name not in {"clock.py", "load.py"}
    ]
    assert wrong == []
