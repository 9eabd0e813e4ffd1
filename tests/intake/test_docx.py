"""What stands in a Word document, and what becomes of its title, date and notes: each test is a document of its own."""

from datetime import date

import pytest

from releases.intake.docx import read
from releases.text.notes import notes_of
from releases.text.render import plain_text
from tests.intake.reading import body, numbers, said
from tests.intake.word import bookmark, cell, docx, field, item, note, numbering, p, ref, row, t, table

# ---------------------------------------------------------------------- title, date, headings


def test_a_paragraph_in_the_title_style_is_the_title_and_no_part_of_the_body():
    reading = read(docx(p("Court upholds", style="Title"), p("a ban", style="Title"), "Words."))
    assert (reading.title, reading.body) == ("Court upholds a ban", "<p>Words.</p>")


def test_without_a_title_style_the_first_heading_is_the_title_and_the_next_rank_heads_the_parts():
    reading = read(docx(p("Court upholds a ban", style="Heading1"), p("Why", style="Heading2"), "Words."))
    assert (reading.title, reading.body) == ("Court upholds a ban", "<h2>Why</h2><p>Words.</p>")


def test_headings_are_known_by_their_names_whatever_the_language_of_word():
    found = body(p("Titel", style="Title"), p("Erstens", style="berschrift1"), p("Darin", style="Heading2"))
    assert found == "<h2>Erstens</h2><h3>Darin</h3>"


def test_a_heading_far_down_is_no_title():
    reading = read(docx(*[f"Words {n}." for n in range(20)], p("Background", style="Heading1")))
    assert reading.title == ""
    assert reading.body.endswith("<h2>Background</h2>")
    assert said(reading, "no-title") == 1


@pytest.mark.parametrize(
    ("line", "day", "place"),
    [
        ("June 10, 2011", date(2011, 6, 10), ""),
        ("Friday, 10th June 2011", date(2011, 6, 10), ""),
        ("2011-06-10", date(2011, 6, 10), ""),
        ("2011年6月10日", date(2011, 6, 10), ""),
        ("二〇一一年六月二十三日", date(2011, 6, 23), ""),
        ("Geneva, 10 June 2011", date(2011, 6, 10), "Geneva"),
        ("New York, NY – Sept. 3, 2011", date(2011, 9, 3), "New York, NY"),
        ("For immediate release: 10 June 2011", date(2011, 6, 10), ""),
    ],
)
def test_a_date_that_stands_alone_is_the_date(line, day, place):
    reading = read(docx(p("A title", style="Title"), line, "Words."))
    assert (reading.day, reading.place, reading.body) == (day, place, "<p>Words.</p>")


@pytest.mark.parametrize(
    "line", ["10/06/2011", "On 10 June 2011 the court sat.", "31 June 2011", "June 2011", "May"]
)
def test_what_could_be_another_day_or_is_a_sentence_is_no_date(line):
    reading = read(docx(p("A title", style="Title"), line))
    assert (reading.day, reading.body) == (None, f"<p>{line}</p>")


def test_a_note_on_the_title_is_cited_at_the_end_of_the_first_paragraph():
    reading = read(docx(p("A title", ref(1), style="Title"), "Words.", footnotes=note(1, "Source.")))
    assert reading.title == "A title"
    assert numbers(reading.body) == '<p>Words.[1]</p><ol class="footnotes"><li><p>Source.</p></li></ol>'
    assert said(reading, "title-note") == 1


def test_a_title_that_is_too_long_to_keep_begins_the_text_as_well():
    reading = read(docx(p("Very " * 100, style="Title"), "Words."))
    assert len(reading.title) <= 300
    assert reading.body.startswith("<p>Very Very")


# ---------------------------------------------------------------------- notes


def test_foot_and_endnotes_are_one_series_in_the_order_of_citation():
    found = body(
        p("First", ref(1, "endnote"), " second", ref(1), "."),
        footnotes=note(1, "A footnote."),
        endnotes=note(1, "An endnote.", kind="endnote"),
    )
    assert numbers(found) == (
        "<p>First[1] second[2].</p>"
        '<ol class="footnotes"><li><p>An endnote.</p></li><li><p>A footnote.</p></li></ol>'
    )


def test_a_note_keeps_its_paragraphs_its_italics_and_its_links():
    found = body(
        p("Claim", ref(2)),
        footnotes=note(2, p(t("See "), t("Smith", "<w:i/>"), '<w:hyperlink r:id="l"><w:r><w:t>here</w:t></w:r></w:hyperlink>'), "More."),
        note_links=[("l", "hyperlink", "https://example.org/a", True)],
    )  # fmt: skip
    assert '<p>See <em>Smith</em><a href="https://example.org/a">here</a></p><p>More.</p>' in found


