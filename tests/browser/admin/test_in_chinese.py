"""The editor and the scripts of staff pages speak the person's language, under the policy that lets nothing inline run."""

import pytest
from playwright.sync_api import expect

from tests.browser.admin.conftest import ADD
from tests.browser.admin.test_shaped_pages import ready

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(
    ("language", "footnote", "counted"),
    [("zh-hans", "插入脚注", "1 个字符，上限 110"), ("zh-hant", "插入註腳", "1 個字元，上限 110")],
)
def test_the_editor_speaks_the_persons_language(staff, live_server, chief, language, footnote, counted):
    chief.language = language
    chief.save()
    page, wrong = staff, []
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(live_server.url + ADD)
    ready(page)
    expect(page.locator(f"[role=toolbar] [aria-label='{footnote}']")).to_be_visible()
    page.fill("#id_title", "x")
    expect(page.locator("#id_title_count")).to_have_text(counted)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert wrong == []
