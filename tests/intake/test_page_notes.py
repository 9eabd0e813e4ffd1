"""What becomes of the notes on saved pages, however these made them."""

from releases.text.notes import notes_of
from tests.intake.saved import notes, page, plain


def test_links_there_and_back_are_citations_and_notes():
    found = page(
        '<p>One<sup><a id="r1" href="#n1">1</a></sup> two<a name="r2" href="#n2">[2]</a>.</p>'
        '<hr><p id="n1"><a href="#r1">1.</a> First source.</p><p id="n2"><a href="#r2">2.</a> Second <i>source</i>.</p>'
    )
    assert plain(found.body) == "<p>One[1] two[2].</p>" + notes("First source.", "Second <em>source</em>.")


def test_a_note_with_two_arrows_is_cited_twice():
    found = page(
        '<p>One<sup id="cite_ref-a_0"><a href="#cite_note-a">[1]</a></sup> two<sup id="cite_ref-a_1"><a href="#cite_note-a">[1]</a></sup>.</p>'
        '<ol class="references"><li id="cite_note-a"><span>^ <a href="#cite_ref-a_0"><sup>a</sup></a> <a href="#cite_ref-a_1"><sup>b</sup></a></span> The source.</li></ol>'
    )
    assert [(one.text, one.citations) for one in notes_of(found.body)] == [("The source.", 2)]
    assert plain(found.body).startswith("<p>One[1] two[1].</p>")


def test_the_anchor_may_stand_beside_the_citation_as_word_saves_it():
    found = page(
        '<p>One<a style="mso-footnote-id:ftn1" href="#_ftn1" name="_ftnref1"><span><span>[1]</span></span></a> and.</p>'
        '<div><br clear=all><hr><div id=ftn1><p class=MsoFootnoteText><a href="#_ftnref1" name="_ftn1"><span>[1]</span></a> Source one.</p><p>More of it.</p></div></div>'
    )
    assert "Source one." in notes_of(found.body)[0].text
    assert plain(found.body).startswith("<p>One[1] and.</p>")
    assert "[1] Source" not in plain(found.body)


def test_notes_in_one_paragraph_parted_by_line_breaks_are_several():
    found = page(
        '<p>One<a name="b1" href="#f1">1</a> two<a name="b2" href="#f2">2</a>.</p>'
        '<p><a name="f1" href="#b1">1</a> First.<br><br><a name="f2" href="#b2">2</a> Second.</p>'
    )
    assert [one.text for one in notes_of(found.body)] == ["First.", "Second."]


def test_raised_figures_and_a_list_that_counts_with_arrows_are_notes():
    found = page(
        "<p>As it said.”<sup>1</sup> In May<sup>2</sup>; on May 30<sup>3</sup>; on June 9.<sup>4</sup> Such acts.<sup>2</sup></p>"
        "<p>For more information, see:</p>"
        "<p>1. First, ^</p><p>2. Second. ^</p><p>3. Third. <a href='#'>^</a></p><p>4. Ibid. ↑</p>"
    )
    assert plain(found.body) == (
        "<p>As it said.”[1] In May[2]; on May 30[3]; on June 9.[4] Such acts.[2]</p><p>For more information, see:</p>"
        + notes("First,", "Second.", "Third.", "Ibid.")
    )
    assert [one.citations for one in notes_of(found.body)] == [1, 2, 1, 1]


def test_bare_links_that_lead_nowhere_cite_the_list_as_well():
    found = page(
        '<p>One<a href="#">1</a> two<a>[2]</a>.</p><h3>Notes</h3><ol><li>First.</li><li>Second.</li></ol>'
    )
    assert plain(found.body) == "<p>One[1] two[2].</p>" + notes("First.", "Second.")


def test_a_note_goes_on_until_the_next_number():
    found = page(
        "<p>One<sup>1</sup> two<sup>2</sup>.</p><p>Notes</p><p>[1] First.</p><p>More of the first.</p><p>[2] Second.</p>"
    )
    assert plain(found.body).endswith(
        '<ol class="footnotes"><li><p>First.</p><p>More of the first.</p></li><li><p>Second.</p></li></ol>'
    )


def test_what_is_raised_behind_a_unit_is_no_note():
    found = page(
        "<p>One<sup>1</sup> of 5 m<sup>2</sup> more<sup>2</sup>.</p><hr><p>1. First. ^</p><p>2. Second. ^</p>"
    )
    assert plain(found.body).startswith("<p>One[1] of 5 m<sup>2</sup> more[2].</p>")
    assert found.report.counts["unsure-mark"] == 1


def test_a_list_that_nothing_cites_stays_a_list():
    found = page("<p>We demand:</p><ol><li>Release them.</li><li>Publish the names.</li></ol>")
    assert (
        found.body
        == "<p>We demand:</p><ol><li><p>Release them.</p></li><li><p>Publish the names.</p></li></ol>"
    )


def test_a_contents_list_is_no_list_of_notes():
    found = page(
        '<p><a href="#one">1</a> <a href="#two">2</a></p><h2 id="one">Part one</h2><p>Words.</p><h2 id="two">Part two</h2>'
    )
    assert "footnote" not in found.body


def test_the_mapping_may_say_where_the_notes_are_outside_the_body():
    found = page(
        "<p>One<sup>1</sup>.</p>",
        more="<aside id=fn><ol><li>First.</li></ol></aside>",
        places={"notes": "#fn"},
    )
    assert plain(found.body) == "<p>One[1].</p>" + notes("First.")


def test_links_italics_and_chinese_in_notes_are_kept():
    found = page(
        '<p>一<sup>1</sup>。</p><p>注释：</p><p>1. 见<i>报</i>，<a href="https://example.org/a">此处</a>。 ^</p>'
    )
    assert plain(found.body) == "<p>一[1]。</p>" + notes(
        '见<em>报</em>，<a href="https://example.org/a">此处</a>。'
    )


def test_a_number_that_a_note_begins_with_is_its_own_only_if_it_is():
    found = page(
        "<p>One<sup>1</sup> two<sup>2</sup>.</p><h3>Notes</h3><ol><li>12 people, 2011.</li><li>2. Second.</li></ol>"
    )
    assert [one.text for one in notes_of(found.body)] == ["12 people, 2011.", "Second."]
    linked = page('<p>One<a id=r href="#n">1</a>.</p><p id=n>1 10 May 2011, Times. <a href="#r">back</a></p>')
    assert [one.text for one in notes_of(linked.body)] == ["10 May 2011, Times."]


def test_the_same_page_gives_the_same_keys():
    body = "<p>One<sup>1</sup>.</p><hr><p>1. First. ^</p>"
    assert page(body).body == page(body).body
