"""Select all, type, reload: the way back stands under the form, and what stood there comes back."""

import re

import pytest
from playwright.sync_api import expect

from releases import workflow
from releases.models import Release, Version
from releases.workflow import Words, words_of_version
from tests.browser.conftest import SETTLED

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
BODY = "<p>Nine words that took a whole evening to write.</p>"


def test_select_all_and_type_has_a_way_back_after_a_reload(sit_down, make_draft, editor):
    draft = make_draft("Begun", body=BODY)
    seat = sit_down(editor).open(draft)
    seat.page.locator(".ProseMirror").click()
    seat.page.keyboard.press("Control+a")
    seat.page.keyboard.type("x")
    seat.saved()
    line = seat.page.locator("[data-before]")
    expect(line).to_contain_text("before a large deletion")
    seat.page.reload()
    seat.page.wait_for_selector(".body-editor [role=toolbar]")
    assert Release.objects.get().current.body == "<p>x</p>"
    expect(line).to_contain_text("is kept")
    with seat.context.expect_page() as opened:
        line.get_by_role("link").focus()
        seat.page.keyboard.press("Enter")
    beside = opened.value
    expect(beside.locator(".sides del")).to_contain_text("a whole evening")
    beside.get_by_role("button", name=re.compile("as it was on")).focus()
    beside.keyboard.press("Enter")
    beside.wait_for_url("**/change/")
    expect(beside.locator(".messagelist")).to_contain_text("is now the draft")
    assert Release.objects.get().current.body == BODY


def test_every_version_stands_in_the_history_and_is_restored_from_there(sit_down, make_draft, editor):
    draft = make_draft("Begun", body=BODY)
    seat = sit_down(editor).open(draft)
    for words in (" First.", " Second."):
        seat.type(words)
        seat.page.locator("#release-buttons [name=_save]").click()
        seat.page.wait_for_selector(".messagelist .success")
        seat.page.wait_for_selector(".body-editor [role=toolbar]")
    seat.page.get_by_role("link", name="History").click()
    expect(seat.page.get_by_text("2 earlier versions of revision 1")).to_be_visible()
    rows = seat.page.locator(".versions tbody tr:has(input)")
    expect(rows.first).to_contain_text("saved by hand")
    rows.first.get_by_role("button", name=re.compile("^Restore")).click()
    seat.page.wait_for_url("**/change/")
    body = Release.objects.get().current.body
    assert "First." in body
    assert "Second." not in body


def test_a_paste_over_a_few_words_keeps_them_with_what_was_typed_just_before(sit_down, make_draft, editor):
    draft = make_draft("Begun", body=BODY)
    seat = sit_down(editor).open(draft)
    seat.page.evaluate("navigator.clipboard?.writeText('').catch(() => {})")
    seat.type(" Typed now.")
    for _character in range(4):
        seat.page.keyboard.press("Shift+ArrowLeft")
    # The editor learns of a selection when the browser gets round to telling it.
    seat.page.wait_for_function("getSelection().toString() === 'now.'")
    seat.page.evaluate(SETTLED)
    seat.page.evaluate(
        """() => {
          const data = new DataTransfer();
          data.setData("text/plain", "then");
          document.querySelector(".ProseMirror").dispatchEvent(
            new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        }"""
    )
    expect(seat.page.locator(".ProseMirror")).to_contain_text("Typed then")
    seat.saved()
    expect(seat.page.locator("[data-before]")).to_contain_text("before a paste over it")
    version = Version.objects.get(before="paste")
    assert "Typed now." in words_of_version(version).body


def test_what_was_typed_over_a_colleagues_save_is_in_the_history_when_theirs_is_taken(
    sit_down, make_draft, make_user, editor
):
    draft = make_draft("Begun", body=BODY)
    seat = sit_down(editor).open(draft)
    workflow.save_draft(draft, Words("Begun", "<p>Olga’s words.</p>"), by=make_user("Olga"))
    seat.type(" Mine.").wait_for("Olga saved this release at")
    seat.page.get_by_role("button", name="See both texts").click()
    seat.page.wait_for_selector(".release-conflict")
    seat.page.get_by_role("button", name="Take theirs").click()
    seat.wait_for("Yours is kept in the history.")
    assert Release.objects.get().current.body == "<p>Olga’s words.</p>"
    assert "Mine." in words_of_version(Version.objects.get(before="taken")).body
