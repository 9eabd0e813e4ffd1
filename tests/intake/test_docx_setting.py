"""How a Word document sets its text: emphasis, scripts, lists, tables, boxes, and the forms of the file itself."""

from releases.intake.docx import read
from releases.text.clean import clean
from tests.intake.reading import body, numbers, said
from tests.intake.word import SPACES, cell, docx, item, level, note, numbering, p, part, ref, row, t, table

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


# ---------------------------------------------------------------------- boxes


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
