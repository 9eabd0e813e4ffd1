"""What else a saved page brings: deletions, quotations, check lists, numbers of items, addresses, headings made by hand."""

import pytest

from tests.intake.saved import page


def said(found):
    return {code: n for code, n in found.report.counts.items() if code != "date"}


def test_a_deletion_goes_and_is_said_and_an_insertion_stays():
    found = page("<p>It had <del>9</del><ins>14</ins> rooms, <s>all</s> some open.</p>")
    assert found.body == "<p>It had 14 rooms, some open.</p>"
    assert said(found) == {"deleted": 1, "struck-out": 1}
    assert found.report.details["deleted"] == ["“9” ← It had"]


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "“go ‘now’ please”"), ("de", "„go ‚now‘ please“"), ("fr", "«\xa0go “now” please\xa0»"), ("zh-Hant", "「go 『now』 please」"),
     ("ug", "«go ‹now› please»"), ("de-CH", "„go ‚now‘ please“"), ("xx", "“go ‘now’ please”")],
)  # fmt: skip
def test_a_quotation_has_the_marks_of_its_language(language, words):
    found = page(f"<p lang={language}>He said <q>go <q>now</q> please</q>.</p>")
    assert words in found.body.replace("&nbsp;", "\xa0")


def test_an_item_that_says_another_number_begins_a_list():
    found = page("<ol><li value=3>three<li>four<li value=8>eight<li>nine</ol>")
    assert found.body == (
        '<ol start="3"><li><p>three</p></li><li><p>four</p></li></ol><ol start="8"><li><p>eight</p></li><li><p>nine</p></li></ol>'
    )


def test_a_check_list_keeps_its_marks():
    found = page(
        "<ul><li><input type=checkbox checked disabled> done<li><input type=checkbox> open</ul><ul><li role=checkbox aria-checked=true>both</ul>"
    )
    assert found.body == (
        "<ul><li><p>☑ done</p></li><li><p>☐ open</p></li></ul><ul><li><p>☑ both</p></li></ul>"
    )
    assert said(found) == {"check-box": 3}


def test_a_bold_line_over_a_text_is_a_heading_and_said():
    found = page(
        "<p><b>What we ask</b></p><p>Open the wells.</p><p><b>Signed.</b></p><p>The town</p><p><b>3 May 2011</b></p><p>x y</p>"
    )
    assert found.body == (
        "<h2>What we ask</h2><p>Open the wells.</p><p><strong>Signed.</strong></p><p>The town</p><p><strong>3 May 2011</strong></p><p>x y</p>"
    )
    assert found.report.details["hand-heading"] == ["What we ask"]


@pytest.mark.parametrize(
    ("href", "stored"),
    [("mailto:a@town.example,b@town.example?subject=x", "mailto:a@town.example,b@town.example"),
     ("https://town.example/wiki/Dam_(river)", "https://town.example/wiki/Dam_(river)"),
     ("https://例え.example/水坝?x=1,2%20y", "https://例え.example/水坝?x=1,2%20y"),
     ("https://town.example:8443/" + "a" * 3000, "https://town.example:8443/" + "a" * 3000)],
)  # fmt: skip
def test_an_address_is_kept_as_it_is(href, stored):
    assert f'<a href="{stored}">here</a>' in page(f'<p>See <a href="{href}">here</a>.</p>').body


def test_a_phone_link_keeps_its_words_and_is_said():
    found = page('<p>Call <a href="tel:+41221112233">+41 22 111 22 33</a>.</p>')
    assert found.body == "<p>Call +41 22 111 22 33.</p>"
    assert said(found) == {"link-refused": 1}


def test_a_picture_leaves_its_place_in_the_report():
    found = page(
        '<p>The well</p><figure><img src="w.png" alt="A dry well"><figcaption>In May</figcaption></figure>'
    )
    assert found.body == "<p>The well</p><p>In May</p>"
    assert found.report.details["image"] == ["“A dry well” ← The well"]


def test_what_the_mapping_removes_inside_the_body_is_said():
    found = page("<p>Words.</p><div class=share>Tweet this</div>", places={"remove": [".share"]})
    assert found.report.details["removed"] == ["Tweet this"]


def test_a_page_of_the_site_keeps_its_links_to_other_pages():
    found = page('<p>See <a href="other.html#part">the other</a> and <a href="a.html#x">here</a>.</p>')
    assert found.body == '<p>See <a href="/2011/other.html#part">the other</a> and here.</p>'
    assert said(found) == {"inner-link": 1}


def test_the_number_of_a_printed_page_does_not_run_into_a_word():
    found = page('<p>The wa<span class="pagenum">112</span>ter came.</p>')
    assert "[112]" in found.body


@pytest.mark.parametrize(
    ("html", "body"),
    [
        ('<p><span style="font-family:Wingdings">\u00fc</span> done</p>', "<p>✓ done</p>"),
        ('<p><font face="Symbol">a</font>-particles</p>', "<p>α-particles</p>"),
        (
            '<p><span style="font-family: Symbol">\uf061<span style="font-family: Arial">a</span></span>a</p>',
            "<p>αaa</p>",
        ),
        (
            '<p><span style="font-family:Wingdings;mso-ascii-font-family:Calibri;mso-char-type:symbol">\uf0fc</span> x</p>',
            "<p>✓ x</p>",
        ),
        (
            '<p><span style="font-family:Wingdings;mso-ascii-font-family:Calibri">done</span></p>',
            "<p>done</p>",
        ),
    ],
)
def test_signs_of_symbol_fonts_become_the_characters_that_they_showed(html, body):
    assert page(html).body == body


def test_a_sign_that_nobody_knows_stays_and_is_said():
    found = page('<p>x <span style="font-family:Wingdings">\u00ff</span></p>')
    assert (found.body, found.report.counts["symbol"]) == ("<p>x ÿ</p>", 1)


def test_characters_that_no_tree_takes_stop_nothing_in_a_symbol_font():
    assert page('<p><span style="font-family:Symbol">a\ufffe</span></p>').body == "<p>α</p>"
