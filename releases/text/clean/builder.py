"""Builds the tree of a valid body from tokens: each tag opens, closes or splits elements as the schema demands."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from releases.text.clean.stack import (
    CELLS,
    ITEMS,
    LISTS,
    TEXT_KINDS,
    WHITE,
    Body,
    Citation,
    FormattingElement,
    LimitExceeded,
    OpenElements,
)
from releases.text.clean.tokenizer import Token
from releases.text.schema import (
    BOUNDARIES,
    CITATION_CLASS,
    NOTE_LIST_CLASS,
    RENAMED,
    TABLE_PARTS,
    allowed_value,
    link_address,
)

MAX_INLINES: Final = 50  # inline elements open at once

INLINES: Final = frozenset({"strong", "em", "sup", "sub", "a", "span"})
_FRAGMENT: Final = "#fn-"
# What the place of a citation may show and still be a citation: "4", "[4]", "*".
_LABEL: Final = re.compile(r"[\s\[(]*([0-9]{0,5}|[*†‡§¶]{1,3})[\s\])]*")
_BRACKETS: Final = re.compile(r"[\s\[\]()]*")


@dataclass(slots=True)
class PendingCitation:
    key: str
    words: list[str] = field(default_factory=list)
    nested: int = 0


def allowed_attributes(attributes: dict[str, str]) -> dict[str, str]:
    """The attributes that a block or an inline element may keep. Ids and addresses are handled elsewhere."""
    allowed = {}
    names = ("lang", "dir", "colspan", "rowspan", "start")
    for name, value in attributes.items():
        value = value.lower() if name == "dir" else value
        if name in names and allowed_value(name, value):
            allowed[name] = value
    return allowed


class InlineBuilder(OpenElements):
    """Handles text, inline tags and citations."""

    def __init__(self) -> None:
        super().__init__()
        self.pending_citation: PendingCitation | None = None
        self.cited: set[str] = set()

    def text(self, text: str) -> None:
        if self.pending_citation:
            self.pending_citation.words.append(text)
            return
        if self.open_elements[-1].kind not in TEXT_KINDS:
            text = text.lstrip(WHITE)
            if not text:
                return
            self.open_text_block()
        if _BRACKETS.fullmatch(text) and any(i.kind == "note-mark" for i in self.inlines):
            return
        self.append_words(text)

    def start_inline(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "a" and self.pending_citation:
            self.finish_citation()
        if self.pending_citation:
            self.pending_citation.nested += tag != "br"
            return
        if tag == "br":
            if self.open_elements[-1].kind not in TEXT_KINDS:
                self.open_text_block()
            self.element(self.inline_parent(), "br")
            return
        if len(self.inlines) >= MAX_INLINES:
            raise LimitExceeded("too-deep")
        kind, allowed, keep = tag, {}, True
        if tag == "a":
            self.close_inline("a")
            href = attributes.get("href", "")
            if href.startswith(_FRAGMENT):
                self.pending_citation = PendingCitation(href[len(_FRAGMENT) :])
                return
            address = link_address(href) if href else None
            keep = address is not None
            allowed = {"href": address} if address is not None else {}
            if href and address is None:
                self.body.refused_links.append(href)
        elif tag == "span":
            allowed = allowed_attributes(attributes)
            allowed = {name: allowed[name] for name in allowed if name in ("lang", "dir")}
            keep = bool(allowed)
        elif tag == "sup" and CITATION_CLASS in attributes.get("class", "").split():
            kind = "note-mark"
        if tag != "span" and any(inline.tag == tag and inline.is_kept for inline in self.inlines):
            keep = False
        spans_blocks = self.open_elements[-1].kind not in TEXT_KINDS
        self.inlines.append(FormattingElement(kind, allowed, keep, spans_blocks, len(self.open_elements)))

    def end_inline(self, tag: str) -> None:
        if self.pending_citation:
            if tag != "a" and self.pending_citation.nested:
                self.pending_citation.nested -= 1
                return
            self.finish_citation()
            if tag == "a":
                return
        self.close_inline(tag)

    def close_inline(self, tag: str) -> None:
        kinds = ("sup", "note-mark") if tag == "sup" else (tag,)
        for index in range(len(self.inlines) - 1, -1, -1):
            if self.inlines[index].kind in kinds:
                if self.inlines[index].node is not None:
                    self.write()
                    self.reopen_later(index)
                del self.inlines[index]
                return

    def reopen_later(self, index: int) -> None:
        """Open the formatting elements from `index` on again with their next word."""
        for inline in self.inlines[index:]:
            inline.node = None

    def finish_citation(self) -> None:
        """Make a citation of what was gathered, if it looks like one. Otherwise its words stay text."""
        if self.pending_citation is None:
            return
        pending_citation, self.pending_citation = self.pending_citation, None
        words = "".join(pending_citation.words)
        label = _LABEL.fullmatch(words)
        marked = any(inline.kind == "note-mark" for inline in self.inlines)
        if label is None:
            self.text(words)
            if not marked:
                self.body.refused_links.append(_FRAGMENT + pending_citation.key)
        if (
            self.in_notes
            or self.open_elements[-1].kind == "notes"
            or not (marked or (label and words.strip()))
        ):
            return
        if self.open_elements[-1].kind not in TEXT_KINDS:
            self.open_text_block()
        cut = len(self.inlines)
        for index, inline in enumerate(self.inlines):
            if inline.kind in ("a", "note-mark"):
                cut = index
                break
        after, self.inlines = self.inlines[cut:], self.inlines[:cut]
        parent = self.inline_parent()
        self.inlines += after
        self.reopen_later(cut)  # a link that goes on after the citation is two links: links do not nest
        mark = self.element(parent, "sup", {"class": CITATION_CLASS})
        self.element(mark, "a")
        shown = int(label[1]) if label and label[1].isdigit() else None
        self.body.citations.append(Citation(pending_citation.key, shown, mark))
        self.cited.add(pending_citation.key)


_BLOCKS: Final = TEXT_KINDS | CELLS | {"li", "ul", "ol", "blockquote", "table", "tr", "caption", "hr"}
_TABLE: Final = frozenset({"table"})
_ROW: Final = frozenset({"tr"})
_NOTE: Final = frozenset({"note"})
# An item belongs to the innermost list, but not to one outside its cell or quotation.
_ITEM_SCOPE: Final = CELLS | {"blockquote", "table", "tr"}
_CELL_SCOPE: Final = CELLS | {"table", "tr"}
_AROUND_WORDS: Final = CELLS | LISTS | ITEMS | {"div", "blockquote", "table", "tr"}
# End tag -> the kinds that it closes, the kinds beyond which it does not look.
_ENDED_BY: Final[dict[str, tuple[frozenset[str], frozenset[str]]]] = {
    "p": (frozenset({"p"}), _AROUND_WORDS),
    "h2": (frozenset({"h2", "h3"}), _AROUND_WORDS),
    "h3": (frozenset({"h2", "h3"}), _AROUND_WORDS),
    "div": (frozenset({"div"}), _CELL_SCOPE),
    "blockquote": (frozenset({"blockquote"}), _CELL_SCOPE),
    "ul": (frozenset({"ul"}), _CELL_SCOPE),
    "ol": (frozenset({"ol", "notes"}), _CELL_SCOPE),
    "li": (ITEMS, LISTS | _CELL_SCOPE),
    "table": (_TABLE, frozenset()),
    "tr": (_ROW, _TABLE),
    "td": (CELLS, _TABLE),
    "th": (CELLS, _TABLE),
    "caption": (frozenset({"p"}), _CELL_SCOPE),
}


def build_tree(stream: Iterator[Token]) -> Body:
    """Read tokens into a `Body`. Raises `LimitExceeded` for a source that is too deep or has too many elements."""
    builder = _TreeBuilder()
    for token in stream:
        if token.kind == "text":
            builder.text(token.data)
        elif token.kind == "start":
            builder.start(RENAMED.get(token.data, token.data), token.attributes)
        else:
            builder.end(RENAMED.get(token.data, token.data))
    return builder.finish()


class _TreeBuilder(InlineBuilder):
    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag in INLINES or tag == "br":
            self.start_inline(tag, attributes)
            return
        if tag not in _BLOCKS and tag not in BOUNDARIES and tag not in TABLE_PARTS:
            return
        self.finish_citation()
        if tag == "p" and self.open_elements[-1].kind in ("h2", "h3") and not self.pending:
            node = self.open_elements[-1].node
            if not node.text and next(node.iterchildren(), None) is None:
                return  # <h2><p>Title</p></h2>
        self.close_text_block()
        allowed = allowed_attributes(attributes)
        if tag in TEXT_KINDS:
            self.open_text_block(tag, allowed)
        elif tag == "li":
            self.start_item(attributes, allowed)
        elif tag == "ul" or tag == "ol":
            self.start_list(tag, attributes, allowed)
        elif tag == "tr" or tag in CELLS or tag in TABLE_PARTS or tag == "caption":
            self.start_table_part(tag, allowed)
        elif tag == "table":
            self.prepare_for_block()
            if self.in_notes:
                self.push("table")
            else:
                table = self.element(self.open_elements[-1].node, "table")
                self.push("table", node=self.element(table, "tbody")).own = True
        elif tag == "blockquote":
            self.prepare_for_block()
            self.open_block(tag, {name: allowed[name] for name in allowed if name in ("lang", "dir")})
        elif tag == "hr":
            self.prepare_for_block()
            if not self.in_notes:
                self.element(self.open_elements[-1].node, "hr")
        else:
            self.prepare_for_block()
            self.push("div", attributes={name: allowed[name] for name in allowed if name in ("lang", "dir")})

    def start_list(self, tag: str, attributes: dict[str, str], allowed: dict[str, str]) -> None:
        if tag == "ol" and NOTE_LIST_CLASS in attributes.get("class", "").split():
            self.push("notes", node=self.note_holder)
            return
        top = self.open_elements[-1]
        if top.kind in ("ul", "ol") and top.own:
            last = next(top.node.iterchildren(reversed=True), None)
            if last is not None:  # a list that stands between the items of another belongs to the item before
                self.push("li", node=last)
        self.prepare_for_block()
        self.open_block(tag, {"start": allowed["start"]} if tag == "ol" and "start" in allowed else None)

    def start_item(self, attributes: dict[str, str], allowed: dict[str, str]) -> None:
        identity = attributes.get("id", "")
        key = identity[3:] if identity.startswith("fn-") and len(identity) > 3 else None
        index = self.nearest(LISTS, _ITEM_SCOPE)
        if index is None:
            self.prepare_for_block()
            self.open_block("ul", implied=True)
        else:
            self.pop_to(index + 1)
        if self.open_elements[-1].kind == "notes" or (key in self.cited and not self.in_notes):
            self.open_note(key)
        else:
            self.open_block("li", {name: allowed[name] for name in allowed if name in ("lang", "dir")})

    def start_table_part(self, tag: str, allowed: dict[str, str]) -> None:
        index = self.nearest(_TABLE, _NOTE)
        if index is None:
            return
        if tag in CELLS and (row := self.nearest(_ROW, _TABLE)) is not None:
            self.pop_to(row + 1)
        else:
            self.pop_to(index + 1)
            if tag == "caption":
                self.start_caption()
                return
            if tag in TABLE_PARTS:
                return
            if tag in CELLS:
                self.open_block("tr", implied=True)
        self.open_block(
            tag, {name: allowed[name] for name in allowed if name != "start"} if tag in CELLS else None
        )

    def start_caption(self) -> None:
        """A caption becomes the paragraph before its table."""
        top = self.open_elements[-1]
        if top.own:
            caption = self.element(top.node, "p")
            top.node.getparent().addprevious(caption)
            self.push("p", node=caption, implied=True)

    def end(self, tag: str) -> None:
        if tag in INLINES:
            self.end_inline(tag)
            return
        kinds = _ENDED_BY.get("div" if tag in BOUNDARIES else tag)
        if kinds is None:
            return
        self.finish_citation()
        index = self.nearest(kinds[0], kinds[1])
        if index is not None:
            self.pop_to(index)

    def finish(self) -> Body:
        self.finish_citation()
        self.pop_to(1)
        return self.body
