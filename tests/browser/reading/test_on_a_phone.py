"""On a phone the masthead is one row, the text begins in the first screen, and the topic index folds; scripts are off."""

import pytest
from playwright.sync_api import Browser, Page, expect

from releases import workflow
from releases.models import Release
from releases.workflow.words import words_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONES = [(320, 568), (375, 667)]
TITLE = "The city's water office kept the readings of eleven wells to itself"
SUMMARY = "Eleven readings were above the limit, and nobody who drinks from the wells was told. We publish them all."


@pytest.fixture
def phone(browser: Browser):
    """Open a page on a phone of this size that runs no scripts."""
    opened = []

    def open_on(size: tuple[int, int], address: str) -> Page:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, java_script_enabled=False, has_touch=True
        )
        opened.append(context)
        page = context.new_page()
        page.goto(address)
        return page

    yield open_on
    for context in opened:
        context.close()


@pytest.fixture
def release(make_release, make_topic, make_picture, editor):
    def make(*, picture: bool = False, corrected: bool = False) -> Release:
        topics = [make_topic(name) for name in ("Rule Of Law", "Land", "Water")]
        words = {"picture": make_picture(), "picture_alt": "A well."} if picture else {}
        made = make_release(
            TITLE, slug="wells", summary=SUMMARY, dateline="Varn", body="<p>Words of the text.</p>" * 9, topics=topics, **words
        )  # fmt: skip
        if corrected:
            changed = words_of(made.live)
            workflow.save_draft(made, type(changed)(**{**vars(changed), "dateline": "Orrin"}), by=editor)
            made = workflow.correct(Release.objects.get(), by=editor, note="It was in Orrin.")
        return made

    return make


@pytest.mark.parametrize("size", PHONES)
@pytest.mark.parametrize(
    "more", [{}, {"picture": True}, {"corrected": True}], ids=["plain", "picture", "corrected"]
)
def test_the_text_begins_in_the_first_screen(phone, live_server, release, size, more):
    page = phone(size, live_server.url + release(**more).get_absolute_url())
    first = page.locator(".release-body p").first.bounding_box()
    assert first["y"] + first["height"] <= size[1], first


@pytest.mark.parametrize("size", PHONES)
@pytest.mark.parametrize("path", ["/", "/ug/", "/zh-hans/search/"])
def test_the_masthead_is_one_row_and_holds_every_way_in(phone, live_server, release, size, path):
    release()
    page = phone(size, live_server.url + path)
    masthead, name, menu = (
        page.locator(place).bounding_box() for place in (".masthead", ".nameplate-name", ".menu-button")
    )
    assert masthead["height"] <= 72
    middle = menu["y"] + menu["height"] / 2
    assert name["y"] < middle < name["y"] + name["height"]
    assert min(menu["height"], menu["width"]) >= 44
    expect(page.locator("#navigation li").first).to_be_hidden()
    page.locator(".menu-button").click()
    assert page.locator("#navigation li a").count() == 10  # five ways in, five languages
    for link in page.locator("#navigation li a").all():
        expect(link).to_be_in_viewport()
    page.keyboard.press("Escape")
    expect(page.locator("#navigation li").first).to_be_hidden()


def test_the_skip_link_to_the_navigation_leads_to_the_menu(phone, live_server, release):
    page = phone(PHONES[0], live_server.url + release().get_absolute_url())
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator(".menu-button")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator("#navigation li a").first).to_be_focused()


def test_the_index_folds_on_a_phone_and_stands_open_on_a_desk_and_on_paper(phone, live_server, release):
    address = live_server.url + release().get_absolute_url()
    page = phone(PHONES[0], address)
    index = page.locator("nav.topic-index")
    expect(index.get_by_role("heading")).to_be_visible()
    expect(index.get_by_role("link").first).to_be_hidden()
    index.locator("summary").click()
    expect(index.get_by_role("link")).to_have_count(3)
    expect(index.get_by_role("link").first).to_be_visible()
    index.locator("summary").click()
    expect(index.get_by_role("link").first).to_be_hidden()
    page.emulate_media(media="print")
    expect(index.get_by_role("link").first).to_be_visible()
    expect(index.locator("summary")).to_be_hidden()
    wide = phone((1280, 800), address).locator("nav.topic-index")
    expect(wide.get_by_role("link").first).to_be_visible()
    expect(wide.locator("summary")).to_be_hidden()


def test_on_a_desk_the_ways_in_stand_open(phone, live_server, release):
    page = phone((1280, 800), live_server.url + release().get_absolute_url())
    expect(page.locator("#navigation li a").first).to_be_visible()
    expect(page.locator(".menu-button")).to_be_hidden()
    expect(page.locator(".masthead-search")).to_be_visible()
