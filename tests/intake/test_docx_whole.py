"""What people bring in Word files arrives whole: one table of small files, each standing for a kind."""

import pytest

from releases.intake.docx import read
from tests.intake.word import STYLES, docx, item, level, numbering, p, row, t, table

EMOJI = (
    '<w:r><mc:AlternateContent xmlns:w16se="http://schemas.microsoft.com/office/word/2015/wordml/symex">'
    '<mc:Choice Requires="w16se"><w16se:symEx w16se:font="Segoe UI Emoji" w16se:char="{code}"/></mc:Choice>'
    "<mc:Fallback><w:t>{shown}</w:t></mc:Fallback></mc:AlternateContent></w:r>"
).format
SIZE = '<w:sz w:val="{}"/>'.format
LOOK = '<w:tblPr><w:tblLook w:val="{}"{}/></w:tblPr>'.format


def box(default="", checked=""):
    return (
        f'<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:name w:val="C"/><w:checkBox><w:sizeAuto/>{default}{checked}'
        "</w:checkBox></w:ffData></w:fldChar></w:r><w:r><w:instrText> FORMCHECKBOX </w:instrText></w:r>"
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def choice(result, *entries):
    listed = "".join(f'<w:listEntry w:val="{one}"/>' for one in entries)
    return (
        f'<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:ddList><w:result w:val="{result}"/>{listed}</w:ddList></w:ffData>'
        '</w:fldChar></w:r><w:r><w:instrText> FORMDROPDOWN </w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def equation(inner):
    return f"<m:oMath>{inner}</m:oMath>"


def m(text):
    return f"<m:r><m:t>{text}</m:t></m:r>"


def off(text, left=720):
    return p(
        text, properties=f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="0"/></w:numPr><w:ind w:left="{left}"/>'
    )


DECIMAL = numbering(("decimal", "decimal"))
LEGAL = (
    '<w:abstractNum w:abstractNumId="0">'
    '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="upperRoman"/><w:lvlText w:val="%1."/></w:lvl>'
    '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:isLgl/><w:lvlText w:val="%1.%2"/></w:lvl>'
    '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
)
TICKS = (
    '<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="{}"/>'
    '<w:rPr><w:rFonts w:ascii="Wingdings" w:hAnsi="Wingdings"/></w:rPr></w:lvl></w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
).format
CAPS_STYLE = (
    '<w:style w:type="character" w:styleId="Loud"><w:name w:val="Loud"/><w:rPr><w:caps/></w:rPr></w:style>'
    '<w:style w:type="character" w:styleId="Up"><w:name w:val="Up"/><w:rPr><w:vertAlign w:val="superscript"/></w:rPr></w:style>'
    '<w:style w:type="character" w:styleId="Gone"><w:name w:val="Gone"/><w:rPr><w:strike/></w:rPr></w:style>'
)
DROP = '<w:keepNext/><w:framePr w:dropCap="{}" w:lines="3"/>'.format

WHOLE = {
    "an emoji by its number": (p("Fair ", EMOJI(code="1F33B", shown="X"), " today"), "<p>Fair 🌻 today</p>"),
    "an emoji beside its letter": (
        p("Fair ", EMOJI(code="zz", shown="🌻").replace("mc:Choice", "mc:Other"), " today"),
        "<p>Fair 🌻 today</p>",
    ),
    "another way of saying a paragraph": (
        f'<mc:AlternateContent><mc:Choice Requires="x"><x:y xmlns:x="urn:x"/></mc:Choice><mc:Fallback>{p("Said so.")}'
        "</mc:Fallback></mc:AlternateContent>",
        "<p>Said so.</p>",
    ),
    "another way of saying runs": (
        p(
            f'<mc:AlternateContent><mc:Choice Requires="x">{t("Said")}</mc:Choice></mc:AlternateContent>',
            " so.",
        ),
        "<p>Said so.</p>",
    ),
    "an element nobody knows, with paragraphs": (f"<w:later>{p('Kept.')}</w:later>", "<p>Kept.</p>"),
    "an element nobody knows, with runs": (
        p("Kept ", f"<w:later>{t('too')}</w:later>", "."),
        "<p>Kept too.</p>",
    ),
    "an element nobody knows, in a run": (
        p("<w:r><w:later><w:r><w:t>Kept.</w:t></w:r></w:later></w:r>"),
        "<p>Kept.</p>",
    ),
    "a large first letter": (p("R", properties=DROP("drop")) + p("ain fell."), "<p>Rain fell.</p>"),
    "a large first letter in the margin": (
        p("R", properties=DROP("margin")) + p("ain fell."),
        "<p>Rain fell.</p>",
    ),
    "the end of a page in a line": (p("one", '<w:r><w:br w:type="page"/></w:r>', "two"), "<p>one two</p>"),
    "the end of a column in a line": (
        p("one", '<w:r><w:br w:type="column"/></w:r>', "two"),
        "<p>one two</p>",
    ),
    "a box that is ticked": (p(box(checked="<w:checked/>"), " yes"), "<p>☒ yes</p>"),
    "a box that is not": (
        p(box(default='<w:default w:val="1"/>', checked='<w:checked w:val="0"/>'), " no"),
        "<p>☐ no</p>",
    ),
    "a box that is ticked from the start": (p(box(default='<w:default w:val="1"/>'), " yes"), "<p>☒ yes</p>"),
    "a choice of a list": (p("From ", choice(1, "north", "south")), "<p>From south</p>"),
    "capitals": (p("The ", t("red cross", "<w:caps/>"), " came"), "<p>The RED CROSS came</p>"),
    "capitals by style": (
        p("The ", t("red cross", '<w:rStyle w:val="Loud"/>'), " came"),
        "<p>The RED CROSS came</p>",
    ),
    "a style's capitals taken back": (
        p(t("Red Cross", '<w:rStyle w:val="Loud"/><w:caps w:val="0"/>')),
        "<p>Red Cross</p>",
    ),
    "a raising style brought down": (
        p("40 m", t("wide", '<w:rStyle w:val="Up"/><w:vertAlign w:val="baseline"/>')),
        "<p>40 mwide</p>",
    ),
    "a letter raised by points": (p("m", t("2", '<w:position w:val="8"/>')), "<p>m<sup>2</sup></p>"),
    "bold of right-to-left letters": (
        p(t("مرحبا", "<w:rtl/><w:bCs/>"), properties="<w:bidi/>"),
        '<p dir="rtl"><strong>مرحبا</strong></p>',
    ),
    "bold of Latin letters says nothing of Arabic ones": (
        p(t("مرحبا", "<w:rtl/><w:b/><w:i/>"), " x", properties="<w:bidi/>"),
        '<p dir="rtl">مرحبا x</p>',
    ),
    "heads of columns": (
        table(row("Year", "Wells"), row("1", "2")).replace("<w:tblPr/>", LOOK("04A0", ' w:firstRow="1"')),
        "<table><tbody><tr><th><p>Year</p></th><th><p>Wells</p></th></tr><tr><td><p>1</p></td><td><p>2</p></td></tr></tbody></table>",
    ),
    "heads of columns by an old file": (
        table(row("Year"), row("1")).replace("<w:tblPr/>", LOOK("0020", "")),
        "<table><tbody><tr><th><p>Year</p></th></tr><tr><td><p>1</p></td></tr></tbody></table>",
    ),
    "no heads where none are set apart": (
        table(row("Year"), row("1")).replace("<w:tblPr/>", LOOK("0480", ' w:firstRow="0"')),
        "<table><tbody><tr><td><p>Year</p></td></tr><tr><td><p>1</p></td></tr></tbody></table>",
    ),
    "cells merged the old way": (
        table(
            '<w:tr><w:tc><w:tcPr><w:hMerge w:val="restart"/></w:tcPr><w:p><w:r><w:t>Both</w:t></w:r></w:p></w:tc>'
            "<w:tc><w:tcPr><w:hMerge/></w:tcPr><w:p/></w:tc></w:tr>",
            row("1", "2"),
        ),
        '<table><tbody><tr><td colspan="2"><p>Both</p></td></tr><tr><td><p>1</p></td><td><p>2</p></td></tr></tbody></table>',
    ),
    "an item that goes on": (
        item("one") + off("more of one") + item("two"),
        "<ol><li><p>one</p><p>more of one</p></li><li><p>two</p></li></ol>",
    ),
    "an item that goes on after a deeper list": (
        item("one") + item("a", level=1) + off("more of one") + item("two"),
        "<ol><li><p>one</p><ol><li><p>a</p></li></ol><p>more of one</p></li><li><p>two</p></li></ol>",
    ),
    "a paragraph that is not set in ends the list": (
        item("one") + off("After.", left=0) + item("two"),
        '<ol><li><p>one</p></li></ol><p>After.</p><ol start="2"><li><p>two</p></li></ol>',
    ),
    "a fraction": (
        p("is ", equation(f"<m:f><m:num>{m('a+b')}</m:num><m:den>{m('2')}</m:den></m:f>")),
        "<p>is (a+b)/2</p>",
    ),
    "powers and roots": (
        p(
            equation(
                f"<m:sSup><m:e>{m('x')}</m:e><m:sup>{m('2')}</m:sup></m:sSup>{m('=')}"
                f"<m:rad><m:deg/><m:e>{m('y')}</m:e></m:rad>"
            )
        ),
        "<p>x^2=√(y)</p>",
    ),
    "a sum in brackets": (
        p(
            equation(
                '<m:d><m:dPr><m:begChr m:val="["/><m:endChr m:val="]"/></m:dPr><m:e>'
                '<m:nary><m:naryPr><m:chr m:val="∑"/></m:naryPr>'
                f"<m:sub>{m('1')}</m:sub><m:sup>{m('n')}</m:sup><m:e>{m('k')}</m:e></m:nary></m:e></m:d>"
            )
        ),
        "<p>[∑_1^n k]</p>",
    ),
    "letters of a symbol font": (
        p(
            t("ü", '<w:rFonts w:ascii="Wingdings" w:hAnsi="Wingdings"/>'),
            " done ",
            t("a", '<w:rFonts w:ascii="Symbol"/>'),
        ),
        "<p>✓ done α</p>",
    ),
    "a check list": (item("bread"), "<ul><li><p>☑ bread</p></li></ul>"),
    "a heading made by hand": (
        p("Intro.") + p(t("What we found", "<w:b/>")) + p("Much."),
        "<p>Intro.</p><h2>What we found</h2><p>Much.</p>",
    ),
    "a larger line over a list": (
        p("Intro.") + p(t("What we found", SIZE(28))) + item("one"),
        "<p>Intro.</p><h2>What we found</h2><ol><li><p>one</p></li></ol>",
    ),
    "a bold line that is a sentence": (
        p(t("Nobody came.", "<w:b/>")) + p("Much."),
        "<p><strong>Nobody came.</strong></p><p>Much.</p>",
    ),
    "a bold line over nothing": (
        p("Text.") + p(t("The end", "<w:b/>")),
        "<p>Text.</p><p><strong>The end</strong></p>",
    ),
    "a bold telephone number": (
        p(t("+1 555 010 9911", "<w:b/>")) + p("Much."),
        "<p><strong>+1 555 010 9911</strong></p><p>Much.</p>",
    ),
    "a text of bold lines": (
        "".join(p(t(f"Line {n}", "<w:b/>")) for n in "abcd") + p("x"),
        "".join(f"<p><strong>Line {n}</strong></p>" for n in "abcd") + "<p>x</p>",
    ),
    "two headings of the first rank and no title": (
        p("One", style="Heading1") + p("x") + p("Two", style="Heading1") + p("y"),
        "<h2>One</h2><p>x</p><h2>Two</h2><p>y</p>",
    ),
}
LISTS = {"a check list": TICKS("\uf0fe")}


@pytest.mark.parametrize("kind", WHOLE)
def test_every_kind_arrives_as_word_shows_it(kind):
    blocks, body = WHOLE[kind]
    assert read(docx(blocks, lists=LISTS.get(kind, DECIMAL), styles=STYLES + CAPS_STYLE)).body == body


def numbered(text, depth, style):
    numbers = f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="1"/></w:numPr>'
    return p(text, style=style, properties=numbers)


def test_numbered_headings_keep_their_numbers_and_none_of_them_is_the_title():
    found = read(
        docx(
            numbered("Background", 0, "Heading1"), "x", numbered("Water", 1, "Heading2"), "y",
            numbered("Findings", 0, "Heading1"), "z", numbered("Dams", 1, "Heading2"), "As 2.1 says.",
            lists=LEGAL,
        )
    )  # fmt: skip
    assert found.title == ""
    assert found.body == (
        "<h2>I. Background</h2><p>x</p><h3>1.1 Water</h3><p>y</p><h2>II. Findings</h2><p>z</p>"
        "<h3>2.1 Dams</h3><p>As 2.1 says.</p>"
    )


@pytest.mark.parametrize(
    ("blocks", "lists", "code"),
    [
        (item("one") + item("two", level=1), LEGAL, "multilevel"),
        (p(t("x", "<w:smallCaps/>")), DECIMAL, "small-capitals"),
        (p(t("x", '<w:rStyle w:val="Gone"/>')), DECIMAL, "struck"),
        (p(t("\uf021", '<w:rFonts w:ascii="Wingdings 3"/>').replace("\uf021", "\uf0ff")), DECIMAL, "symbol"),
        (p("Intro.") + p(t("What we found", "<w:b/>")) + p("Much."), DECIMAL, "hand-heading"),
        (p(equation(m("x"))), DECIMAL, "equation"),
    ],
)
def test_what_could_not_stay_as_it_was_is_said(blocks, lists, code):
    assert read(docx(blocks, lists=lists, styles=STYLES + CAPS_STYLE)).report.counts[code] == 1


def test_a_first_line_much_larger_than_the_text_is_the_title():
    found = read(docx(p(t("Wells of the valley", SIZE(40))), p("Intro."), lists=""))
    assert (found.title, found.body) == ("Wells of the valley", "<p>Intro.</p>")


def test_a_large_line_over_the_title_stays_in_the_text():
    found = read(
        docx(p(t("Press release", SIZE(40))), p("Wells of the valley", style="Title"), p("Intro."), lists="")
    )
    assert (found.title, found.body) == ("Wells of the valley", "<p>Press release</p><p>Intro.</p>")


def test_a_list_that_begins_with_a_letter_keeps_its_place():
    lists = (
        f'<w:abstractNum w:abstractNumId="0">{level(0, "lowerRoman", 5)}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    )
    found = read(docx(item("five"), item("six"), lists=lists))
    assert found.body == '<ol start="5"><li><p>five</p></li><li><p>six</p></li></ol>'
    assert found.report.counts["lettered"] == 1
