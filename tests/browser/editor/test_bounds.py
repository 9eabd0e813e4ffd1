"""The text ends, begins and goes on between its blocks: whatever stands there, the next words land in the text."""

import re
from collections.abc import Callable

import pytest

from tests.browser.editor.conftest import Desk

pytestmark = pytest.mark.browser

SUP = '<sup class="footnote-ref"><a href="#fn-aaaa" id="fnref-aaaa">1</a></sup>'
NOTES = '<ol class="footnotes"><li id="fn-aaaa"><p>source</p></li></ol>'
# Each holds one word at its beginning and one at its end, where it holds any.
BLOCKS = {
    "table": "<table><tbody><tr><td><p>first</p></td><td><p>b</p></td></tr>"
    "<tr><td><p>c</p></td><td><p>last</p></td></tr></tbody></table>",
    "spanning table": '<table><tbody><tr><td><p>first</p></td><td rowspan="2"><p>last</p></td></tr>'
    "<tr><td><p>c</p></td></tr></tbody></table>",
    "list": "<ul><li><p>first</p></li><li><p>last</p></li></ul>",
    "numbered list": "<ol><li><p>first</p><ul><li><p>last</p></li></ul></li></ol>",
    "quotation": "<blockquote><p>first</p><p>last</p></blockquote>",
    "table in a quotation": "<blockquote><p>first</p><table><tbody><tr><td><p>last</p></td></tr></tbody></table></blockquote>",
    "rule": "<hr>",
}
NEW = "<p>new</p>"

# How a person gets behind the block that ends the text, and before the one that begins it.
BEHIND: dict[str, Callable[[Desk], object]] = {
    "arrow down": lambda desk: desk.key("ArrowDown"),
    "arrow right": lambda desk: desk.key("ArrowRight"),
    "Ctrl+Enter": lambda desk: desk.key("Control+Enter"),
    "Ctrl+End": lambda desk: desk.key("Control+End", "Control+End"),
    "a click below": lambda desk: click_beside(desk, "below"),
}
BEFORE: dict[str, Callable[[Desk], object]] = {
    "arrow up": lambda desk: desk.key("ArrowUp"),
    "arrow left": lambda desk: desk.key("ArrowLeft"),
    "Ctrl+Home": lambda desk: desk.key("Control+Home", "Control+Home"),
    "a click above": lambda desk: click_beside(desk, "above"),
}


def click_beside(desk: Desk, side: str) -> None:
    """Click just below the last block of the text, or just above its first."""
    x, y = desk.page.evaluate(
        """(side) => { const text = [...document.querySelectorAll('.ProseMirror > :not(.body-editor__notes)')];
        const box = (side === 'below' ? text.at(-1) : text[0]).getBoundingClientRect();
        return [box.x + box.width / 2, side === 'below' ? box.bottom + 6 : box.top - 6] }""",
        side,
    )
    desk.page.mouse.click(x, y)
    desk.settle()


def hold(desk: Desk, html: str) -> Desk:
    """Put another text into the editor, without opening the page anew."""
    desk.page.evaluate(
        "(html) => document.querySelector('#id_body').dispatchEvent(new CustomEvent('newsroom:set-body', {detail: html}))",
        html,
    )
    return desk


def at(desk: Desk, block: str, word: str) -> None:
    """Put the caret at the end of `word`, or its beginning if it is the first; select the rule, which has none."""
    if block == "rule":
        desk.run(
            """(() => { let at = null; e.state.doc.descendants((n, p) => { if (n.type.name === 'horizontalRule') at ??= p });
            e.chain().focus().setNodeSelection(at).run() })()"""
        )
    else:
        desk.caret_after(word)
    if block != "rule" and word == "first":
        desk.run("e.commands.setTextSelection(e.state.selection.from - 5) && undefined")
    desk.settle()


@pytest.mark.parametrize("way", BEHIND)
def test_one_can_write_behind_the_block_that_ends_the_text(desk: Desk, way: str):
    for block, html in BLOCKS.items():
        if (block, way) == ("spanning table", "arrow right"):
            continue  # the cell that spans is not the last one
        for head, tail in (("<p>Claim.</p>", ""), (f"<p>Claim{SUP}.</p>", NOTES)):
            hold(desk, f"{head}{html}{tail}")
            at(desk, block, "last")
            BEHIND[way](desk)
            assert desk.value == f"{head}{html}{tail}", block
            desk.type("new").settle()
            assert desk.value == f"{head}{html}{NEW}{tail}", block
            desk.check()


@pytest.mark.parametrize("way", BEFORE)
def test_one_can_write_before_the_block_that_begins_the_text(desk: Desk, way: str):
    rest = f"<p>Claim{SUP}.</p>{NOTES}"
    for block, html in BLOCKS.items():
        hold(desk, f"{html}{rest}")
        at(desk, block, "first")
        BEFORE[way](desk)
        desk.type("new").settle()
        assert desk.value == f"{NEW}{html}{rest}", block
        desk.check()


