"""What is loaded, what is sent, and what other scripts on the page may count on."""

import pytest

from tests.browser.editor import site
from tests.browser.editor.conftest import Desk
from tests.browser.editor.test_edges import BODY, sup

pytestmark = pytest.mark.browser

EVERYTHING = (
    '<h2>Title</h2><h3 lang="fr">Sous-titre</h3><p>Words <strong>bold</strong><em> italic</em> H<sub>2</sub>O m<sup>2</sup>'
    f' <a href="https://example.org/?a=1&amp;b=2">link</a>{sup("aaaa", 1)}, trailing space </p>'
    '<p lang="ug" dir="rtl">ئۇيغۇرچە</p><p>A <span lang="la">sine qua non</span>.<br>Second line.</p><p></p>'
    "<ul><li><p>one</p><ul><li><p>nested</p></li></ul></li><li><p>two</p></li></ul>"
    '<ol start="4"><li><p>four</p></li></ol><blockquote><p>Said.</p></blockquote><hr>'
    '<table><tbody><tr><th><p>Head</p></th><th colspan="2"><p>Wide</p></th></tr>'
    f'<tr><td><p>a{sup("aaaa", 1).replace("fnref-aaaa", "fnref-aaaa-2")}</p></td><td rowspan="2"><p>b</p></td><td><p>c</p></td></tr>'
    "<tr><td><p>d</p></td><td><p>e</p></td></tr></tbody></table>"
    '<p><a href="/releases/earlier/">here</a> <a href="mailto:press@example.org">mail</a></p>'
    '<ol class="footnotes"><li id="fn-aaaa"><p>One <em>two</em>.</p><p>Second paragraph, <a href="https://example.org/">x</a>.</p></li></ol>'
)


@pytest.mark.parametrize("stored", [BODY, EVERYTHING, "", "<p>Plain.</p>"])
def test_opening_and_saving_changes_not_a_byte(desks, stored: str):
    desk = desks("same", stored)
    assert desk.value == stored == desk.html
    assert desk.save().stored == stored
    assert site.SENT["same"] == stored


@pytest.mark.parametrize("stored", [BODY, EVERYTHING])
def test_an_edit_and_its_opposite_change_not_a_byte(desks, stored: str):
    desk = desks("edited", stored).focus_end().type("x").key("Backspace")
    assert desk.value == stored
    assert desk.save().stored == stored
    desk.check()


def test_a_list_of_notes_that_is_not_last_is_not_cut_off(desks):
    desk = desks("order", BODY + "<p>After the list.</p>").focus_end()
    assert "After the list." in desk.html
    assert desk.html.endswith("</ol>")
    desk.caret_after("After").type("!").settle()
    assert len(desk.notes) == 3
    desk.check()


def test_a_note_that_nothing_cites_stays_and_is_marked_until_it_is_cited(desks):
    orphan = BODY.replace("</ol>", '<li id="fn-dddd"><p>cited nowhere</p></li></ol>')
    desk = desks("orphan", orphan)
    assert desk.html == orphan
    assert "cited nowhere" in desk.status
    marked = desk.page.locator("ol.footnotes li.is-uncited")
    assert marked.inner_text().strip() == "cited nowhere"
    desk.caret_after("Alpha").type("!").settle()
    assert desk.notes[-1] == "cited nowhere"
    desk.caret_after("end.").button("cite")
    desk.page.get_by_role("radio", name="4. cited nowhere").check()
    desk.page.get_by_role("button", name="Cite", exact=True).click()
    desk.settle()
    assert marked.count() == 0
    assert desk.numbers == "1 2 3 4"
    desk.check()


def test_a_note_that_nothing_cites_can_be_removed(desks):
    desk = desks("orphan", BODY.replace("</ol>", '<li id="fn-dddd"><p>x</p></li></ol>'))
    desk.page.locator("ol.footnotes li.is-uncited p").click()
    desk.key("End", "Backspace", "Backspace")
    assert len(desk.notes) == 3
    desk.check()


