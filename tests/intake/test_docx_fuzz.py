"""Whatever may stand in a Word file: a search by machine for one that is read to something it should not be."""

import contextlib
import io
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from releases.intake.docx import Unreadable, read
from releases.text.clean import clean
from releases.text.clean.tokenizer import normalise_text
from releases.text.tree import parse
from tests.depth import times
from tests.intake.word import cell, docx, item, note, numbering, p, part, ref, row, t, table
from tests.text.helpers import assert_safe, assert_shape

FAST = settings(
    deadline=None, max_examples=times("DOCX_EXAMPLES", 100, 3000), derandomize=True, database=None,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip

TAGS = (
    "p r t tab br pPr rPr pStyle numPr ilvl numId b i vanish rtl bidi tbl tr tc tcPr trPr gridSpan vMerge hyperlink ins del "
    "moveFrom moveTo sdt sdtPr sdtContent showingPlcHdr fldSimple fldChar instrText footnoteReference endnoteReference "
    "bookmarkStart bookmarkEnd drawing pict txbxContent sym ruby rubyBase outlineLvl tblHeader object commentReference "
    "smartTag customXml altChunk vertAlign lang delText cellDel gridBefore footnoteRef noBreakHyphen ptab cr dir bdo sectPr"
)
ATTRIBUTES = "val id name instr fldCharType type char font anchor customMarkFollows bidi styleId"
VALUES = st.sampled_from(
    ["", "0", "1", "2", "-1", "99999999999", "Title", "Heading1", "Quote", "Secret", "begin", "separate", "end",
     "restart", "superscript", "rtl", " NOTEREF x ", ' HYPERLINK "javascript:x" ', ' HYPERLINK "https://a.example/" ',
     "x", "F0A7", "on", "\u202e<&>", "\"><script>"]
)  # fmt: skip
WORDS = st.text(st.sampled_from("ab1 .[]^*<>&\"'\xa0\xade\u0301人་ئ\u200d\u202e\u2028😀\ufffd"), max_size=10)


def escaped(text):
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


def _element(children):
    return st.builds(
        lambda tag, attributes, inner: "<w:{0}{1}>{2}</w:{0}>".format(
            tag,
            "".join(f' w:{name}="{escaped(value)}"' for name, value in attributes.items()),
            "".join(inner),
        ),
        st.sampled_from(TAGS.split(" ")),
        st.dictionaries(st.sampled_from(ATTRIBUTES.split(" ")), VALUES, max_size=3),
        st.lists(children, max_size=5),
    )


TREES = st.recursive(WORDS.map(escaped), _element, max_leaves=40)


def assert_fit_to_keep(reading):
    """A body that the cleaner leaves as it is and in which other parsers find nothing that is not allowed."""
    assert clean(reading.body).html == reading.body
    assert_safe(reading.body)
    assert_shape(parse(reading.body))
    for words in (reading.title, reading.place, reading.body):
        assert not any(mark in words for mark in "\x00\x01\x02\x03\x04\x05\x06\x07")


@FAST
@given(st.lists(TREES, max_size=8), st.lists(TREES, max_size=3))
def test_any_tree_of_words_own_elements_is_read_to_a_safe_body_or_refused(blocks, notes):
    document = part("document", f"<w:body>{''.join(blocks)}</w:body>")
    footnotes = "".join(f'<w:footnote w:id="{n}">{one}</w:footnote>' for n, one in enumerate(notes))
    try:
        found = read(
            docx(
                document=document,
                footnotes=footnotes,
                lists=numbering(["decimal"] * 9, ["bullet"] * 9),
            )
        )
    except Unreadable:
        return
    assert_fit_to_keep(found)


@FAST
@given(st.data())
def test_a_file_with_any_bytes_changed_is_read_or_refused(data):
    whole = bytearray(
        docx(p("A title", style="Title"), p("Words", ref(1)), footnotes=note(1, "Source.")).getvalue()
    )
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(whole) - 1))
        whole[place] = data.draw(st.integers(0, 255))
    if data.draw(st.booleans()):
        del whole[data.draw(st.integers(0, len(whole) - 1)) :]
    with contextlib.suppress(Unreadable):
        assert_fit_to_keep(read(io.BytesIO(bytes(whole))))


@FAST
@given(
    st.sampled_from(
        ["styles.xml", "numbering.xml", "footnotes.xml", "_rels/document.xml.rels", "document.xml"]
    ),
    st.binary(max_size=200) | TREES.map(lambda xml: part("styles", xml).encode()),
)
def test_a_part_may_hold_anything(name, content):
    with contextlib.suppress(Unreadable):
        assert_fit_to_keep(
            read(docx(p("Words", ref(1)), footnotes=note(1, "Source."), parts={f"word/{name}": content}))
        )


# ---------------------------------------------------------------------- words that are kept


class Said(NamedTuple):
    """A piece of a document and the words that it must bring along, in their order, and those of its notes."""

    xml: str
    words: str
    notes: tuple[str, ...] = ()


def _joined(pieces, wrap="{}"):
    return Said(
        wrap.format("".join(one.xml for one in pieces)),
        "".join(one.words for one in pieces),
        tuple(words for one in pieces for words in one.notes),
    )


