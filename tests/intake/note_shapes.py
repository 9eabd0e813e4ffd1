"""Every usual shape of notes, and what only looks like one: the same examples for saved pages and for the editor's paste."""

import re
from typing import NamedTuple


class Shape(NamedTuple):
    """HTML that comes in; the body's text with its citations as {1}, the notes, and how many marks are unsure."""

    html: str
    text: str
    notes: list[str]
    unsure: int = 0


RIVER = ["Survey of the river.", "Letter of the mayor."]
BOTH = "<p>The bridge fell.{1} Nobody came.{2}</p>"


def marks(first: str, second: str) -> str:
    return f"<p>The bridge fell.{first} Nobody came.{second}</p>"


SUPS = marks('<sup><a id="r1" href="#n1">1</a></sup>', '<sup><a id="r2" href="#n2">2</a></sup>')
PLAIN = marks("<sup>1</sup>", "<sup>2</sup>")

NOTES = {
    # links there and back
    "list with arrows": Shape(
        SUPS + '<ol><li id="n1">Survey of the river. <a href="#r1">↩</a></li><li id="n2">Letter of the mayor. <a href="#r2">↩</a></li></ol>',
        BOTH, RIVER),
    "words that end like labels": Shape(
        SUPS + '<ol><li id="n1">Civil <a href="#r1">↩</a></li><li id="n2">Order 12 <a href="#r2">↩</a></li></ol>',
        BOTH, ["Civil", "Order 12"]),
    "a note that begins like a label": Shape(
        SUPS + '<ol><li id="n1">12 wells, a list. <a href="#r1">↩</a></li><li id="n2">A. Varn, letter. <a href="#r2">↩</a></li></ol>',
        BOTH, ["12 wells, a list.", "A. Varn, letter."]),
    "word's anchors in one paragraph": Shape(
        marks('<a name="_ftnref1" href="#_ftn1">[1]</a>', '<a name="_ftnref2" href="#_ftn2">[2]</a>')
        + '<hr><p><a name="_ftn1" href="#_ftnref1">[1]</a> Survey of the river.<br><a name="_ftn2" href="#_ftnref2">[2]</a> Letter of the mayor.</p>',
        BOTH, RIVER),
    "word's boxes": Shape(
        marks('<a style="mso-footnote-id:ftn1" href="#_ftn1" name="_ftnref1"><span class=MsoFootnoteReference>[1]</span></a>',
              '<a style="mso-footnote-id:ftn2" href="#_ftn2" name="_ftnref2"><span class=MsoFootnoteReference>[2]</span></a>')
        + "<div><br clear=all><hr align=left size=1 width='33%'><div id=ftn1><p class=MsoFootnoteText><a href='#_ftnref1' name='_ftn1'>"
        "<span class=MsoFootnoteReference>[1]</span></a> Survey of the river.</p></div><div id=ftn2><p class=MsoFootnoteText>"
        "<a href='#_ftnref2' name='_ftn2'><span class=MsoFootnoteReference>[2]</span></a> Letter of the mayor.</p></div></div>",
        BOTH, RIVER),
    "terms and descriptions": Shape(
        SUPS + '<dl><dt id="n1"><a href="#r1">1</a></dt><dd>Survey of the river.</dd><dt id="n2"><a href="#r2">2</a></dt>'
        "<dd>Letter of the mayor.</dd></dl>", BOTH, RIVER),
    "rows of a table": Shape(
        SUPS + '<table><tbody><tr><td id="n1"><a href="#r1">1</a></td><td>Survey of the river.</td></tr>'
        '<tr><td id="n2"><a href="#r2">2</a></td><td>Letter of the mayor.</td></tr></tbody></table>', BOTH, RIVER),
    "several paragraphs, the way back in the last": Shape(
        SUPS + '<p id="n1">1. Survey of the river.</p><p>Its second part. <a href="#r1">Back to text</a></p>'
        '<p id="n2">2. Letter of the mayor.</p><p>With a map. <a href="#r2">Back to text</a></p>',
        BOTH, ["Survey of the river. / Its second part.", "Letter of the mayor. / With a map."]),
    "several paragraphs in an item": Shape(
        SUPS + '<ol><li id="n1"><p>Survey of the river.</p><p>Its second part. <a href="#r1">↩</a></p></li>'
        '<li id="n2"><p>Letter of the mayor. <a href="#r2">↩︎</a></p></li></ol>',
        BOTH, ["Survey of the river. / Its second part.", "Letter of the mayor."]),
    "two ways back": Shape(
        '<p>Rose<sup><a id="r1" href="#n1">1</a></sup> and fell<sup><a id="r1b" href="#n1">1</a></sup></p>'
        '<ol><li id="n1">Survey of the river. <a href="#r1">↩</a> <a href="#r1b">↩2</a></li></ol>',
        "<p>Rose{1} and fell{1}</p>", ["Survey of the river."]),
    "ways back a b c": Shape(
        '<p>Rose<sup id="cite_ref-x_1-0" class="reference"><a href="#cite_note-x-1">[1]</a></sup>, fell<sup id="cite_ref-x_1-1" class="reference">'
        '<a href="#cite_note-x-1">[1]</a></sup>.</p><h2>References</h2><ol class="references"><li id="cite_note-x-1"><span>^ '
        '<a href="#cite_ref-x_1-0"><sup><i><b>a</b></i></sup></a> <a href="#cite_ref-x_1-1"><sup><i><b>b</b></i></sup></a></span> '
        "<span>Survey of the river.</span></li></ol>", "<p>Rose{1}, fell{1}.</p>", ["Survey of the river."]),
    "gov.uk": Shape(
        marks('<sup id="fnref:1" role="doc-noteref"><a href="#fn:1" class="govuk-link" rel="footnote">[footnote 1]</a></sup>',
              '<sup id="fnref:2" role="doc-noteref"><a href="#fn:2" class="govuk-link" rel="footnote">[footnote 2]</a></sup>')
        + '<div class="footnotes" role="doc-endnotes"><ol><li id="fn:1" role="doc-endnote"><p>Survey of the river. <a href="#fnref:1" '
        'class="govuk-link" role="doc-backlink" aria-label="go to where this is referenced">↩</a></p></li><li id="fn:2" role="doc-endnote">'
        '<p>Letter of the mayor. <a href="#fnref:2" role="doc-backlink">↩</a></p></li></ol></div>', BOTH, RIVER),
    "wordpress": Shape(
        marks('<sup data-fn="0a1b2c3d-1111-4222-8333-abcdefabcdef" class="fn"><a href="#0a1b2c3d-1111-4222-8333-abcdefabcdef" '
              'id="0a1b2c3d-1111-4222-8333-abcdefabcdef-link">1</a></sup>',
              '<sup data-fn="0b1b2c3d-1111-4222-8333-abcdefabcdef" class="fn"><a href="#0b1b2c3d-1111-4222-8333-abcdefabcdef" '
              'id="0b1b2c3d-1111-4222-8333-abcdefabcdef-link">2</a></sup>')
        + '<ol class="wp-block-footnotes"><li id="0a1b2c3d-1111-4222-8333-abcdefabcdef">Survey of the river. '
        '<a href="#0a1b2c3d-1111-4222-8333-abcdefabcdef-link" aria-label="Jump to footnote reference 1">↩︎</a></li>'
        '<li id="0b1b2c3d-1111-4222-8333-abcdefabcdef">Letter of the mayor. <a href="#0b1b2c3d-1111-4222-8333-abcdefabcdef-link">↩︎</a></li></ol>',
        BOTH, RIVER),
    "an e-book's": Shape(
        marks('<a epub:type="noteref" id="r1" href="ch1.xhtml#n1">1</a>', '<a epub:type="noteref" id="r2" href="ch1.xhtml#n2">2</a>')
        + '<aside epub:type="footnote" id="n1"><p>Survey of the river.</p></aside><aside epub:type="footnote" id="n2"><p>Letter of the mayor.</p></aside>',
        BOTH, RIVER),
    "google docs": Shape(
        marks('<sup><a href="#ftnt1" id="ftnt_ref1">[1]</a></sup>', '<sup><a href="#ftnt2" id="ftnt_ref2">[2]</a></sup>')
        + '<hr><div><p><a href="#ftnt_ref1" id="ftnt1">[1]</a><span> Survey of the river.</span></p></div>'
        '<div><p><a href="#ftnt_ref2" id="ftnt2">[2]</a><span> Letter of the mayor.</span></p></div>', BOTH, RIVER),
    "libreoffice": Shape(
        marks('<a class="sdfootnoteanc" name="sdfootnote1anc" href="#sdfootnote1sym"><sup>1</sup></a>',
              '<a class="sdfootnoteanc" name="sdfootnote2anc" href="#sdfootnote2sym"><sup>2</sup></a>')
        + '<div id="sdfootnote1"><p class="sdfootnote"><a class="sdfootnotesym" name="sdfootnote1sym" href="#sdfootnote1anc">1</a>Survey of the river.</p></div>'
        '<div id="sdfootnote2"><p class="sdfootnote"><a class="sdfootnotesym" name="sdfootnote2sym" href="#sdfootnote2anc">2</a>Letter of the mayor.</p></div>',
        BOTH, RIVER),
    "whole addresses of the page": Shape(
        marks('<a href="https://town.example/news/bridge#_ftn1" name="_ftnref1">[1]</a>', '<a href="https://town.example/news/bridge#_ftn2" name="_ftnref2">[2]</a>')
        + '<p><a href="https://town.example/news/bridge#_ftnref1" name="_ftn1">[1]</a> Survey of the river.</p>'
        '<p><a href="https://town.example/news/bridge#_ftnref2" name="_ftn2">[2]</a> Letter of the mayor.</p>', BOTH, RIVER),
    "notes before the text that cites them": Shape(
        '<div class="footnotes" role="doc-endnotes"><ol><li id="fn:1"><p>Survey of the river. <a href="#fnref:1" role="doc-backlink">↩</a></p></li></ol></div>'
        '<p>The bridge fell.<sup id="fnref:1"><a href="#fn:1" class="footnote" rel="footnote" role="doc-noteref">1</a></sup></p>',
        "<p>The bridge fell.{1}</p>", RIVER[:1]),
    "lettered": Shape(
        marks('<sup><a id="ra" href="#na">a</a></sup>', '<sup><a id="rb" href="#nb">b</a></sup>')
        + '<p id="na"><a href="#ra">a</a> Survey of the river.</p><p id="nb"><a href="#rb">b</a> Letter of the mayor.</p>', BOTH, RIVER),
    "roman": Shape(
        marks('<a id="_ednref1" href="#_edn1">[i]</a>', '<a id="_ednref2" href="#_edn2">[ii]</a>')
        + '<p><a id="_edn1" href="#_ednref1">[i]</a> Survey of the river.</p><p><a id="_edn2" href="#_ednref2">[ii]</a> Letter of the mayor.</p>',
        BOTH, RIVER),
    "stars and daggers": Shape(
        marks('<a id="ra" href="#na">*</a>', '<a id="rb" href="#nb">†</a>')
        + '<p id="na"><a href="#ra">*</a> Survey of the river.</p><p id="nb"><a href="#rb">†</a> Letter of the mayor.</p>', BOTH, RIVER),
    "one after the other": Shape(
        '<p>The bridge fell.<a id="r1" href="#n1">[1]</a><a id="r2" href="#n2">[2]</a></p><hr><p id="n1">[1] Survey of the river. <a href="#r1">^</a></p>'
        '<p id="n2">[2] Letter of the mayor. <a href="#r2">^</a></p>', "<p>The bridge fell.{1}{2}</p>", RIVER),
    "two in one raised piece": Shape(
        '<p>The bridge fell.<sup><a id="r1" href="#n1">1</a>, <a id="r2" href="#n2">2</a></sup></p><p id="n1">1. Survey of the river. <a href="#r1">↑</a></p>'
        '<p id="n2">2. Letter of the mayor. <a href="#r2">↑</a></p>', "<p>The bridge fell.{1}{2}</p>", RIVER),
    "one way, under no name": Shape(
        '<p>They met on May 30<a href="#x4">4</a> in the hall.</p><p id="x4">4. Survey of the river.</p>',
        "<p>They met on May 30{1} in the hall.</p>", ["Survey of the river."]),
    # arabic-script and chinese figures
    "arabic": Shape(
        '<p dir="rtl">سقط الجسر<sup><a id="r1" href="#n1">١</a></sup> ولم يأت أحد<sup><a id="r2" href="#n2">٢</a></sup>.</p>'
        '<h2 dir="rtl">الهوامش</h2><ol><li id="n1" dir="rtl">تقرير النهر. <a href="#r1">العودة إلى النص</a></li>'
        '<li id="n2" dir="rtl">رسالة العمدة. <a href="#r2">العودة إلى النص</a></li></ol>',
        '<p dir="rtl">سقط الجسر{1} ولم يأت أحد{2}.</p>', ["تقرير النهر.", "رسالة العمدة."]),
    "persian": Shape(
        '<p dir="rtl">پل افتاد<a id="r1" href="#n1">[۱]</a> و کسی نیامد<a id="r2" href="#n2">[۲]</a>.</p>'
        '<p id="n1" dir="rtl">[۱] گزارش رود. <a href="#r1">↩</a></p><p id="n2" dir="rtl">[۲] نامهٔ شهردار. <a href="#r2">↩</a></p>',
        '<p dir="rtl">پل افتاد{1} و کسی نیامد{2}.</p>', ["گزارش رود.", "نامهٔ شهردار."]),
    "uyghur": Shape(
        '<p dir="rtl">كۆۋرۈك ئۆرۈلدى<sup>1</sup>، ھېچكىم كەلمىدى<sup>2</sup>.</p><h2 dir="rtl">ئىزاھاتلار</h2>'
        '<p dir="rtl">1. دەريا تەكشۈرۈشى.</p><p dir="rtl">2. شەھەر باشلىقىنىڭ خېتى.</p>',
        '<p dir="rtl">كۆۋرۈك ئۆرۈلدى{1}، ھېچكىم كەلمىدى{2}.</p>', ["دەريا تەكشۈرۈشى.", "شەھەر باشلىقىنىڭ خېتى."]),
    "tibetan": Shape(
        '<p>ཟམ་པ་རལ་སོང་།<sup><a id="r1" href="#n1">༡</a></sup> སུ་ཡང་མ་ཡོང་།<sup><a id="r2" href="#n2">༢</a></sup></p><h3>མཆན་འགྲེལ།</h3>'
        '<ol><li id="n1">ཆུ་བོའི་བརྟག་དཔྱད། <a href="#r1">ཕྱིར་ལོག</a></li><li id="n2">གྲོང་དཔོན་གྱི་ཡི་གེ <a href="#r2">ཕྱིར་ལོག</a></li></ol>',
        "<p>ཟམ་པ་རལ་སོང་།{1} སུ་ཡང་མ་ཡོང་།{2}</p>", ["ཆུ་བོའི་བརྟག་དཔྱད།", "གྲོང་དཔོན་གྱི་ཡི་གེ"]),
    "chinese full-width": Shape(
        '<p>桥塌了。<a id="r1" href="#n1">［１］</a>没有人来。<a id="r2" href="#n2">［２］</a></p><p>注释</p>'
        '<p id="n1">［１］河流调查。<a href="#r1">返回正文</a></p><p id="n2">［２］市长的信。<a href="#r2">返回正文</a></p>',
        "<p>桥塌了。{1}没有人来。{2}</p>", ["河流调查。", "市长的信。"]),
    "chinese circled": Shape(
        "<p>桥塌了①，没有人来②。</p><p>注释：</p><p>①河流调查。</p><p>②市长的信。</p>", "<p>桥塌了{1}，没有人来{2}。</p>", ["河流调查。", "市长的信。"]),
    "chinese brackets": Shape(
        "<p>桥塌了〔1〕，没有人来〔2〕。</p><p>〔1〕河流调查。</p><p>〔2〕市长的信。</p>", "<p>桥塌了{1}，没有人来{2}。</p>", ["河流调查。", "市长的信。"]),
    "chinese numerals": Shape(
        '<p>桥塌了<sup>[一]</sup>，没有人来<sup>[二]</sup>。</p><p>脚注</p><p>[一] 河流调查。</p><p>[二] 市长的信。</p>',
        "<p>桥塌了{1}，没有人来{2}。</p>", ["河流调查。", "市长的信。"]),
    # nothing leads back
    "raised figures, raised again below": Shape(
        PLAIN + "<p><sup>1</sup> Survey of the river.</p><p><sup>2</sup> Letter of the mayor.</p>", BOTH, RIVER),
    "raised figures and a square metre": Shape(
        "<p>In 2009<sup>1</sup> it held 30 m<sup>2</sup>. Then<sup>2</sup>.</p><p><sup>1</sup> Survey of the river.</p><p><sup>2</sup> Letter of the mayor.</p>",
        "<p>In 2009{1} it held 30 m<sup>2</sup>. Then{2}.</p>", RIVER, 1),
    "raised letters": Shape(
        marks("<sup>a</sup>", "<sup>b</sup>") + "<p><sup>a</sup> Survey of the river.</p><p><sup>b</sup> Letter of the mayor.</p>", BOTH, RIVER),
    "raised roman numerals": Shape(
        marks("<sup>i</sup>", "<sup>ii</sup>") + "<p><sup>i</sup> Survey of the river.</p><p><sup>ii</sup> Letter of the mayor.</p>", BOTH, RIVER),
    "raised signs": Shape(
        marks("<sup>*</sup>", "<sup>†</sup>") + "<p><sup>*</sup> Survey of the river.</p><p><sup>†</sup> Letter of the mayor.</p>", BOTH, RIVER),
    "raised stars": Shape(
        marks("<sup>*</sup>", "<sup>**</sup>") + "<p><sup>*</sup> Survey of the river.</p><p><sup>**</sup> Letter of the mayor.</p>", BOTH, RIVER),
    "under a heading": Shape(
        PLAIN + "<h2>Notes</h2><p>1. Survey of the river.</p><p>2. Letter of the mayor.</p>", BOTH, RIVER),
    "an ordered list under a heading": Shape(
        PLAIN + "<h3>Sources:</h3><ol><li>Survey of the river.</li><li>Letter of the mayor.</li></ol>", BOTH, RIVER),
    "a list in each chapter": Shape(
        "<h2>North</h2><p>Wells ran dry.<sup>1</sup></p><h3>Notes</h3><p>1. Survey of the river.</p><h2>South</h2><p>Cattle died.<sup>1</sup></p>"
        "<h3>Notes</h3><p>1. Letter of the mayor.</p>",
        "<h2>North</h2><p>Wells ran dry.{1}</p><h2>South</h2><p>Cattle died.{2}</p>", RIVER),
    "a list in each chapter that counts on": Shape(
        "<p>Wells ran dry.<sup>1</sup></p><p><sup>1</sup> Survey of the river.</p><p>Cattle died.<sup>2</sup></p><p><sup>2</sup> Letter of the mayor.</p>",
        "<p>Wells ran dry.{1}</p><p>Cattle died.{2}</p>", RIVER),
    "in brackets with a word, by hand": Shape(
        "<p>桥塌了（注1），没有人来（注2）。</p><p>注1：河流调查。</p><p>注2：市长的信。</p>", "<p>桥塌了{1}，没有人来{2}。</p>", ["河流调查。", "市长的信。"]),
    "raised figures and notes in small print, parted by breaks": Shape(
        PLAIN + "<p><small><sup>1</sup> Survey of the river.<br><sup>2</sup> Letter of the mayor.</small></p>", BOTH, RIVER),
    "a note that holds a list": Shape(
        '<p>The bridge fell.<sup><a id="r1" href="#n1">1</a></sup></p><ol><li id="n1">Both surveys:<ul><li>of the river</li><li>of the town</li></ul><a href="#r1">↩</a></li></ol>',
        "<p>The bridge fell.{1}</p>", ["Both surveys: / of the river / of the town"]),
    "words that lead back, of which the figures are links": Shape(
        '<p>Rose<a id="r1" href="#n1">[1]</a> and fell<a id="r1b" href="#n1">[1]</a></p><p id="n1">[1] Survey of the river. Back to text: <a href="#r1">1</a>, <a href="#r1b">2</a></p>',
        "<p>Rose{1} and fell{1}</p>", ["Survey of the river."]),
    "in brackets, by hand": Shape(
        marks("[1]", "[2]") + "<p>[1] Survey of the river.</p><p>[2] Letter of the mayor.</p>", BOTH, RIVER),
    "in brackets, by hand, in one paragraph": Shape(
        marks("[1]", "[2]") + "<p>[1] Survey of the river.<br>[2] Letter of the mayor.</p>", BOTH, RIVER),
    "superscript characters": Shape(
        marks("¹", "²") + "<p>¹ Survey of the river.</p><p>² Letter of the mayor.</p>", BOTH, RIVER),
    "one raised piece for two": Shape(
        "<p>The bridge fell.<sup>1, 2</sup></p><hr><p>1. Survey of the river.</p><p>2. Letter of the mayor.</p>",
        "<p>The bridge fell.{1}{2}</p>", RIVER),
    "raised by style": Shape(
        marks('<span style="vertical-align: super; font-size: smaller">1</span>', '<span style="vertical-align:super">2</span>')
        + "<hr><p>1. Survey of the river.</p><p>2. Letter of the mayor.</p>", BOTH, RIVER),
    "words of a program on the mark": Shape(
        marks('<span class="FootnoteReference">1</span>', '<span class="FootnoteReference">2</span>')
        + '<p class="FootnoteText"><span class="FootnoteReference">1</span> Survey of the river.</p>'
        '<p class="FootnoteText"><span class="FootnoteReference">2</span> Letter of the mayor.</p>', BOTH, RIVER),
    # in their place
    "side notes": Shape(
        '<p>The bridge fell.<label for="sn-1" class="margin-toggle sidenote-number"></label><input type="checkbox" id="sn-1" class="margin-toggle">'
        '<span class="sidenote">Survey of the river.</span> Nobody came.<label for="sn-2" class="margin-toggle sidenote-number"></label>'
        '<input type="checkbox" id="sn-2" class="margin-toggle"><span class="sidenote">Letter of the mayor.</span></p>', BOTH, RIVER),
    "tooltips with words of their own": Shape(
        marks('<span class="tooltip">1<span class="tooltiptext">Survey of the river.</span></span>', '<sup class="tooltip">2<span class="tooltiptext">Letter of the mayor.</span></sup>'),
        BOTH, RIVER),
    "tooltips": Shape(
        marks('<sup title="Survey of the river.">1</sup>', '<sup title="Letter of the mayor.">2</sup>'), BOTH, RIVER),
}  # fmt: skip

