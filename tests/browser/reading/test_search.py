"""The search in a browser: proposals while somebody types, the keyboard alone, no scripts, and whatever is typed."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ODD = (
    "' OR 1=1; DROP TABLE releases_release; --", '"' * 301, "\u202e\u200f\u2067abc", "👩‍👩‍👧 🏴‍☠️", ".*(?P<a>[a-z]+)$", "<script>alert(1)</script>",
    "-", "*", "%00", "\ud800", "a" * 5000,
)  # fmt: skip

# Type all at once; it asks 150 ms after the last key, if it asks.
ASKED = """async (words) => {
    const [field, real] = [document.getElementById("q"), window.fetch];
    let asked;
    window.fetch = (...all) => (asked = real(...all));
    field.value = words;
    field.dispatchEvent(new InputEvent("input"));
    await new Promise((done) => setTimeout(done, 160));
    await asked?.catch(() => {});
}"""


@pytest.fixture
def field(page: Page, live_server, make_release, make_topic):
    """The search field, in a newsroom with a topic and two releases that begin alike."""
    make_topic("Harbours")
    make_release("Harbour closed", body="<p>Of <em>salt</em>.</p>")
    make_release("Harbour opened", body="<p>Of pepper.</p>")
    page.goto(f"{live_server.url}/search/")
    return page.get_by_role("combobox")


def proposals(page):
    return page.get_by_role("listbox").get_by_role("option")


def chosen(page, field):
    """The option that assistive technology is told of."""
    pk = field.get_attribute("aria-activedescendant")
    return page.locator(f"#{pk}").text_content() if pk else None


def test_the_arrow_keys_go_round_and_enter_goes_there(page: Page, field, live_server):
    field.press_sequentially("harb")
    expect(proposals(page)).to_have_text(["Harbours", "Harbour opened", "Harbour closed"])
    expect(field).to_have_attribute("aria-expanded", "true")
    expect(field).to_have_attribute("aria-controls", page.get_by_role("listbox").get_attribute("id"))
    seen = []
    for key in ("ArrowDown", "ArrowDown", "ArrowDown", "ArrowDown", "ArrowUp", "ArrowUp"):
        field.press(key)
        seen.append(chosen(page, field))
        marked = page.locator("[role=option][aria-selected=true]").all_text_contents()
        assert marked == ([seen[-1]] if seen[-1] else [])
    assert seen == ["Harbours", "Harbour opened", "Harbour closed", None, "Harbour closed", "Harbour opened"]
    expect(field).to_be_focused()
    answer = Axe().run(page)
    assert not [violation["id"] for violation in answer.response["violations"]]
    field.press("Enter")
    expect(page).to_have_url(f"{live_server.url}/releases/harbour-opened/")


def test_escape_closes_the_list_keeps_the_words_and_nothing_opens_it_again(page: Page, field):
    field.press_sequentially("harb")
    expect(proposals(page)).to_have_count(3)
    field.press("Escape")
    expect(page.locator("[role=listbox]")).to_be_hidden()
    expect(field).to_have_value("harb")
    expect(field).to_have_attribute("aria-expanded", "false")
    answers = []
    page.route("**/search/suggest?*", lambda route: answers.append(route))
    field.press("o")
    while not answers:
        page.wait_for_timeout(20)
    field.press("Escape")  # before the answer is there
    answers.pop().continue_()
    page.evaluate("fetch('/healthz')")
    expect(page.locator("[role=listbox]")).to_be_hidden()


def test_a_proposal_in_another_language_says_so(page: Page, field, make_release):
    make_release("Harbour 港口", language="zh-hans")
    field.press_sequentially("港")
    expect(proposals(page)).to_have_text(["Harbour 港口"])
    expect(proposals(page)).to_have_attribute("lang", "zh-hans")


def test_enter_without_a_choice_searches_and_the_results_are_reached_by_the_keyboard(
    page: Page, field, live_server
):
    field.press_sequentially("harbour salt")
    field.press("Enter")
    expect(page).to_have_url(re.compile(r"/search/\?q=harbour\+salt$"))
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent.trim()") == "Harbour closed":
            break
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{live_server.url}/releases/harbour-closed/")


def test_without_scripts_the_form_searches_and_narrows(
    browser: Browser, live_server, make_release, make_topic
):
    make_release("Harbour closed", topics=[make_topic("Trade")])
    make_release("Harbour opened")
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{live_server.url}/search/")
        page.get_by_role("searchbox").last.fill("harbour")
        page.get_by_role("searchbox").last.press("Enter")
        expect(page.locator(".hits h2, .hits h3")).to_have_count(2)
        page.locator("#narrow").get_by_role("link", name="Trade").click()
        expect(page.locator(".hits")).to_contain_text("Harbour closed")
        expect(page.locator(".hits")).not_to_contain_text("Harbour opened")


def test_whatever_is_typed_the_page_answers_and_stays_whole(page: Page, field, live_server):
    page.set_viewport_size({"width": 320, "height": 800})
    problems = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("dialog", lambda dialog: problems.append(dialog.message))
    page.on("response", lambda answer: problems.append(answer.url) if answer.status >= 500 else None)
    for words in ODD:
        page.goto(f"{live_server.url}/search/")
        page.evaluate(ASKED, words)
        with page.expect_navigation():
            page.evaluate("document.getElementById('q').form.submit()")
        expect(page.get_by_role("heading", level=1)).to_have_text("Search")
        if page.evaluate("document.documentElement.scrollWidth") > 320:
            problems.append(("too wide", words))
    assert problems == []
