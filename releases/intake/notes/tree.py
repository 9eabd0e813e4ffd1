"""A tree prepared for the search: each run of text, and each line that may be a note, is an element of its own."""

import re
from typing import Any

from lxml import etree

from releases.text.labels import are_consecutive, label, opening

Node = Any
# The element around a run of text during the search: text and elements are then all children alike.
WORDS = "words-"
# A line of a paragraph, or a term with its descriptions, that may be an entry of its own.
LINE = "line-"
BLOCKS = frozenset((
    "p", "li", "div", "dd", "dt", "td", "th", "tr", "table", "ul", "ol", "dl", "blockquote", "section", "article",
    "aside", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "hr", "figure", "tbody", "thead", "tfoot", "header", "footer",
    "main", "nav", "form", "figcaption", "caption", "center", "address", "details", "summary", LINE,
))  # fmt: skip
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
# They hold many entries: an entry is never a whole one of them.
HOLDERS = frozenset(("ol", "ul", "dl", "table", "tbody", "thead", "tfoot", "section", "article", "main", "body", "html"))  # fmt: skip


_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def wrap(root: Node) -> bool:
    """Put each run of text into an element of its own. Returns whether characters were dropped that XML may not hold."""
    unseen = False

    def run(text: str) -> Node:
        nonlocal unseen
        node = etree.Element(WORDS)
        node.text, changed = _UNSEEN.subn("", text)
        unseen = unseen or changed > 0
        return node

    for node in list(root.iter()):
        # A comment or an instruction says nothing; what follows it does.
        if node.text and isinstance(node.tag, str):
            words, node.text = run(node.text), None
            node.insert(0, words)
    for node in list(root.iter()):
        if node is not root and node.tail:
            words, node.tail = run(node.tail), None
            node.addnext(words)
    return unseen


def unwrap(root: Node) -> None:
    """The tree as it was before `wrap`, but for what was changed in it."""
    etree.strip_tags(root, WORDS, LINE)


def words(text: str) -> Node:
    """A run of words."""
    node = etree.Element(WORDS)
    node.text = text
    return node


def text_of(node: Node) -> str:
    """All words below a node, on one line."""
    return " ".join("".join(node.itertext()).replace("\xa0", " ").split())


def has_words(node: Node) -> bool:
    """Whether a node has any text. Stops at the first: this is asked for each of a thousand notes."""
    return any(text.strip() for text in node.itertext())


def replace(node: Node, *other_links: Node) -> None:
    """Put others in a node's place."""
    for other in other_links:
        node.addprevious(other)
    node.getparent().remove(node)


class Positions:
    """The order of a tree's nodes, as it was when this was made."""

    def __init__(self, root: Node) -> None:
        self.root = root
        self.first: dict[Node, int] = {}
        self.last: dict[Node, int] = {}
        self._letters = [0]
        for place, node in enumerate(root.iter()):
            self.first[node] = place
            self._letters.append(self._letters[-1] + len((node.text or "").strip()))
        for node in reversed(self.first):
            end = self.last.setdefault(node, self.first[node])
            parent = node.getparent()
            if parent is not None and node is not root:
                self.last[parent] = max(self.last.get(parent, end), end)

    def contains(self, outer: Node, inner: Node) -> bool:
        """Whether `inner` is `outer` or stands in it."""
        return self.first[outer] <= self.first[inner] <= self.last[outer]

    def length(self, *nodes: Node) -> int:
        """How many letters stand from the first node to the end of the last."""
        return self._letters[self.last[nodes[-1]] + 1] - self._letters[self.first[nodes[0]]]

    def length_after(self, node: Node) -> int:
        """How many letters stand behind a node."""
        return self._letters[-1] - self._letters[self.last[node] + 1]

    def follows(self, one: Node, other: Node) -> bool:
        """Whether `one` begins after the end of `other`."""
        return self.first[one] > self.last[other]


def block_of(node: Node, root: Node) -> Node | None:
    """The block around a node, or the node; a cell's block is its row. None where only `root` is one."""
    while node is not None and node is not root:
        if node.tag in BLOCKS:
            parent = node.getparent()
            return parent if node.tag in ("td", "th") and parent.tag == "tr" else node
        node = node.getparent()
    return None


