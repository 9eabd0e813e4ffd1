"""Tables that Python and the editor's scripts both read, and the one of symbol fonts looked up."""

import json
from pathlib import Path
from typing import Any, Final

_FOLDER = Path(__file__).resolve().parents[2] / "static" / "js" / "editor" / "paste"


def table(name: str) -> dict[str, Any]:
    """The value of a module; browsers import it, here its frame is taken off."""
    text = (_FOLDER / name).read_text("utf-8").strip()
    found: dict[str, Any] = json.loads(text.removeprefix("export default").rstrip(";"))
    return found


_TABLE: Final[dict[str, str]] = table("symbols.js")
_NONE: Final = "\ufffd"


def is_symbol_font(font: str) -> bool:
    """Does a font show signs in the place of letters?"""
    return font.strip().lower() in _TABLE and font.strip().lower() != "about"


def symbol(font: str, point: int) -> str:
    """What the code point shows in a symbol font (0x20 to 0xFF, or the same from 0xF020 on); "" where nobody knows.

    In another font it is what it is, as far as it can be kept: no control, surrogate or private character.
    """
    if is_symbol_font(font):
        place = point - 0xF000 if 0xF000 <= point <= 0xF0FF else point
        if not 0x20 <= place <= 0xFF:
            return chr(point) if _is_kept(point) else ""
        found = _TABLE[font.strip().lower()][place - 0x20]
        return "" if found == _NONE else found
    return chr(point) if _is_kept(point) else ""


def _is_kept(point: int) -> bool:
    return (
        0x20 <= point <= 0x10FFFF
        and not 0x7F <= point < 0xA0
        and not (0xD800 <= point <= 0xDFFF or 0xE000 <= point <= 0xF8FF)
    )
