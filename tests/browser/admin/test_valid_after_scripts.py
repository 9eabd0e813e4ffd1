"""After its scripts a page for staff is valid HTML, editor and all."""

import re

import pytest
from playwright.sync_api import Page

from tests.browser.admin.test_shaped_pages import ready
from tests.html_checker import AS_IT_STANDS, check, needs_checker

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), needs_checker]


def test_the_checker_finds_nothing_in_the_page_as_it_stands(
    staff: Page, pages: dict[str, str], live_server, tmp_path
):
    files = []
    for name, address in pages.items():
        staff.goto(live_server.url + address)
        ready(staff)
        files.append(tmp_path / f"{len(files):03}{re.sub('[^a-z]+', '-', name)}.html")
        files[-1].write_text(staff.evaluate(AS_IT_STANDS), encoding="utf-8")
    found = check(*files)
    assert not found, "\n".join(sorted({f"{name}: {message}  {extract}" for name, message, extract in found}))
