"""When words were removed from everything, browsers let go of what they kept from before; who has the text open is told."""

import pytest
from playwright.sync_api import expect

from newsroom.safety.scrub.words import scrub
from releases import workflow
from releases.models import Release
from releases.text.removal import Removal
from releases.workflow import Words

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NAME = "Zanthorpe Imin"
COPIES = """() => new Promise((done) => {
    const opened = indexedDB.open("newsroom", 1);
    opened.onupgradeneeded = () => opened.result.createObjectStore("drafts");
    opened.onsuccess = () => {
        const all = opened.result.transaction("drafts").objectStore("drafts").getAll();
        all.onsuccess = () => { opened.result.close(); done(all.result.map((one) => one.words)); };
    };
})"""
FORGOTTEN = "This browser kept unsaved changes from before, and has deleted them."


@pytest.fixture
def draft(make_draft):
    return make_draft(f"About {NAME}")


def leave_a_copy(seat, draft):
    """Typed while the server does not answer, and the page is gone."""
    seat.context.route("**/autosave/", lambda route: route.abort())
    seat.open(draft).type(f" {NAME} said more").wait_for("Your words are kept in this browser.")
    seat.page.wait_for_function(f"async () => String(await ({COPIES})()).includes('said more')")
    seat.context.unroute("**/autosave/")


def remove():
    scrub(Removal([NAME], "[name removed]"), by=None)


def test_the_form_drops_a_copy_of_before(sit_down, draft, editor):
    seat = sit_down(editor)
    leave_a_copy(seat, draft)
    remove()
    seat.come_back(draft)
    expect(seat.page.locator("[data-kept-forgotten]")).to_contain_text(FORGOTTEN)
    expect(seat.page.locator("[data-kept]")).to_be_hidden()
    assert seat.page.evaluate(COPIES) == []
    assert NAME not in seat.page.content()


def test_the_desk_drops_it_too_and_a_copy_of_afterwards_stays(sit_down, draft, make_draft, editor):
    seat, other = sit_down(editor), make_draft("Wells")
    leave_a_copy(seat, draft)
    leave_a_copy(seat, other)  # which nobody had to remove anything from
    remove()
    seat.page.goto(f"{seat.base}/admin/")
    expect(seat.page.locator("[data-kept-forgotten]")).to_contain_text(FORGOTTEN)
    seat.page.wait_for_selector("#content-main[data-kept=looked]")
    assert len(seat.page.evaluate(COPIES)) == 1
    workflow.save_draft(
        Release.objects.get(pk=draft.pk), Words("Afterwards", "<p>Another text.</p>"), by=editor
    )
    leave_a_copy(seat, draft)
    seat.page.goto(f"{seat.base}/admin/")
    seat.page.wait_for_selector("#content-main[data-kept=looked]")
    expect(seat.page.locator("[data-kept-forgotten]")).to_be_hidden()
    assert len(seat.page.evaluate(COPIES)) == 2


def test_who_has_the_text_open_is_told_and_the_copy_goes_when_it_is_opened_again(sit_down, draft, editor):
    seat = sit_down(editor).open(draft)
    remove()
    seat.type(" and more")
    seat.wait_for("Words were removed from this release for somebody's safety, after you opened it.")
    seat.page.locator("[data-saved] button").click()
    seat.wait_for("Words were removed while you were writing")
    seat.type(" and on")
    seat.page.wait_for_function(f"async () => String(await ({COPIES})()).includes('and on')")
    seat.come_back(draft)
    expect(seat.page.locator("[data-kept-forgotten]")).to_contain_text(FORGOTTEN)
    assert seat.page.evaluate(COPIES) == []
    assert NAME not in Release.objects.get(pk=draft.pk).current.title
