"""Styles: which paragraphs are titles, headings, quotations or contents, and what runs inherit."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from releases.intake.docx.package import Node, W, too_large
from releases.text.tables import is_symbol_font

_T = TypeVar("_T")

_MAX_CHAIN = 30  # styles based on styles based on …
_MAX_STYLES = 5_000
_RAISED_HALF_POINTS = 4
DEFAULT_SIZE = 20  # in half points: Word's default
_HEADING = re.compile(r"heading ([1-9])")
_QUOTES = {"quote", "intense quote", "block text", "quotations"}
_CONTINUED = {"list paragraph", "list continue", "list continue 2", "list continue 3"}
_OFF = {"0", "false", "off", "none"}


@dataclass(frozen=True)
class ParagraphStyle:
    """A paragraph's part in the document. `level` is a heading's, from 1; `numbering` a list's id and level."""

    role: str = ""  # "title", "heading", "quote", "contents", "continued", "date" or ""
    level: int = 0
    numbering: tuple[str, int] | None = None
    hidden: bool = False
    right_to_left: bool | None = None
    indent: int = 0
    bold: bool = False
    size: int = 0  # in half points, 0 where it is not set


@dataclass(frozen=True)
class RunStyle:
    """A character style; None where a property is not set."""

    bold: bool | None = None
    italic: bool | None = None
    hidden: bool = False
    raised: str = ""  # "sup" or "sub"
    right_to_left: bool | None = None
    struck: bool = False
    capitals: bool = False
    size: int | None = None


@dataclass
class Styles:
    """The styles of a document, each computed once."""

    nodes: dict[str, Node] = field(default_factory=dict)
    default: str = ""
    size: int = DEFAULT_SIZE  # the default of the document
    _paragraphs: dict[str, ParagraphStyle] = field(default_factory=dict)
    _runs: dict[str, RunStyle] = field(default_factory=dict)

    @classmethod
    def of(cls, root: Node | None) -> "Styles":
        """The styles of `styles.xml`, none where there is no such part."""
        styles = cls()
        defaults = root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr") if root is not None else None
        styles.size = font_size(defaults) or DEFAULT_SIZE
        for node in root.iterchildren(f"{W}style") if root is not None else ():
            name = node.get(f"{W}styleId") or ""
            styles.nodes.setdefault(name, node)
            if len(styles.nodes) > _MAX_STYLES:
                raise too_large()
            if node.get(f"{W}type") == "paragraph" and is_on(node.get(f"{W}default"), absent=False):
                styles.default = styles.default or name
        return styles

    @property
    def text_size(self) -> int:
        """The font size of plain paragraphs, in half points."""
        return self.paragraph("").size

    def chain(self, style: str) -> list[Node]:
        """The style and those that it is based on, nearest first."""
        found: list[Node] = []
        seen: set[str] = set()
        while style in self.nodes and style not in seen and len(found) < _MAX_CHAIN:
            seen.add(style)
            node = self.nodes[style]
            found.append(node)
            based = node.find(f"{W}basedOn")
            style = (based.get(f"{W}val") or "") if based is not None else ""
        return found

    def paragraph(self, style: str) -> ParagraphStyle:
        """The paragraph style of that id, the default one for ""."""
        style = style or self.default
        if style not in self._paragraphs:
            self._paragraphs[style] = self._paragraph(style)
        return self._paragraphs[style]

    def _paragraph(self, style: str) -> ParagraphStyle:
        role, level = "", 0
        numbering: tuple[str, int] | None = None
        num_id, num_level = None, None
        hidden = False
        direction: bool | None = None
        bold: bool | None = None
        indent = size = 0
        for node in self.chain(style):
            properties = node.find(f"{W}pPr")
            if not role:
                role, level = _role(name_of(node), properties)
            if properties is not None:
                numbers = properties.find(f"{W}numPr")
                if numbers is not None and num_id is None:
                    num_id = value(numbers, "numId")
                    num_level = value(numbers, "ilvl")
                if direction is None:
                    direction = flag(properties, "bidi")
                indent = indent or indent_of(properties)
            letters = node.find(f"{W}rPr")
            hidden = hidden or _is_hidden(letters)
            size = size or font_size(letters) or 0
            if letters is not None and bold is None:
                bold = flag(letters, "b")
        if num_id is not None:
            numbering = (num_id, number(num_level, 0, 0, 8))
        if not role and style.lower().startswith("heading") and style[7:8].isdigit():
            role, level = "heading", number(style[7:8], 1, 1, 9)  # a style that styles.xml forgot
        return ParagraphStyle(
            role, level, numbering, hidden, direction, indent, bool(bold), size or self.size
        )

    def run(self, style: str) -> RunStyle:
        """The character style of that id."""
        if style not in self._runs:
            raw = [
                properties for node in self.chain(style) if (properties := node.find(f"{W}rPr")) is not None
            ]

            def first(read: Callable[[Node], _T | None]) -> _T | None:
                return next((found for one in raw if (found := read(one)) is not None), None)

            direction = first(lambda one: flag(one, "rtl"))
            bold, italic = ("bCs", "iCs") if direction else ("b", "i")
            self._runs[style] = RunStyle(
                first(lambda one: flag(one, bold)),
                first(lambda one: flag(one, italic)),
                any(map(_is_hidden, raw)),
                first(vertical_align) or "",
                direction,
                struck=bool(
                    first(lambda one: flag(one, "strike")) or first(lambda one: flag(one, "dstrike"))
                ),
                capitals=bool(first(lambda one: flag(one, "caps"))),
                size=first(font_size),
            )
        return self._runs[style]


