"""The toolbar and the dialogs, by keyboard, by name and in tables; the count of words."""

import pytest

from tests.browser.editor.conftest import Desk
from tests.browser.editor.test_edges import BODY

pytestmark = pytest.mark.browser


def focused(desk: Desk) -> str:
    return desk.page.evaluate(
        "document.activeElement.getAttribute('aria-label') ?? document.activeElement.className"
    )


def test_the_editing_area_has_the_name_of_its_field(desk: Desk):
    assert desk.page.get_by_role("textbox", name="Text").get_attribute("aria-multiline") == "true"
    desk.page.get_by_text("Text:", exact=True).click()
    desk.type("typed after a click on the label").settle()
    assert desk.value == "<p>typed after a click on the label</p>"


def test_the_toolbar_is_one_tab_stop_and_arrows_move_in_it(desk: Desk):
    desk.focus_end().type("words").key("Control+a", "Alt+F10")
    assert focused(desk) == "Paragraph"
    desk.key("ArrowRight", "ArrowRight", "ArrowRight")
    assert focused(desk) == "Bold"
    desk.key("End")
    assert focused(desk) == "Redo"
    desk.key("ArrowRight", "ArrowLeft", "Home")
    assert focused(desk) == "Paragraph"
    desk.key("ArrowRight", "ArrowRight", "ArrowRight", "Enter")
    assert desk.value == "<p><strong>words</strong></p>"
    assert desk.page.locator(".body-editor__toolbar button[tabindex='0']").count() == 1


def test_tab_leads_from_the_form_to_the_toolbar_to_the_text(desk: Desk):
    desk.page.locator("#id_title").focus()
    desk.key("Tab")
    assert focused(desk) == "Paragraph"
    desk.key("Tab")
    assert "ProseMirror" in desk.page.evaluate("document.activeElement.className")
    desk.key("Shift+Tab")
    assert focused(desk) == "Paragraph"
    desk.key("Escape")
    assert "ProseMirror" in desk.page.evaluate("document.activeElement.className")


def test_states_are_told_as_pressed_and_disabled(desk: Desk):
    bold, undo = (desk.page.get_by_role("button", name=name) for name in ("Bold", "Undo"))
    assert undo.get_attribute("aria-disabled") == "true"
    assert bold.get_attribute("aria-pressed") == "false"
    desk.focus_end().key("Control+b").type("x").settle()
    assert bold.get_attribute("aria-pressed") == "true"
    assert undo.get_attribute("aria-disabled") == "false"


def test_a_table_is_made_and_changed_by_keyboard_alone(desk: Desk):
    def press(name: str) -> None:
        desk.key("Alt+F10", "Home")
        for _ in range(40):
            if focused(desk) == name:
                break
            desk.key("ArrowRight")
        assert focused(desk) == name
        desk.key("Enter")

    desk.focus_end().type("before").key("Enter")
    press("Insert table")
    desk.type("a").key("Tab").type("b").settle()
    press("Row below")
    press("Column after")
    rows = desk.value.count("<tr>")
    assert (rows, desk.value.count("<t") - rows - 2) == (4, 16)
    press("Remove column")
    press("Remove row")
    assert desk.value.count("<tr>") == 3
    desk.run(
        "(() => { const cells = []; e.state.doc.descendants((n, p) => { if (/^table(Cell|Header)$/.test(n.type.name)) cells.push(p) }); e.commands.setCellSelection({anchorCell: cells[0], headCell: cells[1]}) })()"
    )
    desk.settle()
    press("Merge cells")
    assert desk.value.count('colspan="2"') == 1
    desk.check()
    press("Split cell")
    assert "colspan" not in desk.value
    press("Remove table")
    assert "table" not in desk.value
    desk.check()


def test_the_link_dialog_refuses_what_leads_nowhere_and_says_so(desk: Desk):
    desk.focus_end().type("See report").select("report", "report").button("link")
    dialog = desk.page.get_by_role("dialog", name="Insert link")
    address = dialog.get_by_label("Address")
    for wrong in ("javascript:alert(1)", "nothing at all", "", "file:///etc/passwd", "//example.org"):
        address.fill(wrong)
        desk.key("Enter")
        assert dialog.is_visible()
        assert "web address" in dialog.get_by_role("alert").inner_text()
        assert address.get_attribute("aria-invalid") == "true"
    address.fill("https://example.org/r?utm_source=x&id=7&fbclid=abc#p2")
    desk.key("Enter")
    assert desk.value == '<p>See <a href="https://example.org/r?id=7#p2">report</a></p>'
    desk.key("Control+k")
    changed = desk.page.get_by_role("dialog", name="Change link")
    assert changed.get_by_label("Address").input_value() == "https://example.org/r?id=7#p2"
    changed.get_by_role("button", name="Remove link").click()
    desk.settle()
    assert desk.value == "<p>See report</p>"


