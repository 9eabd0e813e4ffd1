"""Cutting, copying and pasting inside a release and from one release to another."""

import pytest

from tests.browser.editor.conftest import Desk
from tests.browser.editor.test_edges import BODY, sup

pytestmark = pytest.mark.browser


@pytest.fixture
def first(desks) -> Desk:
    return desks("first", BODY)


def test_a_cut_paragraph_takes_its_note_along_and_brings_it_back(first: Desk):
    first.select("Second", "end.").key("Control+x")
    assert first.notes == ["first note", "middle note"]
    first.caret_after("Alpha").key("Home", "Control+v")
    assert first.notes == ["last note", "first note", "middle note"]
    assert "fn-cccc" in first.value
    first.check()


def test_a_copied_citation_cites_the_same_note_again(first: Desk):
    first.select("Alpha", "Beta").key("Control+c").caret_after("Second").key("Control+v")
    assert first.numbers == "1 2 1 3"
    assert 'id="fnref-aaaa-2"' in first.value
    assert len(first.notes) == 3
    first.check()
    before = first.value
    assert first.save().value == before


def test_a_citation_copied_before_a_reload_still_cites_the_same_note(first: Desk):
    first.select("Alpha", "Beta").key("Control+c").open()
    first.caret_after("Second").key("Control+v")
    assert first.numbers == "1 2 1 3"
    first.check()


def test_notes_come_along_to_another_release_under_fresh_keys(first: Desk, desks):
    first.select("Alpha", "Gamma.").key("Control+c")
    other = desks(
        "other",
        f'<p>Other{sup("aaaa", 1)}</p><ol class="footnotes"><li id="fn-aaaa"><p>another first</p></li></ol>',
    )
    other.caret_after("Other").key("End").type(" text ").key("Control+v")
    assert other.notes == ["another first", "first note", "middle note"]
    assert other.numbers == "1 2 3"
    assert "fn-bbbb" not in other.value
    assert "data-footnote" not in other.html
    other.check()


def test_a_whole_release_is_copied_with_all_its_notes_once(first: Desk, desks):
    first.focus_end().key("Control+a", "Control+c")
    other = desks("copy").focus_end().key("Control+v")
    assert other.notes == ["first note", "middle note", "last note"]
    assert other.shape == first.shape
    other.check()


def test_a_note_whose_words_were_copied_alone_is_pasted_as_words(first: Desk):
    first.select("middle note", "middle note").key("Control+c").caret_after("end.").key("Control+v")
    assert first.value.count("middle note") == 2
    assert first.numbers == "1 2 3"
    first.check()


def test_citations_pasted_into_a_note_stay_outside(first: Desk):
    first.select("Alpha", "Beta").key("Control+c").caret_after("last note").key("Control+v")
    assert first.notes[2] == "last noteAlpha Beta"
    assert "1 citation (notes hold none)" in first.status
    first.check()


def test_the_plain_text_of_a_copy_has_no_bare_numbers(first: Desk):
    first.select("Alpha", "Gamma.").key("Control+c")
    assert first.page.evaluate("navigator.clipboard.readText()") == "Alpha[1] Beta[2] Gamma."


def test_undo_and_redo_of_a_cut_and_a_paste_keep_the_notes(first: Desk):
    first.select("Alpha", "Beta").key("Control+x").caret_after("end.").key("Control+v")
    after = first.value
    first.key("Control+z", "Control+z")
    assert first.html == BODY
    first.key("Control+Shift+z", "Control+Shift+z")
    assert first.value == after
    first.check()
