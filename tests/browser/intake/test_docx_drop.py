"""Dropping a Word file on the desk, in a browser."""

import base64

import pytest
from playwright.sync_api import Page, expect

from releases.models import Picture, Release
from tests.intake.word import docx, drawing, note, p, ref
from tests.pictures.conftest import photo

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DROP = """([name, content]) => {
  const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
  const data = new DataTransfer();
  data.items.add(new File([bytes], name));
  const onto = document.querySelector(".ProseMirror") ?? document.body;
  for (const kind of ["dragover", "drop"])
    onto.dispatchEvent(new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true }));
}"""


def drop(page: Page, name: str, content: bytes) -> None:
    page.evaluate(DROP, [name, base64.b64encode(content).decode()])


@pytest.fixture
def desk(window, make_user) -> Page:
    return window(make_user("edith", "editor"))


def statement() -> bytes:
    return docx(
        p("Court upholds a ban", style="Title"), "Geneva, 10 June 2011", p("Dropped words", ref(1), "."),
        footnotes=note(1, "The source."),
    ).getvalue()  # fmt: skip


def test_a_file_dropped_on_the_text_fills_the_form_and_can_be_taken_back(desk, live_server):
    desk.goto(f"{live_server.url}/admin/releases/release/add/")
    desk.locator(".ProseMirror").wait_for()
    desk.locator("#id_title").fill("What I had typed")
    drop(desk, "statement.docx", statement())
    desk.get_by_role("button", name="Replace the text").click()
    expect(desk.locator("#id_title")).to_have_value("Court upholds a ban")
    expect(desk.locator(".ProseMirror")).to_contain_text("Dropped words")
    expect(desk.locator(".ProseMirror")).to_contain_text("The source.")
    expect(desk.locator("#id_publish_at_0")).to_have_value("2011-06-10")
    expect(desk.locator("#id_dateline")).to_have_value("Geneva")
    expect(desk.locator(".docx-said")).to_contain_text("1 note came along.")
    desk.get_by_role("button", name="Undo the import").click()
    expect(desk.locator("#id_title")).to_have_value("What I had typed")
    expect(desk.locator(".ProseMirror")).not_to_contain_text("Dropped words")


def test_a_picture_of_the_file_is_in_the_library_to_choose(desk, live_server, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    desk.goto(f"{live_server.url}/admin/releases/release/add/")
    desk.locator(".ProseMirror").wait_for()
    file = docx(
        "Words.", p(drawing("i", "A crowd before the court")), links=[("i", "image", "media/image1.jpg")],
        parts={"word/media/image1.jpg": photo().getvalue()},
    )  # fmt: skip
    drop(desk, "statement.docx", file.getvalue())
    expect(desk.locator(".docx-said")).to_contain_text("1 picture is in the library now")
    desk.get_by_role("button", name="Choose from the library").click()
    desk.get_by_role("button", name="A crowd before the court").click()
    expect(desk.locator("[data-picture-now]")).to_contain_text("A crowd before the court")
    expect(desk.locator("input[name=picture]")).to_have_value(str(Picture.objects.get().uuid))


def test_a_broken_file_is_said_and_changes_nothing(desk, live_server):
    desk.goto(f"{live_server.url}/admin/releases/release/add/")
    desk.locator(".ProseMirror").wait_for()
    desk.locator("#id_title").fill("What I had typed")
    drop(desk, "statement.docx", statement()[:500])
    expect(desk.locator(".docx-said .errornote")).to_contain_text("broken")
    expect(desk.locator("#id_title")).to_have_value("What I had typed")
    drop(desk, "picture.png", b"\x89PNG")
    expect(desk.locator(".docx-said")).to_contain_text("Only Word files")


def test_a_file_dropped_on_the_list_begins_a_release(desk, live_server):
    desk.goto(f"{live_server.url}/admin/releases/release/")
    drop(desk, "statement.docx", statement())
    desk.wait_for_url("**/change/")
    expect(desk.locator(".messagelist")).to_contain_text("1 note came along.")
    assert Release.objects.get().working.title == "Court upholds a ban"
