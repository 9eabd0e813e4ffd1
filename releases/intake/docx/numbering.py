"""Word's lists: which list a paragraph belongs to, and its number there."""

import re
from dataclasses import dataclass, field

from releases.intake.docx.package import Node, W
from releases.intake.docx.styles import Styles, flag, indent_of, number, symbol_font, value
from releases.text.tables import symbol

BULLETS = {"bullet", "none"}
# Formats that are written as decimal numbers. The report names lists that were lettered or in roman numerals.
DECIMAL_FORMATS = {
    "decimal",
    "decimalZero",
    "chineseCounting",
    "ideographDigital",
    "japaneseCounting",
    "decimalFullWidth",
}
MAX_NUMBER = 99_999
INDENT = 720  # half an inch a level, where a list has no indent
_PLACE = re.compile("%([1-9])")
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
          (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip


def format_number(number: int, shape: str) -> str:
    """A number in a number format of Word; decimal for rare formats."""
    if shape in ("lowerLetter", "upperLetter") and number:
        found = chr(ord("a") + (number - 1) % 26) * min((number - 1) // 26 + 1, 9)
        return found if shape == "lowerLetter" else found.upper()
    if shape in ("lowerRoman", "upperRoman") and 0 < number < 5000:
        found = ""
        for value_of, letters in _ROMAN:
            found += letters * (number // value_of)
            number %= value_of
        return found if shape == "lowerRoman" else found.upper()
    if shape == "decimalZero":
        return f"{number:02}"
    return "" if shape == "none" else str(number)


@dataclass(frozen=True)
class Item:
    """An item of a list. Items of one list have the same `list` and rising numbers."""

    list: str
    level: int
    ordered: bool
    number: int
    lettered: bool
    label: str = ""  # as it is displayed: "2.1", "iv.", "☐"
    indent: int = 0  # of its words, in twentieths of a point


@dataclass
class Numbering:
    """The lists of a document while it is read. An abstract list counts on wherever it continues."""

    abstracts: dict[str, Node] = field(default_factory=dict)
    nums: dict[str, Node] = field(default_factory=dict)
    styles: Styles = field(default_factory=Styles)
    counters: dict[str, list[int | None]] = field(default_factory=dict)
    restarted: set[tuple[str, int]] = field(default_factory=set)
    _known: dict[tuple[str, int], tuple[str, str | None, Node | None]] = field(default_factory=dict)

    @classmethod
    def of(cls, root: Node | None, styles: Styles) -> "Numbering":
        """The lists of `numbering.xml`."""
        found = cls(styles=styles)
        for node in root.iterchildren(f"{W}abstractNum") if root is not None else ():
            found.abstracts.setdefault(node.get(f"{W}abstractNumId") or "", node)
        for node in root.iterchildren(f"{W}num") if root is not None else ():
            found.nums.setdefault(node.get(f"{W}numId") or "", node)
        return found

    def item(self, num_id: str, level: int) -> Item | None:
        """Count one more item; None where there is no such list (0 means "no list")."""
        num = self.nums.get(num_id)
        if num is None:
            return None
        if (num_id, level) not in self._known:
            name, abstract = self._abstract(num)
            self._known[num_id, level] = (name, *self._level(num, abstract, level))
        name, override, definition = self._known[num_id, level]
        if definition is None:
            return Item(name, level, ordered=False, number=1, lettered=False, indent=(level + 1) * INDENT)
        shape = value(definition, "numFmt") or "decimal"
        ordered = shape not in BULLETS
        start = number(value(definition, "start"), 1, 0, MAX_NUMBER)
        counts = self.counters.setdefault(name, [None] * 9)
        restart = number(override, 0, 0, MAX_NUMBER) if override is not None else None
        if restart is not None and (num_id, level) not in self.restarted:
            counts[level] = restart
        else:
            before = counts[level]
            counts[level] = start if before is None else min(before + 1, MAX_NUMBER)
        self.restarted.add((num_id, level))
        for deeper in range(level + 1, 9):
            counts[deeper] = None
        return Item(
            name,
            level,
            ordered,
            counts[level] or 0,
            ordered and shape not in DECIMAL_FORMATS,
            self._label(num_id, definition, counts),
            indent_of(definition.find(f"{W}pPr"), (level + 1) * INDENT),
        )

    def _label(self, num_id: str, definition: Node, counts: list[int | None]) -> str:
        """The label before the words. Each level of "%1.%2" has its own number format."""
        text = value(definition, "lvlText")
        if text is None:
            text = "%1."
        fonts = definition.find(f"{W}rPr")
        if value(definition, "numFmt") == "bullet":
            font = symbol_font(fonts) if fonts is not None else ""
            return "".join(symbol(font, ord(one)) for one in text[:1])
        legal = flag(definition, "isLgl")

        def place(match: re.Match[str]) -> str:
            level = int(match[1]) - 1
            shape = self._shape(num_id, level)
            count = counts[level]
            return format_number(1 if count is None else count, "decimal" if legal else shape)

        return _PLACE.sub(place, text)[:40]

    def _shape(self, num_id: str, level: int) -> str:
        known = self._known.get((num_id, level))
        if known is None:
            num = self.nums[num_id]
            name, abstract = self._abstract(num)
            known = self._known[num_id, level] = (name, *self._level(num, abstract, level))
        definition = known[2]
        return (value(definition, "numFmt") if definition is not None else None) or "decimal"

    def _abstract(self, num: Node) -> tuple[str, Node | None]:
        """The abstract list of a numbering instance, through up to five list styles."""
        for _hop in range(5):
            name = value(num, "abstractNumId") or ""
            abstract = self.abstracts.get(name)
            style = value(abstract, "numStyleLink") if abstract is not None else None
            if not style:
                return name, abstract
            linked = next(iter(self.styles.chain(style)), None)
            numbers = linked.find(f"{W}pPr/{W}numPr") if linked is not None else None
            target = self.nums.get(value(numbers, "numId") or "") if numbers is not None else None
            if target is None:
                return name, abstract
            num = target
        return name, abstract

    @staticmethod
    def _level(num: Node, abstract: Node | None, level: int) -> tuple[str | None, Node | None]:
        """The number at which this list restarts, if it does, and the definition of the level."""
        restart = None
        for override in num.iterchildren(f"{W}lvlOverride"):
            if number(override.get(f"{W}ilvl"), -1, 0, 8) == level:
                restart = value(override, "startOverride")
                own = override.find(f"{W}lvl")
                if own is not None:
                    return restart, own
        for node in abstract.iterchildren(f"{W}lvl") if abstract is not None else ():
            if number(node.get(f"{W}ilvl"), -1, 0, 8) == level:
                return restart, node
        return restart, None