def test_one_can_write_between_two_blocks(desk: Desk):
    for first in ("table", "numbered list", "quotation", "rule"):
        for second in ("table", "list", "quotation", "rule"):
            hold(desk, f"{BLOCKS[first]}{BLOCKS[second]}<p>Claim{SUP}.</p>{NOTES}")
            at(desk, first, "last")
            desk.key("ArrowDown").type("new").settle()
            assert desk.value.startswith(f"{BLOCKS[first]}{NEW}{BLOCKS[second]}<p>Claim"), (first, second)
            desk.check()


def test_a_line_that_was_opened_and_left_empty_is_not_stored(desks):
    stored = f"<p>Claim{SUP}.</p>{BLOCKS['table']}{NOTES}"
    desk = desks("left", stored)
    desk.caret_after("last").key("ArrowDown")
    assert desk.save().stored == stored
    desk.caret_after("last").key("ArrowDown").caret_after("Claim")
    assert desk.html == stored
    desk.key("Control+z")
    assert desk.html == stored


def test_opening_a_line_is_no_change_of_the_text(desks):
    desk = desks("told", BLOCKS["table"])
    desk.page.evaluate(
        "window.told = 0; document.querySelector('#id_body').addEventListener('input', () => told++)"
    )
    desk.caret_after("last").key("ArrowDown", "ArrowUp")
    desk.tell()
    assert desk.page.evaluate("told") == 0


def test_undo_and_redo_of_what_was_written_on_an_opened_line(desks):
    desk = desks("undo", f"{BLOCKS['table']}<hr>")
    desk.caret_after("last").key("ArrowDown").type("new").settle()
    written = desk.value
    desk.key("Control+z")
    assert desk.value == f"{BLOCKS['table']}<hr>"
    desk.caret_after("first").key("Control+Shift+z")
    assert desk.value == written
    desk.caret_after("new").key("Control+Backspace").caret_after("first").key("Control+z")
    assert desk.value == written


def test_a_click_between_two_tables_opens_a_line_there(desks):
    desk = desks("clicked", BLOCKS["table"] * 2)
    desk.focus_end()
    y = desk.page.evaluate(
        "(() => { const [a, b] = document.querySelectorAll('.ProseMirror > *'); return (a.getBoundingClientRect().bottom + b.getBoundingClientRect().top) / 2 })()"
    )
    desk.page.mouse.click(desk.page.locator(".ProseMirror table").first.bounding_box()["x"] + 20, y)
    desk.settle()
    desk.type("new").settle()
    assert desk.value == f"{BLOCKS['table']}{NEW}{BLOCKS['table']}"


def test_ctrl_end_and_ctrl_home_in_a_note_lead_to_the_text(desks):
    desk = desks("bounds", f"<p>Claim{SUP} goes on</p>{NOTES}")
    desk.caret_after("source").key("Control+End").type(" here")
    desk.caret_after("source").key("Control+Home").type("So: ").settle()
    assert re.sub(r"<[^>]*>", "", desk.value) == "So: Claim1 goes on heresource"


def test_what_ctrl_shift_end_selects_ends_with_the_text(desks):
    desk = desks("chosen", f"<p>Claim{SUP} goes on</p><p>Second</p>{NOTES}")
    desk.caret_after("Claim").key("Control+Shift+End")
    assert (
        desk.run("e.state.doc.textBetween(e.state.selection.from, e.state.selection.to, '|')")
        == " goes on|Second"
    )
    desk.key("Control+Shift+Home")
    assert desk.run("e.state.doc.textBetween(e.state.selection.from, e.state.selection.to, '|')") == "Claim"
    desk.caret_after("sour").key("Control+Shift+End")
    assert desk.run("e.state.doc.textBetween(e.state.selection.from, e.state.selection.to, '|')") == "ce"


def test_in_a_list_ctrl_end_first_goes_to_the_end_of_its_last_item(desks):
    desk = desks("item", f"<p>Claim{SUP}.</p>{BLOCKS['list']}{NOTES}")
    desk.caret_after("Claim").key("Control+End").type(" one").settle()
    assert "<p>last one</p></li></ul>" in desk.value


# What can be done on the last line of the text that leaves it ending with something else.
DONE_AT_THE_END: dict[str, Callable[[Desk], object]] = {
    "a rule from the bar": lambda desk: desk.button("rule"),
    "a rule typed": lambda desk: desk.key("Enter").type("---"),
    "a pasted table": lambda desk: desk.paste("<table><tr><td>a</td></tr></table>"),
    "a pasted list": lambda desk: desk.paste("<p>a</p><ul><li>b</li></ul>"),
    "pasted bullets": lambda desk: desk.paste("", "a\n• b\n• c"),
    "a pasted rule": lambda desk: desk.paste("<p>a</p><hr>"),
    "a pasted quotation": lambda desk: desk.paste("<blockquote><p>a</p></blockquote>"),
    "a table from the bar": lambda desk: desk.button("table"),
    "a table put in and removed": lambda desk: desk.button("table").button("deleteTable"),
    "the last paragraph cut": lambda desk: desk.key("Shift+Home", "Control+x", "Backspace"),
    "a list": lambda desk: desk.key("Enter").type("- a").key("Enter", "Enter"),
}


