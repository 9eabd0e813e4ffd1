"""What else a paste brings: lists and headings of Word, signs, quotations, addresses, check lists; all in one page load."""

import re

import pytest

from releases.text.labels import (
    is_back_link_text,
    is_heading,
    is_top_link_text,
    label,
    opening,
    points_elsewhere,
    quotation_marks,
)
from tests.browser.editor.conftest import Desk
from tests.browser.editor.test_paste_shapes import pasted

pytestmark = pytest.mark.browser


def item(
    marker: str, words: str, *, level: int = 1, list_: str = "l0", margin: int = 36, font: str = ""
) -> str:
    """A list item as Word's desktop program puts it on the clipboard; `marker` "" for a paragraph that goes on."""
    style = f"margin-left:{margin}.0pt;" + (
        f"text-indent:-18.0pt;mso-list:{list_} level{level} lfo1" if marker else ""
    )
    printed = f"<![if !supportLists]><span style='{font}mso-list:\nIgnore'>{marker}<span style='font:7.0pt'>&nbsp;&nbsp; </span></span><![endif]>" if marker else ""  # fmt: skip
    return f"<p class={'MsoListParagraph' if marker else 'MsoNormal'} style='{style}'>{printed}{words}<o:p></o:p></p>"


def word(*blocks: str) -> str:
    return f'<html xmlns:w="urn:schemas-microsoft-com:office:word"><body>{"".join(blocks)}</body></html>'