def _role(name: str, properties: Node | None) -> tuple[str, int]:
    if name == "title":
        return "title", 0
    if match := _HEADING.fullmatch(name):
        return "heading", int(match[1])
    if name in _QUOTES:
        return "quote", 0
    if name in _CONTINUED:
        return "continued", 0
    if name.startswith("toc ") or name in ("table of figures", "contents heading"):
        return "contents", 0
    if name == "date":
        return "date", 0
    if properties is not None and (outline := value(properties, "outlineLvl")) is not None:
        level = number(outline, 9, 0, 9)
        return ("heading", level + 1) if level < 9 else ("", 0)
    return "", 0


def name_of(node: Node) -> str:
    """A style's name in lower case: ids differ between languages of Word, names of its own styles do not."""
    return " ".join((value(node, "name") or "").lower().split())


def value(parent: Node, name: str) -> str | None:
    """The `w:val` of a child, None where there is no such child."""
    node = parent.find(W + name)
    return None if node is None else node.get(f"{W}val") or ""


def is_on(raw: str | None, *, absent: bool = True) -> bool:
    """A toggle property of Word: present without a value means on."""
    return absent if raw is None else raw.lower() not in _OFF


def flag(properties: Node, name: str) -> bool | None:
    """Whether a toggle property is on, off, or not set (None)."""
    node = properties.find(W + name)
    return None if node is None else is_on(node.get(f"{W}val"))


def number(raw: str | None, default: int, low: int, high: int) -> int:
    """A number as Word writes it, held between `low` and `high`; `default` for anything else."""
    if raw is None or not re.fullmatch(r"[+-]?[0-9]{1,9}", raw):
        return default
    return max(low, min(high, int(raw)))


def vertical_align(properties: Node) -> str | None:
    """ "sup", "sub", "" for the baseline, None where it is not set."""
    raw = value(properties, "vertAlign")
    if raw is not None:
        return {"superscript": "sup", "subscript": "sub"}.get(raw, "")
    # The other way to raise text: by half points.
    by = number(value(properties, "position"), 0, -999, 999)
    return "sup" if by >= _RAISED_HALF_POINTS else "sub" if by <= -_RAISED_HALF_POINTS else None


def indent_of(properties: Node | None, default: int = 0) -> int:
    """The left indent of a paragraph, in twentieths of a point."""
    node = properties.find(f"{W}ind") if properties is not None else None
    if node is None:
        return default
    return number(node.get(f"{W}left") or node.get(f"{W}start"), default, 0, 31_680)


def font_size(properties: Node | None) -> int | None:
    """The font size in half points, None where it is not set."""
    raw = value(properties, "sz") if properties is not None else None
    return None if raw is None else number(raw, 0, 0, 3_276) or None


def symbol_font(properties: Node) -> str:
    """The symbol font of a run, "" for every other font."""
    fonts = properties.find(f"{W}rFonts")
    names = (fonts.get(f"{W}ascii"), fonts.get(f"{W}hAnsi")) if fonts is not None else ()
    return next((name for name in names if name and is_symbol_font(name)), "")


def _is_hidden(properties: Node | None) -> bool:
    """Whether text is hidden. Hidden anywhere in the chain of styles counts: hidden text is never imported by mistake."""
    return properties is not None and bool(flag(properties, "vanish") or flag(properties, "webHidden"))
