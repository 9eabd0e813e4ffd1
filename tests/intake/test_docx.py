"""What stands in a Word document, and what becomes of it: each test is a document of its own."""

import re
from datetime import date

import pytest

from releases.intake.docx import read
from releases.text.clean import clean
from releases.text.notes import notes_of
from releases.text.render import plain_text
from tests.intake.word import (
    SPACES,
    bookmark,
    cell,
    docx,
    field,
    item,
    level,
    note,
    numbering,
    p,
    part,
    ref,
    row,
    t,
    table,
)  # fmt: skip


def body(*blocks, **parts):
    return read(docx(*blocks, **parts)).body


def numbers(html):
    """A body with its keys left out: citations as [n], notes as a list."""
    html = re.sub(r'<sup class="footnote-ref"><a [^>]*>(\d+)</a></sup>', r"[\1]", html)
    return re.sub(r' id="fn-[a-z0-9]+"', "", html)


def said(reading, code):
    return reading.report.counts.get(code, 0)


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


# ---------------------------------------------------------------------- what must not come along


def test_tracked_insertions_come_in_and_deletions_stay_out():
    reading = read(
        docx(
            p("We ", '<w:ins w:id="1" w:author="Ann Author" w:date="2024-01-01T00:00:00Z">' + t("now ") + "</w:ins>",
              '<w:del w:id="2" w:author="Ann Author"><w:r><w:delText>never </w:delText></w:r></w:del>', "agree", ref(1)),
            p('<w:moveFrom w:id="3">' + t("Moved away.") + "</w:moveFrom>"),
            p('<w:moveTo w:id="4">' + t("Moved here.") + "</w:moveTo>"),
            p(f'<w:del w:id="5">{ref(2)}</w:del>', "Kept."),
            footnotes=note(1, p(t("New "), '<w:del w:id="6"><w:r><w:delText>old</w:delText></w:r></w:del>', t("note."))) + note(2, "Deleted note."),
        )
    )  # fmt: skip
    assert numbers(reading.body) == (
        "<p>We now agree[1]</p><p>Moved here.</p><p>Kept.</p>"
        '<ol class="footnotes"><li><p>New note.</p></li></ol>'
    )
    assert "Ann" not in reading.body + " ".join(reading.report.sentences())


def test_a_deleted_end_of_paragraph_joins_two_paragraphs():
    gone = '<w:rPr><w:del w:id="1" w:author="Ann"/></w:rPr>'
    assert body(p("One ", properties=gone), p("two.")) == "<p>One two.</p>"


def test_deleted_rows_and_cells_stay_out():
    found = body(
        table(
            row("Kept", cell("Gone", properties='<w:cellDel w:id="1" w:author="A"/>')),
            row("Gone too", properties='<w:del w:id="2" w:author="A"/>'),
        )
    )
    assert "Kept" in found
    assert "Gone" not in found


def test_comments_stay_out_and_are_counted():
    reading = read(
        docx(
            p('<w:commentRangeStart w:id="1"/>', "Words", '<w:commentRangeEnd w:id="1"/>', '<w:r><w:commentReference w:id="1"/></w:r>', "."),
            parts={"word/comments.xml": part("comments", '<w:comment w:id="1" w:author="Boris">' + p("Is this true?") + "</w:comment>")},
        )
    )  # fmt: skip
    assert reading.body == "<p>Words.</p>"
    assert said(reading, "comment") == 1


def test_hidden_text_stays_out_whichever_way_it_was_hidden():
    hidden = (
        '<w:style w:type="character" w:styleId="H"><w:name w:val="H"/><w:rPr><w:vanish/></w:rPr></w:style>'
    )
    from tests.intake.word import STYLES

    reading = read(
        docx(
            p("Seen. ", t("A secret.", "<w:vanish/>"), t("Another.", '<w:rStyle w:val="H"/>')),
            p("A whole paragraph.", style="Secret"),
            p("Note", f"<w:r><w:rPr><w:vanish/></w:rPr>{ref(1)[5:]}", "."),
            p(t("Not hidden.", '<w:vanish w:val="0"/>')),
            footnotes=note(1, "A secret note."), styles=STYLES + hidden,
        )
    )  # fmt: skip
    assert reading.body == "<p>Seen.</p><p>Note.</p><p>Not hidden.</p>"
    assert said(reading, "hidden") >= 3


