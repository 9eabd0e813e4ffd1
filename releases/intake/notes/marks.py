"""Candidates: marks in the text that may cite a note, and entries that may be one."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote

from releases.intake.notes.tree import Node, text_of, words_after, words_before
from releases.text.labels import TABLE, Label, label

_NAMES = TABLE["names"]
SURE_ID = re.compile(_NAMES["sure_ids"], re.IGNORECASE)
LIKELY_ID = re.compile(_NAMES["likely_ids"], re.IGNORECASE)
MARK_CLASSES = frozenset(_NAMES["mark_classes"])
TEXT_CLASSES = frozenset(_NAMES["text_classes"])
ROLES = frozenset(_NAMES["roles"])
EPUB = frozenset(_NAMES["epub"])
# A letter, a stop or a closing mark: marks of notes follow these without a space.
_GLUE = re.compile(r"[^\W_][\u0300-\u036f]?$|[.,;:!?%…”’\"'»›)\]}、。，；：！？」』》〉）】་།؟،؛۔]$")
_WRAPPERS = frozenset(("sup", "span", "b", "i", "em", "strong", "font", "small", "a", "u", "big", "label", "abbr", "cite"))  # fmt: skip


@dataclass
class Mark:
    """A label in the text: `node` is its outermost element, `link` the link in it where it has one."""

    node: Node
    label: Label
    link: Node | None = None
    raised: bool = False
    before: str = ""
    after: str = ""

    @property
    def adjoins_word(self) -> bool:
        """Whether it follows a word or a stop without a space, as marks do."""
        return bool(_GLUE.search(self.before))

    @property
    def begins_line(self) -> bool:
        """Whether a line begins with it. Then it is the label of an entry, or of a table of contents."""
        return not self.before.strip() and bool(self.after.strip())

    @property
    def set_off(self) -> bool:
        """Whether it is written as marks are: raised, in brackets, circled."""
        return self.raised or self.label.form in ("[", "(", "raised", "circled")


@dataclass
class Entry:
    """A candidate for a note: its blocks, the marks that cite it, the links in it that lead back to them."""

    blocks: list[Node]
    marks: list[Mark] = field(default_factory=list)
    back_links: list[Node] = field(default_factory=list)
    number: int = 0
    family: str = "number"

    @property
    def label(self) -> Label:
        """The label of its first citation."""
        return self.marks[0].label


def outermost(node: Node) -> Node:
    """The outermost element that holds a mark and nothing else."""
    parent = node.getparent()
    while parent is not None and parent.tag in _WRAPPERS and _bare(parent) == _bare(node):
        node, parent = parent, parent.getparent()
    return node


def _bare(node: Node) -> str:
    return text_of(node).strip("[]()（）［］ ")


def mark_at(node: Node, root: Node, link: Node | None = None) -> Mark | None:
    """The mark that `node` is, or None where its words are no label."""
    found = label(text_of(node))
    if found is None:
        return None
    outer = outermost(node)
    raised = (
        "sup" in (outer.tag, node.tag)
        or node.find(".//sup") is not None
        or found.form == "raised"
        or _inside(outer, "sup", root)
    )
    before, after = words_before(outer, root), words_after(outer, root)
    if not found.form and before[-1:] in ("[", "［") and after[:1] in ("]", "］"):
        found = found._replace(form="[")
    return Mark(outer, found, link, raised, before, after)


def _inside(node: Node, tag: str, root: Node) -> bool:
    parent = node.getparent()
    while parent is not None and parent is not root and parent.tag in _WRAPPERS:
        if parent.tag == tag:
            return True
        parent = parent.getparent()
    return False


def fragment(link: Node) -> str:
    """The place that a link leads to, in this page or another; "" where it names none."""
    return unquote((link.get("href") or "").strip().partition("#")[2])


def classes(node: Node) -> set[str]:
    """The class names of an element, in lower case."""
    return set((node.get("class") or "").lower().split())


def is_named(node: Node, wanted: frozenset[str]) -> bool:
    """Whether an element says by class, role or e-book type that it belongs to notes."""
    if not isinstance(node.tag, str):
        return False
    if classes(node) & wanted or (node.get("role") or "").lower() in ROLES:
        return True
    return bool(set((node.get("epub:type") or node.get("data-type") or "").lower().split()) & EPUB)


def names_of(node: Node) -> Iterator[str]:
    """The names of an element: id, name."""
    for name in (node.get("id"), node.get("name"), node.get("data-fn")):
        if name:
            yield name
