"""After its scripts a public page is as valid as before them, also while a note or a list of proposals is open."""

import pytest
from playwright.sync_api import Page

from tests.every_page import every_page
from tests.html_checker import AS_IT_STANDS, check, needs_checker

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), needs_checker]


def test_the_checker_finds_nothing_in_the_page_as_it_stands(
    page: Page, live_server, makers, make_picture, settings, tmp_path
):
    settings.PUBLIC_HISTORY = True
    made = every_page(makers)
    paths = [*made["en"], *made["ug"]]
    files = []

    def keep(name: str) -> None:
        files.append(tmp_path / f"{len(files):03}{name.replace('/', '_')[:60]}.html")
        files[-1].write_text(page.evaluate(AS_IT_STANDS), encoding="utf-8")

    for path in paths:
        page.goto(live_server.url + path)
        if page.evaluate("document.contentType") != "text/html":
            continue
        keep(path)
        if (citation := page.locator("article.release .note-ref a").first).count():
            citation.focus()
            page.keyboard.press("Shift+Tab")
            page.keyboard.press("Tab")
            page.locator(".note-beside").wait_for()
            keep(f"{path}, a note open")
            page.keyboard.press("Escape")
            keep(f"{path}, a note closed")
    page.goto(f"{live_server.url}/search/")
    field = page.get_by_role("combobox")
    field.press_sequentially("eve")
    page.get_by_role("option").first.wait_for()
    field.press("ArrowDown")
    keep("search, proposals open")
    field.press("Escape")
    keep("search, proposals closed")
    assert len(files) > len(paths)
    assert check(*files) == []