def test_a_link_can_be_written_where_nothing_is_selected(desk: Desk):
    desk.focus_end().type("Ask ").key("Control+k")
    dialog = desk.page.get_by_role("dialog", name="Insert link")
    dialog.get_by_label("Address").fill("press@example.org")
    dialog.get_by_label("Text to show").fill("us")
    desk.key("Enter").type(" now").settle()
    assert desk.value == '<p>Ask <a href="mailto:press@example.org">us</a> now</p>'
    desk.check()


def test_escape_closes_a_dialog_and_returns_to_the_text(desk: Desk):
    desk.focus_end().type("a").key("Control+k", "Escape").type("b").settle()
    assert desk.value == "<p>ab</p>"
    assert desk.page.locator("dialog").count() == 0


def test_words_are_counted_with_and_without_notes(desks):
    desk = desks("count", BODY)
    count = desk.page.locator(".body-editor__count")
    assert count.inner_text() == "5 words, 11 with notes"
    desk.focus_end().caret_after("end.").type(" More 中文字 words here").settle()
    desk.until("document.querySelector('.body-editor__count').textContent.startsWith('11 words')")
    assert count.inner_text() == "11 words, 17 with notes"


@pytest.mark.parametrize("width", [320, 768, 1280])
def test_the_toolbar_is_short_and_stays_in_sight(desks, width: int):
    desk = desks("wide", "".join(f"<p>Paragraph {n} of the text.</p>" for n in range(60)))
    desk.page.set_viewport_size({"width": width, "height": 700})
    desk.page.evaluate("scrollTo(0, 1200)")
    desk.settle()
    bar = desk.page.locator(".body-editor__toolbar").bounding_box()
    assert bar["y"] >= 0
    assert bar["y"] < 10
    assert bar["height"] < (80 if width == 768 else 50)  # two rows on a tablet, one elsewhere
    frame = desk.page.locator(".body-editor").bounding_box()
    assert frame["x"] >= 0
    assert frame["x"] + frame["width"] <= width
    for box in [b.bounding_box() for b in desk.page.locator(".body-editor__toolbar button:visible").all()]:
        assert box["x"] + box["width"] <= frame["x"] + frame["width"]
        assert min(box["width"], box["height"]) >= 24


def test_on_a_phone_the_rest_of_the_toolbar_is_behind_a_button(desks):
    desk = desks("phone", BODY)
    desk.page.set_viewport_size({"width": 320, "height": 700})
    desk.settle()
    more = desk.page.get_by_role("button", name="More", exact=True)
    assert desk.page.get_by_role("button", name="Insert table").is_hidden()
    desk.focus_end().key("Alt+F10")
    assert focused(desk) == "Heading"
    desk.key("End")
    assert focused(desk) == "More"
    desk.key("Enter")
    assert more.get_attribute("aria-expanded") == "true"
    desk.key("ArrowRight")
    assert focused(desk) == "Paragraph"
    box = desk.page.locator(".body-editor__toolbar").bounding_box()
    assert box["height"] < 130
    boxes = [b.bounding_box() for b in desk.page.locator(".body-editor__toolbar button:visible").all()]
    assert len(boxes) == 20
    assert all(b["x"] + b["width"] <= 320 and min(b["width"], b["height"]) >= 24 for b in boxes)
    more.click()
    assert more.get_attribute("aria-expanded") == "false"
    assert desk.page.get_by_role("button", name="Insert table").is_hidden()


@pytest.mark.parametrize("width", [1280, 320])
def test_axe_finds_nothing_to_object_to_in_the_editor(desks, width: int):
    from axe_playwright_python.sync_playwright import Axe

    desk = desks("axe", BODY)
    desk.page.set_viewport_size({"width": width, "height": 700})
    if width == 320:
        desk.button("more")
    desk.page.locator(".ProseMirror").focus()
    results = Axe().run(desk.page, context=".body-editor")
    assert [(v["id"], [n["html"] for n in v["nodes"]]) for v in results.response["violations"]] == []
    desk.button("cite")
    results = Axe().run(desk.page, context="dialog")
    assert [(v["id"], [n["html"] for n in v["nodes"]]) for v in results.response["violations"]] == []
    # axe writes inline styles of its own, which the page's policy refuses.
    desk.messages.clear()