STAYS = {
    "contents with ways to the top": Shape(
        '<p id="top"><a href="#s1">Part 1</a> | <a href="#s2">Part 2</a></p><h2 id="s1">Part 1</h2><p>Wells ran dry. <a href="#top">Back to top</a></p>'
        '<h2 id="s2">Part 2</h2><p>Cattle died. <a href="#top">Back to top</a></p>',
        "<p>Part 1 | Part 2</p><h2>Part 1</h2><p>Wells ran dry. Back to top</p><h2>Part 2</h2><p>Cattle died. Back to top</p>", []),
    "contents by figures": Shape(
        '<p id="top"><a href="#s1">1</a> | <a href="#s2">2</a></p><h2 id="s1">1 Wells <a href="#top">Back to top</a></h2><p>They ran dry.</p>'
        '<h2 id="s2">2 Cattle <a href="#top">Back to top</a></h2><p>They died.</p>',
        "<p>1 | 2</p><h2>1 Wells</h2><p>They ran dry.</p><h2>2 Cattle</h2><p>They died.</p>", []),
    "contents by figures, bold lines": Shape(
        '<p><a id="c1" href="#s1">1</a> <a id="c2" href="#s2">2</a></p><p id="s1"><b>1 Wells</b> <a href="#c1">↑</a></p><p>They ran dry.</p>'
        '<p id="s2"><b>2 Cattle</b> <a href="#c2">↑</a></p><p>They died.</p>',
        "<p>1 2</p><p><strong>1 Wells</strong> ↑</p><p>They ran dry.</p><p><strong>2 Cattle</strong> ↑</p><p>They died.</p>", []),
    "a to z": Shape(
        '<p><a id="tA" href="#A">A</a> <a id="tB" href="#B">B</a></p><p id="A">A <a href="#tA">back</a></p><p>Aldo, a herder.</p>'
        '<p id="B">B <a href="#tB">back</a></p><p>Berta, a nurse.</p>',
        "<p>A B</p><p>A back</p><p>Aldo, a herder.</p><p>B back</p><p>Berta, a nurse.</p>", []),
    "questions and answers": Shape(
        '<p id="q1"><a href="#a1">1.</a> Who closed the wells?</p><p id="q2"><a href="#a2">2.</a> Who was asked?</p>'
        '<p id="a1"><a href="#q1">1.</a> Who closed the wells? The district did.</p><p id="a2"><a href="#q2">2.</a> Who was asked? Nobody was.</p>',
        "<p>1. Who closed the wells?</p><p>2. Who was asked?</p><p>1. Who closed the wells? The district did.</p><p>2. Who was asked? Nobody was.</p>", []),
    "figures of pages": Shape(
        '<p>Pages: <a href="#p1">1</a> <a href="#p2">2</a></p><p id="p1">1. Wells ran dry in the north.</p><p id="p2">2. Cattle died in the south.</p>',
        "<p>Pages: 1 2</p><p>1. Wells ran dry in the north.</p><p>2. Cattle died in the south.</p>", []),
    "see section 2": Shape(
        '<p>The wells (see section <a id="b2" href="#s2">2</a>) ran dry, says paragraph <a href="#s1">1</a>.</p>'
        '<p id="s1">1. Wells ran dry in the north.</p><p id="s2">2. Cattle died in the south.</p>',
        "<p>The wells (see section 2) ran dry, says paragraph 1.</p><p>1. Wells ran dry in the north.</p><p>2. Cattle died in the south.</p>", []),
    "demands at the end": Shape(
        "<p>It takes 10<sup>2</sup> days. We demand:</p><ol><li>Open the wells.</li><li>Pay the herders.</li></ol>",
        "<p>It takes 10<sup>2</sup> days. We demand:</p><ol><li><p>Open the wells.</p></li><li><p>Pay the herders.</p></li></ol>", []),
    "powers and units": Shape(
        "<p>x<sup>2</sup> of 5 m<sup>2</sup> and 10<sup>6</sup> litres.</p>", "<p>x<sup>2</sup> of 5 m<sup>2</sup> and 10<sup>6</sup> litres.</p>", []),
}  # fmt: skip