def test_a_citation_without_a_note_gets_an_empty_one_that_is_marked(desks):
    desk = desks("dangling", f"<p>Claim{sup('zzzz', 1)}.</p>")
    assert desk.page.locator("sup.footnote-ref.is-empty").count() == 1
    assert desk.value == f"<p>Claim{sup('zzzz', 1)}.</p>"


def test_every_change_is_in_the_textarea_at_once_and_told_soon_after(desk: Desk):
    desk.page.evaluate(
        "window.told = []; document.addEventListener('input', e => e.target.id === 'id_body' && told.push(e.target.value))"
    )
    desk.focus_end().page.keyboard.type("abc")
    assert desk.value == "<p>abc</p>"
    desk.until("told.at(-1) === '<p>abc</p>'")
    assert desk.page.evaluate("told.length") <= 3


def test_opening_tells_nobody_of_a_change(desks):
    desk = desks("quiet", BODY, own_tab=True)
    desk.page.add_init_script("window.told = 0; document.addEventListener('input', () => told++)")
    desk.open(BODY).tell()
    assert desk.page.evaluate("told") == 0


def test_another_script_replaces_the_text_in_one_step(desks):
    desk = desks("replaced", BODY).focus_end().type("typed").settle()
    desk = desks("replaced", BODY).focus_end()
    desk.type(" more")
    before = desk.value
    other = f'<p>Other{sup("dddd", 1)}</p><ol class="footnotes"><li id="fn-dddd"><p>words</p></li></ol>'
    desk.page.evaluate(
        "html => document.querySelector('#id_body').dispatchEvent(new CustomEvent('newsroom:set-body', {detail: html}))",
        other,
    )
    desk.settle()
    assert desk.value == other
    desk.page.locator(".ProseMirror").focus()
    desk.key("Control+z")
    assert desk.value == before
    desk.key("Control+Shift+z")
    assert desk.value == other
    desk.check()


def test_without_scripts_the_textarea_takes_html(browser, site_url):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site_url}/admin/editing/plain/")
    page.get_by_label("Text").fill("<p>By hand.</p>")
    page.click("input[name=_save]")
    assert site.STORED["plain"] == "<p>By hand.</p>"
    context.close()


def test_when_a_script_fails_the_textarea_is_still_there(browser, site_url):
    context = browser.new_context()
    page = context.new_page()
    page.route("**/js/editor/toolbar.js", lambda route: route.abort())
    page.goto(f"{site_url}/admin/editing/broken/")
    page.get_by_label("Text").fill("<p>By hand.</p>")
    page.click("input[name=_save]")
    assert site.STORED["broken"] == "<p>By hand.</p>"
    context.close()


def test_when_the_editor_cannot_start_the_textarea_is_still_there(browser, site_url):
    context = browser.new_context()
    page = context.new_page()
    page.route("**/js/editor/serialise.js", lambda route: route.continue_())
    page.route(
        "**/admin/editing/odd/",
        lambda route: route.fulfill(
            response=(answer := route.fetch()), body=answer.text().replace("FootnoteDocument", "NoDocument")
        ),
    )
    page.goto(f"{site_url}/admin/editing/odd/")
    page.get_by_label("Text").fill("<p>By hand.</p>")
    assert page.locator(".body-editor").count() == 0
    context.close()


def test_the_policy_of_the_edit_page_is_kept_without_inline_scripts_or_styles(desks):
    desk = desks("policy")
    policy = desk.page.request.get(desk.page.url).headers["content-security-policy"]
    assert "unsafe" not in policy
    desk.page.evaluate(
        "window.broken = []; document.addEventListener('securitypolicyviolation', e => broken.push(e.violatedDirective))"
    )
    desk.focus_end().type("a").key("Control+Alt+f").type("b").key("Escape").button("table").button(
        "cite"
    ).key("Escape")
    assert desk.page.evaluate("broken") == []
