"""Every page of the admin that the newsroom shapes: axe finds nothing, nothing sticks out, the keyboard goes everywhere."""

import pytest
from playwright.sync_api import Page

from releases import workflow
from releases.models import Release
from releases.workflow import Words
from tests.browser.admin.conftest import ADD
from tests.browser.axe import faults_of
from tests.browser.conftest import sign_in
from tests.depth import DEEP

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Pages like others: Tab leaves them out. ("preview" is frames with readers' pages; of the
# forms those with the most buttons are walked through.)
AS_THEIR_LIKES = {"list, nothing found", "merge", "preview"}
if not DEEP:
    AS_THEIR_LIKES |= {
        f"form: {state}" for state in ("submitted", "returned", "scheduled", "published", "withdrawn")
    }
# What can be reached with Tab: of radio buttons one a group, and nothing in what is folded away.
REACHABLE = """() => {
  const seen = new Set();
  const all = [...document.querySelectorAll(
    'a[href], button, input, select, textarea, summary, iframe, [contenteditable=true], [tabindex]')];
  return all.filter((one) => {
    if (one.parentElement.closest('[contenteditable=true]')) return false; // words, not controls
    if (one.tabIndex < 0 || one.disabled || one.type === 'hidden') return false;
    const shut = one.closest('details:not([open])');
    if (shut && one !== shut.querySelector(':scope > summary')) return false;
    if (!one.checkVisibility({ visibilityProperty: true }) || one.closest('dialog:not([open])')) return false;
    if (one.type === 'radio') {
      const group = `${one.form?.id}${one.name}`;
      const checked = document.querySelector(`input[type=radio][name="${one.name}"]:checked`);
      if (checked ? checked !== one : seen.has(group)) return false;
      seen.add(group);
    }
    return true;
  });
}"""
LOOK = """(one) => {
  const look = (of) => { const s = getComputedStyle(of);
    return [s.outlineStyle, s.outlineWidth, s.outlineColor, s.boxShadow, s.borderColor, s.backgroundColor, s.color,
            s.textDecorationLine, s.clipPath, s.top, s.left].join('|'); };
  return [one, one.parentElement, one.closest('label')].filter(Boolean).map(look).join(' ');
}"""
MARK = f"""() => {{
  window.reachable = ({REACHABLE})();
  window.look = {LOOK};
  document.activeElement?.blur();
  window.unlit = new Map(window.reachable.map((one) => [one, look(one)]));
  return reachable.length;
}}"""
WALK = """() => {
  window.walked = [];
  const note = () => {
    const one = document.activeElement;
    if (!one || one === document.body) return;
    const lit = one.tagName === 'IFRAME' || !unlit.has(one) || look(one) !== unlit.get(one);
    walked.push([reachable.indexOf(one), lit, one.outerHTML.slice(0, 160)]);
  };
  document.addEventListener('focusin', note);
  addEventListener('blur', () => setTimeout(note)); // into a frame
}"""


def ready(page: Page) -> None:
    if page.locator(".body-editor").count():
        page.wait_for_selector(".body-editor [role=toolbar]")


def tab_through(page: Page, where: str) -> list[str]:
    """What Tab does not reach or does not show, and where it is caught."""
    page.set_viewport_size({"width": 768, "height": 900})
    count = page.evaluate(MARK)
    page.evaluate(WALK)
    walked: list[tuple[int, bool, str]] = []
    for presses in (count + 2, 30):
        for _press in range(presses):
            page.keyboard.press("Tab")
        walked = page.evaluate("walked")
        first = next((index for index, _lit, _html in walked if index >= 0), None)
        if sum(index == first for index, _lit, _html in walked) > 1:
            break
    else:
        reached = {index for index, _lit, _html in walked}
        return [f"{where}: the keyboard does not come round ({len(reached)} of {count})"]
    reached = {index for index, _lit, _html in walked}
    found = [
        f"{where}: focus is not seen on {html}"
        for _index, lit, html in dict.fromkeys(map(tuple, walked))
        if not lit
    ]
    left = page.evaluate(
        "reached => reachable.filter((_one, n) => !reached.includes(n)).map(one => one.outerHTML.slice(0, 160))",
        sorted(reached - {-1}),
    )
    return found + [f"{where}: Tab does not reach {one}" for one in left]


@pytest.mark.parametrize(("html", "found"), [
    ("<a href='#x'>One</a> <button>Two</button>", ""),
    ("<a href='#x'>One</a> <button style='outline: none'>Two</button>", "focus is not seen on <button"),
    ("<a href='#x'>One</a> <button onfocus='this.previousElementSibling.focus()'>Two</button> <a href='#y'>Three</a>",
     "Tab does not reach <a href=\"#y\""),
    ("<a href='#x'>One</a> <input onkeydown='event.preventDefault()'>", "the keyboard does not come round"),
])  # fmt: skip
def test_the_walk_with_tab_notices_what_it_is_made_for(page: Page, html: str, found: str):
    page.set_content(html)
    said = "\n".join(tab_through(page, "here"))
    assert found in said
    assert bool(found) == bool(said)


def test_axe_finds_nothing_and_nothing_sticks_out(staff, live_server, pages):
    page, found = staff, []
    for name, path in pages.items():
        page.goto(live_server.url + path)
        ready(page)
        page.evaluate("document.querySelectorAll('#content details').forEach(one => { one.open = true })")
        found += faults_of(page, name, shaped=(1280,))
    assert not found, "\n".join(found)


def test_tab_reaches_every_control_shows_where_it_is_and_is_not_caught(staff, live_server, pages):
    page, found = staff, []
    for name, path in pages.items():
        if name in AS_THEIR_LIKES:
            continue
        page.goto(live_server.url + path)
        ready(page)
        found += tab_through(page, name)
    assert not found, "\n".join(found)


def test_pages_that_answer_a_step_are_as_sound(staff, live_server, pages, chief, make_user):
    """The form that was refused, the conflict, the list of keys, and what a split would do."""
    page, found = staff, []
    page.goto(live_server.url + ADD)
    ready(page)
    page.evaluate("document.querySelector('#id_title').form.noValidate = true")
    page.get_by_role("button", name="Publish", exact=True).click()
    page.wait_for_selector(".errornote")
    ready(page)
    found += faults_of(page, "refused", shaped=(1280,))

    draft = Release.objects.get(slug="a-draft-about-the-harbour")
    page.goto(live_server.url + pages["form: draft"])
    ready(page)
    workflow.save_draft(draft, Words("Somebody else’s title", "<p>Other words.</p>"), by=make_user("Olga"))
    page.locator("#id_title").fill("My own title")
    page.get_by_role("button", name="See both texts").click()
    page.wait_for_selector(".release-conflict")
    ready(page)
    found += faults_of(page, "conflict") + tab_through(page, "conflict")

    page.goto(live_server.url + "/admin/")
    page.keyboard.press("?")
    page.get_by_role("dialog").wait_for()
    found += faults_of(page, "keys", shaped=(1280,))
    page.keyboard.press("Escape")

    page.goto(live_server.url + pages["split, releases"])
    page.get_by_role("checkbox").first.check()
    page.get_by_role("button", name="See what changes").click()
    page.wait_for_load_state()
    found += faults_of(page, "split, previewed", shaped=(1280,))
    assert not found, "\n".join(found)


def test_signing_in_and_what_a_writer_may_not_see_are_as_sound(browser, live_server, pages, make_user):
    found = []
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{live_server.url}/accounts/login/")
        found += faults_of(page, "sign in") + tab_through(page, "sign in")
        sign_in(page, live_server.url, make_user("wanda", "writer"))
        for where in ("desk", "topics", "topic", "form: published", "record", "merge"):
            page.goto(live_server.url + pages[where])
            found += faults_of(page, f"a writer’s {where}", shaped=(1280,))
    assert not found, "\n".join(found)


def test_what_a_new_name_changes_is_shown_as_soundly_and_undone(staff, live_server, pages):
    page = staff
    page.goto(live_server.url + pages["topic"])
    page.get_by_label("Name:", exact=True).fill("Public records")
    page.get_by_label("Address:").fill("records")
    page.get_by_role("button", name="See what changes first").press("Enter")
    assert page.locator("ins").all_text_contents() == ["Public records", "records"]
    found = faults_of(page, "rename") + tab_through(page, "rename")
    assert not found, "\n".join(found)
    page.get_by_role("button", name="Change “Archives”").press("Enter")
    page.wait_for_url("**/releases/topic/")
    page.goto(live_server.url + "/topics/archives/")
    assert page.url == f"{live_server.url}/topics/records/"
    page.goto(f"{live_server.url}/admin/releases/topic/changes/")
    page.get_by_role("button", name="Undo: Changed “Archives”.").press("Enter")
    page.get_by_text("everything is as it was before").wait_for()
    # Not the page itself: for a minute a browser may keep where an address led.
    assert (
        staff.context.request.get(live_server.url + "/topics/records/").url
        == f"{live_server.url}/topics/archives/"
    )