def test_metadata_and_page_heads_stay_out():
    core = "<c:p xmlns:c='x'><creator>Vera Verfasser</creator><title>Draft 7</title></c:p>"
    reading = read(
        docx("Words.", parts={"docProps/core.xml": core, "word/header1.xml": part("hdr", p("Confidential"))},
             links=[("h", "header", "header1.xml")])
    )  # fmt: skip
    assert reading.body == "<p>Words.</p>"
    assert said(reading, "header") == 1
    assert reading.title == ""


def test_a_form_field_that_nobody_filled_in_stays_out():
    control = "<w:sdt><w:sdtPr>{}</w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>".format
    found = body(p("By ", control("<w:showingPlcHdr/>", t("Click here")), control("", t("the office")), "."))
    assert found == "<p>By the office.</p>"


def test_a_table_of_contents_stays_out():
    reading = read(docx(p("Part one 3", style="TOC1"), "Words."))
    assert reading.body == "<p>Words.</p>"
    assert said(reading, "contents") == 1


# ---------------------------------------------------------------------- fields and links


def test_fields_show_what_they_show_and_say_nothing_of_what_they_say():
    found = body(
        p("Page ", field(" PAGE ", t("7")), " of ", field(r' IF "secret" = "x" ', t("9"), begin=field(" DATE ", t("now"))), ".")
    )  # fmt: skip
    assert found == "<p>Page 7 of 9.</p>"


def test_links_are_kept_without_tracking_and_only_to_the_web():
    link = '<w:hyperlink r:id="{}"><w:r><w:t>{}</w:t></w:r></w:hyperlink>'.format
    reading = read(
        docx(
            p(link("a", "safe"), " ", link("b", "file"), " ", link("c", "script"), " ",
              field(r' HYPERLINK "https://example.org/x?utm_source=mail&id=4" \o "tip" ', t("field")), " ",
              '<w:hyperlink w:anchor="place"><w:r><w:t>inside</w:t></w:r></w:hyperlink>'),
            links=[
                ("a", "hyperlink", "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fexample.org%2Fa&data=1", True),
                ("b", "hyperlink", r"file:///C:\secret.doc", True), ("c", "hyperlink", "javascript:alert(1)", True),
            ],
        )
    )  # fmt: skip
    assert reading.body == (
        '<p><a href="https://example.org/a">safe</a> file script <a href="https://example.org/x?id=4">field</a> inside</p>'
    )
    assert (said(reading, "untracked"), said(reading, "link-refused")) == (2, 2)


def test_a_field_that_never_ends_takes_no_words_along():
    begin = '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>TOC</w:instrText></w:r>'
    assert body(p("One.", begin), "Two.") == "<p>One.</p><p>Two.</p>"


# ---------------------------------------------------------------------- setting of text


def test_emphasis_comes_from_runs_and_character_styles_and_neighbours_are_joined():
    found = body(
        p(t("Bold ", "<w:b/>"), t("too", '<w:rStyle w:val="Strong"/>'), " ", t("both", "<w:b/><w:i/>"), t(" not", '<w:b w:val="0"/>'),
          " H", t("2", '<w:vertAlign w:val="subscript"/>'), "O m", t("2", '<w:vertAlign w:val="superscript"/>'))
    )  # fmt: skip
    assert found == (
        "<p><strong>Bold too</strong> <strong><em>both</em></strong> not H<sub>2</sub>O m<sup>2</sup></p>"
    )


def test_breaks_tabs_hyphens_and_symbols_are_characters():
    found = body(p("a", "<w:r><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t><w:noBreakHyphen/><w:t>d</w:t></w:r>",
                   '<w:r><w:sym w:font="Wingdings" w:char="F0FC"/><w:sym w:font="Symbol" w:char="F061"/></w:r>'))  # fmt: skip
    assert found == "<p>a b<br>c\u2011d✓α</p>"


