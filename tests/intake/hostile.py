"""Files that nobody wrote in good faith, by name: each a function that makes one."""

import io
import itertools
import random
import struct
import zipfile

from PIL import Image

from tests.depth import DEEP
from tests.intake.word import SPACES, docx, drawing, field, p, packed, part, relations, t

ROOT = f"<w:document {SPACES}><w:body>"
END = "</w:body></w:document>"


def _document(inner, *, before="", **more):
    return docx(document=f'<?xml version="1.0"?>{before}{ROOT}{inner}{END}', **more)


def no_zip():
    return io.BytesIO(b"This is no Word document at all.")


def empty():
    return io.BytesIO(b"")


def cut_off():
    whole = docx(*["Words."] * 50).getvalue()
    return io.BytesIO(whole[: len(whole) // 2])


def flipped():
    whole = bytearray(docx(*[f"Words {n}." for n in range(500)], compression=zipfile.ZIP_DEFLATED).getvalue())
    place = whole.find(b"word/document.xml") + 60
    whole[place : place + 40] = bytes(40)
    return io.BytesIO(bytes(whole))


def old_word():
    return io.BytesIO(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4096) + "WordDocument".encode("utf-16-le"))


def encrypted():
    stream = "EncryptedPackage".encode("utf-16-le")
    return io.BytesIO(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4096) + stream + bytes(4096))


def zip_with_a_password():
    whole = bytearray(docx("Words.").getvalue())
    at = 0
    while (at := whole.find(b"PK\x01\x02", at)) >= 0:
        whole[at + 8] |= 1
        at += 4
    return io.BytesIO(bytes(whole))


def spreadsheet():
    return packed(
        {
            "[Content_Types].xml": "<Types/>",
            "_rels/.rels": relations(("r", "officeDocument", "xl/workbook.xml")),
            "xl/workbook.xml": '<workbook xmlns="x"/>',
        }
    )


def zip_of_something_else():
    return packed({"readme.txt": "Hello."})


def macros():
    kind = "application/vnd.ms-word.document.macroEnabled.main+xml"
    return docx("Words.", types=f'<Override PartName="/word/document.xml" ContentType="{kind}"/>')


def macros_in_disguise():
    return docx("Words.", parts={"word/vbaProject.bin": b"\xd0\xcf"})


def malformed():
    return docx(document=f"{ROOT}<w:p><w:r>{END}")


def part_is_missing():
    return docx(parts={"word/document.xml": None})


def bomb_of_zeros():
    return docx("Words.", parts={"word/document.xml": ROOT + " " * 60_000_000 + END})


def bomb_in_a_picture():
    return docx("Words.", parts={"word/media/image1.png": b"\0" * 450_000_000})


def bomb_that_lies():
    """The directory says that the part is small; the part says otherwise."""
    whole = bytearray(docx(parts={"word/document.xml": ROOT + p("Words. " * 100) * 50_000 + END}).getvalue())
    for sign, where in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        at = 0
        while (at := whole.find(sign, at)) >= 0:
            name = 46 if sign == b"PK\x01\x02" else 30
            if whole[at + name : at + name + 17] == b"word/document.xml":
                whole[at + where : at + where + 4] = struct.pack("<I", 5000)
            at += 4
    return io.BytesIO(bytes(whole))


def many_entries():
    return docx("Words.", parts={f"word/media/{n}.png": b"" for n in range(6000)})


def many_elements():
    return _document("<w:p/>" * 3_000_000)


def one_block_of_many_elements():
    return _document("<w:p>" + "<w:r/>" * 2_000_000 + "</w:p>")


def many_attributes():
    return _document("<w:p " + " ".join(f"a{n}=''" for n in range(400_000)) + "/>")


def long_text():
    return _document(p("words " * 1_000_000))


def too_many_words():
    return _document(p("words " * 200) * 3000)


def deep():
    return _document("<w:p>" + "<w:ins>" * 5000 + "</w:ins>" * 5000 + "</w:p>")


def deep_but_legal():
    return _document("<w:p>" + "<w:smartTag>" * 200 + t("Words.") + "</w:smartTag>" * 200 + "</w:p>")


def tables_in_tables():
    return _document("<w:tbl><w:tr><w:tc>" * 60 + p("In.") + "</w:tc></w:tr></w:tbl>" * 60)


def fields_in_fields():
    return _document("<w:p>" + '<w:r><w:fldChar w:fldCharType="begin"/></w:r>' * 5000 + "</w:p>")


def entity_from_a_file():
    return _document(
        "<w:p><w:r><w:t>&x;</w:t></w:r></w:p>",
        before='<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
    )


def entity_from_the_net():
    return _document(
        "<w:p><w:r><w:t>&x;</w:t></w:r></w:p>",
        before='<!DOCTYPE d [<!ENTITY x SYSTEM "http://127.0.0.1:9/x">]>',
    )


def doctype_from_the_net():
    return _document(p("Words."), before='<!DOCTYPE d SYSTEM "http://127.0.0.1:9/d.dtd">')


def billion_laughs():
    laughs = '<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    return _document("<w:p><w:r><w:t>&a11;</w:t></w:r></w:p>", before=f"<!DOCTYPE d [{laughs}]>")


