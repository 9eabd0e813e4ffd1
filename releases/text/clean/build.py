"""Tokens to the tree of a valid body: each tag opens, closes or parts what the schema wants there."""

from collections.abc import Iterator
from typing import Final

from releases.text.clean.boxes import CELLS, ITEMS, LISTS, WORDS, Body
from releases.text.clean.phrases import INLINES, Phrases, kept_attributes
from releases.text.clean.tokens import Token
from releases.text.schema import BOUNDARIES, NOTE_LIST_CLASS, RENAMED, TABLE_PARTS

_BLOCKS: Final = WORDS | CELLS | {"li", "ul", "ol", "blockquote", "table", "tr", "caption", "hr"}
_TABLE: Final = frozenset({"table"})
_ROW: Final = frozenset({"tr"})
_NOTE: Final = frozenset({"note"})
# An item belongs to the innermost list, but not to one outside its cell or quotation.
_ITEM_SCOPE: Final = CELLS | {"blockquote", "table", "tr"}
_CELL_SCOPE: Final = CELLS | {"table", "tr"}
_AROUND_WORDS: Final = CELLS | LISTS | ITEMS | {"div", "blockquote", "table", "tr"}
# End tag -> the boxes that it closes, the boxes that it does not look out of.
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


def build(stream: Iterator[Token]) -> Body:
    """Read tokens into a `Body`. Raises `Refused` for a source that is too deep or has too many elements."""
    builder = _Builder()
    for token in stream:
        if token.kind == "text":
            builder.text(token.data)
        elif token.kind == "start":
            builder.start(RENAMED.get(token.data, token.data), token.attributes)
        else:
            builder.end(RENAMED.get(token.data, token.data))
    return builder.finish()


class _Builder(Phrases):
    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag in INLINES or tag == "br":
            self.start_inline(tag, attributes)
            return
        if tag not in _BLOCKS and tag not in BOUNDARIES and tag not in TABLE_PARTS:
            return
        self.end_citing()
        if tag == "p" and self.boxes[-1].kind in ("h2", "h3") and not self.pending:
            node = self.boxes[-1].node
            if not node.text and next(node.iterchildren(), None) is None:
                return  # <h2><p>Title</p></h2>
        self.leave_words()
        kept = kept_attributes(attributes)
        if tag in WORDS:
            self.open_words(tag, kept)
        elif tag == "li":
            self.start_item(attributes, kept)
        elif tag == "ul" or tag == "ol":
            self.start_list(tag, attributes, kept)
        elif tag == "tr" or tag in CELLS or tag in TABLE_PARTS or tag == "caption":
            self.start_table_part(tag, kept)
        elif tag == "table":
            self.block_parent()
            if self.in_notes:
                self.push("table")
            else:
                table = self.element(self.boxes[-1].node, "table")
                self.push("table", node=self.element(table, "tbody")).own = True
        elif tag == "blockquote":
            self.block_parent()
            self.box(tag, {name: kept[name] for name in kept if name in ("lang", "dir")})
        elif tag == "hr":
            self.block_parent()
            if not self.in_notes:
                self.element(self.boxes[-1].node, "hr")
        else:
            self.block_parent()
            self.push("div", attributes={name: kept[name] for name in kept if name in ("lang", "dir")})

    def start_list(self, tag: str, attributes: dict[str, str], kept: dict[str, str]) -> None:
        if tag == "ol" and NOTE_LIST_CLASS in attributes.get("class", "").split():
            self.push("notes", node=self.note_holder)
            return
        top = self.boxes[-1]
        if top.kind in ("ul", "ol") and top.own:
            last = next(top.node.iterchildren(reversed=True), None)
            if last is not None:  # a list that stands between the items of another belongs to the item before
                self.push("li", node=last)
        self.block_parent()
        self.box(tag, {"start": kept["start"]} if tag == "ol" and "start" in kept else None)

    def start_item(self, attributes: dict[str, str], kept: dict[str, str]) -> None:
        identity = attributes.get("id", "")
        key = identity[3:] if identity.startswith("fn-") and len(identity) > 3 else None
        index = self.nearest(LISTS, _ITEM_SCOPE)
        if index is None:
            self.block_parent()
            self.box("ul", implied=True)
        else:
            self.pop_to(index + 1)
        if self.boxes[-1].kind == "notes" or (key in self.cited and not self.in_notes):
            self.open_note(key)
        else:
            self.box("li", {name: kept[name] for name in kept if name in ("lang", "dir")})

    def start_table_part(self, tag: str, kept: dict[str, str]) -> None:
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
                self.box("tr", implied=True)
        self.box(tag, {name: kept[name] for name in kept if name != "start"} if tag in CELLS else None)

    def start_caption(self) -> None:
        """A caption becomes the paragraph before its table."""
        box = self.boxes[-1]
        if box.own:
            caption = self.element(box.node, "p")
            box.node.getparent().addprevious(caption)
            self.push("p", node=caption, implied=True)

    def end(self, tag: str) -> None:
        if tag in INLINES:
            self.end_inline(tag)
            return
        kinds = _ENDED_BY.get("div" if tag in BOUNDARIES else tag)
        if kinds is None:
            return
        self.end_citing()
        index = self.nearest(kinds[0], kinds[1])
        if index is not None:
            self.pop_to(index)

    def finish(self) -> Body:
        self.end_citing()
        self.pop_to(1)
        return self.body