def test_struck_out_words_are_kept_and_said():
    reading = read(docx(p("We ", t("will not", "<w:strike/>"), " agree.")))
    assert reading.body == "<p>We will not agree.</p>"
    assert said(reading, "struck") == 1


def test_markup_in_words_stays_words():
    assert body("<w:p><w:r><w:t>&lt;script&gt;x&lt;/script&gt; &amp;amp;</w:t></w:r></w:p>") == (
        "<p>&lt;script&gt;x&lt;/script&gt; &amp;amp;</p>"
    )


def test_right_to_left_paragraphs_and_phrases_say_so():
    uyghur = "ئۇيغۇرلار"
    found = body(
        p(t(uyghur, "<w:rtl/>"), properties="<w:bidi/>"),
        p("The word ", t(uyghur, '<w:rtl/><w:lang w:bidi="ug-CN"/>'), " means this."),
    )
    assert found == (
        f'<p dir="rtl">{uyghur}</p><p>The word <span lang="ug-CN" dir="rtl">{uyghur}</span> means this.</p>'
    )


def test_chinese_text_keeps_every_character_and_its_notes():
    found = body(
        p(
            t("上海合作組織成立十週年", '<w:rFonts w:eastAsia="宋体"/><w:lang w:eastAsia="zh-TW"/>'),
            ref(1),
            "。",
        ),
        footnotes=note(1, "《中國日報》，二〇一一年。"),
    )
    assert numbers(found) == (
        '<p>上海合作組織成立十週年[1]。</p><ol class="footnotes"><li><p>《中國日報》，二〇一一年。</p></li></ol>'
    )


def test_of_characters_with_readings_the_characters_are_kept():
    ruby = "<w:r><w:ruby><w:rt><w:r><w:t>zì</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>字</w:t></w:r></w:rubyBase></w:ruby></w:r>"
    reading = read(docx(p("漢", ruby)))
    assert reading.body == "<p>漢字</p>"
    assert said(reading, "ruby") == 1


# ---------------------------------------------------------------------- lists, quotations, tables


def test_lists_nest_and_a_paragraph_between_lets_the_numbers_go_on():
    found = body(
        item("one"), item("one a", 1), item("one a i", 2), item("two"), "Between.", item("three"),
        item("point", num=2), item("sub-point", 1, num=2),
        lists=numbering(["decimal", "decimal", "bullet"], ["bullet", "bullet"]),
    )  # fmt: skip
    assert found == (
        "<ol><li><p>one</p><ol><li><p>one a</p><ul><li><p>one a i</p></li></ul></li></ol></li><li><p>two</p></li></ol>"
        '<p>Between.</p><ol start="3"><li><p>three</p></li></ol>'
        "<ul><li><p>point</p><ul><li><p>sub-point</p></li></ul></li></ul>"
    )


def test_a_restarted_list_is_another_list():
    lists = (
        f'<w:abstractNum w:abstractNumId="0">{level(0)}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
        '<w:num w:numId="2"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
    )
    found = body(item("a"), item("b"), item("c", num=2), item("d", num=2), lists=lists)
    assert found == ("<ol><li><p>a</p></li><li><p>b</p></li></ol><ol><li><p>c</p></li><li><p>d</p></li></ol>")


def test_a_list_may_begin_at_another_number_and_in_letters():
    lists = f'<w:abstractNum w:abstractNumId="0">{level(0, "lowerLetter", 4)}</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    reading = read(docx(item("d"), item("e"), lists=lists))
    assert reading.body == '<ol start="4"><li><p>d</p></li><li><p>e</p></li></ol>'
    assert said(reading, "lettered") == 1


def test_an_item_goes_on_in_a_paragraph_without_a_number():
    found = body(
        item("one"), p("still one", style="ListParagraph"), item("two"), lists=numbering(["decimal"])
    )
    assert found == "<ol><li><p>one</p><p>still one</p></li><li><p>two</p></li></ol>"


def test_neighbouring_quotations_are_one():
    found = body("He said:", p("This.", style="Quote"), p("And that.", style="Quote"), "Then he went.")
    assert found == (
        "<p>He said:</p><blockquote><p>This.</p><p>And that.</p></blockquote><p>Then he went.</p>"
    )


