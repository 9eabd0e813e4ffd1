"""Pages by which releases are found and followed, and feeds opened in a browser: axe, small screens, readable."""

import pytest
from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_reader_composes_a_feed_of_topics_and_languages(page: Page, shown, live_server, make_topic):
    make_topic("Chosen")
    page.goto(f"{live_server.url}/follow/")
    page.get_by_role("checkbox", name="Chosen").check()
    page.get_by_role("checkbox", name="ئۇيغۇرچە").check()
    page.get_by_role("button", name="Show the address of this feed").click()
    feed = page.get_by_role("region", name="Your feed").get_by_role("link").first
    assert feed.get_attribute("href").endswith("/feeds/releases.rss?language=en&language=ug&topic=chosen")
    assert page.get_by_role("checkbox", checked=True).count() == 3


@pytest.mark.parametrize("kind", ["rss", "atom"])
def test_each_item_of_a_feed_runs_as_its_language_does(
    page: Page, shown, live_server, make_release, kind: str
):
    make_release("ئۇيغۇرچە", language="ug")
    make_release("English")
    page.goto(f"{live_server.url}/ug/feeds/releases.{kind}?language=en&language=ug")
    runs = page.evaluate(
        """() => Object.fromEntries([...document.querySelectorAll("item, entry")].map(
            one => [one.querySelector("title").textContent, getComputedStyle(one).direction]))"""
    )
    assert (runs["ئۇيغۇرچە"], runs["English"]) == ("rtl", "ltr")


@pytest.mark.parametrize("kind", ["rss", "atom"])
def test_a_feed_opened_in_a_browser_says_what_it_is_and_lists_its_items(
    page: Page, shown, live_server, kind: str
):
    page.set_viewport_size({"width": 320, "height": 900})
    page.goto(f"{live_server.url}/feeds/releases.{kind}")
    said = page.evaluate(
        """() => {
            const title = document.querySelector("channel > title, feed > title");
            return getComputedStyle(title, "::before").content;
        }"""
    )
    assert "This is a feed" in said
    shown_words = page.evaluate(
        """() => [...document.querySelectorAll("item > *, entry > *")]
            .filter(one => getComputedStyle(one).display !== "none").map(one => one.localName)"""
    )
    assert set(shown_words) <= {"title", "description", "summary", "pubDate", "published"}
    assert "title" in shown_words
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
