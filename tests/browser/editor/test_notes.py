"""Writing notes: inserting, moving between citation and note, numbers, deleting, undoing, citing again."""

import re

import pytest

from tests.browser.editor.conftest import Desk

pytestmark = pytest.mark.browser


def three_notes(desk: Desk) -> Desk:
    desk.focus_end().page.keyboard.insert_text("Alpha one. Beta two. Gamma three.")
    desk.key("Enter").page.keyboard.insert_text("Second para here.")
    for place, words in (
        ("Alpha one.", "note one"),
        ("Beta two.", "note two"),
        ("Second para", "note three"),
    ):
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


def test_deleting_the_first_citation_of_two_keeps_the_note(desk: Desk):
    three_notes(desk).select("one.", "Beta").key("Control+c").caret_after("Second para")
    desk.key("End", "Control+v")
    assert desk.numbers == "1 2 3 1"
    assert len(desk.notes) == 3
    desk.check()
    desk.caret_after("Alpha one.").key("Delete")
    assert desk.notes == ["note two", "note three", "note one"]
    assert desk.numbers == "1 2 3"
    assert "-2" not in desk.value
    desk.check()


def test_a_note_is_cited_again_from_the_dialog(desk: Desk):
    three_notes(desk).caret_after("Gamma").button("cite")
    dialog = desk.page.get_by_role("dialog", name="Cite a note again")
    dialog.get_by_role("radio", name="2. note two").check()
    dialog.get_by_role("button", name="Cite", exact=True).click()
    desk.settle()
    desk.type("!").settle()
    assert desk.numbers == "1 2 2 3"
    assert "Gamma<sup" in desk.value
    assert "</sup>! three." in desk.value
    desk.check()
    for _ in range(2):
        if desk.numbers != "1 2 3":
            desk.key("Control+z")
    assert desk.numbers == "1 2 3"
    assert "Gamma three." in desk.value


def test_the_dialog_of_many_notes_finds_one_by_its_words(desk: Desk):
    desk.focus_end()
    for word in ["ant", "bee", "cow", "dog", "elk", "fox", "gnu", "hen", "ibis"]:
        desk.type(f"{word} ").key("Control+Alt+f").type(f"on the {word}").key("Escape")
    desk.button("cite")
    dialog = desk.page.get_by_role("dialog", name="Cite a note again")
    dialog.get_by_role("searchbox", name="Find a note").fill("gnu")
    assert dialog.get_by_role("radio").count() == 1
    desk.key("Enter")
    assert desk.numbers == "1 2 3 4 5 6 7 8 9 7"
    desk.check()


@pytest.mark.parametrize("key", ["Escape", "Alt+ArrowUp", "Control+Alt+f"])
def test_a_key_leads_from_the_note_back_behind_its_citation(desk: Desk, key: str):
    three_notes(desk).caret_after("note two").key(key)
    assert desk.where == "paragraph"
    desk.type("|").settle()
    assert desk.shape.count("</sup>| Gamma") == 1


def test_a_key_and_a_double_click_lead_from_the_citation_to_the_note(desk: Desk):
    three_notes(desk).caret_after("Beta two.").key("Alt+ArrowDown").type(" more").settle()
    assert desk.notes[1] == "note two more"
    desk.page.locator(".ProseMirror p sup.footnote-ref").nth(0).dblclick()
    desk.settle()
    desk.type(" yet").settle()
    assert desk.notes[0] == "note one yet"


def test_going_back_from_a_note_cited_twice_leads_where_one_came_from(desk: Desk):
    three_notes(desk).select("one.", "Beta").key("Control+c").caret_after("here.").key("Control+v")
    desk.page.locator(".ProseMirror > p sup.footnote-ref").nth(3).dblclick()
    desk.settle()
    desk.key("Escape").type("|").settle()
    assert re.search(r'id="fnref-\w+-2">1</a></sup>\|', desk.value)


def test_arrow_keys_step_over_a_citation_like_a_letter(desk: Desk):
    three_notes(desk).caret_after("Alpha one.").key("ArrowRight").type("x").settle()
    assert desk.numbers == "1 2 3"
    assert "</sup>x Beta" in desk.value


def test_backspace_in_an_empty_note_takes_it_away_and_goes_back(desk: Desk):
    three_notes(desk).caret_after("Gamma").key("Control+Alt+f", "Backspace")
    assert desk.where == "paragraph"
    assert desk.numbers == "1 2 3"
    desk.type("!").settle()
    assert "Gamma! three." in desk.value
    desk.check()


def test_a_note_can_stand_in_headings_lists_quotations_and_tables(desk: Desk):
    desk.focus_end().button("heading2").type("Title").key("Control+Alt+f").type("in a heading").key(
        "Escape", "Enter"
    )
    desk.button("bulletList").type("item").key("Control+Alt+f").type("in a list").key(
        "Escape", "Enter", "Enter"
    )
    desk.button("blockquote").type("said").key("Control+Alt+f").type("in a quotation").key(
        "Escape", "Enter", "Enter"
    )
    desk.button("table").type("cell").key("Control+Alt+f").type("in a table").settle()
    assert desk.notes == ["in a heading", "in a list", "in a quotation", "in a table"]
    desk.check()
    before = desk.value
    assert desk.save().value == before == desk.html


def test_a_note_holds_paragraphs_and_nothing_else(desk: Desk):
    three_notes(desk).caret_after("note one").key("Enter").type("second").settle()
    assert desk.notes[0] == "note one / second"
    before = desk.value
    for action in (
        "footnote",
        "cite",
        "heading2",
        "bulletList",
        "orderedList",
        "blockquote",
        "table",
        "rule",
    ):
        button = desk.page.locator(f"[data-action={action}]")
        assert button.get_attribute("aria-disabled") == "true", action
        button.click(force=True)
    desk.key("Control+Alt+2", "Control+Shift+8")
    assert desk.value == before


def test_a_link_over_a_citation_goes_round_it(desk: Desk):
    three_notes(desk).select("one.", "Beta").key("Control+k")
    dialog = desk.page.get_by_role("dialog", name="Insert link")
    dialog.get_by_label("Address").fill("example.org/a")
    desk.key("Enter")
    assert '<a href="https://example.org/a">one.</a><sup' in desk.value
    assert '</sup><a href="https://example.org/a"> Beta</a>' in desk.value
    assert "title=" not in desk.value
    desk.check()


def test_an_empty_note_is_marked_at_its_citation(desk: Desk):
    three_notes(desk).caret_after("Gamma").key("Control+Alt+f")
    marked = desk.page.locator(".ProseMirror sup.footnote-ref.is-empty")
    assert marked.count() == 1
    desk.type("x").settle()
    assert marked.count() == 0
    desk.key("Backspace")
    assert marked.count() == 1
