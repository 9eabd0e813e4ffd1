"""The tables of words and weights that Python and the editor's scripts both read, each one a JSON file in this folder; and symbol fonts.

Python reads them here. A page with the editor holds them all as one block of JSON, which `static/js/editor/tables.js` reads.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any, Final

_FOLDER = Path(__file__).parent


def table(name: str) -> dict[str, Any]:
    """The table of that name; it also holds "about", a sentence for whoever opens the file."""
    found: dict[str, Any] = json.loads((_FOLDER / f"{name}.json").read_text("utf-8"))
    return found


@cache
def all_tables() -> dict[str, dict[str, Any]]:
    """Every table by its name, without "about"."""
    names = sorted(file.stem for file in _FOLDER.glob("*.json"))
    return {name: {key: value for key, value in table(name).items() if key != "about"} for name in names}


_FONTS: Final[dict[str, str]] = table("symbols")["fonts"]
_NONE: Final = "\ufffd"


def is_symbol_font(font: str) -> bool:
    """Whether a font shows symbols in the place of letters."""
    return font.strip().lower() in _FONTS


def symbol(font: str, point: int) -> str:
    """What the code point shows in a symbol font (0x20 to 0xFF, or the same from 0xF020 on); "" where nobody knows.

    In another font it is what it is, as far as it can be kept: no control, surrogate or private character.
    """
    if is_symbol_font(font):
        place = point - 0xF000 if 0xF000 <= point <= 0xF0FF else point
        if not 0x20 <= place <= 0xFF:
            return chr(point) if _is_kept(point) else ""
        found = _FONTS[font.strip().lower()][place - 0x20]
        return "" if found == _NONE else found
    return chr(point) if _is_kept(point) else ""


def _is_kept(point: int) -> bool:
    return (
        0x20 <= point <= 0x10FFFF
        and not 0x7F <= point < 0xA0
        and not (0xD800 <= point <= 0xDFFF or 0xE000 <= point <= 0xF8FF)
    )
