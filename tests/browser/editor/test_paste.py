"""Pasting from other programs: every note kept and mapped, nothing stray, nothing that was not meant to come along."""

import re

import pytest

from tests.browser.editor.conftest import FIXTURES, Desk, Pasted, paste_each
from tests.browser.editor.test_edges import BODY

pytestmark = pytest.mark.browser

# fixture -> (the text, with citations written {1}; the notes, their paragraphs parted by " / "; the quiet line)
SMITH = 'See <em>Smith</em>, <a href="https://example.com/s">report</a>.'
EXPECTED = {
    "word": (
        "<h2>Court upholds <em>ban</em></h2><p>First claim.{1} Second <strong>bold</strong> claim{2}.</p>"
        '<ul><li><p>bullet one</p></li></ul><p>Endnoted.{3} <a href="https://example.org/">A link</a></p>',
        [SMITH, "Ibid. / Second paragraph.", "The endnote."],
        "3 notes came along.",
    ),
    "word-lists": (
        "<h2>What we found</h2><ul><li><p>First point{1}</p><ul><li><p>Deeper</p><ul><li><p>Deepest</p></li></ul></li></ul></li>"
        '<li><p>Second <strong>point</strong></p></li></ul><ol start="3"><li><p>Three</p><ol><li><p>Sub a</p></li></ol></li>'
        "<li><p>Four</p></li></ol><p>After.</p>",
        ["List source."],
        "1 note came along.",
    ),
    "word-review": (
        "<h2>The report</h2><p>It was always true as said.{1}</p>"
        "<blockquote><p>Said a <em>witness</em>.</p><p>And again.</p></blockquote>"
        '<p>A word, red, H<sub>2</sub>O, x<sup>2</sup>, <a href="https://example.org/report?id=4">a link</a> and a file.</p>',
        ["See new source."],
        "1 note came along. Left out: 1 picture, 1 comment, 2 deleted passages, 1 struck passage, 1 hidden passage, tracking in 1 link, "
        "1 link that leads nowhere.",
    ),
    "word-table": (
        "<h2>One</h2><h3>Two</h3><h3>Three</h3><h3>Four</h3>"
        '<table><tbody><tr><td colspan="2"><p><strong>Wide</strong></p></td></tr><tr><td rowspan="2"><p>tall{1}</p></td>'
        "<td><p>x</p></td></tr><tr><td><ol><li><p>in a cell{2}</p></li></ol></td></tr></tbody></table><p>End{3}.</p>",
        ["Tall source.", "Cell source. / A point in a note", "End source."],
        "3 notes came along.",
    ),
    "word-online": (
        "<h2>Findings</h2><p>It is <strong>clear</strong>{1}, they say.</p>"
        "<ul><li><p>one</p><ul><li><p>nested</p></li></ul></li><li><p>two</p></li></ul>",
        ["See the <em>Gazette</em>."],
        "1 note came along. Left out: 1 deleted passage.",
    ),
    "arabic-word": (
        '<p dir="rtl">قالت المنظمة{1} ذلك.</p><p>中文句子。{2}</p>',
        ['<p dir="rtl">مصدر أول.', "第二个来源。"],
        "2 notes came along.",
    ),
    "outlook": (
        '<p>Dear all,</p><p>The court ruled.{1} See <a href="https://example.org/a?b=1">this</a> and '
        '<a href="https://example.net/x?y=2">that</a>.</p><ul><li><p>a point</p><ul><li><p>below it</p></li></ul></li></ul>',
        ["Judgment of 3\u00a0May."],
        "1 note came along. Left out: tracking in 2 links.",
    ),
    "google-docs": (
        "<p>First claim.{1} Second <strong>bold</strong> claim{2}.</p>",
        [SMITH, "Ibid. / Second paragraph."],
        "2 notes came along.",
    ),
    "google-docs-rich": (
        "<h2>Big</h2><p>Plain, <strong><em>both</em></strong>, CO<sub>2</sub>.{1} Then "
        '<a href="https://example.org/page?k=1">linked</a> twice{2}.</p><ul><li><p>one</p><ul><li><p>nested</p></li></ul></li></ul>'
        '<ol start="3"><li><p>three</p></li></ol><table><tbody><tr><td><p>a</p></td><td><p>b</p></td></tr></tbody></table>',
        ["First <em>source</em>.", 'Second source, <a href="https://example.net/#part">there</a>.'],
        "2 notes came along. Left out: 1 comment, tracking in 2 links.",
    ),
    "libreoffice": (
        "<p>First claim.{1} Second <strong>bold</strong> claim{2}.</p><p>Endnoted.{3}</p>",
        [SMITH, "Ibid. / Second paragraph.", "The endnote."],
        "3 notes came along.",
    ),
    "libreoffice-export": (
        "<h2>Court upholds ban</h2><p>First claim.{1} Second <strong>bold</strong> claim{2}.</p><ul><li><p>bullet one</p></li></ul>"
        "<p>Endnoted.{3} Cross-reference to note 1.</p><table><tbody><tr><td><p>cell{4}</p></td></tr></tbody></table><p>Last.</p>",
        [SMITH, "Ibid. / Second paragraph.", "The endnote.", "Cell note."],
        "4 notes came along.",
    ),
    "libreoffice-rich": (
        '<h2>Heading{1}</h2><blockquote><p>Quoted<em> words</em>.</p></blockquote><ol start="2"><li><p>two</p>'
        '<ul><li><p>inner{2}</p></li></ul></li></ol><p>Red and <a href="https://example.org/%C3%A9t%C3%A9?x=%20y">été</a></p>'
        "<hr><p>After a rule of the author’s own.</p>",
        ["In a heading.", "In a list."],
        "2 notes came along. Left out: 1 deleted passage, 1 hidden passage, tracking in 1 link.",
    ),
    "pages": (
        "<p><strong>Bold</strong> opening.{1} More words{2}.</p><ul><li><p>point one</p></li></ul>",
        ["First of the <em>sources</em>.", 'Second source, <a href="https://example.org/">link</a>.'],
        "2 notes came along. Left out: tracking in 1 link.",
    ),
    "wikipedia": (
        "<p>The <strong>river</strong> is long.{1}{2} Locals call it "
        '<em><span lang="fr">la rivière</span></em> or <span lang="ar" dir="rtl">نهر</span>.{1}{3}</p><p>The river</p>',
        ['<a href="https://example.org/survey">"Survey"</a>. <em>Gazette</em>. 2020.', "Smith 2001, p.\u00a04.", "A remark."],
        "3 notes came along. Left out: 1 picture, 2 editing aids of the page, tracking in 1 link.",
    ),
    "wikipedia-short": (
        "<p>A{1} and B{2} and again{1}.</p>",
        ["Source X.", "Source Y."],
        "2 notes came along.",
    ),
    "wikipedia-part": (
        '<p>Only the text.{1} And <a href="https://en.wikipedia.org/wiki/Sea">more</a>.</p>',
        [""],
        "1 note came without its words.",
    ),
    "own-page": (
        "<p>On May 30{1} they met; on June 9.{2} They met again.{1}</p>",
        ["Minutes of the <em>board</em>.", 'Ibid., <a href="https://example.org/9.5">p. 9.5</a>. / Second paragraph.'],
        "2 notes came along.",
    ),
    "source-page-style": (
        "<p>The council met on May 30{1} in the old hall.</p><p>It closed on June 9.{2}</p>",
        ["Council papers, item 2.", "Ibid."],
        "2 notes came along.",
    ),
    "nested-notes": (
        "<p>Outer{1} and inner{2}.</p>",
        ["A remark with a source [The source.] of its own.", "The source."],
        "2 notes came along.",
    ),
    "pandoc": (
        "<p>First claim.{1} Second claim{2}.</p>",
        [SMITH, "Ibid. / Second paragraph."],
        "2 notes came along.",
    ),
    "github": ("<p>Claim.{1} More code.{2}</p>", ["First.", "Second."], "2 notes came along."),
    "mammoth": (
        "<h2>Court upholds ban</h2><p>First claim.{1} Second <strong>bold</strong> claim{2}.</p><ul><li><p>bullet one</p></li></ul>"
        "<p>Endnoted.{3} Cross-reference to note 1.</p><table><tbody><tr><td><p>cell{4}</p></td></tr></tbody></table><p>Last.</p>",
        [SMITH, "Ibid. / Second paragraph.", "The endnote.", "Cell note."],
        "4 notes came along.",
    ),
    "single": ("<p>Only claim.{1}</p>", ["Only note."], "1 note came along."),
    "contents-list": (
        "<h2>Contents</h2><ul><li><p>1</p></li><li><p>Part two</p></li></ul><h2>One</h2><p>Text back</p><h2>Two</h2>"
        '<p>see <a href="https://e.org/#x">[1]</a></p>',
        [],
        "Left out: 3 links within the page (their words stay).",
    ),
    "web-article": (
        "<h2>A headline</h2><p>1 Jan</p><h3>Section</h3><p>Lead with marked, small and “quoted” words."
        '<a href="https://example.com/a?page=3#top">more</a> relative evil inside</p><p>line one<br>line two</p>'
        "<p>Term</p><p>Meaning</p><p>Bare <strong>box</strong> words</p><p>Beside</p>",
        [],
        "Left out: 1 picture, 1 embedded object, 2 buttons or form fields, 1 menu, tracking in 1 link, 1 link within the page "
        "(its words stay), 2 links that lead nowhere.",
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def pasted(opened_once: Desk) -> dict[str, Pasted]:
    """Every fixture, pasted into an empty text."""
    cases = [{"html": (FIXTURES / f"{name}.html").read_text(encoding="utf-8")} for name in EXPECTED]
    return dict(zip(EXPECTED, paste_each(opened_once, cases), strict=True))


def test_every_fixture_has_its_expectation():
    assert {path.stem for path in FIXTURES.glob("*.html")} == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_what_arrives_is_the_text_its_notes_and_nothing_else(pasted: dict[str, Pasted], name: str):
    found = pasted[name]
    assert (found.text, found.notes, found.line) == EXPECTED[name]
    found.check()
    assert found.undone == ""


@pytest.mark.parametrize("name", ["word", "google-docs-rich", "wikipedia", "outlook", "word-review"])
def test_one_undo_takes_the_whole_paste_back(desks, name: str):
    desk = desks("undone", BODY).caret_after("Gamma").type("typed just before ")
    before = desk.value
    desk.paste_file(name).type("typed just after")
    after = desk.value
    assert after != before
    desk.settle()
    for _ in range(2):
        if desk.value != before:
            desk.key("Control+z")
    assert desk.value == before


def test_pasted_notes_take_their_place_among_those_there(desks):
    desk = desks("among", BODY).caret_after("Beta").paste_file("pandoc")
    assert desk.numbers == "1 2 3 4 5"
    assert [note[:10] for note in desk.notes] == [
        "first note",
        "See <em>Sm",
        "Ibid. / Se",
        "middle not",
        "last note",
    ]
    desk.check()


def test_the_same_text_pasted_twice_makes_its_notes_twice(desk: Desk):
    desk.focus_end().paste_file("pandoc").key("Control+End").caret_after("Second claim").paste_file("pandoc")
    assert len(desk.notes) == 4
    desk.check()


def test_what_is_pasted_into_a_note_is_plain_paragraphs_and_says_so(desks):
    desk = desks("into", BODY).caret_after("first note").paste_file("word-table")
    assert desk.notes[0].startswith("first noteOne / Two")
    assert desk.numbers == "1 2 3"
    assert "3 citations (notes hold none)" in desk.status
    desk.check()


def test_plain_text_keeps_its_paragraphs_and_loses_the_tracking_of_its_addresses(desk: Desk):
    desk.focus_end().paste("", "One https://example.org/a?utm_source=x&b=1 two\n\nThree.")
    assert desk.value == (
        '<p>One <a href="https://example.org/a?b=1">https://example.org/a?b=1</a> two</p><p>Three.</p>'
    )
    desk.check()


def test_an_address_pasted_over_words_links_them(desk: Desk):
    desk.focus_end().type("See report").select("report", "report").paste("", "https://example.org/r?fbclid=1")
    assert desk.value == '<p>See <a href="https://example.org/r">report</a></p>'


def test_markup_of_another_prosemirror_editor_is_foreign_markup(desk: Desk):
    desk.focus_end().paste(
        '<h1 data-pm-slice="1 1 []" style="color:red">Top</h1><p onclick="alert(1)">Words <a href="javascript:alert(1)">x</a></p>'
    )
    assert desk.value == "<h2>Top</h2><p>Words x</p>"


def test_hostile_markup_runs_nothing(desk: Desk):
    desk.page.evaluate("window.ran = 0")
    for html in (
        "<img src=x onerror='ran=1'><p>a</p>",
        "<svg><script>ran=1</script></svg><math><mi><img src=x onerror=ran=1></mi></math>b",
        "<a href='java&#10;script:ran=1'>c</a><iframe srcdoc='<script>parent.ran=1</script>'></iframe>",
        "<p data-newsroom-body data-pm-slice='0 0 []'><sup class='footnote-ref' data-footnote='[\"x\",\"<img src=x onerror=ran=1>d\"]'><a href='#fn-aaaa'>1</a></sup></p>",
        "<form action=//x><input name=body><button>e</button></form>",
    ):
        desk.focus_end().paste(html)
    desk.tell()
    assert desk.page.evaluate("ran") == 0
    assert not re.search(r"onerror|javascript|<img|<svg|<iframe|<form", desk.value)
    desk.check()


def test_a_text_with_300_notes_is_pasted_without_a_long_wait(desk: Desk):
    claims = "".join(
        f'<p>Claim {n}.<sup><a href="#fn{n}" id="ref{n}">{n}</a></sup> More.</p>' for n in range(1, 301)
    )
    notes = "".join(f'<li id="fn{n}"><p>Source {n}. <a href="#ref{n}">↩</a></p></li>' for n in range(1, 301))
    desk.focus_end()
    took = desk.page.evaluate(
        """html => { const d = new DataTransfer(); d.setData('text/html', html); const t = performance.now();
        document.querySelector('.ProseMirror').dispatchEvent(new ClipboardEvent('paste', {clipboardData: d, bubbles: true, cancelable: true}));
        return performance.now() - t }""",
        f"{claims}<section role='doc-endnotes'><ol>{notes}</ol></section>",
    )
    desk.settle()
    assert len(desk.notes) == 300
    desk.check()
    print(f"300 notes pasted in {took:.0f} ms")
