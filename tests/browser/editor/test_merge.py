"""Merging notes: offered where two say the same, possible with any other, one step to undo."""

import pytest
from playwright.sync_api import Locator

from releases.text.hints import back_reference, duplicate_notes
from releases.text.notes import notes_of
from tests.browser.editor.conftest import Desk

pytestmark = pytest.mark.browser


def body(*notes: str, citations: str | None = None) -> str:
    """A body with these notes, cited in the order of `citations`, "0120"; each cited once if it is not given."""
    seen: dict[str, int] = {}
    text = ""
    for nth in citations or "".join(str(n) for n in range(len(notes))):
        seen[nth] = seen.get(nth, 0) + 1
        again = f"-{seen[nth]}" if seen[nth] > 1 else ""
        number = list(seen).index(nth) + 1
        text += f' Claim {nth}<sup class="footnote-ref"><a href="#fn-key{nth}" id="fnref-key{nth}{again}">{number}</a></sup>'
    items = "".join(f'<li id="fn-key{n}">{note}</li>' for n, note in enumerate(notes))
    return f'<p>{text.strip()} end.</p><ol class="footnotes">{items}</ol>'


TWINS = body(
    "<p>River survey 2019.</p>", "<p>Own file.</p>", "<p>River  survey</p><p>2019.</p>", citations="0120"
)


def offers(desk: Desk) -> Locator:
    return desk.page.locator("ol.footnotes .body-editor__merge")


def verb(desk: Desk) -> str:
    return desk.page.locator("[data-action=merge]").get_attribute("aria-label")


def test_a_note_that_says_the_same_offers_to_be_merged(desks):
    desk = desks("twins", TWINS)
    assert offers(desk).all_inner_texts() == ["Merge with note 3", "Merge with note 1"]
    offers(desk).nth(1).click()
    desk.settle()
    assert desk.notes == ["River survey 2019.", "Own file."]
    assert desk.numbers == "1 2 1 1"
    assert 'id="fnref-key0-3"' in desk.value
    assert desk.status == "Merged into note 1, cited 3 times."
    assert offers(desk).count() == 0
    desk.check()
    before = desk.value
    assert desk.save().value == before


def test_one_undo_makes_them_two_again(desks):
    desk = desks("undo", TWINS).caret_after("end.").type(" Typed.")
    desk.settle()
    typed = desk.value
    offers(desk).nth(1).click()
    desk.settle()
    merged = desk.value
    desk.type(" more").settle()
    desk.key("Control+z")
    assert desk.value == merged
    desk.key("Control+z")
    assert desk.value == typed
    desk.key("Control+Shift+z")
    assert desk.value == merged
    desk.check()


def test_the_toolbar_merges_by_keyboard_and_says_with_which(desks):
    desk = desks("keys", TWINS).caret_after("Own file")
    assert verb(desk) == "Merge with another note"
    desk.caret_after("River  survey")
    assert verb(desk) == "Merge with note 1"
    desk.key("Alt+F10")
    for _ in range(30):
        if desk.page.evaluate("document.activeElement.dataset.action") == "merge":
            break
        desk.key("ArrowRight")
    desk.key("Enter")
    assert desk.numbers == "1 2 1 1"
    assert desk.where == "footnotes>footnote>paragraph"
    desk.type("!").settle()
    assert desk.notes[0] == "River survey 2019.!"


def test_any_other_note_can_be_chosen(desks):
    desk = desks("other", body("<p>One.</p>", "<p>Two.</p>", "<p>Three.</p>")).caret_after("One.")
    desk.button("merge")
    dialog = desk.page.get_by_role("dialog", name="Merge with another note")
    assert dialog.get_by_role("radio").count() == 2
    dialog.get_by_role("radio", name="3. Three.").check()
    desk.key("Enter")
    assert desk.notes == ["Three.", "Two."]
    assert desk.numbers == "1 2 1"
    desk.check()
    desk.key("Control+z")
    assert desk.notes == ["One.", "Two.", "Three."]


