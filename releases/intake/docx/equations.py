"""Equations of Office Math as a line of text that can be read aloud: (a+b)/c, x^2, √(x)."""

from collections.abc import Callable

from releases.intake.docx.package import Node, W

M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_DEEPEST = 40


def equation_text(node: Node, depth: int = 0) -> str:
    """An equation as one line of text."""
    if depth > _DEEPEST:
        return "".join(part.text or "" for part in node.iter(f"{M}t", f"{W}t"))
    shape = _SHAPES.get(node.tag)
    if shape is not None:
        return shape(node, depth)
    if node.tag in (f"{M}t", f"{W}t"):
        return node.text or ""
    return "".join(
        equation_text(child, depth + 1) for child in node.iterchildren() if isinstance(child.tag, str)
    )


def _part(node: Node, name: str, depth: int) -> str:
    found = node.find(f"{M}{name}")
    return equation_text(found, depth + 1) if found is not None else ""


def _setting(node: Node, kind: str, name: str, default: str) -> str:
    found = node.find(f"{M}{kind}/{M}{name}")
    if found is None:
        return default
    return found.get(f"{M}val") or ""


def _grouped(words: str) -> str:
    return words if len(words) < 2 or words.isalnum() else f"({words})"


def _fraction(node: Node, depth: int) -> str:
    return f"{_grouped(_part(node, 'num', depth))}/{_grouped(_part(node, 'den', depth))}"


def _scripts(node: Node, depth: int) -> str:
    found = _part(node, "e", depth)
    for name, sign in (("sub", "_"), ("sup", "^")):
        if words := _part(node, name, depth):
            found += sign + _grouped(words)
    return found


def _before(node: Node, depth: int) -> str:
    found = "".join(
        sign + _grouped(words)
        for name, sign in (("sub", "_"), ("sup", "^"))
        if (words := _part(node, name, depth))
    )
    return found + _part(node, "e", depth)


def _root(node: Node, depth: int) -> str:
    degree = _part(node, "deg", depth)
    return f"{degree}√({_part(node, 'e', depth)})"


def _sum(node: Node, depth: int) -> str:
    sign = _setting(node, "naryPr", "chr", "∫")
    limits = "".join(
        mark + _grouped(words)
        for name, mark in (("sub", "_"), ("sup", "^"))
        if (words := _part(node, name, depth))
    )
    return f"{sign}{limits} {_part(node, 'e', depth)}"


def _bracketed(node: Node, depth: int) -> str:
    begin, end = _setting(node, "dPr", "begChr", "("), _setting(node, "dPr", "endChr", ")")
    between = _setting(node, "dPr", "sepChr", "|")
    inner = between.join(equation_text(child, depth + 1) for child in node.iterchildren(f"{M}e"))
    return f"{begin}{inner}{end}"


def _function(node: Node, depth: int) -> str:
    return f"{_part(node, 'fName', depth)} {_part(node, 'e', depth)}"


def _matrix(node: Node, depth: int) -> str:
    rows = (
        ", ".join(equation_text(cell, depth + 1) for cell in row.iterchildren(f"{M}e"))
        for row in node.iterchildren(f"{M}mr")
    )
    return f"[{'; '.join(rows)}]"


def _nothing(node: Node, depth: int) -> str:
    return ""


_SHAPES: dict[str, Callable[[Node, int], str]] = {
    f"{M}f": _fraction,
    f"{M}sSup": _scripts,
    f"{M}sSub": _scripts,
    f"{M}sSubSup": _scripts,
    f"{M}sPre": _before,
    f"{M}rad": _root,
    f"{M}nary": _sum,
    f"{M}d": _bracketed,
    f"{M}func": _function,
    f"{M}m": _matrix,
    f"{W}rPr": _nothing,
    f"{M}rPr": _nothing,
    f"{M}ctrlPr": _nothing,
}
