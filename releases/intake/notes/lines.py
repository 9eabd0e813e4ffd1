"""Lines that may be notes get a box each: entries parted by breaks, terms with their descriptions."""

from lxml import etree

from releases.intake.notes.tree import BLOCKS, LINE, Node, has_words, text_of
from releases.text.labels import follow, label, opening

_CONTAINERS = ("p", "div", "td", "li", "dd", "section", "blockquote", "aside", "article", "center", "pre")
_SHELLS = frozenset(("small", "font", "span", "i", "em"))


def part_lines(root: Node, wanted: set[str]) -> None:
    """Box the lines of `root`; `wanted` are the names that links of the page lead to. `unwrap` takes the boxes away."""
    _part_terms(root)
    for container in [root, *root.iter(*_CONTAINERS)]:
        inner = container
        while len(only := [one for one in inner if has_words(one)]) == 1 and only[0].tag in _SHELLS:
            inner = only[0]
        if len(inner) > 1:
            _part(inner, wanted)


def _part(container: Node, wanted: set[str]) -> None:
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
    if len(labelled) < 2 or not follow([one for _line, one in labelled]):
        return []
    return [line for line, _label in labelled]


def _part_terms(root: Node) -> None:
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
