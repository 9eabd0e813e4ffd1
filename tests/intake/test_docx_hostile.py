"""Files that are broken, locked, too much or malicious: one clear error, soon, in bounded memory."""

import contextlib
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from releases.intake.docx import Unreadable, package, read
from releases.text.clean import clean
from tests.intake import hostile
from tests.intake.word import docx, note, numbering, p, part, ref

ROOT = Path(__file__).resolve().parent.parent.parent
MEGABYTES = 300


@pytest.mark.parametrize("make", hostile.REFUSED, ids=lambda make: make.__name__)
def test_what_cannot_be_read_is_refused_in_words(make):
    with pytest.raises(Unreadable) as refused:
        read(make())
    assert len(str(refused.value)) > 40
    assert "root:" not in str(refused.value)


@pytest.mark.parametrize("make", hostile.READ, ids=lambda make: make.__name__)
def test_what_is_odd_but_harmless_is_read(make):
    body = read(make()).body
    assert clean(body).html == body


@pytest.mark.parametrize(
    "make",
    [hostile.bomb_that_lies, hostile.at_the_limit_of_blocks, hostile.at_the_limit_of_attributes],
    ids=lambda make: make.__name__,
)
def test_memory_stays_within_bounds(make, tmp_path):
    file = tmp_path / "hostile.docx"
    file.write_bytes(make().getvalue())
    command = [sys.executable, "-m", "tests.intake.measure", str(file)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=120)
    assert json.loads(done.stdout)["megabytes"] < MEGABYTES


def test_a_file_larger_than_the_setting_is_refused_before_it_is_opened(settings):
    settings.DOCX_MAX_MB = 1
    with pytest.raises(Unreadable, match="larger than 1 MB"):
        read(io.BytesIO(b"PK\x03\x04" + bytes(1024 * 1024)))


def test_an_error_names_the_way_out_for_each_kind_of_file():
    for make, words in (
        (hostile.encrypted, "password"),
        (hostile.old_word, "older Word"),
        (hostile.macros, "macros"),
        (hostile.bomb_in_a_picture, "unpacks to more"),
        (hostile.cut_off, "broken"),
    ):
        with pytest.raises(Unreadable, match=words):
            read(make())


def test_pictures_are_never_unpacked(monkeypatch):
    opened = []
    unpack = package.Package.bytes
    monkeypatch.setattr(
        package.Package, "bytes", lambda self, name, **more: opened.append(name) or unpack(self, name, **more)
    )
    read(docx("Words.", parts={"word/media/image1.png": b"\x89PNG"}))
    assert opened
    assert not [name for name in opened if "media" in name or "docProps" in name or "comments" in name]


def test_a_long_document_is_read_once_and_a_block_at_a_time(monkeypatch):
    """Three hundred pages: each block passes once, and is gone from the tree when the next one comes."""
    held = []
    blocks = package.Package.blocks

    def counted(self, name, root, *, level):
        for node in blocks(self, name, root, level=level):
            held.append(len(node.getparent()))
            yield node

    monkeypatch.setattr(package.Package, "blocks", counted)
    pages, notes = 300, 600
    paragraphs = [p(f"Paragraph {n}. " + "Words upon words. " * 30, ref(n)) for n in range(notes)]
    filler = [p("More words, and more. " * 12) for _ in range(pages * 4)]
    reading = read(
        docx(*paragraphs, *filler, footnotes="".join(note(n, f"Source {n}.") for n in range(notes)))
    )
    assert reading.report.counts["notes"] == notes
    assert len(held) == len(paragraphs) + len(filler) + 1 + notes + 1
    # The parser reads ahead by a piece of the file, never by the whole of it.
    assert max(held) < 400


# ---------------------------------------------------------------------- whatever may come

_TAGS = [
    "p",
    "r",
    "t",
    "tab",
    "br",
    "pPr",
    "rPr",
    "pStyle",
    "numPr",
    "ilvl",
    "numId",
    "b",
    "i",
    "vanish",
    "rtl",
    "bidi",
    "tbl",
    "tr",
    "tc",
    "tcPr",
    "trPr",
    "gridSpan",
    "vMerge",
    "hyperlink",
    "ins",
    "del",
    "moveFrom",
    "moveTo",
    "sdt",
    "sdtPr",
    "sdtContent",
    "showingPlcHdr",
    "fldSimple",
    "fldChar",
    "instrText",
    "footnoteReference",
    "endnoteReference",
    "bookmarkStart",
    "bookmarkEnd",
    "drawing",
    "pict",
    "txbxContent",
    "sym",
    "ruby",
    "rubyBase",
    "outlineLvl",
    "tblHeader",
    "object",
    "commentReference",
    "smartTag",
    "customXml",
    "altChunk",
    "vertAlign",
    "lang",
]
_ATTRIBUTES = [
    "val",
    "id",
    "name",
    "instr",
    "fldCharType",
    "type",
    "char",
    "font",
    "anchor",
    "customMarkFollows",
    "bidi",
    "styleId",
]
_VALUES = st.sampled_from(
    ["", "0", "1", "2", "-1", "99999999999", "Title", "Heading1", "Quote", "Secret", "begin", "separate", "end",
     "restart", "superscript", "rtl", " NOTEREF x ", ' HYPERLINK "javascript:x" ', "x", "F0A7", "on", "\u202e<&>"]
)  # fmt: skip


def _element(children):
    return st.builds(
        lambda tag, attributes, inner: "<w:{0}{1}>{2}</w:{0}>".format(
            tag,
            "".join(
                f' w:{name}="{value.replace("&", "&amp;").replace("<", "&lt;")}"'
                for name, value in attributes.items()
            ),
            "".join(inner),
        ),
        st.sampled_from(_TAGS),
        st.dictionaries(st.sampled_from(_ATTRIBUTES), _VALUES, max_size=3),
        st.lists(children, max_size=5),
    )


_TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=12).map(
    lambda text: text.replace("&", "&amp;").replace("<", "&lt;").replace("\ufffe", "").replace("\uffff", "")
)
_XML = st.recursive(_TEXT, _element, max_leaves=40)
_QUIET = settings(deadline=None, max_examples=300, suppress_health_check=list(HealthCheck))


@given(st.lists(_XML, max_size=8), st.lists(_XML, max_size=3))
@_QUIET
def test_any_tree_of_words_own_elements_is_read_to_a_clean_body_or_refused(blocks, notes):
    try:
        found = read(
            docx(
                document=part("document", f"<w:body>{''.join(blocks)}</w:body>"),
                footnotes="".join(
                    f'<w:footnote w:id="{n}">{one}</w:footnote>' for n, one in enumerate(notes)
                ),
                lists=numbering(["decimal"] * 9, ["bullet"] * 9),
            )
        )
    except Unreadable:
        return
    again = clean(found.body)
    assert again.html == found.body
    assert "javascript" not in found.body.lower() or 'href="javascript' not in found.body.lower()
    assert not any(mark in found.body for mark in "\x01\x02\x03\x04")


@given(st.data())
@_QUIET
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
        read(io.BytesIO(bytes(whole)))


@given(
    st.sampled_from(
        ["styles.xml", "numbering.xml", "footnotes.xml", "_rels/document.xml.rels", "document.xml"]
    ),
    st.binary(max_size=200) | _XML.map(lambda xml: part("styles", xml).encode()),
)
@_QUIET
def test_a_part_may_hold_anything(name, content):
    with contextlib.suppress(Unreadable):
        read(docx(p("Words", ref(1)), footnotes=note(1, "Source."), parts={f"word/{name}": content}))