def test_whatever_is_put_at_the_end_the_next_words_stay_in_the_text(desk: Desk):
    for name, act in DONE_AT_THE_END.items():
        hold(desk, f"<p>Claim{SUP}.</p><p>Last</p>{NOTES}").caret_after("Last")
        act(desk)
        desk.settle()
        desk.type("new").settle()
        text, _, notes = desk.value.partition('<ol class="footnotes">')
        assert "new" in text, (name, desk.value)
        assert "<p>source</p>" in notes, name
        desk.check()


def test_tab_in_the_last_cell_makes_a_row_and_stays_in_the_text(desks):
    desk = desks("row", f"<p>Claim{SUP}.</p>{BLOCKS['table']}{NOTES}")
    desk.caret_after("last").key("Tab").type("new").settle()
    assert "<tr><td><p>new</p></td><td><p></p></td></tr></tbody></table>" in desk.value


def test_arrows_still_lead_through_the_rows_of_a_table_and_into_the_notes(desks):
    desk = desks("through", f"{BLOCKS['table']}<p>Claim{SUP}</p>{NOTES}")
    desk.caret_after("first").key("ArrowDown")
    assert desk.run("e.state.selection.$head.parent.textContent") == "c"
    desk.key("ArrowDown")
    assert desk.run("e.state.selection.$head.parent.textContent") == "Claim"
    desk.key("ArrowDown")
    assert desk.run("e.state.selection.$head.parent.textContent") == "source"


@pytest.mark.parametrize(("typed", "made"), [
    ("1. one", "<ol><li><p>one</p></li></ol>"),
    ("1) one", "<ol><li><p>one</p></li></ol>"),
    ("30. Juni", "<p>30. Juni</p>"),
    ("2011. Text", "<p>2011. Text</p>"),
])  # fmt: skip
def test_a_number_and_a_space_begin_a_list_where_they_count_from_one(desk: Desk, typed: str, made: str):
    desk.focus_end().type(typed).settle()
    assert desk.value == made
    desk.check()


def test_the_next_number_goes_on_with_the_list_before_it(desks):
    desk = desks("goes-on", "<ol><li><p>one</p></li><li><p>two</p></li></ol><p></p>")
    desk.focus_end().type("3. three").settle()
    assert desk.value == "<ol><li><p>one</p></li><li><p>two</p></li><li><p>three</p></li></ol>"


def test_one_undo_makes_the_list_a_number_again(desk: Desk):
    desk.focus_end().type("1. ").key("Control+z").type("June").settle()
    assert desk.value == "<p>1. June</p>"


PASTE_FILES = """(files) => { const d = new DataTransfer(); for (const [name, type, html] of files) {
  d.items.add(new File(['x'], name, {type})); if (html) d.setData('text/html', html) }
  document.querySelector('.ProseMirror').dispatchEvent(new ClipboardEvent('paste', {clipboardData: d, bubbles: true, cancelable: true})) }"""


@pytest.mark.parametrize(("files", "said"), [
    ([["shot.png", "image/png", ""]], "Left out: 1 picture. The text holds no pictures; a release has one, at its head."),
    ([["shot.png", "image/png", '<img src="https://example.org/a.png">']],
     "Left out: 1 picture. The text holds no pictures; a release has one, at its head."),
    ([["report.pdf", "application/pdf", ""]], "Left out: 1 file. A Word file comes in when it is dropped on the page."),
])  # fmt: skip
def test_a_pasted_file_says_what_became_of_it(desk: Desk, files: list[list[str]], said: str):
    desk.focus_end().type("Words")
    desk.page.evaluate(PASTE_FILES, files)
    desk.settle()
    assert desk.status == said
    assert desk.value == "<p>Words</p>"


def test_a_pasted_picture_is_offered_to_the_head_of_the_release(desk: Desk):
    desk.page.evaluate(
        """() => { document.body.append(Object.assign(document.createElement('div'), {id: 'head'}));
        document.querySelector('#head').dataset.picture = ''; window.brought = [];
        document.addEventListener('newsroom:picture', (event) => brought.push(event.detail.name)) }"""
    )
    desk.focus_end()
    desk.page.evaluate(PASTE_FILES, [["shot.png", "image/png", ""]])
    desk.page.get_by_role("button", name="Use it at the head").click()
    assert desk.page.evaluate("brought") == ["shot.png"]
    assert desk.page.locator(".body-editor__offer").count() == 0
