"""A note beside its citation: shown on hover, focus and tap; hovered, dismissed and left as WCAG 1.4.13 asks."""

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def citation(page: Page, nth: int = 0):
    return page.locator(".note-ref a").nth(nth)


def beside(page: Page):
    return page.locator(".note-beside")


def centre(locator):
    box = locator.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


@pytest.fixture(params=[1280, 700], ids=["margin", "below"])
def reader(page: Page, shown: str, request: pytest.FixtureRequest) -> Page:
    page.set_viewport_size({"width": request.param, "height": 800})
    page.goto(shown)
    return page


def test_hovering_a_citation_shows_its_note(reader: Page):
    citation(reader, 1).hover()
    expect(beside(reader)).to_be_visible()
    expect(beside(reader)).to_contain_text("Harbour Gazette, June 1.")
    expect(beside(reader)).to_contain_text("Confirmed by letter.")
    expect(beside(reader)).not_to_contain_text("↩")


def test_the_note_does_not_cover_its_citation(reader: Page):
    citation(reader).hover()
    expect(beside(reader)).to_be_visible()
    mark, note = citation(reader).bounding_box(), beside(reader).bounding_box()
    apart = note["x"] >= mark["x"] + mark["width"] / 2 + 4 or note["y"] >= mark["y"] + mark["height"] / 2 + 4
    assert apart
    assert note["x"] >= 0
    assert note["x"] + note["width"] <= reader.viewport_size["width"]


def test_the_pointer_can_go_onto_the_note_and_press_a_link_there(reader: Page, shown: str):
    reader.clock.install()
    reader.goto(shown)
    citation(reader).hover()
    reader.clock.run_for(200)
    expect(beside(reader)).to_be_visible()
    reader.mouse.move(*centre(beside(reader)), steps=25)
    reader.clock.run_for(1000)
    expect(beside(reader)).to_be_visible()
    expect(beside(reader).get_by_text("“Levels.”")).to_have_attribute("href", "https://example.org/1")


@pytest.mark.parametrize("reader", [1280], indirect=True, ids=["margin"])
def test_another_citation_on_the_way_to_the_note_does_not_take_its_place_at_once(
    page: Page, shown: str, reader: Page
):
    reader.clock.install()
    reader.goto(shown)
    citation(reader).hover()
    reader.clock.run_for(200)
    expect(beside(reader)).to_contain_text("Survey office")
    # The next citation as if it stood between the first one and its note, and as if the pointer were slow.
    first, note = citation(reader).bounding_box(), beside(reader).bounding_box()
    citation(reader, 1).evaluate(
        "(link, [x, y]) => { link.style.cssText = `position: fixed; left: ${x}px; top: ${y}px` }",
        [(first["x"] + note["x"]) / 2, first["y"]],
    )
    reader.mouse.move(*centre(citation(reader, 1)))
    reader.clock.run_for(250)
    reader.mouse.move(*centre(beside(reader)), steps=5)
    reader.clock.run_for(1000)
    expect(beside(reader)).to_contain_text("Survey office")
    reader.mouse.move(*centre(citation(reader, 1)))
    reader.clock.run_for(400)
    expect(beside(reader)).to_contain_text("Harbour Gazette")


def test_leaving_both_puts_the_note_away(reader: Page):
    citation(reader).hover()
    expect(beside(reader)).to_be_visible()
    reader.mouse.move(5, 5)
    expect(beside(reader)).to_be_hidden()


def test_escape_puts_the_note_away_and_leaves_the_focus(reader: Page):
    citation(reader, 1).focus()
    reader.keyboard.press("Shift+Tab")
    expect(beside(reader)).to_be_visible()
    reader.keyboard.press("Escape")
    expect(beside(reader)).to_be_hidden()
    expect(citation(reader)).to_be_focused()


def test_the_focus_moves_on_from_citation_to_citation_past_the_note(reader: Page):
    reader.locator(".release-body").evaluate("body => { body.tabIndex = -1; body.focus(); }")
    for words in ("Survey office", "Harbour Gazette", "Survey office"):
        reader.keyboard.press("Tab")
        expect(beside(reader)).to_contain_text(words)
    reader.keyboard.press("Tab")
    expect(citation(reader, 3)).to_be_focused()


def test_enter_goes_to_the_note_and_its_link_comes_back(reader: Page):
    citation(reader, 2).focus()
    reader.keyboard.press("Enter")
    expect(beside(reader)).to_be_hidden()
    note = reader.locator(".notes li").first
    expect(note).to_be_in_viewport()
    assert reader.evaluate("document.querySelector(':target').textContent").startswith("Survey office")
    note.locator(".note-back").nth(1).click()
    expect(citation(reader, 2)).to_be_in_viewport()
    assert reader.evaluate(
        "document.querySelector(':target') === document.querySelectorAll('.note-ref a')[2]"
    )


def test_a_listener_meets_the_note_once(reader: Page):
    citation(reader).hover()
    expect(beside(reader)).to_be_visible()
    assert beside(reader).get_attribute("aria-hidden") == "true"
    assert reader.get_by_role("link", name="“Levels.”").count() == 1


def test_no_id_is_there_twice_while_a_note_is_shown(reader: Page):
    citation(reader).hover()
    expect(beside(reader)).to_be_visible()
    assert (
        reader.evaluate(
            "(i => i.length - new Set(i).size)([...document.querySelectorAll('[id]')].map(e => e.id))"
        )
        == 0
    )


def test_a_first_tap_shows_the_note_and_a_second_goes_there(browser: Browser, shown: str):
    with browser.new_context(has_touch=True, is_mobile=True, viewport={"width": 360, "height": 700}) as phone:
        page = phone.new_page()
        page.goto(shown)
        citation(page, 1).tap()
        expect(beside(page)).to_contain_text("Harbour Gazette")
        assert "#" not in page.url
        page.locator("h2").first.tap()
        expect(beside(page)).to_be_hidden()
        citation(page, 1).tap()
        expect(beside(page)).to_be_visible()
        citation(page, 1).tap()
        expect(page.locator(".notes li").nth(1)).to_be_in_viewport()
        expect(beside(page)).to_be_hidden()


def test_with_scripts_off_every_note_is_a_link_away(browser: Browser, shown: str):
    with browser.new_context(java_script_enabled=False) as plain:
        page = plain.new_page()
        page.goto(shown)
        citation(page, 1).click()
        expect(page.locator(".notes li").nth(1)).to_be_in_viewport()
        page.locator(".notes li").nth(1).locator(".note-back").click()
        expect(citation(page, 1)).to_be_in_viewport()


def test_under_reduced_motion_nothing_moves(browser: Browser, shown: str):
    with browser.new_context(reduced_motion="reduce") as calm:
        page = calm.new_page()
        page.goto(shown)
        citation(page).click()
        note = page.locator(".notes li").first
        assert note.evaluate("note => getComputedStyle(note).animationName") == "none"
        assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
