"""Writes Word documents part by part, as raw XML, for the tests of reading them."""

import io
import zipfile
from xml.sax.saxutils import escape, quoteattr

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
SPACES = (
    f'xmlns:w="{W}" xmlns:r="{R}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)
STYLES = """
<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>
<w:style w:type="paragraph" w:styleId="Title"><w:name w:val="Title"/></w:style>
<w:style w:type="paragraph" w:styleId="berschrift1"><w:name w:val="heading 1"/><w:rPr><w:b/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/><w:rPr><w:b/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="Heading2"><w:name w:val="heading 2"/><w:basedOn w:val="Heading1"/></w:style>
<w:style w:type="paragraph" w:styleId="Heading3"><w:name w:val="heading 3"/></w:style>
<w:style w:type="paragraph" w:styleId="Quote"><w:name w:val="Quote"/><w:rPr><w:i/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="ListParagraph"><w:name w:val="List Paragraph"/></w:style>
<w:style w:type="paragraph" w:styleId="TOC1"><w:name w:val="toc 1"/></w:style>
<w:style w:type="paragraph" w:styleId="Secret"><w:name w:val="Secret"/><w:rPr><w:vanish/></w:rPr></w:style>
<w:style w:type="character" w:styleId="Strong"><w:name w:val="Strong"/><w:rPr><w:b/></w:rPr></w:style>
<w:style w:type="character" w:styleId="Emphasis"><w:name w:val="Emphasis"/><w:rPr><w:i/></w:rPr></w:style>
<w:style w:type="character" w:styleId="FootnoteReference"><w:name w:val="footnote reference"/>
  <w:rPr><w:vertAlign w:val="superscript"/></w:rPr></w:style>
"""
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'


def t(text, properties=""):
    """A run of text."""
    inner = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{inner}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def p(*runs, style="", properties=""):
    """A paragraph of runs; plain strings become runs."""
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    inner = f"<w:pPr>{named}{properties}</w:pPr>" if named or properties else ""
    return f"<w:p>{inner}{''.join(run if run.startswith('<') else t(run) for run in runs)}</w:p>"


def item(text, level=0, num=1, style="ListParagraph"):
    """An item of a list."""
    numbers = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{num}"/></w:numPr>'
    return p(text, style=style, properties=numbers)


def ref(number, kind="footnote", custom=""):
    """A citation of a note."""
    follows = ' w:customMarkFollows="1"' if custom else ""
    mark = f"<w:t>{custom}</w:t>" if custom else ""
    return (
        f'<w:r><w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr><w:{kind}Reference{follows} w:id="{number}"/>'
        f"{mark}</w:r>"
    )


def note(number, *paragraphs, kind="footnote"):
    """A note; the first paragraph begins with Word's own mark and a space, as Word writes it."""
    first, *rest = paragraphs
    mark = f'<w:r><w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr><w:{kind}Ref/></w:r>' + t(" ")
    first = first.replace("<w:p>", f"<w:p>{mark}", 1) if first.startswith("<") else p(mark, first)
    rest = [one if one.startswith("<") else p(one) for one in rest]
    return f'<w:{kind} w:id="{number}">{first}{"".join(rest)}</w:{kind}>'


def field(instruction, shown, *, begin="", end=""):
    """A complex field with what it shows."""
    mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'.format
    says = f'<w:r><w:instrText xml:space="preserve">{escape(instruction)}</w:instrText></w:r>'
    return mark("begin") + begin + says + mark("separate") + shown + mark("end") + end


def bookmark(name, inner, number=1):
    """Something with a bookmark around it."""
    return f'<w:bookmarkStart w:id="{number}" w:name="{name}"/>{inner}<w:bookmarkEnd w:id="{number}"/>'


def drawing(relation, said=""):
    """A run that shows the picture of a relation, with what is said about it."""
    return (
        f'<w:r><w:drawing><wp:inline><wp:docPr id="1" name="Picture 1" descr="{said}"/><a:blip r:embed="{relation}"/>'
        "</wp:inline></w:drawing></w:r>"
    )


def level(n, shape="decimal", start=1):
    """A level of a list."""
    return f'<w:lvl w:ilvl="{n}"><w:start w:val="{start}"/><w:numFmt w:val="{shape}"/></w:lvl>'


def numbering(*lists):
    """Lists, each a sequence of shapes, one a level; number 1 is the first, and so on."""
    abstracts = "".join(
        f'<w:abstractNum w:abstractNumId="{n}">{"".join(level(i, shape) for i, shape in enumerate(shapes))}'
        "</w:abstractNum>"
        for n, shapes in enumerate(lists)
    )
    nums = "".join(
        f'<w:num w:numId="{n + 1}"><w:abstractNumId w:val="{n}"/></w:num>' for n in range(len(lists))
    )
    return abstracts + nums


def cell(*blocks, properties=""):
    """A cell of a table."""
    inner = "".join(block if block.startswith("<") else p(block) for block in blocks) or p()
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inner}</w:tc>"