def test_merged_cells_say_over_how_many_they_run_and_heads_are_heads():
    begins, goes_on = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    found = body(
        table(
            row("Year", cell("Arrests", properties='<w:gridSpan w:val="2"/>'), properties="<w:tblHeader/>"),
            row(cell("2010", properties=begins), "May", "4"),
            row(cell(properties=goes_on), "June", "6"),
            row("2011", "May", cell("5", table(row("nested")))),
        )
    )
    assert found == (
        '<table><tbody><tr><th><p>Year</p></th><th colspan="2"><p>Arrests</p></th></tr>'
        '<tr><td rowspan="2"><p>2010</p></td><td><p>May</p></td><td><p>4</p></td></tr>'
        "<tr><td><p>June</p></td><td><p>6</p></td></tr>"
        "<tr><td><p>2011</p></td><td><p>May</p></td><td><p>5</p>"
        "<table><tbody><tr><td><p>nested</p></td></tr></tbody></table></td></tr></tbody></table>"
    )


# ---------------------------------------------------------------------- pictures and boxes


def test_pictures_are_named_in_the_report():
    drawing = '<w:r><w:drawing><wp:inline><wp:docPr id="1" name="Picture 1" descr="A crowd before the court"/><a:blip r:embed="i"/></wp:inline></w:drawing></w:r>'
    reading = read(docx(p("Before", drawing, "after."), links=[("i", "image", "media/image1.png")]))
    assert reading.body == "<p>Beforeafter.</p>"
    assert reading.report.details["image"] == ["image1.png: A crowd before the court"]


def test_the_text_of_a_box_stands_once_after_its_paragraph_with_its_notes():
    box = f"<wps:txbx><w:txbxContent>{p('In the box', ref(1))}</w:txbxContent></wps:txbx>"
    old = (
        f"<v:shape><v:textbox><w:txbxContent>{p('In the box', ref(1))}</w:txbxContent></v:textbox></v:shape>"
    )
    drawing = (
        f'<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing>{box}</w:drawing></mc:Choice>'
        f"<mc:Fallback><w:pict>{old}</w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    reading = read(docx(p("Beside.", drawing), "After.", footnotes=note(1, "Source.")))
    assert numbers(reading.body) == (
        '<p>Beside.</p><p>In the box[1]</p><p>After.</p><ol class="footnotes"><li><p>Source.</p></li></ol>'
    )
    assert said(reading, "text-box") == 1


def test_equations_become_text_and_rules_become_rules():
    equation = "<m:oMath><m:r><m:t>a=b</m:t></m:r></m:oMath>"
    found = body(
        p("Thus ", equation, "."), p(properties='<w:pBdr><w:bottom w:val="single"/></w:pBdr>'), "After."
    )
    assert found == "<p>Thus a=b.</p><hr><p>After.</p>"


# ---------------------------------------------------------------------- forms of the file


def test_a_document_in_the_strict_form_is_read_like_any_other():
    document = part("document", "<w:body>" + p("Words.") + "</w:body>").replace(
        "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "http://purl.oclc.org/ooxml/wordprocessingml/main",
    )
    assert body(document=document) == "<p>Words.</p>"


def test_a_document_in_utf_16_is_read_like_any_other():
    document = part("document", "<w:body>" + p("Wörter 漢字.") + "</w:body>").replace("UTF-8", "UTF-16")
    assert body(document=document.encode("utf-16")) == "<p>Wörter 漢字.</p>"


def test_the_main_part_may_have_any_name():
    from tests.intake.word import packed, relations

    file = packed(
        {
            "[Content_Types].xml": "<Types/>",
            "_rels/.rels": relations(("r", "officeDocument", "/text/main.xml")),
            "text/main.xml": f"<w:document {SPACES}><w:body>{p('Words.')}</w:body></w:document>",
        }
    )
    assert read(file).body == "<p>Words.</p>"


def test_every_body_is_clean_already():
    found = body(
        p("T", style="Title"), item("one"), table(row("a", "b")), p("Said", ref(1), style="Quote"),
        footnotes=note(1, "N.", "O."), lists=numbering(["decimal"]),
    )  # fmt: skip
    assert clean(found).html == found
    assert not clean(found).problems
