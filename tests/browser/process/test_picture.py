"""The picture of a release, brought and chosen in a browser, by keyboard, and as readers see it."""

import pytest
from playwright.sync_api import expect

from releases import workflow
from releases.models import Picture, Release
from tests.pictures.conftest import photo

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def seat(sit_down, editor, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    return sit_down(editor)


def file_of(**options):
    return {"name": "On the wall.jpg", "mimeType": "image/jpeg", "buffer": photo(**options).getvalue()}


def test_a_picture_is_brought_kept_by_itself_taken_away_and_chosen_again(seat, make_draft):
    seat.open(make_draft("With a picture"))
    page = seat.page
    page.set_input_files("#id_picture", file_of())
    expect(page.locator("[data-picture-said]")).to_have_text("The picture is here. Say what it shows.")
    page.get_by_label("Picture description (alt text)").fill("A red disc")
    seat.saved()
    current = Release.objects.get().current
    assert (current.picture, current.picture_alt) == (Picture.objects.get(), "A red disc")

    page.get_by_role("button", name="Remove the picture").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-picture-now]")).to_be_hidden()
    seat.saved()
    assert Release.objects.get().current.picture is None

    page.get_by_role("button", name="Choose from the library").focus()
    page.keyboard.press("Enter")
    page.keyboard.type("wall")
    page.get_by_role("button", name="On the wall.jpg").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Choose a picture")).to_be_hidden()
    expect(page.locator("[data-picture-now] img")).to_be_visible()
    seat.saved()
    assert Release.objects.get().current.picture == Picture.objects.get()


def test_a_file_that_is_no_picture_is_said_to_be_none(seat, make_draft):
    seat.open(make_draft("With no picture"))
    broken = {"name": "x.jpg", "mimeType": "image/jpeg", "buffer": b"words"}
    seat.page.set_input_files("#id_picture", broken)
    expect(seat.page.locator("[data-picture-said]")).to_contain_text("not a picture that can be shown")
    expect(seat.page.locator("[data-picture-now]")).to_be_hidden()


def test_a_picture_dropped_on_the_page_is_its_picture(seat, make_draft):
    seat.open(make_draft("Dropped"))
    content = list(photo().getvalue())
    seat.page.evaluate_handle(
        """(bytes) => {
            const files = new DataTransfer();
            files.items.add(new File([new Uint8Array(bytes)], 'drop.jpg', {type: 'image/jpeg'}));
            document.querySelector('.ProseMirror').dispatchEvent(
                new DragEvent('drop', {bubbles: true, cancelable: true, dataTransfer: files}));
        }""",
        content,
    )
    expect(seat.page.locator("[data-picture-now]")).to_contain_text("drop.jpg")
    expect(seat.page.locator(".ProseMirror img")).to_have_count(0)


@pytest.mark.parametrize("width", [320, 1280])
def test_readers_get_a_file_of_a_fitting_size_and_its_words(
    browser, live_server, seat, editor, make_draft, width
):
    seat.open(make_draft("With a picture"))
    seat.page.set_input_files("#id_picture", file_of(size=(2000, 1200)))
    expect(seat.page.locator("[data-picture-said]")).to_contain_text("is here", timeout=15_000)
    seat.page.get_by_label("Picture description (alt text)").fill("A red disc")
    seat.saved()
    release = workflow.publish(Release.objects.get(), by=editor)
    context = browser.new_context(viewport={"width": width, "height": 800}, java_script_enabled=False)
    page = context.new_page()
    taken = []
    page.on("response", lambda answer: taken.append((answer.url.rpartition("/")[2], answer.status)))
    page.goto(live_server.url + release.get_absolute_url(), wait_until="networkidle")
    expect(page.get_by_role("img", name="A red disc")).to_be_visible()
    assert {one for one in taken if one[0].endswith(("avif", "jpg"))} == {
        ("400.avif" if width == 320 else "800.avif", 200)
    }
    box = page.locator(".lead-picture img").bounding_box()
    assert box["width"] <= width
    assert abs(box["width"] / box["height"] - 2000 / 1200) < 0.02
    context.close()
