"""Finds the notes of an old page, however it made them, and the places that cite them.

Two rules, the sure one first. A short label leads to an element that leads back: citation and note. Where nothing leads
back, a list at the end that counts from 1, and raised or linked figures in the text that count along with it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from releases.intake.html.selectors import Node

BLOCKS = frozenset((
    "p", "li", "div", "dd", "dt", "td", "th", "tr", "table", "ul", "ol", "dl", "blockquote", "section", "article",
    "aside", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "hr", "figure",
))  # fmt: skip
_LEAVES = ("p", "li", "div", "dd", "td")
_LABEL = re.compile(r"[\s\[(]*(?:([0-9]{1,3})|[ivxlc]{1,6}|[a-z]|[*†‡§]{1,3})[\s\]).:]*", re.IGNORECASE)
_NUMBERED = re.compile(r"\s*[\[(]?([0-9]{1,3})(?:[\])][.:]?|[.):])?\s+(?=\S)")
_BACK = re.compile(r"\s*(?:[\[(]?\s*(?:\^|↑|[↩↪]︎?|⤴|▲|back|top|return)\s*[\])]?)\s*", re.IGNORECASE)
_BACK_AT_END = re.compile(r"\s*[\[(]?\s*(?:\^|↑|[↩↪]︎?|⤴)\s*[\])]?\s*$")
_BACK_AT_START = re.compile(r"\s*(?:\^|↑)\s*")
HEADING = re.compile(
    r"\s*(?:foot|end)?notes?\s*:?\s*|\s*(?:references|sources|citations)\s*:?\s*|\s*[注註][释釋解]?\s*[:：]?\s*",
    re.IGNORECASE,
)
# "5 m²" is no note: a raised 2 or 3 behind a unit.
_UNIT = re.compile(r"(?:^|[\s\d(])(?:[cdkmµ]?m|mi|ft|in|yd|CO)\s*$")
MAX_NOTES = 999


@dataclass
class Found:
    """A note: the elements that hold it, and the elements that cite it."""

    number: int
    blocks: list[Node]
    citations: list[Node] = field(default_factory=list)


@dataclass
class Search:
    """What was found, and how many figures could have been marks."""

    notes: list[Found]
    unsure: int = 0


def find_notes(root: Node, *, region: Node | None = None) -> Search:
    """The notes in `root`; `region` is where the mapping says that they stand (within `root`)."""
    notes = _linked(root)
    if notes:
        return Search(notes)
    return _counted(root, region)


# ---------------------------------------------------------------------- what leads there and back


def _linked(root: Node) -> list[Found]:
    order = {node: place for place, node in enumerate(root.iter())}
    targets = _targets(root)
    found: dict[Node, Found] = {}
    for link in root.iter("a"):
        label = _text(link)
        name = fragment(link)
        if not name or len(label) > 8 or not _LABEL.fullmatch(label):
            continue
        target = targets.get(name)
        block = _block_of(target, root) if target is not None else None
        if block is None or order[block] <= order[link] or link in set(block.iter()):
            continue
        if not _leads_back(block, link, targets, root):
            continue
        note = found.setdefault(block, Found(len(found) + 1, [block]))
        note.citations.append(link)
    notes = sorted(found.values(), key=lambda one: order[one.blocks[0]])
    for note, following in pairwise(notes):  # behind the last one nothing is known to belong to it
        _add_paragraphs(note, following)
    return notes[:MAX_NOTES]


def _leads_back(block: Node, citation: Node, targets: dict[str, Node], root: Node) -> bool:
    """Does the note link to the citation, or to an anchor beside it?"""
    home = _block_of(citation, root)
    for link in block.iter("a"):
        target = targets.get(fragment(link))
        if target is None:
            continue
        if target is citation or citation in set(target.iter()) or target in set(citation.iter()):
            return True
        if target is not home and _block_of(target, root) is home and abs(_distance(target, citation)) <= 2:
            return True
    return False


def _distance(one: Node, other: Node) -> int:
    """How many elements of the paragraph lie between two."""
    home = one.getparent()
    while home is not None and other not in set(home.iter()):
        home = home.getparent()
    inner = list(home.iter()) if home is not None else []
    return inner.index(one) - inner.index(other) if one in inner and other in inner else 99


def _targets(root: Node) -> dict[str, Node]:
    found: dict[str, Node] = {}
    for node in root.iter():
        if isinstance(node.tag, str):
            for name in (node.get("id"), node.get("name") if node.tag == "a" else None):
                if name:
                    found.setdefault(name, node)
    return found


def fragment(link: Node) -> str:
    """The place in this page that a link leads to, "" for other pages."""
    href = link.get("href") or ""
    before, sign, name = href.partition("#")
    return name if sign and "/" not in before.strip("/") else ""


def _block_of(node: Node, root: Node) -> Node | None:
    while node is not None and node is not root:
        if node.tag in BLOCKS:
            # A target on the list's own cell means its row.
            return node.getparent() if node.tag in ("td", "th") and node.getparent().tag == "tr" else node
        node = node.getparent()
    return None


def _add_paragraphs(note: Found, following: Found) -> None:
    """What stands between one note and the next belongs to the first."""
    block, last = note.blocks[0], following.blocks[0]
    if block.tag in ("li", "tr", "dd") or last.getparent() is not block.getparent():
        return
    between = []
    for sibling in block.itersiblings():
        if sibling is last:
            note.blocks += between
            return
        if sibling.tag not in ("p", "div", "blockquote", "br"):
            return
        between.append(sibling)


# ---------------------------------------------------------------------- what counts along


def _counted(root: Node, region: Node | None) -> Search:
    notes = _list(root, region)
    if not notes:
        return Search([])
    first = notes[0].blocks[0]
    by_number = {note.number: note for note in notes}
    inside = {node for note in notes for block in note.blocks for node in block.iter()}
    expected, unsure = 1, 0
    for mark, number in list(_marks(root, first, inside)):
        linked = mark.tag == "a" or mark.find(".//a") is not None
        if number not in by_number:
            continue
        if number > expected or (not linked and number in (2, 3) and _UNIT.search(_before(mark))):
            unsure += 1
            continue
        by_number[number].citations.append(mark)
        expected += number == expected
    cited = [note for note in notes if note.citations]
    # Fewer than half of them cited: it was a list like any other.
    return Search(notes, unsure) if 2 * len(cited) >= len(notes) else Search([], unsure + len(cited))


def _marks(root: Node, end: Node, inside: set[Node]) -> Iterator[tuple[Node, int]]:
    """Raised or linked figures before the notes, outermost elements only."""
    seen: set[Node] = set()
    for node in root.iter():
        if node is end:
            return
        if node in inside or node in seen or node.tag not in ("sup", "a"):
            continue
        if node.tag == "a" and (node.get("href") or "#").partition("#")[0].strip("/ "):
            continue  # it leads to another page
        label = _LABEL.fullmatch(_text(node))
        if label and label[1]:
            seen.update(node.iter())
            yield node, int(label[1])


def _list(root: Node, region: Node | None) -> list[Found]:
    """The list at the end that counts from 1: an `ol`, or blocks that begin with their numbers."""
    where = region if region is not None else root
    lists = [node for node in where.iter("ol") if node.getparent() is not None]
    if lists and (region is not None or _looks_like_notes(lists[-1])):
        items = [node for node in lists[-1] if node.tag == "li"]
        return [Found(number, [item]) for number, item in enumerate(items[:MAX_NOTES], 1)]
    leaves = [
        node for node in where.iter(*_LEAVES) if not any(child.tag in BLOCKS for child in node.iterchildren())
    ]
    start = next((place for place in range(len(leaves) - 1, -1, -1) if number_of(leaves[place]) == 1), None)
    if start is None:
        return []
    notes: list[Found] = []
    waiting: list[Node] = []
    for leaf in leaves[start:]:
        if number_of(leaf) == len(notes) + 1:
            if notes:
                notes[-1].blocks += waiting
            waiting = []
            notes.append(Found(len(notes) + 1, [leaf]))
        else:
            waiting.append(leaf)
    sure = region is not None or any(_BACK_AT_END.search(_text(note.blocks[-1])) for note in notes)
    return notes if sure or _headed(leaves[start]) else []


def _looks_like_notes(node: Node) -> bool:
    if any(_BACK_AT_END.search(_text(item)) for item in node.iterchildren("li")):
        return True
    names = f"{node.get('class') or ''} {node.get('id') or ''} {node.getparent().get('class') or ''}".lower()
    return "note" in names or _headed(node)


def _headed(node: Node) -> bool:
    """Whether a word such as "Notes", or a rule, stands before it."""
    before = node.getprevious()
    while before is not None and before.tag == "br":
        before = before.getprevious()
    return before is not None and (
        before.tag == "hr" or (len(_text(before)) < 20 and bool(HEADING.fullmatch(_text(before))))
    )


def number_of(block: Node) -> int | None:
    """The number with which a block begins, as in "1. Source" or "[1] Source"."""
    match = _NUMBERED.match(_text(block) + " ")
    return int(match[1]) if match else None


def is_back(link: Node) -> bool:
    """Whether a link's words only say that it leads back."""
    words = _text(link)
    return len(words) < 12 and (not words or bool(_BACK.fullmatch(words)))


def is_label(words: str) -> bool:
    """Whether words are a note's mark and nothing else."""
    return bool(_LABEL.fullmatch(words))


def label_number(words: str) -> int | None:
    """The number of a mark such as "[4]"."""
    match = _LABEL.fullmatch(words)
    return int(match[1]) if match and match[1] else None


def back_at_end(words: str) -> str:
    """Words without the arrow that leads back."""
    return _BACK_AT_END.sub("", words).rstrip()


def back_at_start(words: str) -> str:
    """Words without the arrow that stands before them, as Wikipedia has it."""
    return _BACK_AT_START.sub("", words)


def _before(mark: Node) -> str:
    previous = mark.getprevious()
    text = (previous.tail if previous is not None else mark.getparent().text) or ""
    return text[-12:]


def _text(node: Node) -> str:
    return "".join(node.itertext()).strip()