SETTING = st.sampled_from(
    ["", "<w:b/>", "<w:i/>", "<w:b/><w:i/>", '<w:vertAlign w:val="subscript"/>', "<w:rtl/>", "<w:strike/>"]
)
RUN = st.builds(lambda words, setting: Said(t(words, setting), words), WORDS, SETTING)
GONE = st.sampled_from(
    [
        "<w:del><w:r><w:delText>GONE</w:delText></w:r></w:del>",
        "<w:moveFrom><w:r><w:t>GONE</w:t></w:r></w:moveFrom>",
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>GONE</w:t></w:r>",
        "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent><w:r><w:t>GONE</w:t></w:r></w:sdtContent></w:sdt>",
        '<w:r><w:commentReference w:id="1"/></w:r>',
    ]
).map(lambda xml: Said(xml, ""))
# A note names its words; it gets its number when the document is put together.
CITATION = WORDS.map(lambda words: Said("<cite/>", "", (words,)))


def _within(children):
    around = st.sampled_from(
        [
            "<w:ins>{}</w:ins>",
            "<w:smartTag>{}</w:smartTag>",
            "<w:sdt><w:sdtContent>{}</w:sdtContent></w:sdt>",
            '<w:hyperlink r:id="l1">{}</w:hyperlink>',
            '<w:fldSimple w:instr="PAGE">{}</w:fldSimple>',
        ]
    )
    return st.builds(_joined, st.lists(children, max_size=3), around)


INLINE = st.recursive(RUN | GONE, _within, max_leaves=6)
LINE = st.lists(INLINE | CITATION, max_size=5).map(_joined)
PARAGRAPH = st.builds(
    lambda line, style: Said(p(line.xml or "<w:r/>", style=style), line.words, line.notes),
    LINE,
    st.sampled_from(["", "", "Quote", "Heading2", "ListParagraph"]),
) | st.builds(
    lambda words, level, number: Said(item(words or " ", level, number), words),
    WORDS.filter(lambda words: not words.startswith("<")),
    st.integers(0, 3),
    st.integers(1, 2),
)


def _table(children):
    one = st.lists(children, min_size=1, max_size=2).map(lambda inside: _joined(inside))
    cells = one.map(lambda inside: Said(cell(inside.xml), inside.words, inside.notes))
    rows = st.lists(cells, min_size=1, max_size=3).map(
        lambda found: Said(row(*(one.xml for one in found)), *_joined(found)[1:])
    )
    return st.lists(rows, min_size=1, max_size=2).map(
        lambda found: Said(table(*(one.xml for one in found)), *_joined(found)[1:])
    )


DOCUMENT = st.lists(PARAGRAPH | _table(PARAGRAPH), max_size=6).map(_joined)


def kept(words):
    """Words as the cleaner keeps them, without white space."""
    return "".join(
        normalise_text(escaped(words))[0]
        .replace("&amp;", "&")
        .replace("&lt;", "<")
        .replace("&quot;", '"')
        .split()
    )


def unbracketed(words):
    return words.replace("[", "").replace("]", "")


@FAST
@given(DOCUMENT)
def test_every_word_is_kept_in_its_order_and_nothing_that_was_taken_out_comes_back(said):
    xml = said.xml
    for number in range(len(said.notes)):
        xml = xml.replace("<cite/>", ref(number), 1)
    footnotes = "".join(note(number, p(t(words))) for number, words in enumerate(said.notes))
    found = read(
        docx(
            p("Title", style="Title"), xml, footnotes=footnotes, lists=numbering(["decimal"] * 9, ["bullet"] * 9),
            links=[("l1", "hyperlink", "https://example.org/", True)],
        )
    )  # fmt: skip
    assert found.title == "Title"
    assert "GONE" not in found.body
    root = parse(found.body)
    for mark in root.iter("sup"):
        if mark.get("class"):
            mark[0].text = ""
    got = "".join("".join(root.itertext()).split())
    # A linked figure that may be a note's mark is set in brackets, so that it runs into no other.
    assert unbracketed(got) == unbracketed(kept(said.words + "".join(said.notes)))
    assert len(root.findall(".//ol[@class='footnotes']/li")) == len(said.notes)
    assert_fit_to_keep(found)


# What the words in these are is known, and said or shown in another way.
SPOKEN_FOR = {
    *("bookmarkStart", "bookmarkEnd", "br", "cr", "tab", "ptab", "noBreakHyphen", "fldChar", "sdt", "ruby"),
    "t",
    "instrText",
    "delInstrText",
    "footnoteReference",
    "endnoteReference",
    "pPr",
    "rPr",
    "tcPr",
    "trPr",
    "tbl",
    "tr",
}
ELEMENTS = sorted({*TAGS.split(" "), "later", "proofErr", "permStart", "subDoc", "contentPart", "annotationRef", "softHyphen",
                   "dayLong", "pgNum", "separator", "cnfStyle", "div", "frameset", "customXmlInsRangeStart", "moveToRangeStart",
                   "commentRangeStart", "rt", "lastRenderedPageBreak", "tblGrid", "sectPr"} - SPOKEN_FOR)  # fmt: skip


@pytest.mark.parametrize("tag", ELEMENTS)
@pytest.mark.parametrize("place", ["among blocks", "in a paragraph", "in a run"])
def test_words_in_any_element_come_in_or_are_said(tag, place):
    words = "<w:t>dry</w:t>"
    made = {
        "among blocks": f"<w:{tag}><w:p><w:r>{words}</w:r></w:p></w:{tag}>",
        "in a paragraph": f"<w:p><w:r><w:t>Wells </w:t></w:r><w:{tag}><w:r>{words}</w:r></w:{tag}></w:p>",
        "in a run": f"<w:p><w:r><w:t>Wells </w:t><w:{tag}>{words}</w:{tag}></w:r></w:p>",
    }[place]
    found = read(docx(made))
    said = {code for code in found.report.counts if code not in ("no-title", "no-date")}
    assert "dry" in found.body or said, found.body
