"""A mirror opened from a disk in Chromium, with scripts and without."""

import pytest
from playwright.sync_api import expect

from tests.browser.axe import violations
from tests.static_site.conftest import once_mirrored, small  # noqa: F401  the same newsroom as in its other tests

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
PAGES = ("index.html", "releases/wells/index.html", "zh-hans/releases/水井/index.html", "topics/index.html", "search/index.html",
         "releases/gone/index.html", "follow/index.html")  # fmt: skip


@pytest.mark.parametrize("width", [320, 1280])
def test_pages_stand_as_they_do_on_the_site(once_mirrored, page, width):  # noqa: F811
    errors = []
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    page.on("requestfailed", lambda request: errors.append(request.url))
    page.set_viewport_size({"width": width, "height": 800})
    for name in PAGES:
        page.goto((once_mirrored / name).as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        assert page.evaluate("getComputedStyle(document.querySelector('main')).maxInlineSize") != "none", name
    assert errors == []


def test_pages_break_no_rule_of_axe(once_mirrored, page):  # noqa: F811
    for name in PAGES:
        page.goto((once_mirrored / name).as_uri())
        assert violations(page) == {}, name


def test_links_and_pictures_lead_from_file_to_file(once_mirrored, page):  # noqa: F811
    page.goto((once_mirrored / "index.html").as_uri())
    page.get_by_role("link", name="The wells of Varn").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The wells of Varn")
    assert page.evaluate("document.querySelector('.lead-picture img').naturalWidth") > 0
    page.get_by_role("link", name="简体中文").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("瓦恩的水井")


def test_a_former_address_leads_on(once_mirrored, page):  # noqa: F811
    page.goto((once_mirrored / "releases/crossing-3/index.html").as_uri())
    expect(page.get_by_role("heading", level=1)).to_have_text("Crossing 3")


@pytest.mark.parametrize(
    ("typed", "found"),
    [("well", "The wells of Varn"), ("WELLS varn", "The wells of Varn"), ("人权", "瓦恩的水井"), ("人權", "瓦恩的水井"),
     ("水", "瓦恩的水井"), ("crossing 2", "Crossing 2"), ("wéll", "The wells of Varn")],
)  # fmt: skip
def test_a_script_finds_words_in_every_script(once_mirrored, page, typed, found):  # noqa: F811
    page.goto((once_mirrored / "index.html").as_uri())
    page.get_by_role("searchbox").fill(typed)
    page.keyboard.press("Enter")
    expect(page.locator(".hits a").first).to_have_text(found)
    assert violations(page) == {}
    page.locator(".hits a").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(found)


def test_what_is_not_there_is_said_so(once_mirrored, page):  # noqa: F811
    page.goto((once_mirrored / "search/index.html").as_uri() + "?q=zzzz+withdrawn")
    expect(page.get_by_role("status")).to_contain_text("Nothing found")


def test_without_scripts_the_search_leads_to_topics_and_archive(once_mirrored, browser):  # noqa: F811
    page = browser.new_page(java_script_enabled=False)
    page.goto((once_mirrored / "search/index.html").as_uri() + "?q=wells")
    expect(page.locator("main")).to_contain_text("without scripts")
    page.locator("main").get_by_role("link", name="All topics").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Explore topics")
    page.close()