def words_before(node: Node, root: Node) -> str:
    """The text before a node on its line."""
    found: list[str] = []
    length = 0
    while node is not root and node.tag not in BLOCKS and length < 60:
        before = node.getprevious()
        while before is not None and length < 60:
            if before.tag in BLOCKS or before.tag == "br":
                return "".join(reversed(found))
            text = ""
            broken = False
            for one in before.iter():
                if one.tag == "br":
                    text, broken = "", True
                else:
                    text += one.text or ""
            if broken:
                return "".join(reversed([*found, text]))
            found.append(text)
            length += len(text)
            before = before.getprevious()
        node = node.getparent()
    return "".join(reversed(found))


def words_after(node: Node, root: Node) -> str:
    """The text after a node on its line."""
    found: list[str] = []
    length = 0
    while node is not root and node.tag not in BLOCKS and length < 60:
        after = node.getnext()
        while after is not None and length < 60:
            if after.tag in BLOCKS or after.tag == "br":
                return "".join(found)
            found.append("".join(after.itertext()))
            length += len(found[-1])
            after = after.getnext()
        node = node.getparent()
    return "".join(found)


_CONTAINERS = ("p", "div", "td", "li", "dd", "section", "blockquote", "aside", "article", "center", "pre")
_SHELLS = frozenset(("small", "font", "span", "i", "em"))


def wrap_lines(root: Node, wanted: set[str]) -> None:
    """Box the lines of `root`; `wanted` are the names that links of the page lead to. `unwrap` takes the boxes away."""
    _wrap_terms(root)
    for container in [root, *root.iter(*_CONTAINERS)]:
        inner = container
        while len(only := [one for one in inner if has_words(one)]) == 1 and only[0].tag in _SHELLS:
            inner = only[0]
        if len(inner) > 1:
            _wrap_lines_of(inner, wanted)


def _wrap_lines_of(container: Node, wanted: set[str]) -> None:
    lines: list[list[Node]] = [[]]
    for child in container:
        if child.tag in BLOCKS:
            lines += [[]]
            continue
        lines[-1].append(child)
        if child.tag == "br":
            lines.append([])
    lines = [line for line in lines if any(has_words(one) for one in line)]
    anchored = [line for line in lines if _begins_with_place(line, wanted)]
    starts = anchored if len(anchored) > 1 or (anchored and len(lines) > 1) else _counting(lines)
    if not starts:
        return
    begins = {id(line[0]) for line in starts}
    box: Node = None
    for child in list(container):
        if child.tag in BLOCKS:
            box = None
        elif id(child) in begins:
            box = etree.Element(LINE)
            child.addprevious(box)
        if box is not None:
            box.append(child)


def _begins_with_place(line: list[Node], wanted: set[str]) -> bool:
    """Whether a line begins with what a link of the page leads to, and the place itself is a label or empty."""
    for child in line:
        names = {name for one in child.iter() for name in (one.get("id"), one.get("name")) if name}
        if names & wanted:
            text = text_of(child)
            return not text or label(text) is not None or opening(text) is not None
        if has_words(child):
            return False
    return False


def _counting(lines: list[list[Node]]) -> list[list[Node]]:
    """The lines that begin with labels which count, where there are at least two of them."""
    found = [(line, opening("".join("".join(one.itertext()) for one in line).lstrip())) for line in lines]
    labelled = [(line, begin[0]) for line, begin in found if begin]
    if len(labelled) < 2 or not are_consecutive([one for _line, one in labelled]):
        return []
    return [line for line, _label in labelled]


def _wrap_terms(root: Node) -> None:
    """A term and its descriptions in a box, where the term is a label."""
    for terms in list(root.iter("dl")):
        box: Node = None
        for child in list(terms):
            if child.tag == "dt":
                box = None
                if label(text_of(child)) is not None or not has_words(child):
                    box = etree.Element(LINE)
                    child.addprevious(box)
            if box is not None and child.tag in ("dt", "dd"):
                box.append(child)