def row(*cells, properties=""):
    """A row of a table."""
    inner = f"<w:trPr>{properties}</w:trPr>" if properties else ""
    return f"<w:tr>{inner}{''.join(one if one.startswith('<') else cell(one) for one in cells)}</w:tr>"


def table(*rows):
    """A table."""
    return f"<w:tbl><w:tblPr/><w:tblGrid/>{''.join(rows)}</w:tbl>"


def relations(*found):
    """A part's relations, each (id, kind, target) or with True behind for one that leads out of the file."""
    lines = "".join(
        f"<Relationship Id={quoteattr(one[0])} Type={quoteattr(KIND + one[1])} Target={quoteattr(one[2])}"
        f"{' TargetMode=' + quoteattr('External') if len(one) > 3 else ''}/>"
        for one in found
    )
    return (
        f'{DECLARATION}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{lines}'
        "</Relationships>"
    )


def part(root, inner):
    """A part of WordprocessingML."""
    return f"{DECLARATION}<w:{root} {SPACES}>{inner}</w:{root}>"


def docx(
    *blocks, footnotes="", endnotes="", lists="", styles=STYLES, links=(), note_links=(), parts=(), types="",
    document="", compression=zipfile.ZIP_DEFLATED,
):  # fmt: skip
    """A .docx of these blocks, as a file. `parts` are more of its parts, by name; `document` the raw main part."""
    inner = "".join(block if block.startswith("<") else p(block) for block in blocks)
    separators = '<w:{0} w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:{0}>'.format
    made = {
        "[Content_Types].xml": f'{DECLARATION}<Types xmlns="http://schemas.openxmlformats.org/package/2006/'
        f'content-types">{types}</Types>',
        "_rels/.rels": relations(("rId1", "officeDocument", "word/document.xml")),
        "word/document.xml": document or part("document", f"<w:body>{inner}<w:sectPr/></w:body>"),
        "word/_rels/document.xml.rels": relations(
            ("s", "styles", "styles.xml"), ("n", "numbering", "numbering.xml"),
            ("f", "footnotes", "footnotes.xml"), ("e", "endnotes", "endnotes.xml"), *links,
        ),
        "word/styles.xml": part("styles", styles),
        "word/footnotes.xml": part("footnotes", separators("footnote") + footnotes),
        "word/_rels/footnotes.xml.rels": relations(*note_links),
        "word/endnotes.xml": part("endnotes", separators("endnote") + endnotes),
        "word/numbering.xml": part("numbering", lists),
        **dict(parts),
    }  # fmt: skip
    return packed(made, compression)


def packed(parts, compression=zipfile.ZIP_DEFLATED):
    """A zip of parts; those that are None are left out."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as package:
        for name, content in parts.items():
            if content is not None:
                package.writestr(name, content)
    file.seek(0)
    return file
