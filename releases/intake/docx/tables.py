"""Tables: Word's merged cells become cells with colspan and rowspan."""

import re
from collections.abc import Callable, Iterator

from releases.intake.docx.context import Context
from releases.intake.docx.package import Node, W
from releases.intake.docx.styles import flag, is_on, number, value

_FIRST_ROW = 0x0020
_MAX_SPAN = 63  # columns that a table of Word can have
_WRAPPERS = frozenset(
    f"{W}{name}" for name in ("sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag")
)


class _Cell:
    """A cell. Rows below may still lengthen it."""

    def __init__(self, tag: str, *, span: int) -> None:
        self.tag, self.span, self.rows, self.html = tag, span, 1, ""

    def written(self) -> str:
        spans = f' colspan="{self.span}"' * (self.span > 1)
        spans += f' rowspan="{min(self.rows, 999)}"' * (self.rows > 1)
        return f"<{self.tag}{spans}>{self.html or '<p></p>'}</{self.tag}>"


def table_html(node: Node, context: Context, content: Callable[[Node], str]) -> str:
    """A table as HTML, "" for one without words; `content` writes what stands in a cell."""
    rows: list[list[_Cell]] = []
    above: dict[int, _Cell] = {}  # by column: the cell that a merged one below would lengthen
    nodes = list(_children(node, f"{W}tr"))
    first = nodes[0] if len(nodes) > 1 and _has_header_row(node) else None
    for row in nodes:
        properties = row.find(f"{W}trPr")
        if properties is not None and properties.find(f"{W}del") is not None:
            context.report.add("deleted")
            continue
        head = row is first or (properties is not None and bool(flag(properties, "tblHeader")))
        rows.append(_row(row, properties, above, context, content, head=head))
    if not any(cell.html for row in rows for cell in row):
        return ""
    written = ("<tr>" + "".join(cell.written() for cell in row) + "</tr>" for row in rows)
    return "<table><tbody>" + "".join(written) + "</tbody></table>"


def _row(
    row: Node, properties: Node | None, above: dict[int, _Cell], context: Context, content: Callable[[Node], str],
    *, head: bool,
) -> list[_Cell]:  # fmt: skip
    column = number(value(properties, "gridBefore"), 0, 0, _MAX_SPAN) if properties is not None else 0
    cells = [_Cell("td", span=column)] if column else []
    for node in _children(row, f"{W}tc"):
        inner = node.find(f"{W}tcPr")
        span = number(value(inner, "gridSpan"), 1, 1, _MAX_SPAN) if inner is not None else 1
        merged = inner.find(f"{W}vMerge") if inner is not None else None
        if merged is not None and merged.get(f"{W}val") != "restart" and column in above:
            above[column].rows += 1
            column += span
            continue
        if (
            inner is not None
            and cells
            and value(inner, "hMerge") in ("", "continue")
            and inner.find(f"{W}hMerge") is not None
        ):
            # Merged the old way: the cell before goes on; what is hidden here is no longer shown by Word.
            cells[-1].span += span
            column += span
            continue
        cell = _Cell("th" if head else "td", span=span)
        if inner is not None and inner.find(f"{W}cellDel") is not None:
            context.report.add("deleted")
        else:
            cell.html = content(node)
        cells.append(cell)
        for occupied in range(column, column + span):
            above.pop(occupied, None)
        if merged is not None:
            above[column] = cell
        column += span
    return cells


def _has_header_row(node: Node) -> bool:
    """Whether the first row heads the columns. Newer files have an attribute for it, older ones a bit."""
    look = node.find(f"{W}tblPr/{W}tblLook")
    if look is None:
        return False
    if (raw := look.get(f"{W}firstRow")) is not None:
        return is_on(raw)
    bits = look.get(f"{W}val") or ""
    return bool(re.fullmatch(r"[0-9A-Fa-f]{1,8}", bits)) and bool(int(bits, 16) & _FIRST_ROW)


def _children(parent: Node, tag: str) -> Iterator[Node]:
    """Rows of a table or cells of a row, through wrappers such as content controls."""
    for child in parent.iterchildren():
        if child.tag == tag:
            yield child
        elif child.tag in _WRAPPERS:
            yield from _children(child, tag)
