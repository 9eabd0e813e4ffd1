"""Signs of symbol fonts on a saved page, which are other letters once the font is gone; `paste/signs.js` says the same."""

import re

from releases.intake.html.selectors import Node
from releases.intake.report import Report
from releases.text.symbols import is_symbol_font, symbol

_FAMILY = re.compile(
    r"(?:^|;)\s*(?:font-family|mso-symbol-font-family)\s*:\s*[\"']?([^;,\"']+)", re.IGNORECASE
)
# What a parser lets in and no tree takes back.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def read_signs(root: Node, report: Report) -> None:
    """Write them as the Unicode characters that they showed; what nobody knows stays and is said."""
    fonts: dict[Node, str] = {root: ""}
    for node in root.iter():
        if node is not root:
            around = fonts.get(node.getparent(), "")
            own = _font(node) if isinstance(node.tag, str) else None
            fonts[node] = around if own is None else own
            if around and node.tail:
                node.tail = _shown(node.tail, around, report)
        if isinstance(node.tag, str) and fonts[node] and node.text:
            node.text = _shown(node.text, fonts[node], report)


def _font(node: Node) -> str | None:
    """The symbol font that an element sets, "" for another font, None where it sets none."""
    style = node.get("style") or ""
    named = [name.strip() for name in _FAMILY.findall(style)]
    font = next(filter(is_symbol_font, named), "")
    if font:
        # Word names a symbol font for the signs alone where letters have a font of their own.
        letters = "mso-ascii-font-family" in style.lower()
        return (
            None if letters and not re.search(r"mso-char-type\s*:\s*symbol", style, re.IGNORECASE) else font
        )
    if face := (node.get("face") or "").split(",")[0].strip():
        return face if is_symbol_font(face) else ""
    return "" if named else None


def _shown(text: str, font: str, report: Report) -> str:
    found = ""
    for letter in text:
        shown = letter if letter.isspace() else symbol(font, ord(letter))
        if not shown:
            report.add("symbol", f"{font}: {ord(letter):X}")
        found += shown or letter
    return _UNWRITABLE.sub("", found)
