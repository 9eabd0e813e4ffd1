"""Older items: every one is reached, by the names of archives and by those of pages (RFC 5005)."""

from datetime import timedelta
from itertools import chain

import pytest
from django.utils import timezone

from tests.bulk import many
from tests.feeds.reading import links_of, titles

pytestmark = pytest.mark.django_db
KINDS = ("rss", "atom", "json")


@pytest.mark.parametrize("kind", ["rss", "atom"])
def test_every_older_item_is_reached_by_previous_pages_and_none_twice_within_them(client, make_release, kind):
    start = timezone.now() - timedelta(days=100)
    for number in range(47):
        make_release(f"Number {number:02}", publish_at=start + timedelta(hours=number))
    response = client.get(f"/feeds/releases.{kind}")
    assert titles(response)[0] == "Number 46"
    assert len(titles(response)) == 20
    pages, current = [], links_of(response)["self"]
    while older := links_of(response).get("prev-archive"):
        response = client.get(older.removeprefix("http://testserver"))
        assert links_of(response)["current"] == current
        assert b"archive" in response.content
        pages.append(titles(response))
    assert [len(page) for page in pages] == [20, 20]
    assert sorted(chain(*pages)) == [f"Number {number:02}" for number in range(40)]


def test_a_page_keeps_its_items_while_new_ones_come(client, make_release):
    start = timezone.now() - timedelta(days=100)
    for number in range(21):
        make_release(f"Number {number:02}", publish_at=start + timedelta(hours=number))
    before = titles(client.get("/feeds/releases.rss?page=1"))
    make_release("New")
    assert titles(client.get("/feeds/releases.rss?page=1")) == before
    assert (
        client.get("/feeds/releases.json").json()["next_url"]
        == "http://testserver/feeds/releases.json?page=1"
    )


@pytest.mark.parametrize("page", ["0", "2", "-1", "x", "99999999", "٣"])
def test_a_page_that_is_not_there_or_not_full_is_404(client, db, page):
    many(20)
    assert client.get("/feeds/releases.rss?page=1").status_code == 200
    assert client.get(f"/feeds/releases.rss?page={page}").status_code == 404


@pytest.fixture(scope="module")
def filed(module_makers):
    """Two pages and a part of a third, all under two topics. From here on the module has them."""
    start, topics = timezone.now() - timedelta(days=100), [module_makers.topic(name) for name in "AB"]
    for number in range(43):
        module_makers.release(
            f"Number {number:02}", publish_at=start + timedelta(hours=number), topics=topics
        )


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("asked", ["", "topic=a&topic=b", "language=en&language=bo"])
def test_readers_that_know_pages_alone_reach_every_item_and_come_back(client, filed, kind, asked):
    """RFC 5005, section 3; `next_url` of JSON Feed."""
    path = f"/feeds/releases.{kind}?{asked}".removesuffix("?")
    seen, way = set(), []
    while path:
        response = client.get(path)
        seen |= set(titles(response))
        way.append(path)
        if kind == "json":
            older = response.json().get("next_url", "")
        else:
            links = links_of(response)
            older = links.get("next", "")
            assert links["last"].endswith("page=1")
            assert links.get("previous", "") == ("http://testserver" + way[-2] if way[1:] else "")
            assert links.get("first", "") == ("http://testserver" + way[0] if way[1:] else "")
        path = older.removeprefix("http://testserver")
    assert seen == {f"Number {number:02}" for number in range(43)}
    assert len(way) == 4 or len(way) == 3
