"""Addresses as they are stored: the pure functions of paste/links.js, link.js and count.js, asked one by one."""

import pytest

from tests.browser.editor.conftest import Desk

pytestmark = [pytest.mark.browser, pytest.mark.urls("tests.browser.editor.site")]

CLEANED = {
    "https://example.org/a?utm_source=x&utm_medium=y": "https://example.org/a",
    "https://example.org/a?b=1&fbclid=x&c=%20d#e": "https://example.org/a?b=1&c=%20d#e",
    "https://example.org/?gclid=1#top": "https://example.org/#top",
    "https://example.org/a?mc_cid=1&mc_eid=2": "https://example.org/a",
    "https://example.org/utm_source=kept?refund=1&autm_x=2": "https://example.org/utm_source=kept?refund=1&autm_x=2",
    "https://example.org/a?UTM_Source=x": "https://example.org/a",
    "https://www.google.com/url?q=https://example.org/x%3Fa%3D1&sa=D&usg=z": "https://example.org/x?a=1",
    "https://www.google.com/search?q=words": "https://www.google.com/search?q=words",
    "https://nam02.safelinks.protection.outlook.com/?url=https%3A%2F%2Fexample.org%2F&data=x": "https://example.org/",
    "https://l.facebook.com/l.php?u=https%3A%2F%2Fexample.org%2Fa%3Ffbclid%3D1&h=x": "https://example.org/a",
    "https://urldefense.com/v3/__http://example.org/a__;!!x$": "http://example.org/a",
    "https://eur.safelinks.protection.outlook.com/?url=javascript%3Aalert(1)": "https://eur.safelinks.protection.outlook.com/?url=javascript%3Aalert(1)",
    " https://example.org/with space ": "https://example.org/with%20space",
    "mailto:press@example.org?subject=x": "mailto:press@example.org",
    "javascript:alert(1)": None,
    "java\nscript:alert(1)": None,
    "data:text/html,x": None,
    "file:///C:/x.docx": None,
    "ftp://example.org/": None,
    "#_ftn1": None,
    "/relative": None,
    "https://": None,
    "": None,
}  # fmt: skip

TYPED = {
    "example.org": "https://example.org",
    "example.org/a?b": "https://example.org/a?b",
    "bücher.example/ä": "https://bücher.example/ä",
    "press@example.org": "mailto:press@example.org",
    "/releases/earlier/": "/releases/earlier/",
    "//example.org": None,
    "two words": None,
    "javascript:alert(1)": None,
}

COUNTED = {
    "": 0,
    "one two": 2,
    "don’t stop-gap e.g. 4.2 million": 5,
    "中文字 and words": 5,
    "བོད་སྐད།": 2,
    "ئۇيغۇر تىلى": 2,
    "— … “ ”": 0,
}


def ask(desk: Desk, module: str, function: str, values: list[str]) -> list:
    return desk.page.evaluate(
        "async ([module, name, values]) => { const f = (await import(module))[name]; return values.map((v) => f(v)) }",
        [f"/static/js/editor/{module}", function, values],
    )


def test_addresses_lose_their_tracking_and_nothing_else(desk: Desk):
    answers = ask(desk, "paste/links.js", "cleanHref", list(CLEANED))
    assert dict(zip(CLEANED, [answer["href"] for answer in answers], strict=True)) == CLEANED


def test_typed_addresses_are_completed_or_refused(desk: Desk):
    assert dict(zip(TYPED, ask(desk, "link.js", "typedHref", list(TYPED)), strict=True)) == TYPED


def test_words_are_counted_in_every_script(desk: Desk):
    assert dict(zip(COUNTED, ask(desk, "count.js", "countWords", list(COUNTED)), strict=True)) == COUNTED


def test_keys_of_notes_are_what_the_schema_allows(desk: Desk):
    from releases.text.schema import KEY

    keys = desk.page.evaluate(
        "async () => { const { newKey } = await import('/static/js/editor/keys.js'); return Array.from({length: 500}, newKey) }"
    )
    assert len(set(keys)) == 500
    assert all(KEY.fullmatch(key) and key[0].isalpha() for key in keys)


LINKED = '<a href="https://example.org/a?b=1">https://example.org/a?b=1</a>'


def test_a_typed_address_becomes_a_link_when_the_writer_goes_on(desk: Desk):
    desk.focus_end().type("See https://example.org/a?b=1")
    desk.settle()
    assert desk.value == "<p>See https://example.org/a?b=1</p>"
    desk.type(". More").settle()
    assert desk.value == f"<p>See {LINKED}. More</p>"
    desk.check()


def test_a_typed_address_in_a_note_is_a_link_on_leaving_the_note(desk: Desk):
    desk.focus_end().type("Claim").key("Control+Alt+f").type("Report, (https://example.org/a?b=1)")
    desk.key("Escape").type(" goes on").settle()
    assert desk.notes == [f"Report, ({LINKED})"]
    assert "goes on" in desk.value
    desk.check()


def test_an_address_typed_last_is_a_link_when_the_editor_is_left(desk: Desk):
    desk.focus_end().type("https://example.org/a?b=1")
    desk.page.locator("#id_title").focus()
    desk.settle()
    assert desk.value == f"<p>{LINKED}</p>"


@pytest.mark.parametrize(
    "typed", ["example.org ", "https:// ", "https://localhost ", "xhttps://example.org "]
)
def test_what_is_no_whole_address_stays_words(desk: Desk, typed: str):
    desk.focus_end().type(typed + "x").settle()
    assert desk.value == f"<p>{typed}x</p>"


def test_an_automatic_link_can_be_taken_off_and_stays_off(desk: Desk):
    desk.focus_end().type("https://example.org/a?b=1 x").settle()
    desk.caret_after("https://exam").key("Control+k")
    desk.page.get_by_role("button", name="Remove link").click()
    desk.settle()
    desk.caret_after("b=1 x").type(" y").settle()
    assert desk.value == "<p>https://example.org/a?b=1 x y</p>"


def test_undoing_past_an_automatic_link_leaves_no_trace(desk: Desk):
    desk.focus_end().type("https://example.org/a?b=1 ").key("Control+z")
    assert "<a" not in desk.value