def test_escape_in_the_choice_merges_nothing(desks):
    stored = body("<p>One.</p>", "<p>Two.</p>")
    desk = desks("esc", stored).caret_after("One.").button("merge").key("Escape")
    assert desk.value == stored
    assert "footnote" in desk.where


def test_there_is_nothing_to_merge_in_the_text_or_with_one_note(desks):
    disabled = "document.querySelector('[data-action=merge]').getAttribute('aria-disabled')"
    desk = desks("text", body("<p>One.</p>", "<p>Two.</p>")).caret_after("Claim 0")
    assert desk.page.evaluate(disabled) == "true"
    desk.caret_after("One.")
    assert desk.page.evaluate(disabled) == "false"
    desk = desks("single", body("<p>One.</p>")).caret_after("One.")
    assert desk.page.evaluate(disabled) == "true"


def test_two_citations_side_by_side_become_one(desks):
    stored = body("<p>Same.</p>", "<p>Same.</p>").replace("</sup> Claim 1<sup", "</sup><sup")
    desk = desks("beside", stored)
    offers(desk).first.click()
    desk.settle()
    assert desk.numbers == "1"
    assert desk.notes == ["Same."]
    desk.check()


def test_of_two_that_say_the_same_the_one_that_leads_somewhere_stays(desks):
    linked = '<p>See <a href="https://example.org/r">the report</a>.</p>'
    desk = desks("linked", body("<p>See the report.</p>", linked))
    offers(desk).nth(1).click()
    desk.settle()
    assert desk.notes == [linked[3:-4]]
    desk.check()


def test_a_note_typed_like_another_is_offered_at_once_and_no_longer_when_it_differs(desks):
    desk = desks("typed", body("<p>River survey.</p>")).caret_after("Claim 0")
    desk.key("Control+Alt+f").type("River survey.").settle()
    assert offers(desk).all_inner_texts() == ["Merge with note 2", "Merge with note 1"]
    desk.type(" Page 4.").settle()
    assert offers(desk).count() == 0
    desk.check()


def test_the_offer_is_no_part_of_the_text(desks):
    desk = desks("part", TWINS)
    assert "Merge" not in desk.html
    desk.focus_end().key("Control+a", "Control+c")
    assert "Merge" not in desk.page.evaluate("navigator.clipboard.readText()")
    desk.caret_after("River survey 2019.").type(" x").key("Backspace", "Backspace", "ArrowDown").type(
        "z"
    ).settle()
    assert sum("z" in note for note in desk.notes) == 1
    desk.check()


NOTES = [
    "<p>Same words.</p>",
    "<p> Same </p><p>words.</p>",
    '<p><a href="https://example.org/1">Report</a></p>',
    '<p><a href="https://example.org/2">Report</a></p>',
    "<p>Report</p>",
    "<p>Ibid.</p>",
    "<p>Ibid.</p>",
    "<p>Smith, op. cit., 4.</p>",
    "<p>Smith, op. cit., 4.</p>",
]


def test_the_editor_and_the_checklist_find_the_same(desks):
    stored = body(*NOTES)
    desk = desks("agree", stored)
    shown = {
        int(item.evaluate("b => [...document.querySelectorAll('ol.footnotes > li')].indexOf(b.closest('li'))")) + 1:
        int(item.inner_text().rsplit(" ", 1)[1]) for item in offers(desk).all()
    }  # fmt: skip
    assert shown == {1: 2, 2: 1, 3: 5, 5: 3}
    numbers = {note.key: note.number for note in notes_of(desk.stored)}
    assert [[numbers[key] for key in pair] for pair in duplicate_notes(notes_of(desk.stored))] == [
        [1, 2],
        [3, 5],
    ]
    assert [number for number, note in enumerate(notes_of(desk.stored), 1) if back_reference(note.text)] == [
        6,
        7,
        8,
        9,
    ]
