"""What stands in a Word document and must not come along; fields and links, of which half does."""

from releases.intake.docx import read
from tests.intake.reading import body, numbers, said
from tests.intake.word import cell, docx, field, note, p, part, ref, row, t, table

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
