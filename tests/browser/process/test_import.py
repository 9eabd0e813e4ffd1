"""A Word file dropped on a text that has words: nothing changes until somebody has chosen, and what the page says is so."""

import pytest
from playwright.sync_api import expect

from releases import workflow
from releases.models import Release, Version
from releases.workflow import words_of_version
from tests.browser.axe import violations
from tests.browser.conftest import SETTLED
from tests.browser.intake.test_docx_drop import drop, statement
from tests.makers import body_with

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SAVED = "in the form and saved as a draft"
# An autosave would have gone out by now: it waits for a second at most, and timers fire in their order.
AUTOSAVED = "new Promise((done) => setTimeout(done, 1010))"


@pytest.fixture
def seat(sit_down, make_draft, editor):
    return sit_down(editor).open(make_draft("What stood here", body=body_with(2)))


def asked(seat):
    drop(seat.page, "statement.docx", statement())
    dialog = seat.page.get_by_role("dialog", name="There is text here already")
    expect(dialog).to_be_visible()
    return dialog


def test_nothing_changes_here_or_on_the_server_before_the_choice_nor_after_escape(seat):
    before = Release.objects.get().current
    page = seat.page
    page.locator("#id_title").focus()
    asked(seat)
    expect(page.get_by_role("button", name="Insert it at the caret")).to_be_focused()
    heard = list(seat.faults)
    assert violations(page) == {}
    seat.faults[:] = heard  # axe's own style is refused by the policy
    page.evaluate(AUTOSAVED)
    page.keyboard.press("Escape")
    expect(page.locator(".docx-said")).to_contain_text("the text here is as it was")
    expect(page.locator("#id_title")).to_be_focused()
    expect(page.locator("#id_title")).to_have_value("What stood here")
    page.evaluate(AUTOSAVED)
    assert Release.objects.get().current.save_number == before.save_number


def test_replacing_keeps_every_word_on_the_server_first_and_says_when_it_is_saved(seat):
    seat.type(" Typed this second.")
    dialog = asked(seat)
    dialog.get_by_role("button", name="Replace the text").click()
    expect(seat.page.locator(".docx-said")).to_contain_text(SAVED)
    assert Release.objects.get().current.title == "Court upholds a ban"
    version = Version.objects.get(before="import")
    assert "Typed this second." in words_of_version(version).body
    expect(seat.page.locator("[data-before]")).to_contain_text("before an import")
    # One step takes it out of the text again, and the button takes it out of every field.
    seat.page.locator(".ProseMirror").focus()
    seat.page.keyboard.press("Control+z")
    expect(seat.page.locator(".ProseMirror")).to_contain_text("Typed this second.")
    expect(seat.page.locator(".ProseMirror")).not_to_contain_text("Dropped words")
    seat.page.get_by_role("button", name="Undo the import").click()
    expect(seat.page.locator("#id_title")).to_have_value("What stood here")
    expect(seat.page.locator("#id_dateline")).to_have_value("")
    seat.saved()
    assert "Typed this second." in Release.objects.get().current.body


def test_at_the_caret_it_stands_between_the_words_and_its_note_among_the_notes(seat):
    seat.page.locator(".ProseMirror > p").first.click()
    seat.page.keyboard.press("End")
    asked(seat).get_by_role("button", name="Insert it at the caret").click()
    expect(seat.page.locator(".docx-said")).to_contain_text(SAVED)
    current = Release.objects.get().current
    assert (current.title, current.dateline) == ("What stood here", "Geneva")
    assert current.body_text.split("\n\n") == ["Claim 1 of many.", "Dropped words.", "Claim 2 of many."]
    assert [note["number"] for note in current.notes] == [1, 2, 3]
    assert [words in current.body for words in ("Source 1", "The source.", "Source 2")] == [True] * 3
    seat.page.get_by_role("button", name="Undo the import").click()
    seat.saved()
    assert "Dropped" not in Release.objects.get().current.body


def test_amid_a_paragraph_it_is_parted_and_the_same_file_twice_has_notes_of_its_own(seat):
    page = seat.page
    page.locator(".ProseMirror > p").first.click()
    page.evaluate(SETTLED)
    for key in ("Home", *["ArrowRight"] * 5):
        page.keyboard.press(key)
    for _turn in range(2):
        asked(seat).get_by_role("button", name="Insert it at the caret").click()
        expect(page.locator(".docx-said")).to_contain_text(SAVED)
    seat.saved()
    current = Release.objects.get().current
    expected = ["Claim", "Dropped words.", "Dropped words.", "1 of many.", "Claim 2 of many."]
    assert [part.strip() for part in current.body_text.split("\n\n")] == expected
    assert current.note_count == 4
    assert current.body.count("The source.") == 2


def test_a_second_file_waits_for_the_first(seat):
    dialog = asked(seat)
    drop(seat.page, "another.docx", statement())
    expect(dialog).to_be_visible()
    expect(seat.page.locator(".docx-said")).to_contain_text("One file at a time")
    seat.page.keyboard.press("Escape")
    expect(seat.page.locator(".docx-said")).to_contain_text("the text here is as it was")
    asked(seat)


def test_on_a_submitted_text_it_says_that_nothing_is_saved_until_the_button_is_pressed(
    sit_down, make_draft, editor
):
    draft = workflow.submit(make_draft("What stood here"), by=editor)
    seat = sit_down(editor).open(draft)
    asked(seat).get_by_role("button", name="Replace the text").click()
    expect(seat.page.locator(".docx-said")).to_contain_text("not saved yet")
    seat.wait_for("saved when you press “Save draft”")
    assert Release.objects.get().state() == "submitted"


def test_words_that_the_server_cannot_take_are_not_written_over(seat):
    seat.page.route("**/autosave/", lambda route: route.abort())
    seat.type(" Typed in a tunnel.").wait_for("Your words are kept in this browser.")
    asked(seat).get_by_role("button", name="Replace the text").click()
    expect(seat.page.locator(".docx-said .errornote")).to_contain_text(
        "not saved yet, and would be lost", timeout=30_000
    )
    expect(seat.page.locator(".ProseMirror")).to_contain_text("Typed in a tunnel.")


def test_on_an_empty_text_it_goes_in_without_a_question(sit_down, editor):
    seat = sit_down(editor).open()
    drop(seat.page, "statement.docx", statement())
    expect(seat.page.locator("#id_title")).to_have_value("Court upholds a ban")
    expect(seat.page.locator(".docx-said")).to_contain_text(SAVED)
    assert Release.objects.get().current.title == "Court upholds a ban"
