"""What people made by hand in Word files for want of its own means: notes by links and by counting, bookmarks."""

import re

import pytest

from releases.intake.docx import read
from tests.intake.word import bookmark, docx, note, p, ref, t


def link(anchor, text, properties=""):
    return f'<w:hyperlink w:anchor="{anchor}">{t(text, properties)}</w:hyperlink>'


UP = '<w:vertAlign w:val="superscript"/>'
BY_LINKS = (
    p(
        "The dam rose.",
        bookmark("_ftnref1", link("_ftn1", "[1]"), 1),
        " Nobody asked.",
        bookmark("_ftnref2", link("_ftn2", "[2]"), 2),
    ),
    p(bookmark("_ftn1", link("_ftnref1", "[1]"), 3), " Survey of dams."),
    p(bookmark("_ftn2", link("_ftnref2", "[2]"), 4), " Letter of May."),
)
BY_COUNTING = (
    p("Signed on May 30", t("1", UP), " in town; then on June 9", t("2", UP), "."),
    p("Notes", style="Heading2"),
    p("1. Survey of dams."),
    p("2. Letter of May."),
)


@pytest.mark.parametrize("blocks", [BY_LINKS, BY_COUNTING], ids=["by links", "by counting"])
def test_notes_made_by_hand_come_along(blocks):
    found = read(docx(*blocks))
    assert notes_of(found.body) == ["Survey of dams.", "Letter of May."]
    assert found.body.count('class="footnote-ref"') == 2
    assert found.report.counts["notes"] == 2


def test_notes_made_by_hand_stand_beside_words_own():
    found = read(docx(p("First", ref(1), "."), *BY_LINKS, footnotes=note(1, "Word's own note.")))
    assert notes_of(found.body) == ["Word's own note.", "Survey of dams.", "Letter of May."]


def test_a_raised_figure_without_a_note_stays_raised_and_is_said():
    found = read(docx(p("Signed on May 30", t("4", UP), " in town.")))
    assert found.body == "<p>Signed on May 30<sup>4</sup> in town.</p>"
    assert found.report.counts["unsure-mark"] == 1


def test_links_to_places_of_the_file_keep_their_words_and_are_said():
    found = read(docx(p("See ", link("later", "below"), "."), p(bookmark("later", t("Here.")))))
    assert found.body == "<p>See below.</p><p>Here.</p>"
    assert found.report.counts["inner-link"] == 1


def test_a_bookmark_alone_is_nothing_and_parts_nothing():
    found = read(
        docx(
            p("a ", bookmark("_GoBack", ""), t("b", "<w:b/>"), bookmark("x", ""), t("c", "<w:b/>")),
            p(bookmark("y", "")),
        )
    )
    assert text_of(found.body) == "a bc"
    assert found.body.count("<p>") == 1


def notes_of(body):
    return [text_of(one) for one in re.findall("<li id=.*?</li>", body)]


def text_of(html):
    return re.sub("<[^>]*>", "", html)