def test_links_of_notes_are_looked_up_beside_the_notes():
    found = body(
        p("Claim", ref(2), '<w:hyperlink r:id="l"><w:r><w:t>one</w:t></w:r></w:hyperlink>'),
        footnotes=note(2, p('<w:hyperlink r:id="l"><w:r><w:t>two</w:t></w:r></w:hyperlink>')),
        links=[("l", "hyperlink", "https://example.org/body", True)],
        note_links=[("l", "hyperlink", "https://example.org/note", True)],
    )
    assert '<a href="https://example.org/body">one</a>' in found
    assert '<a href="https://example.org/note">two</a>' in found


def test_a_cross_reference_to_a_note_cites_it_again():
    reading = read(
        docx(
            p("First", ref(4), " and", bookmark("_Ref7", ref(5)), "."),
            p("See note ", field(r" NOTEREF _Ref7 \h ", t("2")), " above."),
            footnotes=note(4, "One.") + note(5, "Two."),
        )
    )
    assert numbers(reading.body).startswith("<p>First[1] and[2].</p><p>See note [2] above.</p>")
    assert [one.citations for one in notes_of(reading.body)] == [1, 2]
    assert said(reading, "cited-again") == 1


def test_a_cross_reference_may_stand_before_its_note_and_in_one_element():
    simple = '<w:fldSimple w:instr=" NOTEREF later \\p "><w:r><w:t>2 below</w:t></w:r></w:fldSimple>'
    found = body(p("See", simple, "."), p("Claim", bookmark("later", ref(9))), footnotes=note(9, "Source."))
    assert numbers(found).startswith("<p>See[1] below.</p><p>Claim[1]</p>")


def test_a_cross_reference_that_leads_nowhere_stays_the_text_that_it_was():
    assert body(p("See note ", field(" NOTEREF gone ", t("3")), ".")) == "<p>See note 3.</p>"


def test_a_note_that_names_another_note_names_it_by_its_number_here():
    found = body(
        p("One", ref(2, "endnote"), " two", bookmark("x", ref(7)), " three", ref(8)),
        footnotes=note(7, "Long.") + note(8, p("As in note ", field("NOTEREF x", t("1")), ".")),
        endnotes=note(2, "First of all.", kind="endnote"),
    )
    assert "<p>As in note 2.</p>" in found


def test_a_note_with_a_mark_of_its_own_is_numbered_like_the_others():
    own = '<w:footnote w:id="3"><w:p><w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>*</w:t></w:r><w:r><w:t> Why.</w:t></w:r></w:p></w:footnote>'
    found = body(p("Claim", ref(3, custom="*"), " holds."), footnotes=own)
    assert numbers(found) == '<p>Claim[1] holds.</p><ol class="footnotes"><li><p>Why.</p></li></ol>'


def test_the_caption_of_a_table_stands_where_it_stood_with_its_notes():
    found = body(
        p("A title", style="Title"), p("Table 1. Arrests", ref(1), style="Caption"), table(row("2010")),
        footnotes=note(1, "The count of the clerks."),
    )  # fmt: skip
    assert numbers(found) == (
        "<p>Table 1. Arrests[1]</p><table><tbody><tr><td><p>2010</p></td></tr></tbody></table>"
        '<ol class="footnotes"><li><p>The count of the clerks.</p></li></ol>'
    )


def test_notes_in_headings_lists_tables_and_quotations_are_kept():
    found = body(
        p("A title", style="Title"), p("Part", ref(1), style="Heading2"), item("Point", num=1).replace("</w:p>", ref(2) + "</w:p>"),
        table(row(cell(p("Cell", ref(3))))), p("Said", ref(4), style="Quote"),
        footnotes="".join(note(n, f"Source {n}.") for n in range(1, 5)), lists=numbering(["bullet"]),
    )  # fmt: skip
    assert [one.text for one in notes_of(found)] == [f"Source {n}." for n in range(1, 5)]
    assert numbers(found).startswith(
        "<h2>Part[1]</h2><ul><li><p>Point[2]</p></li></ul><table><tbody><tr><td><p>Cell[3]</p></td></tr></tbody></table>"
        "<blockquote><p>Said[4]</p></blockquote>"
    )


def test_a_figure_before_a_citation_never_runs_into_its_number():
    found = body(p("on May 30", ref(1), "; on June 9.", ref(2)), footnotes=note(1, "A.") + note(2, "B."))
    assert plain_text(found) == "on May 30; on June 9."


def test_a_citation_of_a_note_that_is_not_there_is_said():
    reading = read(docx(p("Claim", ref(99), ".")))
    assert reading.body == "<p>Claim.</p>"
    assert said(reading, "dangling-citation") == 1
