"""Sources in a browser: axe finds nothing on their pages, the keyboard is enough, and a copy is where readers look."""

from datetime import date

import pytest
from playwright.sync_api import Browser, Page, expect

from releases import workflow
from releases.models import Source
from tests.browser.axe import faults_of
from tests.sources.conftest import citing

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

URL = "https://example.org/a/report/with/a/long/address/that/has/to/be/broken/somewhere/on/a/telephone"
COPY = f"https://archive.example/web/20260610123456/{URL}"
LIST = "/admin/releases/source/"
PATHS = [LIST, f"{LIST}?state=never", f"{LIST}hosts/", f"{LIST}releases/", "one", "wrong"]


@pytest.fixture
def cited(make_release, editor):
    """A release, its translation and a second source; the first has a copy."""
    release = make_release("The title", body=citing(URL, note=[URL, "https://two.example/"]))
    make_release("قومۇشلۇق", language="ug", body=citing(URL))
    source = Source.objects.get(url=URL)
    workflow.archive_source(source, address=COPY, day=date(2026, 6, 10), by=editor)
    return release


@pytest.fixture
def desk(window, editor) -> Page:
    return window(editor)


def test_axe_finds_nothing_on_the_pages_of_sources(desk: Page, live_server, cited):
    found = []
    one = f"{LIST}{Source.objects.get(url=URL).pk}/change/"
    for path in PATHS:
        desk.goto(live_server.url + (one if path in {"one", "wrong"} else path))
        if path == "wrong":
            desk.get_by_label("Address of the copy").fill("nothing")
            desk.get_by_role("button", name="Save", exact=True).click()
            expect(desk.locator(".errornote")).to_be_visible()
        found += faults_of(desk, path, shaped=(1280,))
    assert found == []


def test_axe_finds_nothing_on_a_release_with_copies(page: Page, live_server, cited):
    said, found = [], []
    page.on("console", lambda message: said.append(message.text))
    for path in (cited.get_absolute_url(), "/ug/"):
        page.goto(live_server.url + path)
        found += faults_of(page, path, widths=(320, 1280))
    assert (found, said) == ([], [])


def test_a_reader_without_scripts_gets_to_the_copy(browser: Browser, live_server, cited):
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(live_server.url + cited.get_absolute_url())
        assert page.get_by_role("link", name="archived: this report").get_attribute("href") == COPY


def test_a_note_beside_its_citation_has_the_copy_too(page: Page, live_server, cited):
    page.goto(live_server.url + cited.get_absolute_url())
    page.locator(".note-ref a").first.focus()
    expect(page.locator(".note-beside .archived a")).to_have_text("archived")


def test_on_paper_the_copy_has_its_address(page: Page, live_server, cited):
    page.goto(live_server.url + cited.get_absolute_url())
    page.emulate_media(media="print")
    link = page.locator(".notes .archived a")
    assert link.is_visible()
    assert "⟨" in link.evaluate("a => getComputedStyle(a, '::after').content")


def test_a_copy_is_named_with_the_keyboard_alone(desk: Page, live_server, cited):
    other = Source.objects.get(url="https://two.example/")
    desk.goto(f"{live_server.url}{LIST}?host=two.example")
    link = desk.locator("#result_list tbody th a")
    for _step in range(60):
        desk.keyboard.press("Tab")
        if link.evaluate("a => a === document.activeElement"):
            break
    desk.keyboard.press("Enter")
    desk.wait_for_url(f"**/{other.pk}/change/**")
    for _step in range(40):
        desk.keyboard.press("Tab")
        if desk.evaluate("document.activeElement.name") == "archived_url":
            break
    desk.keyboard.type("https://archive.example/web/20260611000000/https://two.example/")
    desk.keyboard.press("Enter")
    expect(desk.locator(".messagelist")).to_contain_text("Readers are led to the copy")
    other.refresh_from_db()
    assert other.archived_on == date(2026, 6, 11)


def test_the_way_to_a_note_in_the_form_ends_in_that_note(desk: Page, live_server, cited):
    desk.goto(f"{live_server.url}{LIST}{Source.objects.get(url='https://two.example/').pk}/change/")
    desk.get_by_role("link", name="in the form: The title, note 1").click()
    desk.wait_for_selector(".body-editor [role=toolbar]")
    expect(desk.locator(".ProseMirror")).to_be_focused()
    inside = "document.getSelection().anchorNode.parentElement.closest('li')?.textContent"
    desk.wait_for_function(f"{inside}?.includes('a source')")
