"""A comparison as people read it: words as text, what was removed in `del`, added in `ins`, tables as tables."""

from collections.abc import Iterable
from html import escape, unescape
from typing import Final, Literal

from releases.text.compare.pieces import TOKEN, Kind, Piece, cited, is_block, tag

Side = Literal["old", "new", "both"]
_ELEMENTS: Final[dict[Kind, str]] = {"removed": "del", "added": "ins", "same": ""}


class _Page:
    """Paragraphs and tables, put together word by word; balanced, whatever tags the words have."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.line: list[str] = []
        self.rows: list[list[tuple[str, str]]] | None = (
            None  # of the table that is open: name and content of each cell
        )
        self.cell = ""  # the name of the cell that is open

    def edge(self, token: str) -> None:
        """A block begins or ends."""
        name, ends = tag(token), token.startswith("</")
        if name == "table" and ends and self.rows is not None:
            self.end_table()
        elif name == "table" and not ends and self.rows is None:
            self.end_line()
            self.rows = []
        elif self.rows is None:
            self.end_line()
        elif name in ("tr", "td", "th"):
            self.end_line()
            if name == "tr" and not ends:
                self.rows.append([])
            self.cell = "" if ends or name == "tr" else name
            if self.cell and not self.rows:
                self.rows.append([])
            if self.cell:
                self.rows[-1].append((self.cell, ""))
        elif self.line:  # a paragraph in a cell
            self.line.append(" ")

    def end_line(self) -> None:
        """What was written belongs to the cell that is open, or is a paragraph."""
        words, self.line = "".join(self.line), []
        if not words.strip():
            return
        if self.rows is None:
            self.done.append(f"<p>{words}</p>")
        elif self.rows and self.rows[-1]:
            name, before = self.rows[-1][-1]
            self.rows[-1][-1] = (name, f"{before} {words.strip()}".strip())
        else:
            self.rows.append([("td", words.strip())])

    def end_table(self) -> None:
        """Rows that are shorter than the longest are filled up, which HTML wants."""
        self.end_line()
        rows, self.rows, self.cell = [row for row in self.rows or () if row], None, ""
        if not rows:
            return
        width = max(map(len, rows))
        written = (
            "".join(f"<{name}>{words}</{name}>" for name, words in [*row, *[("td", "")] * (width - len(row))])
            for row in rows
        )
        self.done.append(f"<table>{''.join(f'<tr>{row}</tr>' for row in written)}</table>")

    def html(self) -> str:
        """All of it."""
        if self.rows is None:
            self.end_line()
        else:
            self.end_table()
        return "".join(self.done)


def comparison_html(pieces: Iterable[Piece], side: Side = "both", *, html: bool = True) -> str:
    """Safe HTML: words as text, what was removed in `del`, added in `ins`; a changed form is named in ‹›.

    No element but p, table, tr, th, td, ins, del, sup and span. `side` leaves out what only the other side has. `html`
    False: the pieces are plain text.
    """
    shown = [
        (piece, piece.old if piece.kind == "removed" or side == "old" else piece.new)
        for piece in pieces
        if not ((side == "old" and piece.kind == "added") or (side == "new" and piece.kind == "removed"))
    ]
    if not html:
        plain = "".join(_wrapped(escape(raw), piece.kind) for piece, raw in shown)
        return plain if plain.strip() else ""
    page = _Page()
    for piece, raw in shown:
        run: list[str] = []
        for token in TOKEN.findall(raw):
            if len(token) > 1 and is_block(token):
                page.line.append(_wrapped("".join(run), piece.kind))
                run = []
                page.edge(token)
            else:
                run.append(_shown(token, changed=piece.kind != "same"))
        page.line.append(_wrapped("".join(run), piece.kind))
    return page.html()


def _shown(token: str, *, changed: bool) -> str:
    """A token as safe HTML."""
    if citation := cited(token):
        return f'<sup class="cited">[{escape(unescape(citation[2]))}]</sup>'
    if token.startswith("<") and len(token) > 1:
        return f'<span class="form">‹{escape(token[1:-1])}›</span>' if changed else ""
    return escape(unescape(token))


def _wrapped(run: str, kind: Kind) -> str:
    name = _ELEMENTS[kind]
    return f"<{name}>{run}</{name}>" if name and run else run
