"""The editor in its real place, the release form of the admin."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from playwright.sync_api import Page

from tests.browser.editor.test_edges import BODY

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def form(page: Page, live_server, make_draft, settings):
    """The change form of a draft with three notes, opened by its writer."""
    draft = make_draft("A draft", body=BODY)
    client = Client()
    client.force_login(get_user_model().objects.get())
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
    # What the editor did wrong; the form's other scripts have their own tests.
    page.faults = []
    page.on("console", lambda m: page.faults.append(m.text) if "Content Security Policy" in m.text else None)
    page.on("pageerror", lambda e: page.faults.append(e.stack) if "/js/editor/" in (e.stack or "") else None)
    page.goto(f"{live_server.url}/admin/releases/release/{draft.pk}/change/")
    page.wait_for_selector(".body-editor [role=toolbar]")
    page.draft = draft
    return page


def stored(page: Page) -> str:
    page.draft.refresh_from_db()
    return page.draft.working.body


def test_a_save_without_an_edit_changes_not_a_byte(form: Page):
    form.locator("[name=_save]").first.click()
    form.wait_for_load_state("load")
    assert stored(form) == BODY
    assert form.faults == []


def test_a_note_written_in_the_form_is_stored(form: Page):
    form.locator(".ProseMirror p").first.click()
    form.keyboard.press("End")
    form.keyboard.press("Control+Alt+f")
    form.keyboard.type("Written in the admin.")
    sent = form.locator("#id_body").input_value()
    form.locator("[name=_save]").first.click()
    form.wait_for_selector(".messagelist .success")  # the page asks first whether the form would be taken
    assert "Written in the admin." in stored(form)
    assert stored(form) == sent
    assert form.faults == []


@pytest.mark.parametrize("width", [320, 768, 1280])
def test_the_editor_fits_the_form_and_its_toolbar_stays_in_sight(form: Page, width: int):
    form.set_viewport_size({"width": width, "height": 640})
    form.evaluate("document.querySelector('.body-editor').scrollIntoView()")
    form.evaluate("scrollBy(0, 120)")
    form.wait_for_timeout(100)
    bar = form.locator(".body-editor__toolbar").bounding_box()
    assert -1 <= bar["y"] < 80
    frame = form.locator(".body-editor").bounding_box()
    assert frame["x"] >= 0
    assert frame["x"] + frame["width"] <= width
    assert frame["width"] >= min(width, 600) * 0.72
