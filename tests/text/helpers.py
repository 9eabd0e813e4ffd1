"""What the tests of texts share: an own list of what may stand in a body, and an own reader of HTML."""

import re
from html.parser import HTMLParser

import lxml.html

# Written out by hand, so that a slip in the schema's table fails here.
ALLOWED = {
    "p": {"lang", "dir"},
    "h2": {"lang", "dir"},
    "h3": {"lang", "dir"},
    "strong": set(),
    "em": set(),
    "sup": {"class"},
    "sub": set(),
    "a": {"href", "id"},
    "span": {"lang", "dir"},
    "ul": set(),
    "ol": {"start", "class"},
    "li": {"id", "lang", "dir"},
    "blockquote": {"lang", "dir"},
    "table": set(),
    "tbody": set(),
    "tr": set(),
    "th": {"colspan", "rowspan", "lang", "dir"},
    "td": {"colspan", "rowspan", "lang", "dir"},
    "hr": set(),
    "br": set(),
}
VALUES = {
    "class": r"footnote-ref|footnotes",
    "id": r"fn-[a-z0-9]{4,16}|fnref-[a-z0-9]{4,16}(-[0-9]+)?",
    "href": r"https?://[^/\s\"<>\\][^\s\"<>]*|mailto:[^\s\"<>]+|/|/[^/\s\"<>\\][^\s\"<>]*|#fn-[a-z0-9]{4,16}",
    "lang": r"[A-Za-z0-9-]{1,35}",
    "dir": r"ltr|rtl|auto",
    "start": r"-?[0-9]{1,6}",
    "colspan": r"[1-9][0-9]{0,2}",
    "rowspan": r"[1-9][0-9]{0,2}",
}
BLOCKS = {"p", "h2", "h3", "ul", "ol", "blockquote", "table", "hr"}


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.tags = []
        self.words = []
        self.others = []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, attrs))

    def handle_data(self, data):
        self.words.append(data)

    def handle_comment(self, data):
        self.others.append(data)

    handle_decl = handle_pi = unknown_decl = handle_comment


def read(html):
    """The tags, the text and what is neither, as Python's own parser sees them."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader


def assert_safe(html):
    """Two parsers that are not the cleaner's agree that nothing but what is allowed stands there."""
    reader = read(html)
    assert not reader.others, html
    for tag, attributes in reader.tags:
        _assert_allowed(tag, attributes, html)
    if html:
        root = lxml.html.fragment_fromstring(html, create_parent="main")
        for node in root.iterdescendants():
            assert isinstance(node.tag, str), html
            _assert_allowed(node.tag, node.attrib.items(), html)
    ids = re.findall(r' id="([^"]*)"', html)
    assert len(ids) == len(set(ids)), html


def _assert_allowed(tag, attributes, html):
    assert tag in ALLOWED, (tag, html)
    for name, value in attributes:
        assert name in ALLOWED[tag], (tag, name, html)
        assert re.fullmatch(VALUES[name], value), (tag, name, value, html)


def assert_shape(root):
    """Blocks hold blocks and paragraphs hold words, as the editor's schema wants it."""
    assert not (root.text or "").strip()
    for child in root:
        assert child.tag in BLOCKS, child.tag
        assert not child.tail
        if child.tag in ("ul", "ol"):
            assert len(child)
            assert {item.tag for item in child} == {"li"}
            for item in child:
                assert item[0].tag == "p"
                assert_shape(item)
        elif child.tag == "table":
            assert [part.tag for part in child] == ["tbody"]
            assert len(child[0])
            for row in child[0]:
                assert row.tag == "tr"
                assert {cell.tag for cell in row} <= {"td", "th"}
                assert len(row)
                for cell in row:
                    assert len(cell)
                    assert_shape(cell)
        elif child.tag == "blockquote":
            assert len(child)
            assert_shape(child)
        else:
            assert not {node.tag for node in child.iterdescendants()} & (BLOCKS | {"li", "td", "th", "tr"})


def words_of(html):
    """All text without white space, in the order in which it stands."""
    return "".join("".join(read(html).words).split())


def cite(key, number=1, nth=1):
    """A citation as it is stored."""
    place = f"fnref-{key}" + (f"-{nth}" if nth > 1 else "")
    return f'<sup class="footnote-ref"><a href="#fn-{key}" id="{place}">{number}</a></sup>'


def note_list(**notes):
    """The list of notes as it is stored, from keys and words."""
    items = "".join(f'<li id="fn-{key}"><p>{words}</p></li>' for key, words in notes.items())
    return f'<ol class="footnotes">{items}</ol>'
