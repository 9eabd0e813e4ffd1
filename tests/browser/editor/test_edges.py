"""Selections that cross the edges of notes: typed over, cut, pasted over, composed over, deleted, dragged."""

import re

import pytest

from tests.browser.editor.conftest import Desk

pytestmark = pytest.mark.browser

KEYS = ("aaaa", "bbbb", "cccc")


def sup(key: str, number: int) -> str:
    return f'<sup class="footnote-ref"><a href="#fn-{key}" id="fnref-{key}">{number}</a></sup>'


BODY = (
    f"<p>Alpha{sup('aaaa', 1)} Beta{sup('bbbb', 2)} Gamma.</p><p>Second{sup('cccc', 3)} end.</p>"
    '<ol class="footnotes"><li id="fn-aaaa"><p>first note</p></li><li id="fn-bbbb"><p>middle note</p></li>'
    '<li id="fn-cccc"><p>last note</p></li></ol>'
)
BETWEEN_NOTES = ("rst note", "last")
TEXT_TO_NOTE = ("Second", "middle")

# What is done over the selection, and the words that it leaves at the selection's beginning.
DEEDS = {
    "type": (lambda desk: desk.key("X"), "X"),
    "type a word": (lambda desk: desk.type("word"), "word"),
    "Backspace": (lambda desk: desk.key("Backspace"), ""),
    "Delete": (lambda desk: desk.key("Delete"), ""),
    "Ctrl+Backspace": (lambda desk: desk.key("Control+Backspace"), ""),
    "cut": (lambda desk: desk.key("Control+x"), ""),
    "paste": (lambda desk: desk.paste("<p>pasted <b>words</b></p>"), "pasted <strong>words</strong>"),
    "paste text": (lambda desk: desk.paste("", "plain"), "plain"),
    "insert text": (lambda desk: desk.page.keyboard.insert_text("given"), "given"),
}


@pytest.fixture
def edges(desks):
    return desks("edges", BODY)


def compose(desk: Desk, *steps: str) -> None:
    """Type with an input method: each step is what it shows, the last is what is taken."""
    session = desk.page.context.new_cdp_session(desk.page)
    for step in steps:
        session.send(
            "Input.imeSetComposition", {"text": step, "selectionStart": len(step), "selectionEnd": len(step)}
        )
        desk.settle()
    session.send("Input.insertText", {"text": steps[-1]})
    desk.settle()


@pytest.mark.parametrize("deed", DEEDS)
def test_each_note_loses_its_own_words_only(edges: Desk, deed: str):
    act, left = DEEDS[deed]
    edges.select(*BETWEEN_NOTES)
    act(edges)
    edges.settle()
    assert edges.notes == [f"fi{left}", "", " note"]
    assert edges.numbers == "1 2 3"
    edges.check()


@pytest.mark.parametrize("deed", DEEDS)
def test_the_text_never_takes_in_the_words_of_a_note(edges: Desk, deed: str):
    act, left = DEEDS[deed]
    edges.select(*TEXT_TO_NOTE)
    act(edges)
    edges.settle()
    assert edges.value.startswith(f"<p>Alpha{sup('aaaa', 1)} Beta{sup('bbbb', 2)} Gamma.</p><p>{left}</p>")
    assert edges.notes == ["", " note"]
    edges.check()


@pytest.mark.parametrize("deed", DEEDS)
def test_one_or_two_undos_bring_all_of_it_back(edges: Desk, deed: str):
    edges.select(*TEXT_TO_NOTE)
    DEEDS[deed][0](edges)
    edges.settle()
    for _ in range(2):
        if edges.html != BODY:
            edges.key("Control+z")
    assert edges.html == BODY


@pytest.mark.parametrize(("selection", "text", "notes"), [
    (BETWEEN_NOTES, "Alpha", ["fi日本", "", " note"]),
    (TEXT_TO_NOTE, "日本", ["", " note"]),
])  # fmt: skip
def test_composing_over_an_edge_replaces_the_words_part_by_part(edges: Desk, selection, text, notes):
    edges.select(*selection)
    compose(edges, "n", "に", "日本")
    assert edges.notes == notes
    assert text in edges.value.split("<ol")[0]
    edges.check()


def test_enter_over_an_edge_breaks_the_line_at_its_beginning(edges: Desk):
    edges.select(*BETWEEN_NOTES).key("Enter").type("new").settle()
    assert edges.notes == ["fi / new", "", " note"]
    edges.check()


def test_what_was_cut_over_an_edge_can_be_pasted(edges: Desk):
    edges.select(*TEXT_TO_NOTE).key("Control+x").caret_after("Gamma.").key("Control+v")
    assert edges.numbers == "1 2 3"
    assert edges.notes == ["", " note", "last note"]
    edges.check()


@pytest.mark.parametrize(("place", "key"), [
    ("first note", "Backspace"), ("middle note", "Backspace"),
])  # fmt: skip
def test_home_and_backspace_typed_fast_do_not_merge_a_note(edges: Desk, place: str, key: str):
    edges.caret_after(place)
    edges.page.keyboard.press("Home")
    edges.page.keyboard.press(key)
    edges.settle()
    assert edges.html == BODY


def test_delete_at_the_end_of_the_text_or_of_a_note_is_harmless(edges: Desk):
    for place in ("first note", "end.", "last note"):
        edges.caret_after(place)
        edges.page.keyboard.press("End")
        edges.page.keyboard.press("Delete")
        edges.page.keyboard.press("Control+Delete")
        edges.settle()
        assert edges.html == BODY, place


def test_selecting_all_and_typing_leaves_the_typed_words(edges: Desk):
    edges.focus_end().key("Control+a")
    edges.type("anew").settle()
    assert edges.value == "<p>anew</p>"
    edges.check()
    for _ in range(3):
        if edges.html != BODY:
            edges.key("Control+z")
    assert edges.html == BODY


def test_selecting_all_and_deleting_empties_the_field(edges: Desk):
    edges.focus_end().key("Control+a", "Delete")
    assert edges.value == ""
    edges.key("Control+z")
    assert edges.html == BODY


def test_formatting_over_an_edge_moves_no_words(edges: Desk):
    words = re.sub(r"<[^>]*>", "", BODY)
    edges.select(*TEXT_TO_NOTE).key("Control+b", "Control+Alt+2", "Control+Shift+8", "Control+Shift+b")
    assert re.sub(r"<[^>]*>", "", edges.value) == words
    edges.check()


def test_dragging_words_over_an_edge_loses_nothing(edges: Desk):
    edges.select("Gamma", "Gamma")
    box = edges.page.locator(".ProseMirror ol.footnotes li").nth(1).bounding_box()
    start = edges.page.evaluate(
        "(() => { const r = getSelection().getRangeAt(0).getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2] })()"
    )
    mouse = edges.page.mouse
    mouse.move(*start)
    mouse.down()
    mouse.move(start[0] + 5, start[1] + 5, steps=3)
    mouse.move(box["x"] + 60, box["y"] + 8, steps=8)
    mouse.up()
    edges.settle()
    assert "Gamma" not in edges.value.split("<ol")[0]
    assert sum("Gamma" in note for note in edges.notes) == 1
    edges.check()
