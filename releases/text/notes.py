"""The notes of a cleaned body as a numbered list, and where they are cited."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from releases.text.clean import stored_tree
from releases.text.schema import CITATION_CLASS, NOTE_LIST_CLASS
from releases.text.tree import TEXT_BLOCKS, Node, inner_html, line_of


@dataclass(frozen=True)
class Note:
    """A note: `html` is its paragraphs as stored, `text` its words on one line, `citations` a count."""

    key: str
    number: int
    html: str
    text: str
    citations: int


def notes_of(html: str) -> tuple[Note, ...]:
    """The notes of a cleaned body, in the order of their numbers."""
    root = stored_tree(html)
    cited = Counter(key for key, _ in citations_in(root))
    return tuple(
        Note(key, number, inner_html(node), _text(node), cited[key])
        for number, (key, node) in enumerate(notes_in(root), 1)
    )


def _text(note: Node) -> str:
    lines = (line_of(block, "drop") for block in note.iter(*TEXT_BLOCKS))
    return " ".join(line for line in lines if line)


def citations_in(root: Node) -> Iterator[tuple[str, Node]]:
    """The key and the `sup` element of each citation, in reading order."""
    for node in root.iter("sup"):
        if node.get("class") == CITATION_CLASS:
            link = next(node.iterchildren("a"), None)
            if link is not None and link.get("href", "").startswith("#fn-"):
                yield link.get("href")[4:], node


def notes_in(root: Node) -> Iterator[tuple[str, Node]]:
    """The key and the `li` element of each note."""
    holder = note_list(root)
    if holder is not None:
        for node in holder.iterchildren("li"):
            yield node.get("id", "")[3:], node


def note_list(root: Node) -> Node | None:
    """The list of notes, the last element of a body that has any."""
    last = next(root.iterchildren(reversed=True), None)
    return last if last is not None and last.tag == "ol" and last.get("class") == NOTE_LIST_CLASS else None
