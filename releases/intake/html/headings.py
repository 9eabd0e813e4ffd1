"""Lines of a saved page that look like headings although nobody said so: alone, short, all bold, before text or a list."""

import re

from lxml import etree

from releases.intake.dates import dated
from releases.intake.docx.headings import LONGEST
from releases.intake.html.selectors import Node
from releases.intake.report import Report

_BLOCKS = frozenset(("p", "div", "ul", "ol", "table", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "section", "article", "hr", "pre", "dl", "figure"))  # fmt: skip
_OVER = frozenset(("p", "div", "ul", "ol", "table", "blockquote"))
_BOXES = frozenset(("li", "td", "th", "blockquote", "figure", "dl"))
_ADDRESS = re.compile(r"@|https?:|www\.")


def handmade_headings(root: Node, report: Report) -> None:
    """Make headings of them, and say so."""
    lines = [
        node for node in root.iter("p", "div")
        if node is not root and not any(one.tag in _BLOCKS for one in node.iterdescendants()) and "".join(node.itertext()).strip()
    ]  # fmt: skip
    apart = {node for node in lines if _is_apart(node, root)}
    # A text of which every other line is bold has bold lines, and no headings.
    if 2 * len(apart) > len(lines) > 2:
        return
    rank = "h3" if any(True for _one in root.iter("h2", "h3")) else "h2"
    for node in lines:
        following = node.getnext()
        while following is not None and (following.tag == "br" or not "".join(following.itertext()).strip()):
            following = following.getnext()
        if node in apart and following is not None and following.tag in _OVER and following not in apart:
            report.add("hand-heading", "".join(node.itertext()))
            node.tag = rank
            etree.strip_tags(node, "b", "strong")


def _is_apart(node: Node, root: Node) -> bool:
    words = " ".join("".join(node.itertext()).split())
    if len(words) > LONGEST or words[-1] in ".,;、。，།؛" or not any(one.isalpha() for one in words):
        return False
    if _ADDRESS.search(words) or dated(words) or node.find(".//br") is not None:
        return False
    parent = node.getparent()
    while parent is not root and parent is not None:
        if parent.tag in _BOXES:
            return False
        parent = parent.getparent()
    return not _words_outside(node)


def _words_outside(node: Node) -> bool:
    """Whether something in a line is not bold; figures that cite are neither."""
    if (node.text or "").strip() and node.tag not in ("b", "strong"):
        return True
    for child in node:
        if child.tag not in ("b", "strong", "sup") and _words_outside(child):
            return True
        if (child.tail or "").strip():
            return True
    return False
