"""Writes a piece of HTML as the Word file in which somebody would have it, so that one table of examples serves both."""

from html.parser import HTMLParser

from tests.intake.word import p, t

_BLOCKS = {
    "p": "",
    "h2": "Heading2",
    "h3": "Heading3",
    "dt": "",
    "dd": "",
    "aside": "",
    "blockquote": "Quote",
}
_MARKS = {"b": "<w:b/>", "strong": "<w:b/>", "i": "<w:i/>", "em": "<w:i/>", "sup": '<w:vertAlign w:val="superscript"/>',
          "sub": '<w:vertAlign w:val="subscript"/>'}  # fmt: skip


class Writer(HTMLParser):
    """`blocks` are the file's, when `feed` and `close` have been called."""

    def __init__(self):
        super().__init__()
        self.blocks: list[str] = []
        self.runs: list[str] = []
        self.open: list[tuple[str, str]] = []  # element and the anchor to which it links
        self.style, self.numbers, self.direction = "", "", ""
        self.bookmarks = 0
        self.lists: list[str] = []
        self.items = self.begun = 0  # list items that were met, and that have a paragraph

    def handle_starttag(self, tag, attrs):
        said = dict(attrs)
        if tag in _BLOCKS or tag in ("li", "td", "th"):
            self.end()
            self.style = _BLOCKS.get(tag, "")
            self.direction = "<w:bidi/>" if said.get("dir") == "rtl" else ""
            if tag == "li" and self.lists:
                number = 1 if self.lists[-1] == "ol" else 2
                self.numbers = f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{number}"/></w:numPr>'
                self.items += 1
            elif self.lists and tag == "p" and self.items == self.begun:
                self.numbers = '<w:ind w:left="720"/>'
        elif tag in ("ol", "ul"):
            self.end()
            self.lists.append(tag)
        elif tag == "tr":
            self.end()
            self.blocks.append("<w:tr>")
        elif tag == "table":
            self.end()
            self.blocks.append("<w:tbl><w:tblPr/><w:tblGrid/>")
        elif tag == "hr":
            self.end()
            self.blocks.append(p(properties='<w:pBdr><w:bottom w:val="single"/></w:pBdr>'))
        elif tag == "br":
            self.runs.append("<w:r><w:br/></w:r>")
        for name in {said.get("id"), said.get("name")} - {None, ""}:
            self.bookmarks += 1
            mark = (
                f'<w:bookmarkStart w:id="{self.bookmarks}" w:name="{name}"/>'
                f'<w:bookmarkEnd w:id="{self.bookmarks}"/>'
            )
            self.runs.append(mark)
        if tag not in ("br", "hr"):
            self.open.append((tag, (said.get("href") or "").partition("#")[2] if tag == "a" else ""))

    def handle_endtag(self, tag):
        while self.open and self.open.pop()[0] != tag:
            pass
        if tag in _BLOCKS or tag in ("li", "td", "th", "div", "section"):
            self.end()
        if tag in ("td", "th"):
            inner = self.blocks.pop() if self.blocks and self.blocks[-1].startswith("<w:p>") else "<w:p/>"
            self.blocks.append(f"<w:tc>{inner}</w:tc>")
        elif tag == "tr":
            self.blocks.append("</w:tr>")
        elif tag == "table":
            self.blocks.append("</w:tbl>")
        elif tag in ("ol", "ul") and self.lists:
            self.lists.pop()

    def handle_data(self, data):
        properties = "".join(dict.fromkeys(_MARKS[tag] for tag, _href in self.open if tag in _MARKS))
        anchor = next((href for _tag, href in reversed(self.open) if href), "")
        run = t(data, properties)
        self.runs.append(f'<w:hyperlink w:anchor="{anchor}">{run}</w:hyperlink>' if anchor else run)

    def end(self):
        """The paragraph is over; what only names a place waits for the next."""
        if any("<w:t " in run for run in self.runs):
            self.blocks.append(p(*self.runs, style=self.style, properties=self.numbers + self.direction))
            self.runs, self.numbers, self.style = [], "", ""
            self.begun = self.items

    def close(self):
        """The text is over."""
        super().close()
        self.end()


def as_word(html):
    """The blocks of a Word file that shows this HTML."""
    writer = Writer()
    writer.feed(html)
    writer.close()
    return "".join(writer.blocks)
