"""What is on its way is waited for in sight when a button is pressed, or the press is refused with the reason."""

import re

import pytest
from playwright.sync_api import expect

from releases.models import Picture, Release
from tests.intake.word import docx, p
from tests.pictures.conftest import photo

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FILE = {"name": "wall.jpg", "mimeType": "image/jpeg", "buffer": b""}
COMING = "The picture is on its way"


@pytest.fixture
def seat(sit_down, editor, settings, tmp_path, make_draft):
    settings.MEDIA_ROOT = tmp_path / "media"
    seat = sit_down(editor).open(make_draft("With a picture"))
    seat.held = []
    seat.page.route("**/picture/bring/", lambda route: seat.held.append(route))
    return seat


def bring(seat):
    seat.page.set_input_files("#id_picture", {**FILE, "buffer": photo().getvalue()})
    expect(seat.page.locator("[data-picture-said]")).to_contain_text(COMING)
    while not seat.held:
        seat.page.wait_for_timeout(50)


@pytest.mark.parametrize("way", ["_save", "_publish", "_submit", "Control+s", "Enter"])
def test_a_press_waits_for_the_picture_and_goes_out_with_it(seat, way):
    seat.page.locator("#id_picture_alt").fill("A wall")
    bring(seat)
    sent = []
    seat.page.route("**/change/", lambda route: (sent.append(route.request.method), route.continue_()))
    if way.startswith("_"):
        seat.page.locator(f"#release-buttons [name={way}]").click()
    elif way == "Enter":
        seat.page.locator("#id_dateline").press("Enter")
    else:
        seat.page.locator("#id_title").press(way)
    expect(seat.page.locator("[data-pressed]")).to_contain_text(f"{COMING} … Then it goes on.")
    expect(seat.page.locator("[data-pressed]")).to_be_visible()
    assert sent == []
    seat.held.pop().continue_()
    if way == "_publish":
        seat.page.get_by_role("button", name="Publish now").press("Enter")
    seat.page.wait_for_selector(".messagelist .success")
    assert Release.objects.get().current.picture == Picture.objects.get()
    assert Release.objects.visible().exists() is (way == "_publish")


def test_a_picture_that_does_not_arrive_stops_the_press_and_the_next_one_goes_on_without_it(seat):
    bring(seat)
    seat.type(" and words")
    publish = seat.page.locator("#release-buttons [name=_publish]")
    publish.click()
    expect(seat.page.locator("[data-pressed]")).to_contain_text(COMING)
    seat.held.pop().abort()
    said = seat.page.locator("[data-pressed]")
    expect(said).to_contain_text("did not arrive")
    expect(said).to_contain_text("Press the button again to go on without it.")
    expect(seat.page.locator(".ProseMirror")).to_contain_text("and words")
    assert not Release.objects.visible().exists()
    publish.click()
    seat.page.get_by_role("button", name="Publish now").press("Enter")
    seat.page.wait_for_selector(".messagelist .success")
    assert "and words" in Release.objects.visible().get().live.body


def test_a_picture_that_has_failed_before_is_not_forgotten_by_the_press(seat):
    bring(seat)
    seat.held.pop().abort()
    expect(seat.page.locator("[data-picture-said]")).to_contain_text("did not arrive")
    seat.page.locator("#release-buttons [name=_publish]").click()
    expect(seat.page.locator("[data-pressed]")).to_contain_text("did not arrive")
    assert not Release.objects.visible().exists()


def test_waiting_is_ended_by_the_keyboard_and_nothing_goes_out(seat):
    bring(seat)
    seat.page.locator("#release-buttons [name=_publish]").press("Enter")
    stop = seat.page.get_by_role("button", name="Stop it")
    expect(stop).to_be_visible()
    stop.press("Enter")
    expect(seat.page.locator("[data-pressed]")).to_contain_text("Stopped. Press the button again")
    expect(stop).to_be_hidden()
    assert not Release.objects.visible().exists()


def test_leaving_with_a_picture_under_way_asks_first_and_else_does_not(seat):
    seat.page.locator("#id_title").press("End")
    with seat.page.expect_event("close"):
        seat.page.close(run_before_unload=True)
    seat.page = seat.context.new_page()
    seat.page.route("**/picture/bring/", lambda route: seat.held.append(route))
    seat.open(Release.objects.get())
    bring(seat)
    seat.page.locator("#id_title").press("End")
    with seat.page.expect_event("dialog") as asked:
        seat.page.close(run_before_unload=True)
    assert asked.value.type == "beforeunload"
    asked.value.dismiss()
    expect(seat.page.locator("[data-picture-said]")).to_contain_text(COMING)


def test_a_press_waits_for_an_import(seat):
    routes = []
    seat.page.route("**/docx/", lambda route: routes.append(route))
    content = list(docx(p("Words of the file.")).getvalue())
    seat.page.evaluate_handle(
        """(bytes) => {
            const files = new DataTransfer();
            files.items.add(new File([new Uint8Array(bytes)], "words.docx"));
            document.body.dispatchEvent(new DragEvent('drop', {bubbles: true, cancelable: true, dataTransfer: files}));
        }""",
        content,
    )
    while not routes:
        seat.page.wait_for_timeout(50)
    seat.page.locator("#release-buttons [name=_save]").click()
    expect(seat.page.locator("[data-pressed]")).to_have_text(re.compile("Importing the file"))
    routes.pop().continue_()
    seat.page.locator("[data-docx-ask] button[value=replace]").click()
    seat.page.wait_for_selector(".messagelist .success")
    assert "Words of the file." in Release.objects.get().current.body
