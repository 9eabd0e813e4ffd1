"""Finding and replacing in the text and in its notes, by keyboard as a writer does it."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, expect

from tests.browser.editor.conftest import Desk
from tests.browser.editor.test_edges import sup

pytestmark = pytest.mark.browser

BODY = (
    f"<h2>The River report</h2><p>The river rose{sup('aaaa', 1)} and the <em>riv</em>er fell; riverside homes stood.</p>"
    f"<ul><li><p>A river{sup('bbbb', 2)}.</p></li></ul><blockquote><p>“Our river,” she said.</p></blockquote>"
    "<table><tbody><tr><td><p>River</p></td></tr></tbody></table>"
    '<ol class="footnotes"><li id="fn-aaaa"><p>River survey, <a href="https://example.org/river">the river’s levels</a>.</p></li>'
    '<li id="fn-bbbb"><p>Own file.</p><p>See the rivers.</p></li></ol>'
)


@pytest.fixture
def river(desks) -> Desk:
    return desks("river", BODY).caret_after("The ")


def panel(desk: Desk) -> Locator:
    return desk.page.get_by_role("search", name="Find and replace")


def said(desk: Desk) -> str:
    return panel(desk).locator(".body-editor__search-count").inner_text()


def heard(desk: Desk) -> str:
    return " ".join(panel(desk).locator("[aria-live=polite]").inner_text().split())


def hits(desk: Desk) -> int:
    """How many hits are drawn; one that crosses an edge of italics is drawn in two pieces."""
    return desk.page.locator(".ProseMirror .body-editor__hit").count()


def seek(desk: Desk, words: str) -> Desk:
    return desk.key("Control+f").type(words).key()


def test_a_key_opens_the_panel_and_what_is_typed_is_found_in_text_and_notes(river: Desk):
    seek(river, "river")
    assert said(river) == "1 of 10, 3 in notes"
    assert hits(river) == 11
    assert river.page.locator(".ProseMirror .is-current").all_inner_texts() == ["River"]
    assert river.page.locator("ol.footnotes .body-editor__hit").count() == 3
    assert river.value == BODY


def test_enter_leads_on_and_shift_enter_back_round_the_end(river: Desk):
    seek(river, "river").key("Enter", "Enter")
    assert said(river) == "3 of 10, 3 in notes"
    assert river.page.locator(".ProseMirror .is-current").all_inner_texts() == ["riv", "er"]
    assert "the river fell; riverside homes" in heard(river)
    river.key("Shift+Enter", "Shift+Enter", "Shift+Enter")
    assert said(river) == "10 of 10, 3 in notes"
    assert "Note 2: See the rivers." in heard(river)
    river.key("Enter")
    assert said(river) == "1 of 10, 3 in notes"


def test_the_search_begins_at_the_caret(river: Desk):
    river.caret_after("homes stood")
    assert said(seek(river, "river")) == "5 of 10, 3 in notes"


def test_escape_closes_and_leaves_the_writer_on_the_hit(river: Desk):
    seek(river, "fell").key("Escape")
    expect(panel(river)).to_be_hidden()
    assert hits(river) == 0
    river.type("sank").settle()
    assert "er sank; riverside" in river.value
    river.check()


def test_escape_without_a_hit_leaves_the_caret_where_it_was(river: Desk):
    river.caret_after("homes")
    assert said(seek(river, "nowhere")) == "Not found"
    river.key("Escape").type("!").settle()
    assert "riverside homes! stood" in river.value


def test_the_selected_words_are_sought(river: Desk):
    river.select("Own file", "Own file").key("Control+f")
    assert panel(river).get_by_label("Find", exact=True).input_value() == "Own file"
    assert said(river) == "1 of 1, 1 in notes"


def test_the_toolbar_opens_the_panel_and_says_whether_it_is_open(river: Desk):
    river.button("search")
    expect(panel(river)).to_be_visible()
    expect(panel(river).get_by_label("Find", exact=True)).to_be_focused()
    button = river.page.get_by_role("button", name="Find and replace")
    expect(button).to_have_attribute("aria-pressed", "true")
    river.button("search")
    expect(panel(river)).to_be_hidden()
    expect(button).to_have_attribute("aria-pressed", "false")


def test_match_case_and_whole_words_narrow_it(river: Desk):
    seek(river, "River")
    panel(river).get_by_label("Match case").check()
    assert said(river) == "1 of 3, 1 in notes"
    panel(river).get_by_label("Match case").uncheck()
    panel(river).get_by_label("Whole words").check()
    # Not "riverside", not "rivers"; "river’s" is the word with an ending.
    assert said(river) == "1 of 8, 2 in notes"


def test_replacing_one_by_one_goes_on_to_the_next(river: Desk):
    river.key("Control+h")
    panel(river).get_by_label("Find", exact=True).fill("river")
    panel(river).get_by_label("Replace with").focus()
    river.type("stream").key("Enter", "Enter", "Enter")
    assert said(river) == "1 of 7, 3 in notes"
    assert river.value.startswith("<h2>The Stream report</h2><p>The stream rose<sup")
    assert "and the <em>stream</em> fell; riverside" in river.value
    river.check()
    river.key("Escape").key("Control+z")
    assert "and the <em>riv</em>er fell" in river.value
    assert "<h2>The Stream report</h2>" in river.value


def test_replace_all_reaches_notes_keeps_links_and_is_one_step_to_undo(river: Desk):
    river.caret_after("homes").type(" typed before").settle()
    typed = river.value
    river.key("Control+h")
    panel(river).get_by_label("Find", exact=True).fill("river")
    panel(river).get_by_label("Replace with").fill("canal")
    panel(river).get_by_role("button", name="Replace all").click()
    river.settle()
    assert said(river) == "10 replaced, 3 in notes"
    assert "river" not in river.value.replace("https://example.org/river", "").lower()
    assert '<a href="https://example.org/river">the canal’s levels</a>' in river.value
    assert river.numbers == "1 2"
    river.check()
    after = river.value
    river.key("Escape").type("!").settle()
    river.key("Control+z")
    assert river.value == after
    river.key("Control+z")
    assert river.value == typed
    river.key("Control+Shift+z")
    assert river.value == after


def test_a_hit_never_spans_a_citation_so_no_replacement_can_delete_one(river: Desk):
    assert said(seek(river, "rose and")) == "Not found"
    river.key("Control+a").type("rose")
    panel(river).get_by_label("Replace with").fill("")
    panel(river).get_by_role("button", name="Replace all").click()
    river.settle()
    assert river.numbers == "1 2"
    assert len(river.notes) == 2
    river.check()


def test_a_note_emptied_by_a_replacement_stays_a_note(river: Desk):
    seek(river, "Own file.")
    panel(river).get_by_role("button", name="Replace all").click()
    river.settle()
    assert river.notes[1] == " / See the rivers."
    assert river.numbers == "1 2"
    river.check()


def test_the_replacement_follows_capitals_only_where_case_does_not_matter(desks):
    desk = desks("case", "<p>Agency, agency, AGENCY, UNHCR</p>").focus_end()

    def replace(find: str, by: str) -> str:
        desk.key("Control+f")
        panel(desk).get_by_label("Find", exact=True).fill(find)
        panel(desk).get_by_label("Replace with").fill(by)
        panel(desk).get_by_role("button", name="Replace all").click()
        desk.settle()
        desk.key("Escape")
        return desk.run("e.getText()")

    assert replace("agency", "office") == "Office, office, OFFICE, UNHCR"
    assert replace("UNHCR", "the refugee agency") == "Office, office, OFFICE, the refugee agency"
    assert replace("Office", "office") == "office, office, office, the refugee agency"


# text, sought, whole words?, how many
WRITING = [
    ("<p>他们说河流，河流水位。</p>", "河流", True, 2),
    ("<p>Der Fluß, der FLUSS</p>", "fluss", False, 2),
    ("<p>Café, cafe\u0301, cafe</p>", "café", False, 2),
    ("<p>Café, cafe\u0301, cafe</p>", "cafe", False, 1),
    ("<p>don’t and don't</p>", "don't", False, 2),
    ("<p>10\u00a0000 and 10 000</p>", "10 000", False, 2),
    ("<p>οδός ΟΔΟΣ</p>", "οδος", False, 1),
    ("<p>བོད་ཡིག་བོད།</p>", "བོད", True, 2),
    ("<p>دەريا، دەريالار</p>", "دەريا", True, 1),
    ("<p>😀 smile 😀</p>", "😀", False, 2),
    ("<p>line<br>break</p>", "line break", False, 0),
    ("<p>a.b axb</p>", "a.b", False, 1),
    ("<p>re-elect co-operate</p>", "elect", True, 1),
]


@pytest.mark.parametrize(("text", "sought", "whole", "count"), WRITING)
def test_words_are_found_in_every_writing(desks, text: str, sought: str, whole: bool, count: int):
    desk = desks("writing", text).focus_end().key("Control+f")
    if whole:
        panel(desk).get_by_label("Whole words").check()
    panel(desk).get_by_label("Find", exact=True).fill(sought)
    desk.settle()
    assert said(desk) == (f"1 of {count}" if count else "Not found")


def test_words_found_by_an_accent_are_replaced_whole(desks):
    desk = desks("accent", "<p>cafe\u0301 bar 😀😁</p>").focus_end().key("Control+h")
    for find, by in (("café", "tea"), ("😁", "😂")):
        panel(desk).get_by_label("Find", exact=True).fill(find)
        panel(desk).get_by_label("Replace with").fill(by)
        panel(desk).get_by_role("button", name="Replace all").click()
    desk.settle()
    assert desk.value == "<p>tea bar 😀😂</p>"
    desk.check()


def test_typing_beside_the_open_panel_keeps_the_count_true(river: Desk):
    seek(river, "river")
    river.caret_after("homes stood").type(" by the river").settle()
    assert hits(river) == 12
    river.key("Control+f")
    assert said(river).endswith("of 11, 3 in notes")


def test_nothing_done_in_the_panel_reaches_the_form(river: Desk):
    river.page.evaluate(
        """(() => { window.told = []; const form = document.querySelector('#id_body').form;
        for (const name of ['input', 'change', 'submit']) form.addEventListener(name, e => told.push(name)) })()"""
    )
    seek(river, "river").key("Enter", "Shift+Enter")
    panel(river).get_by_label("Match case").check()
    river.tell()
    assert river.page.evaluate("told") == []
    assert river.value == BODY


def test_a_hit_out_of_sight_is_brought_into_sight(desks):
    lines = "".join(f"<p>Line {n} of the long text.</p>" for n in range(1, 120))
    desk = desks("far", f"{lines}<p>The needle.</p>").caret_after("Line 2")
    seek(desk, "needle")
    expect(desk.page.locator(".ProseMirror .is-current")).to_be_in_viewport()
    desk.key("Control+a").type("Line 3 of")
    mark = desk.page.locator(".ProseMirror .is-current").bounding_box()
    head = desk.page.locator(".body-editor__head").bounding_box()
    assert mark["y"] >= head["y"] + head["height"]


def test_two_thousand_hits_are_replaced_in_one_go(desks):
    text = "".join(f"<p>{'word and ' * 40}{n}</p>" for n in range(50))
    desk = desks("many", text).focus_end().key("Control+h")
    panel(desk).get_by_label("Find", exact=True).fill("word")
    panel(desk).get_by_label("Replace with").fill("term")
    panel(desk).get_by_role("button", name="Replace all").click()
    desk.settle()
    assert said(desk) == "2000 replaced"
    assert "word" not in desk.value
    desk.check()
    desk.key("Escape", "Control+z")
    assert desk.value == text


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_nothing_in_the_open_panel(river: Desk, width: int, scheme: str):
    river.page.emulate_media(color_scheme=scheme)
    river.page.set_viewport_size({"width": width, "height": 800})
    seek(river, "river").key("Enter")
    answer = Axe().run(river.page, context=".body-editor")
    # Axe itself writes inline styles, which the page's policy refuses and says so.
    river.messages.clear()
    assert [violation["id"] for violation in answer.response["violations"]] == []