# Marks whose notes did not come: in the text of a page and of a paste they never run into the word before them.
UNSURE = {
    "one way to nowhere": Shape(
        '<p>They met on May 30<a href="#x4">4</a> in the hall.</p>', "<p>They met on May 30[4] in the hall.</p>", [], 1),
    "raised, without a note": Shape("<p>They met on May 30<sup>4</sup> in the hall.</p>", "<p>They met on May 30<sup>4</sup> in the hall.</p>", [], 1),
    "raised by style, without a note": Shape(
        '<p>They met on May 30<span style="vertical-align:super">4</span> in the hall.</p>', "<p>They met on May 30<sup>4</sup> in the hall.</p>", [], 1),
    "small, without a note": Shape("<p>They met on May 30<small>4</small> in the hall.</p>", "<p>They met on May 30<sup>4</sup> in the hall.</p>", [], 1),
    "a tooltip that says nothing": Shape(
        '<p>They met on May 30<a href="#" title="Footnote">4</a> in the hall.</p>', "<p>They met on May 30[4] in the hall.</p>", [], 1),
    "an e-book's notes, in another file": Shape(
        '<p>They met on May 30<a href="https://town.example/book/notes.xhtml#n4">4</a> in the hall.</p>',
        '<p>They met on May 30<a href="https://town.example/book/notes.xhtml#n4">[4]</a> in the hall.</p>', [], 1),
    "figures among a list that they do not count along with": Shape(
        "<p>The bridge fell.<sup>7</sup></p><h2>What we ask</h2><ol><li>Open the wells.</li><li>Pay the herders.</li></ol>",
        "<p>The bridge fell.<sup>7</sup></p><h2>What we ask</h2><ol><li><p>Open the wells.</p></li><li><p>Pay the herders.</p></li></ol>", [], 1),
}  # fmt: skip

SHAPES = NOTES | STAYS | UNSURE

_CITATION = re.compile(r'<sup class="footnote-ref"><a href="#fn-\w+" id="fnref-\w+(?:-\d+)?">(\d+)</a></sup>')


def read(body: str) -> tuple[str, list[str]]:
    """A cleaned body's text, its citations as {n}, and its notes, their paragraphs parted by " / "."""
    text, _, rest = body.partition('<ol class="footnotes">')
    notes = [re.sub(r"^<p[^>]*>|</p>$", "", one) for one in re.findall(r'<li id="fn-[^"]*">(.*?)</li>', rest)]
    return _CITATION.sub(r"{\1}", text), [re.sub(r"</p><p[^>]*>", " / ", one) for one in notes]
