"""Writing notes: inserting, moving between citation and note, numbers, deleting, undoing, citing again."""


import pytest

from tests.browser.editor.conftest import Desk

pytestmark = [pytest.mark.browser, pytest.mark.urls("tests.browser.editor.site")]


def three_notes(desk: Desk) -> Desk:
    desk.focus_end().type("Alpha one. Beta two. Gamma three.").key("Enter").type("Second para here.")
    for place, words in (("Alpha one.", "note one"), ("Beta two.", "note two"), ("Second para", "note three")):
        desk.caret_after(place).key("Control+Alt+f").type(words)
    desk.settle()
    return desk


def test_a_note_is_inserted_at_the_caret_and_the_caret_is_in_it(desk: Desk):
    desk.focus_end().type("Alpha one. Beta.").caret_after("one.").button("footnote")
    assert desk.where == "footnotes>footnote>paragraph"
    desk.type("See ").key("Control+i").type("Smith").key("Control+i", "Escape").type("!")
    assert desk.shape == (
        '<p>Alpha one.<sup class="footnote-ref"><a href="#fn-A" id="fnref-A">1</a></sup>! Beta.</p>'
        '<ol class="footnotes"><li id="fn-A"><p>See <em>Smith</em></p></li></ol>'
    )
    desk.check()


def test_notes_are_numbered_as_they_are_cited(desk: Desk):
    three_notes(desk).caret_after("Alpha").key("Control+Alt+f").type("note zero").settle()
    assert desk.numbers == "1 2 3 4"
    assert desk.notes == ["note zero", "note one", "note two", "note three"]
    desk.check()


def test_a_note_goes_with_its_citation_and_returns_with_undo(desk: Desk):
    three_notes(desk)
    before = desk.value
    desk.caret_after("Beta two.").key("Delete")
    after = desk.value
    assert desk.notes == ["note one", "note three"]
    assert desk.numbers == "1 2"
    desk.key("Control+z")
    assert desk.value == before
    desk.key("Control+Shift+z")
    assert desk.value == after
    desk.check()
