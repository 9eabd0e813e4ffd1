"""The same text as five programs write it into a .docx: each arrives whole, and the same."""

import pytest

from releases.intake.docx import read
from tests.intake.word import docx, row, table

BODY = (
    "<h2>What we found</h2>"
    '<p>The dam rose<sup class="footnote-ref"><a href="#fn-{0}" id="fnref-{0}">1</a></sup> in <strong>May</strong>'
    '<sup class="footnote-ref"><a href="#fn-{1}" id="fnref-{1}">2</a></sup>.</p>'
    "<ul><li><p>wells</p></li><li><p>fields</p></li></ul>"
    "<blockquote><p>Nobody asked.</p></blockquote>"
    "<table><tbody><tr><td><p>2010</p></td><td><p>14</p></td></tr></tbody></table>"
    '<ol class="footnotes"><li id="fn-{0}"><p>Survey of dams.</p></li><li id="fn-{1}"><p>Letter of May.</p></li></ol>'
)
BULLETS = (
    '<w:abstractNum w:abstractNumId="7"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="bullet"/>'
    '<w:lvlText w:val="{}"/>{}</w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>'
).format
NUMBERED = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'


def style(name, known_as, kind="paragraph", inner=""):
    return f'<w:style w:type="{kind}" w:styleId="{name}"><w:name w:val="{known_as}"/>{inner}</w:style>'


def run(text, properties=""):
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def block(style_id, *runs, more=""):
    named = f'<w:pStyle w:val="{style_id}"/>' if style_id else ""
    return f"<w:p><w:pPr>{named}{more}</w:pPr>{''.join(runs)}</w:p>"


def program(*, ids, names, every="", mark, note_mark, bullets, first=1, around="{}"):
    """A file of one program: `ids` and `names` of its styles, `every` in each run, how notes are marked, from which number."""
    title, heading, text, item, quote, note = ids
    cite = [
        f'<w:r><w:rPr>{mark}{every}</w:rPr><w:footnoteReference w:id="{first + n}"/></w:r>' for n in (0, 1)
    ]
    blocks = (
        block(title, run("Dams of the valley", every)),
        block(heading, run("What we found", every)),
        block(text, run("The dam ", every), run("rose", every), cite[0], run(" in ", every), run("May", f"<w:b/>{every}"), cite[1],
              run(".", every)),
        block(item, run("wells", every), more=NUMBERED),
        block(item, run("fields", every), more=NUMBERED),
        block(quote, run("Nobody asked.", f"<w:i/>{every}")),
        table(row(f"<w:tc><w:tcPr/>{block(text, run('2010', every))}</w:tc>", f"<w:tc><w:tcPr/>{block(text, run('14', every))}</w:tc>")),
    )  # fmt: skip
    notes = "".join(
        f'<w:footnote w:id="{first + n}">{block(note, f"<w:r><w:rPr>{mark}</w:rPr>{note_mark}</w:r>", run(f" {words}", every))}</w:footnote>'
        for n, words in enumerate(("Survey of dams.", "Letter of May."))
    )
    styles = "".join(style(one, name) for one, name in zip(ids, names, strict=True) if one)
    raised = '<w:rPr><w:vertAlign w:val="superscript"/></w:rPr>'
    for known in ("FootnoteReference", "FootnoteAnchor", "FootnoteCharacters", "a6"):
        styles += style(known, "footnote reference" if known == "a6" else known, "character", raised)
    return docx(around.format("".join(blocks)), footnotes=notes, styles=styles, lists=BULLETS(*bullets))


PROGRAMS = {
    "Word": program(
        ids=("Title", "Heading1", "", "ListParagraph", "Quote", "FootnoteText"),
        names=("Title", "heading 1", "", "List Paragraph", "Quote", "footnote text"),
        every='<w:lang w:val="en-GB"/>',
        mark='<w:rStyle w:val="FootnoteReference"/>',
        note_mark="<w:footnoteRef/>",
        bullets=("\uf0b7", '<w:rPr><w:rFonts w:ascii="Symbol" w:hAnsi="Symbol" w:hint="default"/></w:rPr>'),
    ),
    "LibreOffice": program(
        ids=("Title", "Heading1", "TextBody", "TextBody", "Quotations", "Footnote"),
        names=("Title", "Heading 1", "Body Text", "Body Text", "Quotations", "Footnote Text"),
        every="<w:rFonts/>",
        mark='<w:rStyle w:val="FootnoteAnchor"/>',
        note_mark='<w:rPr><w:rStyle w:val="FootnoteCharacters"/></w:rPr><w:footnoteRef/>',
        first=2,
        bullets=("•", '<w:rPr><w:rFonts w:ascii="OpenSymbol" w:hAnsi="OpenSymbol"/></w:rPr>'),
    ),
    "Google Docs": program(
        ids=("Title", "Heading1", "Normal", "Normal", "Quote", "Normal"),
        names=("Title", "heading 1", "normal", "normal", "Quote", "normal"),
        every='<w:rtl w:val="0"/>',
        mark='<w:vertAlign w:val="superscript"/>',
        note_mark="<w:footnoteRef/>",
        first=0,
        bullets=("●", '<w:rPr><w:u w:val="none"/></w:rPr>'),
    ),
    "Pages": program(
        ids=("Title", "Heading", "Body", "Body", "BlockText", "Footnote"),
        names=("Title", "heading 1", "Body", "Body", "Block Text", "Footnote"),
        every='<w:outline w:val="0"/><w:rtl w:val="0"/>',
        mark='<w:vertAlign w:val="superscript"/>',
        note_mark="<w:footnoteRef/>",
        bullets=(
            "•",
            '<w:rPr><w:rFonts w:hAnsi="Arial Unicode MS"/><w:caps w:val="0"/><w:smallCaps w:val="0"/></w:rPr>',
        ),
    ),
    "WPS": program(
        ids=("5", "2", "1", "8", "9", "3"),
        names=("Title", "heading 1", "Normal", "List Paragraph", "Quote", "footnote text"),
        every='<w:rFonts w:hint="eastAsia"/>',
        mark='<w:rStyle w:val="a6"/>',
        note_mark="<w:footnoteRef/>",
        bullets=("\uf06c", '<w:rPr><w:rFonts w:ascii="Wingdings" w:hAnsi="Wingdings"/></w:rPr>'),
        around="<w:sdt><w:sdtPr/><w:sdtContent>{}</w:sdtContent></w:sdt>",
    ),
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_every_program_brings_the_same_text(name):
    found = read(PROGRAMS[name])
    keys = [one.split('"')[0] for one in found.body.split('id="fnref-')[1:]]
    assert found.title == "Dams of the valley"
    assert found.body == BODY.format(*keys)
    assert found.report.counts == {"title": 1, "no-date": 1, "notes": 2}
