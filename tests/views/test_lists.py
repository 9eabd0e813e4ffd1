"""Front page and archive: what they list, in what order, on which day, and how one turns the pages."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import caches

from releases.models import Topic

NEW_YORK = ZoneInfo("America/New_York")


@pytest.fixture(autouse=True)
def zone(settings):
    settings.TIME_ZONE = "America/New_York"


def at(*moment):
    return datetime(*moment, tzinfo=NEW_YORK)


def order_of(html, *titles):
    return sorted(titles, key=html.index)


def test_the_front_page_lists_the_newest_first(client, make_release):
    make_release("Older", publish_at=at(2026, 1, 1))
    make_release("Newer", publish_at=at(2026, 1, 2))
    html = client.get("/").text
    assert order_of(html, ">Older<", ">Newer<") == [">Newer<", ">Older<"]


def test_releases_of_one_moment_keep_one_order(client, make_release):
    for name in "abc":
        make_release(f"Same {name}", publish_at=at(2026, 1, 1))
    assert order_of(client.get("/").text, "Same a", "Same b", "Same c") == ["Same c", "Same b", "Same a"]


def test_a_day_is_the_newsrooms_day(client, make_release):
    make_release("Late at night", publish_at=at(2026, 3, 4, 23, 30))
    html = client.get("/").text
    assert '<time datetime="2026-03-04">Wednesday, March 4, 2026</time>' in html


def test_two_releases_of_a_day_share_its_heading(client, make_release):
    make_release("One", publish_at=at(2026, 3, 4, 9))
    make_release("Two", publish_at=at(2026, 3, 4, 10))
    assert client.get("/").text.count("day-date") == 1


def test_a_list_shows_the_summary_or_how_the_text_begins(client, make_release):
    make_release("With", summary="In short.", body="<p>At length.</p>")
    make_release("Without", body="<p>It begins like this.</p>")
    html = client.get("/").text
    assert "In short." in html
    assert "At length." not in html
    assert "It begins like this." in html


def test_a_list_never_shows_a_notes_number_as_a_digit(client, make_release):
    body = (
        '<p>They came on May 30<sup class="footnote-ref"><a href="#fn-aaaa" id="fnref-aaaa">1</a></sup>.</p>'
        '<ol class="footnotes"><li id="fn-aaaa"><p>A source.</p></li></ol>'
    )
    make_release("Dates", body=body)
    html = client.get("/").text
    assert "They came on May 30." in html
    assert "301" not in html


@pytest.mark.parametrize("path", ["/", "/releases/", "/zh-hans/", "/bo/releases/"])
def test_an_empty_list_is_a_page_that_says_so(client, db, path):
    assert 'class="empty"' in client.get(path).text


def test_lists_hold_the_language_of_their_address(client, make_release):
    make_release("English words")
    make_release("中文的話", language="zh-hant")
    assert "English words" not in client.get("/zh-hant/").text
    assert "中文的話" in client.get("/zh-hant/").text
    assert "中文的話" not in client.get("/").text


def test_a_full_page_leads_to_the_next(client, make_release):
    for number in range(21):
        make_release(f"Release {number:02d}", publish_at=at(2026, 1, 1, 0, number))
    first, second = client.get("/").text, client.get("/?page=2").text
    assert 'rel="next" href="?page=2"' in first
    assert "Release 00" not in first
    assert "Release 00" in second
    assert '<a rel="prev" href="/">' in second
    assert '<link rel="canonical" href="http://testserver/?page=2">' in second


@pytest.mark.parametrize("asked", ["2", "0", "-1", "x", "1.0", "９", "1" * 5000, "1;drop"])
def test_a_page_that_is_not_there_is_404(client, make_release, asked):
    make_release()
    assert client.get("/", {"page": asked}).status_code == 404


def test_what_else_stands_behind_the_question_mark_is_not_in_the_canonical_address(client, make_release):
    make_release()
    assert '<link rel="canonical" href="http://testserver/">' in client.get("/?utm=x&page=1").text


def test_the_archive_leads_to_years_and_months(client, make_release):
    make_release("One", publish_at=at(2024, 2, 29))
    make_release("Two", publish_at=at(2024, 2, 1))
    make_release("Three", publish_at=at(2023, 12, 31, 23, 59))
    html = client.get("/releases/").text
    assert '<a href="/releases/2024/02/">February</a> <span class="count">(2)</span>' in html
    assert '<a href="/releases/2023/12/">December</a> <span class="count">(1)</span>' in html


def test_a_year_and_a_month_hold_their_own(client, make_release):
    make_release("New year’s eve", publish_at=at(2023, 12, 31, 23, 59))
    make_release("New year", publish_at=at(2024, 1, 1))
    for path in ("/releases/2023/", "/releases/2023/12/"):
        html = client.get(path).text
        assert "New year’s eve" in html
        assert ">New year<" not in html


def test_a_month_without_its_zero_leads_to_the_one_with_it(client, make_release):
    make_release("One", publish_at=at(2024, 2, 29))
    answer = client.get("/releases/2024/2/")
    assert (answer.status_code, answer["Location"]) == (301, "/releases/2024/02/")


@pytest.mark.parametrize("path", ["2022/", "2024/03/", "0000/", "9999/12/", "2024/13/", "2024/00/"])
def test_a_time_in_which_nothing_was_published_is_404(client, make_release, path):
    make_release("One", publish_at=at(2024, 2, 29))
    assert client.get(f"/releases/{path}").status_code == 404


def test_an_embargoed_release_makes_no_month(client, make_release):
    make_release("Later", publish_at=at(2099, 5, 1))
    assert "2099" not in client.get("/releases/").text
    assert client.get("/releases/2099/").status_code == 404


def test_a_topic_that_is_younger_than_the_index_in_memory_breaks_no_page(client, make_release, make_topic):
    """Between the look at the edition and that at the rows somebody may have added it."""
    make_release("One")
    client.get("/")
    caches["pages"].clear()
    topic = Topic.objects.create(name="Young")
    make_release("Two", topics=[topic])
    answer = client.get("/")
    assert answer.status_code == 200
    assert "Two" in answer.text
