"""The editor in its real place, the release form of the admin."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import sign_in
from tests.browser.editor.test_edges import BODY

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def form(window, live_server, make_draft, editor):
    """The change form of a draft with three notes, opened by its writer."""
    draft = make_draft("A draft", body=BODY)
    page = window(editor)
    page.draft, page.faults = draft, []

    # What the editor did wrong; the form's other scripts have their own tests.
    def heard(message):
        if "Content Security Policy" in message.text:
            page.faults.append(message.text)

    def failed(error):
        if "/js/editor/" in (error.stack or ""):
            page.faults.append(error.stack)

    page.on("console", heard)
    page.on("pageerror", failed)
    page.goto(f"{live_server.url}/admin/releases/release/{draft.pk}/change/")
    page.wait_for_selector(".body-editor [role=toolbar]")
    yield page
    page.remove_listener("console", heard)
    page.remove_listener("pageerror", failed)


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
    form.evaluate("new Promise(requestAnimationFrame)")
    bar = form.locator(".body-editor__toolbar").bounding_box()
    assert -1 <= bar["y"] < 80
    frame = form.locator(".body-editor").bounding_box()
    assert frame["x"] >= 0
    assert frame["x"] + frame["width"] <= width
    assert frame["width"] >= min(width, 600) * 0.72


def copied(page: Page) -> str:
    """What the browser puts on the clipboard for the whole article."""
    page.evaluate(
        """(() => { const r = document.createRange(); r.selectNodeContents(document.querySelector('article.release'));
        getSelection().removeAllRanges(); getSelection().addRange(r) })()"""
    )
    page.keyboard.press("Control+c")
    return page.evaluate(
        "navigator.clipboard.read().then(items => items[0].getType('text/html')).then(blob => blob.text())"
    )


def test_our_own_public_page_gives_its_notes_back(context, live_server, make_release, editor):
    """Copied as a reader does, with a note shown beside the text at that moment, and pasted into a draft."""
    stored = (
        '<p>Rose<sup class="footnote-ref"><a href="#fn-aaaa" id="fnref-aaaa">1</a></sup> on May 30'
        '<sup class="footnote-ref"><a href="#fn-bbbb" id="fnref-bbbb">2</a></sup>, again'
        '<sup class="footnote-ref"><a href="#fn-aaaa" id="fnref-aaaa-2">1</a></sup>.</p><h2>After</h2><p>End.</p>'
        '<ol class="footnotes"><li id="fn-aaaa"><p>The <em>gauge</em>.</p><p>Its second paragraph.</p></li>'
        '<li id="fn-bbbb"><p>See <a href="https://example.org/9.5">p. 9.5</a>.</p></li></ol>'
    )
    release = make_release("A release", body=stored)
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=live_server.url)
    page = context.new_page()
    page.goto(live_server.url + release.get_absolute_url())
    page.locator(".note-ref a").first.hover()
    page.locator(".note-beside:not([hidden])").wait_for()
    html = copied(page)
    draft = make_release("Another", body="<p>Here</p>")
    client = context.new_page()
    sign_in(client, live_server.url, editor)
    client.goto(f"{live_server.url}/admin/releases/release/{draft.pk}/change/")
    client.wait_for_selector(".body-editor [role=toolbar]")
    client.locator(".ProseMirror p").first.click()
    client.keyboard.press("Control+a")
    client.evaluate(
        """html => { const d = new DataTransfer(); d.setData('text/html', html); d.setData('text/plain', '');
        document.querySelector('.ProseMirror').dispatchEvent(
            new ClipboardEvent('paste', {clipboardData: d, bubbles: true, cancelable: true})) }""",
        html,
    )
    expect(client.locator("#id_body")).to_have_value(re.compile("gauge"))
    value = client.locator("#id_body").input_value()
    assert re.findall(r">(\d+)</a></sup>", value) == ["1", "2", "1"]
    assert re.findall(r'<li id="fn-\w+">(.*?)</li>', value) == [
        "<p>The <em>gauge</em>.</p><p>Its second paragraph.</p>",
        '<p>See <a href="https://example.org/9.5">p. 9.5</a>.</p>',
    ]
    assert value.count("gauge") == 1
    assert "Notes" not in value
    assert "Back" not in value
    assert "↩" not in value
