"""The staff pages on the narrowest phone: nothing sticks out, and what has the focus is never behind the buttons."""

import pytest
from playwright.sync_api import expect

from tests.browser.admin.conftest import ADD
from tests.browser.admin.test_shaped_pages import ready
from tests.browser.axe import violations

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = {"width": 320, "height": 640}
HIDDEN = """() => {
  const one = document.activeElement, bar = document.querySelector('#release-buttons');
  if (one === document.body || bar.contains(one)) return '';
  const box = one.getBoundingClientRect();
  return box.top >= bar.getBoundingClientRect().top && getComputedStyle(bar).position === 'sticky'
    && bar.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_PRECEDING ? one.outerHTML.slice(0, 120) : '';
}"""


def test_axe_finds_nothing_and_nothing_sticks_out_of_a_phone(staff, live_server, pages):
    found = {}
    staff.set_viewport_size(PHONE)
    for name in ("list", "calendar", "desk", "add", "record"):
        staff.goto(live_server.url + pages[name])
        ready(staff)
        if broken := violations(staff):
            found[name] = broken
        if staff.evaluate("document.documentElement.scrollWidth") > PHONE["width"]:
            found[name, "width"] = "too wide"
    assert found == {}


def test_what_has_the_focus_is_not_behind_the_buttons(staff, live_server):
    page, behind = staff, []
    page.set_viewport_size(PHONE)
    page.goto(live_server.url + ADD)
    ready(page)
    for _ in range(30):
        page.keyboard.press("Tab")
        behind.append(page.evaluate(HIDDEN))
    assert not any(behind), [one for one in behind if one]


def test_the_topic_picker_is_ready_for_the_next_topic_and_says_when_nothing_matches(
    staff,
    live_server,
    make_topic,
):
    for name in ("Archives", "Harbours", "Rule Of Law"):
        make_topic(name)
    page = staff
    page.goto(live_server.url + ADD)
    ready(page)
    find, said = page.get_by_label("Find a topic"), page.locator(".topic-picker-count")
    find.fill("harb")
    find.press("Enter")
    expect(page.get_by_label("Harbours")).to_be_checked()
    expect(find).to_have_value("")
    expect(find).to_be_focused()
    expect(said).to_have_text("1 selected")
    find.fill("harb")
    expect(said).to_have_text("1 selected, no others found")
    find.fill("zzz")
    expect(said).to_contain_text("No topic matches “zzz”")
    find.fill("arch")
    expect(said).to_have_text("1 selected, 1 found")
