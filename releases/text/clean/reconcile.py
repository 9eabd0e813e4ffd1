"""Reconciles citations and notes: each citation has its note, each note its number and its place in the list."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from lxml import etree

from releases.text.clean.builder import INLINES
from releases.text.clean.stack import Body, Citation
from releases.text.schema import KEY, NOTE_LIST_CLASS
from releases.text.tree import Node, inner_html, text_of

_GONE: Final = "gone"
_EXCERPT: Final = 80
MAX_UNMATCHED: Final = 50  # of each kind: nobody reads more, and each takes time


@dataclass(frozen=True)
class Unmatched:
    """A citation or note that has no counterpart. `number` is what the writer sees beside it."""

    code: str
    number: int | None
    excerpt: str


def reconcile(body: Body) -> list[Unmatched]:
    """Reconcile the citations and notes of `body.root`, with the list of notes last. Returns what had no counterpart.

    A note that nothing cites stays, behind the cited ones, if it has words. A citation without a note is removed.
    """
    keys = _Keys(body)
    notes = _notes(body, keys)
    unmatched: list[Unmatched] = []
    dangling: list[Node] = []
    cited: list[tuple[Node, int]] = []
    order: dict[str, int] = {}
    times: dict[str, int] = {}
    for citation in _in_document_order(body):
        key = keys.valid(citation.key)
        if key not in notes:
            if len(dangling) < MAX_UNMATCHED:
                unmatched.append(Unmatched("dangling-citation", citation.shown, _paragraph_of(citation)))
            dangling.append(citation.node)
            continue
        order.setdefault(key, len(order) + 1)
        times[key] = times.get(key, 0) + 1
        link = citation.node[0]
        link.set("href", f"#fn-{key}")
        link.set("id", f"fnref-{key}" if times[key] == 1 else f"fnref-{key}-{times[key]}")
        cited.append((link, order[key]))
    for link, number in cited:  # after the excerpts are taken: "30" and note 4 would read "304" there
        link.text = str(number)
    _remove(body.root, dangling)
    uncited = [key for key in notes if key not in order and has_words(notes[key])]
    for number, key in enumerate(uncited[:MAX_UNMATCHED], len(order) + 1):
        unmatched.append(
            Unmatched("uncited-note", number, shortened(" ".join(text_of(block) for block in notes[key])))
        )
    if order or uncited:
        holder = etree.SubElement(body.root, "ol", {"class": NOTE_LIST_CLASS})
        for key in [*order, *uncited]:
            note = notes[key]
            note.set("id", f"fn-{key}")
            if next(note.iterchildren(), None) is None:
                etree.SubElement(note, "p")
            holder.append(note)
    return unmatched


def has_words(node: Node) -> bool:
    """Whether a node has anything to read."""
    return bool(text_of(node).strip())


def shortened(text: str) -> str:
    """The beginning of a text on one line, to show where something is."""
    text = " ".join(text.split())
    return text if len(text) <= _EXCERPT else text[: _EXCERPT - 1] + "…"


class _Keys:
    """Valid keys for what the source calls its notes: the same name always gets the same key."""

    def __init__(self, body: Body) -> None:
        named = {key for key, _ in body.notes if key} | {citation.key for citation in body.citations}
        self.used = {key for key in named if KEY.fullmatch(key)}
        self.made: dict[str, str] = {}
        self.attempts: dict[str, int] = {}

    def valid(self, name: str) -> str:
        if name in self.used:
            return name
        if name not in self.made:
            self.made[name] = self.fresh(name)
        return self.made[name]

    def fresh(self, seed: str) -> str:
        """A key that nothing has yet, made from the words: the same source gives the same result."""
        while True:
            attempt = self.attempts[seed] = self.attempts.get(seed, 0) + 1
            key = sha256(f"{attempt} {seed}".encode()).hexdigest()[:10]
            if key not in self.used:
                self.used.add(key)
                return key


def _in_document_order(body: Body) -> list[Citation]:
    """The citations in the order of the body. The source has another one where a caption comes late in its table."""
    found = {citation.node: citation for citation in body.citations}
    return [found[node] for node in body.root.iter("sup") if node in found]


def _notes(body: Body, keys: _Keys) -> dict[str, Node]:
    """The notes by key, in their order. Two different notes with one key are two notes."""
    notes: dict[str, Node] = {}
    texts: dict[str, set[str]] = {}
    for name, node in body.notes:
        words = inner_html(node) if has_words(node) else ""
        if name is None:
            if words:
                notes[keys.fresh(words)] = node
            continue
        key = keys.valid(name)
        if key not in texts:
            notes[key] = node
            texts[key] = {words} - {""}
        elif words and words not in texts[key]:
            notes[keys.fresh(words) if texts[key] else key] = node
            texts[key].add(words)
    return notes


def _paragraph_of(citation: Citation) -> str:
    """The beginning of the paragraph around a citation: where a writer finds it."""
    node = citation.node.getparent()
    while node.tag in INLINES:
        node = node.getparent()
    return shortened(text_of(node))


def _remove(root: Node, nodes: list[Node]) -> None:
    """Remove citations, and inline elements that held nothing else.

    All at once: joining the texts around them one by one would be quadratic.
    """
    while nodes:
        parents = {id(node.getparent()): node.getparent() for node in nodes}
        for node in nodes:
            node.tag = _GONE
        etree.strip_elements(root, _GONE, with_tail=False)
        nodes = [
            parent
            for parent in parents.values()
            if parent.tag in INLINES and not parent.text and next(parent.iterchildren(), None) is None
        ]
