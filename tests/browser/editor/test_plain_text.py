"""Plain text pasted: its lines, lists and notes, offered and taken back in one step each."""

import re

import pytest

from tests.browser.editor.conftest import Desk, Pasted, paste_each, text_of
from tests.browser.editor.test_edges import BODY

pytestmark = pytest.mark.browser

GLUED = "It met on May 301 in Asia,2 they say.\n\n• one\n• two\n\n1. See https://en.example/a_(b). ^\n2. Letter of May. ^"


def test_the_notes_of_a_plain_text_are_made_offered_and_undone_in_one_step(desk: Desk):
    desk.focus_end().type("Before. ")
    desk.paste("", GLUED)
    assert (
        text_of(desk.value)
        == "<p>Before. It met on May 30{1} in Asia,{2} they say.</p><ul><li><p>one</p></li><li><p>two</p></li></ul>"
    )
    assert desk.notes == [
        'See <a href="https://en.example/a_(b)">https://en.example/a_(b)</a>.',
        "Letter of May.",
    ]
    assert desk.status.startswith("Plain text: 2 notes were made of its list, 2 items of lists.")
    desk.check()
    made = desk.value
    desk.key("Control+z")
    assert desk.value.startswith("<p>Before. It met on May 301 in Asia,2 they say.</p><p>• one</p>")
    assert "footnote" not in desk.value
    desk.key("Control+z")
    assert desk.value == "<p>Before. </p>"
    desk.key("Control+Shift+z", "Control+Shift+z")
    assert desk.numbers == "1 2"
    assert re.sub(r"<[^>]*>", "", desk.value) == re.sub(r"<[^>]*>", "", made)


def test_the_button_beside_the_line_keeps_the_plain_text(desk: Desk):
    desk.focus_end().paste("", GLUED)
    desk.page.get_by_role("button", name="Keep the plain text").click()
    desk.settle()
    assert "May 301 in Asia,2" in desk.value
    assert desk.status == "The text is as it was copied."
    assert desk.page.locator(".body-editor__offer").count() == 0


def test_without_formatting_is_plain_text_as_well(desk: Desk):
    desk.page.evaluate("(text) => navigator.clipboard.writeText(text)", GLUED)
    desk.focus_end().key("Control+Shift+v")
    assert desk.numbers == "1 2"
    desk.check()


def test_pasted_into_a_note_lines_are_joined_and_nothing_else(desks):
    desk = desks("plain-note", BODY).caret_after("first note")
    desk.paste(
        "",
        ": the dam was raised in the spring of 2010 and no-\nbody below was asked1 by the council.\n\n1. One. ^",
    )
    assert (
        desk.notes[0]
        == "first note: the dam was raised in the spring of 2010 and nobody below was asked1 by the council. / 1. One. ^"
    )
    assert desk.numbers == "1 2 3"
    desk.check()


def test_a_line_pasted_into_a_sentence_stays_in_it(desk: Desk):
    desk.focus_end().type("One two").caret_after("One").paste("", " and a half")
    assert desk.value == "<p>One and a half two</p>"
    assert desk.status == ""


def test_pasted_notes_of_plain_text_take_their_place_among_those_there(desks):
    desk = (
        desks("plain-among", BODY)
        .caret_after("Beta")
        .paste("", "Raised1 in spring2 they say.\n\n1. One. ^\n2. Two. ^")
    )
    assert desk.numbers == "1 2 3 4 5"
    assert desk.notes == ["first note", "One.", "Two.", "middle note", "last note"]
    desk.check()


PLACED = [
    ("<p></p>", "- one\n- two", "<ul><li><p>one</p></li><li><p>two</p></li></ul>"),
    ("<p>x</p>", "- one\n- two", "<p>x</p><ul><li><p>one</p></li><li><p>two</p></li></ul>"),
    ("<p>x</p>", "Say:\n- one\n  - in\n- two\nEnd", "<p>xSay:</p><ul><li><p>one</p><ul><li><p>in</p></li></ul></li><li><p>two</p></li></ul><p>End</p>"),
    ("<table><tbody><tr><td><p>x</p></td></tr></tbody></table>", "• one",
     "<table><tbody><tr><td><p>x</p><ul><li><p>one</p></li></ul></td></tr></tbody></table>"),
    ("<blockquote><p>x</p></blockquote>", "a\nb\n\n12 Old Street\nSpringfield", "<blockquote><p>xa<br>b</p><p>12 Old Street<br>Springfield</p></blockquote>"),
]  # fmt: skip


@pytest.fixture(scope="module")
def placed(opened_once: Desk) -> list[Pasted]:
    return paste_each(
        opened_once, [{"before": before, "text": text, "undos": 2} for before, text, _ in PLACED]
    )


@pytest.mark.parametrize("number", range(len(PLACED)))
def test_lists_and_lines_take_their_place_where_the_caret_is(placed: list[Pasted], number: int):
    before, _, after = PLACED[number]
    found = placed[number]
    assert found.value == after
    found.check()
    assert found.undone == ("" if before == "<p></p>" else before)
