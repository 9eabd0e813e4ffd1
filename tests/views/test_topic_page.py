"""A topic's page: its years, its pages, what else its releases stand under, and what it never tells."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from releases.counts import rebuild_counts
from releases.models import Release, ReleaseTopic
from releases.workflow import topics, withdraw
from tests.bulk import analyse
from tests.views.page import read, select

pytestmark = pytest.mark.django_db
# Edition; index; years; the keys of its releases; topics they share with others; the page's releases with words and topics.
QUERIES = 6


def at(year, month=6, day=1):
    return datetime(year, month, day, 12, tzinfo=UTC)


def years_on(answer):
    (listed,) = select(read(answer), "nav.years dd")
    return listed.text_content().split("\n")[:-1]


def related_on(answer):
    return [a.text for a in select(read(answer), "section[aria-labelledby=related] a")]


@pytest.fixture
def tibet(make_topic):
    return make_topic("Tibet")


def test_the_years_are_listed_with_what_a_reader_finds_in_each(client, make_release, tibet):
    for year in (2023, 2024, 2024):
        make_release(f"Of {year}", topics=[tibet], publish_at=at(year))
    assert years_on(client.get("/topics/tibet/")) == ["2024 (2)", "2023 (1)"]
    page = client.get("/topics/tibet/?year=2023")
    assert "Of 2023" in page.text
    assert "Of 2024" not in page.text
    (here,) = select(read(page), "nav.years [aria-current]")
    assert here.text == "2023"
    assert '<link rel="canonical" href="http://testserver/topics/tibet/?year=2023">' in page.text


def test_a_year_begins_at_the_newsrooms_midnight(client, make_release, tibet, settings):
    settings.TIME_ZONE = "America/New_York"
    make_release("Eve", topics=[tibet], publish_at=datetime(2024, 1, 1, 4, 59, tzinfo=UTC))
    make_release("New year", topics=[tibet], publish_at=datetime(2024, 1, 1, 5, tzinfo=UTC))
    assert years_on(client.get("/topics/tibet/")) == ["2024 (1)", "2023 (1)"]
    assert ">Eve<" in client.get("/topics/tibet/?year=2023").text


def test_turning_the_pages_of_a_year_stays_in_the_year(client, make_release, tibet):
    for number in range(21):
        make_release(f"R{number:02d}", topics=[tibet], publish_at=at(2024) + timedelta(hours=number))
    make_release("Later", topics=[tibet], publish_at=at(2025))
    (onward,) = select(read(client.get("/topics/tibet/?year=2024")), "a[rel=next]")
    second = client.get(f"/topics/tibet/{onward.get('href')}")
    assert ">R00<" in second.text
    (back,) = select(read(second), "a[rel=prev]")
    assert back.get("href") == "/topics/tibet/?year=2024"
    assert client.get("/topics/tibet/?year=2024&page=3").status_code == 404


@pytest.mark.parametrize("asked", ["2022", "x", "-1", "02024", "２０２４", "9" * 5000, "2024;drop"])
def test_a_year_in_which_nothing_is_found_is_404(client, make_release, tibet, asked):
    make_release("Of 2024", topics=[tibet], publish_at=at(2024))
    assert client.get("/topics/tibet/", {"year": asked}).status_code == 404


def test_related_topics_are_those_that_stand_together_most_often(client, make_release, make_topic, tibet):
    often, once, alone = make_topic("Often"), make_topic("Also once"), make_topic("Alone")
    make_release("One", topics=[tibet, often])
    make_release("Two", topics=[tibet, often, once])
    make_release("Three", topics=[alone])
    assert related_on(client.get("/topics/tibet/")) == ["Often", "Also once"]
    assert related_on(client.get("/topics/alone/")) == []


def test_a_retired_topic_is_related_to_none_and_keeps_its_own_page(
    client, make_release, make_topic, tibet, chief
):
    old = make_topic("Old")
    make_release("Both", topics=[tibet, old], publish_at=at(2024))
    topics.retire(old, by=chief)
    assert related_on(client.get("/topics/tibet/")) == []
    assert related_on(client.get("/topics/old/")) == ["Tibet"]
    assert client.get("/topics/old/?year=2024").status_code == 200


def test_what_is_embargoed_or_withdrawn_leaves_no_trace_on_any_topics_page(
    client, make_release, make_topic, tibet, editor
):
    secret = make_topic("Secret")
    make_release("Open", topics=[tibet], publish_at=at(2024))
    paths = ("/topics/tibet/", "/topics/secret/", "/topics/", "/zh-hans/topics/tibet/")
    before = [client.get(path).text for path in paths]
    make_release("Due", topics=[tibet, secret], publish_at=timezone.now() + timedelta(days=400))
    gone = make_release("Gone", topics=[tibet, secret], publish_at=at(2021))
    withdraw(gone, by=editor, notice="It was wrong.")
    assert [client.get(path).text for path in paths] == before
    later = timezone.now() + timedelta(days=400)
    for year in (2021, later.year):
        assert client.get(f"/topics/tibet/?year={year}").status_code == 404
        assert client.get(f"/topics/secret/?year={year}").status_code == 404


def test_years_and_related_topics_are_those_of_the_language(client, make_release, make_topic, tibet):
    other = make_topic("Other")
    make_release("One", topics=[tibet], publish_at=at(2024))
    make_release("二", language="zh-hans", topics=[tibet, other], publish_at=at(2020))
    assert client.get("/topics/tibet/?year=2020").status_code == 404
    assert related_on(client.get("/topics/tibet/")) == []
    assert related_on(client.get("/zh-hans/topics/tibet/?year=2020")) == ["Other"]


def test_a_retired_topics_page_costs_no_more(
    client, make_release, make_topic, chief, django_assert_num_queries
):
    topic = make_topic("Old")
    make_release("One", topics=[topic, make_topic("Other")])
    topics.retire(topic, by=chief)
    rebuild_counts()
    with django_assert_num_queries(QUERIES):
        assert client.get("/topics/old/").status_code == 200


@pytest.mark.parametrize("query", ["", "?year=2024", "?page=2"])
def test_a_page_costs_the_same_at_25_and_2500_releases(client, make_release, make_topic, tibet, query):
    other = make_topic("Other")
    first = make_release("First", topics=[tibet, other], publish_at=at(2024))

    def cost():
        caches["pages"].clear()
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/topics/tibet/{query}").status_code == 200
        return [one["sql"] for one in queries]

    multiply(first, [tibet, other], 24)
    few = cost()
    multiply(first, [tibet, other], 2475)
    # Another address, since the first is kept.
    query += "&again" if query else "?again"
    many = cost()
    assert Release.objects.count() == 2500
    assert len(few) == len(many) == QUERIES, "\n".join(many)


def multiply(release, filed, times):
    """Rows alone: publishing 2,500 times would say nothing more."""
    start = Release.objects.count()
    made = Release.objects.bulk_create(
        Release(
            slug=f"copy-{number}", language=release.language, created_at=release.created_at, live=release.live,
            publish_at=release.publish_at + timedelta(minutes=number),
        )
        for number in range(start, start + times)
    )  # fmt: skip
    ReleaseTopic.objects.bulk_create(
        ReleaseTopic(content_object=one, tag=topic) for one in made for topic in filed
    )
    analyse(Release, ReleaseTopic)
    rebuild_counts()