def entity_in_utf_16():
    text = f'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>{ROOT}<w:p><w:r><w:t>&x;</w:t></w:r></w:p>{END}'
    return docx(document=text.encode("utf-16"))


def entity_in_the_styles():
    text = '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + part("styles", "&x;")[55:]
    return docx("Words.", parts={"word/styles.xml": text})


def entity_in_utf_7():
    text = f'<?xml version="1.0" encoding="UTF-7"?>+ADw-!DOCTYPE d [+ADw-!ENTITY x SYSTEM "file:///etc/passwd">]>{ROOT}{p("x")}{END}'
    return docx(document=text)


def spans_without_end():
    wide = '<w:tc><w:tcPr><w:gridSpan w:val="999999999"/></w:tcPr><w:p><w:r><w:t>x</w:t></w:r></w:p></w:tc>'
    return _document("<w:tbl>" + f"<w:tr>{wide * 50}</w:tr>" * (500 if DEEP else 100) + "</w:tbl>")


def styles_in_a_circle():
    style = (
        '<w:style w:type="paragraph" w:styleId="{0}"><w:name w:val="{0}"/><w:basedOn w:val="{1}"/></w:style>'
    )
    return docx(p("Words.", style="A"), styles=style.format("A", "B") + style.format("B", "A"))


def lists_in_a_circle():
    lists = (
        '<w:abstractNum w:abstractNumId="0"><w:numStyleLink w:val="L"/></w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    )
    style = '<w:style w:type="numbering" w:styleId="L"><w:name w:val="L"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    numbers = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
    return docx(p("Words.", properties=numbers), lists=lists, styles=style)


def many_boxes():
    return _document(
        "<w:p>"
        + "<w:r><w:pict><w:txbxContent><w:p>" * 60
        + "</w:p></w:txbxContent></w:pict></w:r>" * 60
        + "</w:p>"
    )


def long_instruction():
    return _document(p(field("HYPERLINK " + '"' * 100_000 + "\\" * 100_000, t("Words."))))


def _noise(count):
    """Words that do not pack well, so that no rule about packing sees them."""
    chance = random.Random(7)
    return [f"{chance.getrandbits(64):x}" for _ in range(count)]


def at_the_limit_of_blocks():
    run = '<w:p><w:del w:id="{0}"><w:r><w:t>{0}</w:t></w:r></w:del><w:r><w:rPr><w:b/></w:rPr></w:r></w:p>'.format
    return _document("".join(run(word) for word in _noise(59_000)))


def at_the_limit_of_a_block():
    run = "<w:r><w:rPr><w:b/></w:rPr><w:t>{}</w:t></w:r>".format
    return _document("<w:p>" + "".join(run(word) for word in _noise(70_000 if DEEP else 35_000)) + "</w:p>")


def at_the_limit_of_attributes():
    one = " ".join(f"a{word}=''" for word in _noise(30_000))
    return _document(("<w:p>" + f"<w:r {one}/>" * 11 + "</w:p>") * 3)


def beyond_the_limit_of_styles():
    return docx("Words.", styles="".join(f'<w:style w:styleId="{word}"/>' for word in _noise(6_000)))


def at_the_limit_of_styles():
    style = '<w:style w:type="paragraph" w:styleId="{0}"><w:name w:val="{0}"/><w:basedOn w:val="{1}"/></w:style>'.format
    words = _noise(4_900)
    return docx(*[p("x", style=word) for word in words[1:]] * (5 if DEEP else 1),
                styles="".join(style(a, b) for a, b in itertools.pairwise(words)))  # fmt: skip


def pictures_at_the_limit():
    """Two that pack to little, and unpack to as many pixels as may be: the costliest kinds of PNG and JPEG."""
    made = []
    for mode, kind, more in (("RGBA", "PNG", {}), ("CMYK", "JPEG", {"progressive": True, "subsampling": 0})):
        file = io.BytesIO()
        Image.new(mode, (4160, 3000)).save(file, kind, **more)
        made.append(file.getvalue())
    return docx(
        p(drawing("i"), drawing("j")), links=[("i", "image", "media/1.png"), ("j", "image", "media/2.jpg")],
        parts={"word/media/1.png": made[0], "word/media/2.jpg": made[1]},
    )  # fmt: skip


REFUSED = [
    no_zip, empty, cut_off, flipped, old_word, encrypted, zip_with_a_password, spreadsheet, zip_of_something_else,
    macros, macros_in_disguise, malformed, part_is_missing, bomb_of_zeros, bomb_in_a_picture, bomb_that_lies,
    many_entries, many_elements, one_block_of_many_elements, many_attributes, long_text, too_many_words, deep,
    deep_but_legal, tables_in_tables, fields_in_fields, entity_from_a_file, entity_from_the_net,
    doctype_from_the_net, billion_laughs, entity_in_utf_16, entity_in_the_styles, entity_in_utf_7, many_boxes,
    beyond_the_limit_of_styles,
]  # fmt: skip
READ = [
    at_the_limit_of_blocks, at_the_limit_of_a_block, at_the_limit_of_attributes, at_the_limit_of_styles,
    spans_without_end, styles_in_a_circle, lists_in_a_circle, long_instruction,
]  # fmt: skip