# what is pasted -> the body, and the counts of the report
CASES = {
    "a style attribute wrapped before Ignore": (
        word(item("1.", "dig"), item("2.", "fill")), "<ol><li><p>dig</p></li><li><p>fill</p></li></ol>", {}),
    "numbers in levels": (
        word(item("2.1.", "a"), item("2.2.", "b"), item("2.2.1.", "c", level=2, margin=72)),
        "<ol><li><p>a</p></li><li><p>b</p><ol><li><p>c</p></li></ol></li></ol>", {"listNumbers": 1}),
    "roman from the tenth": (
        word(item("x.", "ten"), item("xi.", "eleven")), '<ol start="10"><li><p>ten</p></li><li><p>eleven</p></li></ol>', {}),
    "letters up to i and on": (
        word(item("h)", "a"), item("i)", "b"), item("j)", "c")), '<ol start="8"><li><p>a</p></li><li><p>b</p></li><li><p>c</p></li></ol>', {}),
    "a bracketed roman two": (
        word(item("(ii)", "a"), item("(iii)", "b")), '<ol start="2"><li><p>a</p></li><li><p>b</p></li></ol>', {}),
    "an item that goes on in a second paragraph": (
        word(item("1.", "dig"), item("", "and keep digging"), item("2.", "fill")),
        "<ol><li><p>dig</p><p>and keep digging</p></li><li><p>fill</p></li></ol>", {}),
    "a check list": (
        word(item("☐", "dig"), item("☒", "fill"), item("þ", "rest", font="font-family:Wingdings;")),
        "<ul><li><p>☐ dig</p></li><li><p>☒ fill</p></li><li><p>☑ rest</p></li></ul>", {}),
    "bullets of a symbol font": (
        word(item("·", "dig", font="font-family:Symbol;"), item("§", "fill", level=2, margin=72, font="font-family:Wingdings;")),
        "<ul><li><p>dig</p><ul><li><p>fill</p></li></ul></li></ul>", {}),
    "a list that begins again": (
        word(item("1.", "a"), item("2.", "b"), "<p class=MsoNormal>Then:</p>", item("1.", "c", list_="l1")),
        "<ol><li><p>a</p></li><li><p>b</p></li></ol><p>Then:</p><ol><li><p>c</p></li></ol>", {}),
    "numbered headings": (
        word(item("3.", "Wells").replace("<p class=MsoListParagraph", "<h1").replace("</p>", "</h1>"), "<p class=MsoNormal>They ran dry.</p>",
             item("3.1", "North", level=2).replace("<p class=MsoListParagraph", "<h2").replace("</p>", "</h2>"), "<p class=MsoNormal>All.</p>"),
        "<h2>Wells</h2><p>They ran dry.</p><h3>North</h3><p>All.</p>", {"headingNumbers": 2}),
    "signs of symbol fonts": (
        word('<p class=MsoNormal><span style="font-family:Wingdings">ý</span> no, <span style="font-family:Symbol">b</span>-rays, <font face="Symbol">£</font> 4</p>'),
        "<p>☒ no, β-rays, ≤ 4</p>", {}),
    "a Windows clipboard's head": (
        "Version:1.0\r\nStartHTML:0000000105\r\nEndHTML:0000000300\r\nStartFragment:0000000141\r\nEndFragment:0000000264\r\nSourceURL:file:///C:/x.htm\r\n\r\n"
        "<html><body><!--StartFragment--><p>Wells ran dry.</p><!--EndFragment--></body></html>", "<p>Wells ran dry.</p>", {}),
    "items with numbers of their own": (
        '<ol><li value="3">a</li><li>b</li><li value="7">c</li><li>d</li></ol>',
        '<ol start="3"><li><p>a</p></li><li><p>b</p></li></ol><ol start="7"><li><p>c</p></li><li><p>d</p></li></ol>', {}),
    "blank lines of Google Docs": (
        '<b style="font-weight:normal;" id="docs-internal-guid-1"><p><span>North</span></p><br><p><span>South</span></p><br><br><p>East</p></b>',
        "<p>North</p><p>South</p><p>East</p>", {}),
    "a check list of a page": (
        '<ul><li><input type="checkbox" checked disabled> dig</li><li role="checkbox" aria-checked="false">fill</li></ul>',
        "<ul><li><p>☑ dig</p></li><li><p>☐ fill</p></li></ul>", {"checkBoxes": 2}),
    "deleted, inserted, struck": (
        "<p>It had <del>9</del><ins>14</ins> rooms, <s>all</s> some open.</p>", "<p>It had 14 rooms, some open.</p>", {"deletions": 1, "struck": 1}),
    "quotations": ("<p>He said <q>go <q>now</q></q>.</p>", "<p>He said “go ‘now’”.</p>", {}),
    "quotations of a phrase in German": ("<p lang=de>Er sagte <q>geh</q>.</p>", "<p>Er sagte „geh“.</p>", {}),
    "links by phone and mail": (
        '<p><a href="tel:+41221112233">+41 22 111 22 33</a>, <a href="mailto:a@town.example,b@town.example?subject=x">both</a></p>',
        '<p>+41 22 111 22 33, <a href="mailto:a@town.example,b@town.example">both</a></p>', {"phones": 1}),
    "addresses as they are": (
        '<p><a href="https://town.example/wiki/Dam_(river)">a</a> <a href="https://例え.example/水坝?x=1,2%20y">b</a> <a href="https://town.example:8443/a,b">c</a></p>',
        '<p><a href="https://town.example/wiki/Dam_(river)">a</a> <a href="https://例え.example/水坝?x=1,2%20y">b</a> <a href="https://town.example:8443/a,b">c</a></p>', {}),
    "a bold line over a text": (
        "<p><b>What we ask</b></p><p>Open the wells.</p><p><b>3 May 2011</b></p><p>x y</p>",
        "<h2>What we ask</h2><p>Open the wells.</p><p><strong>3 May 2011</strong></p><p>x y</p>", {"headingsMade": 1}),
    "a larger line over a list": (
        '<p style="font-size:16pt">What we ask</p><ul><li><span style="font-size:11pt">Open the wells, all of them, this year.</span></li></ul>',
        "<h2>What we ask</h2><ul><li><p>Open the wells, all of them, this year.</p></li></ul>", {"headingsMade": 1}),
    "the number of a printed page": ('<p>The wa<span class="pagenum">112</span>ter came.</p>', "<p>The wa [112] ter came.</p>", {}),
    "a mark of WordPress without its note": (
        '<p>It fell<sup data-fn="0a1b2c3d-1111-4222-8333-abcdefabcdef" class="fn"><a href="#0a1b2c3d-1111-4222-8333-abcdefabcdef">1</a></sup>.</p>',
        '<p>It fell[1].</p><ol class="footnotes"><li><p></p></li></ol>', {"withoutWords": 1}),
}  # fmt: skip


