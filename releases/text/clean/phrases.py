"""Text, inline elements and citations on their way into a body's paragraphs."""

import re
from dataclasses import dataclass, field
from typing import Final

from releases.text.clean.boxes import WHITE, WORDS, Boxes, Citation, Inline, Refused
from releases.text.clean.links import link_address
from releases.text.schema import CITATION_CLASS, allowed_value

MAX_INLINES: Final = 50  # inline elements open at once

INLINES: Final = frozenset({"strong", "em", "sup", "sub", "a", "span"})
_FRAGMENT: Final = "#fn-"
# What the place of a citation may show and still be a citation: "4", "[4]", "*".
_LABEL: Final = re.compile(r"[\s\[(]*([0-9]{0,5}|[*†‡§¶]{1,3})[\s\])]*")
_BRACKETS: Final = re.compile(r"[\s\[\]()]*")


@dataclass(slots=True)
class Citing:
    key: str
    words: list[str] = field(default_factory=list)
    nested: int = 0


def kept_attributes(attributes: dict[str, str]) -> dict[str, str]:
    """The attributes that a block or phrase may keep; ids and addresses are read elsewhere."""
    kept = {}
    names = ("lang", "dir", "colspan", "rowspan", "start")
    for name, value in attributes.items():
        value = value.lower() if name == "dir" else value
        if name in names and allowed_value(name, value):
            kept[name] = value
    return kept


class Phrases(Boxes):
    """Boxes that know what to do with the words and inline tags that come."""

    def __init__(self) -> None:
        super().__init__()
        self.citing: Citing | None = None
        self.cited: set[str] = set()

    def text(self, text: str) -> None:
        if self.citing:
            self.citing.words.append(text)
            return
        if self.boxes[-1].kind not in WORDS:
            text = text.lstrip(WHITE)
            if not text:
                return
            self.open_words()
        if _BRACKETS.fullmatch(text) and any(i.kind == "note-mark" for i in self.inlines):
            return
        self.put(text)

    def start_inline(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "a" and self.citing:
            self.end_citing()
        if self.citing:
            self.citing.nested += tag != "br"
            return
        if tag == "br":
            if self.boxes[-1].kind not in WORDS:
                self.open_words()
            self.element(self.inline_parent(), "br")
            return
        if len(self.inlines) >= MAX_INLINES:
            raise Refused("too-deep")
        kind, kept, keep = tag, {}, True
        if tag == "a":
            self.close_inline("a")
            href = attributes.get("href", "")
            if href.startswith(_FRAGMENT):
                self.citing = Citing(href[len(_FRAGMENT) :])
                return
            address = link_address(href) if href else None
            keep = address is not None
            kept = {"href": address} if address is not None else {}
            if href and address is None:
                self.body.refused_links.append(href)
        elif tag == "span":
            kept = kept_attributes(attributes)
            kept = {name: kept[name] for name in kept if name in ("lang", "dir")}
            keep = bool(kept)
        elif tag == "sup" and CITATION_CLASS in attributes.get("class", "").split():
            kind = "note-mark"
        if tag != "span" and any(inline.tag == tag and inline.kept for inline in self.inlines):
            keep = False
        outside = self.boxes[-1].kind not in WORDS
        self.inlines.append(Inline(kind, kept, keep, outside, len(self.boxes)))

    def end_inline(self, tag: str) -> None:
        if self.citing:
            if tag != "a" and self.citing.nested:
                self.citing.nested -= 1
                return
            self.end_citing()
            if tag == "a":
                return
        self.close_inline(tag)

    def close_inline(self, tag: str) -> None:
        kinds = ("sup", "note-mark") if tag == "sup" else (tag,)
        for index in range(len(self.inlines) - 1, -1, -1):
            if self.inlines[index].kind in kinds:
                if self.inlines[index].node is not None:
                    self.write()
                    self.forget_nodes(index)
                del self.inlines[index]
                return

    def forget_nodes(self, index: int) -> None:
        """Let inline elements from `index` on begin anew with their next word."""
        for inline in self.inlines[index:]:
            inline.node = None

    def end_citing(self) -> None:
        """What was gathered becomes a citation, if it looks like one; words never get lost."""
        if self.citing is None:
            return
        citing, self.citing = self.citing, None
        words = "".join(citing.words)
        label = _LABEL.fullmatch(words)
        marked = any(inline.kind == "note-mark" for inline in self.inlines)
        if label is None:
            self.text(words)
            if not marked:
                self.body.refused_links.append(_FRAGMENT + citing.key)
        if self.in_notes or self.boxes[-1].kind == "notes" or not (marked or (label and words.strip())):
            return
        if self.boxes[-1].kind not in WORDS:
            self.open_words()
        cut = len(self.inlines)
        for index, inline in enumerate(self.inlines):
            if inline.kind in ("a", "note-mark"):
                cut = index
                break
        after, self.inlines = self.inlines[cut:], self.inlines[:cut]
        parent = self.inline_parent()
        self.inlines += after
        self.forget_nodes(cut)  # a link that goes on after the citation is two links: links do not nest
        mark = self.element(parent, "sup", {"class": CITATION_CLASS})
        self.element(mark, "a")
        shown = int(label[1]) if label and label[1].isdigit() else None
        self.body.citations.append(Citation(citing.key, shown, mark))
        self.cited.add(citing.key)