def test_what_arrives_is_right_and_said(shared_desk: Desk):
    wrong = {}
    for (name, (_html, body, counts)), found in zip(
        CASES.items(), pasted(shared_desk, [one[0] for one in CASES.values()]), strict=True
    ):
        got = re.sub(r'<sup class="footnote-ref"><a [^>]*>(\d+)</a></sup>', r"[\1]", found["body"]).replace(
            "&nbsp;", " "
        )
        got = re.sub(r' id="fn-\w+"', "", got)
        said = {kind: n for kind, n in found["report"]["counts"].items() if n and kind != "notes"}
        if (got, said) != (body, counts):
            wrong[name] = (got, said)
    assert wrong == {}


WORDS = (
    "4|[4]|(4)|４|［１］|①|〔3〕|[一]|注1|注释 2|١|[۳]|iv|Civil|mix|a|A|*|**|†|[footnote 1]|footnote 3|[note 2]|Part 1|¹²|1,|1.|2010|Article 19|Ibid. 12|〔十二〕|༡|"
    "i|v|V|x|1. Report|1) x|[1] x|1 Report|12 people|3.5 million|10 May|① 报告|１．报告|¹ Report|* Note|a. x|A man|a) x|a Survey|I went|注1：见|10:30 am|1.Report|"
    "[1]: http|[1:1]|Source 1.|Note 2|↩|^|↩2|↩︎ 2|Back to text|返回正文|Jump up to: a|Report|top|Back to top|[↑]|↑ Back|تېكىستكە قايتىش|Zurück|Back to note 3|"
    "Notes|NOTES:|注释：|མཆན་།|ཟུར་མཆན|ئىزاھات|الهوامش|Notes and references|see section |on May 30|第|para. |in part |a b|"
)


def test_the_editor_and_the_server_read_the_same_words_in_the_same_way(shared_desk: Desk):
    words = WORDS.split("|")
    address = f"{shared_desk.base}/static/js/editor/paste/labels.js"
    read = shared_desk.page.evaluate(
        """async ([address, words]) => { const l = await import(address); const said = (one) => one && [one.family, one.value, one.key, one.form];
        return words.map((w) => [said(l.label(w)), said(l.opening(w)?.[0]) ?? null, l.opening(w)?.[1] ?? 0, l.isWayBack(w), l.isNoWayBack(w), l.isHeading(w),
            l.pointsElsewhere(w), l.quotationMarks(w).join("")]) }""",
        [address, words],
    )  # fmt: skip
    for word_, found in zip(words, read, strict=True):
        begin = opening(word_)
        ours = [label(word_) and list(label(word_)), begin and list(begin[0]), begin[1] if begin else 0, is_back_link_text(word_), is_top_link_text(word_),
                is_heading(word_), points_elsewhere(word_), quotation_marks(word_)]  # fmt: skip
        assert found == ours, word_


def test_the_quiet_line_names_the_place_of_what_was_left_out(desk: Desk):
    desk.focus_end().paste(
        '<p>The well</p><img src="https://town.example/w.png"><p>ran dry on May 30<a href="#x">4</a>.</p>'
    )
    assert desk.status == (
        "1 figure could be a note’s mark or not and stays as it is (after “The well ran dry on May 30”). Left out: 1 picture (after “The well”)."
    )
    assert "May 30[4]." in desk.value
