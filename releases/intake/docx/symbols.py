"""Characters of the symbol fonts that Word writes by their place in the font."""

import re

_WINGDINGS = {
    0x4A: "☺", 0x6C: "●", 0x6E: "■", 0x6F: "□", 0x71: "❑", 0x74: "⬧", 0x75: "◆", 0x76: "❖", 0x77: "⬥", 0x9F: "•",
    0xA7: "▪", 0xA8: "◻", 0xD8: "➢", 0xDF: "←", 0xE0: "→", 0xE1: "↑", 0xE2: "↓", 0xE8: "➔", 0xF0: "⇨", 0xFB: "✗",
    0xFC: "✓", 0xFD: "☒", 0xFE: "☑",
}  # fmt: skip
_SYMBOL_GREEK = "ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ"
_SYMBOL = {
    **{0x41 + n: letter for n, letter in enumerate(_SYMBOL_GREEK)},
    **{0x61 + n: letter for n, letter in enumerate("αβχδεφγηιϕκλμνοπθρστυϖωξψζ")},
    0xA3: "≤", 0xA5: "∞", 0xAB: "↔", 0xAC: "←", 0xAD: "↑", 0xAE: "→", 0xAF: "↓", 0xB0: "°", 0xB1: "±", 0xB3: "≥",
    0xB4: "×", 0xB7: "•", 0xB8: "÷", 0xB9: "≠", 0xBA: "≡", 0xBB: "≈", 0xBC: "…", 0xD2: "®", 0xD3: "©", 0xD4: "™",
    0xD6: "√", 0xE5: "∑",
}  # fmt: skip


def symbol(font: str, code: str) -> str:
    """The character that `code` (hexadecimal) shows in `font`, "" where nobody knows."""
    if not re.fullmatch(r"[0-9A-Fa-f]{1,5}", code):
        return ""
    point = int(code, 16)
    private = 0xF000 <= point <= 0xF0FF
    name = font.lower()
    if name.startswith("wingdings"):
        return _WINGDINGS.get(point & 0xFF, "") if name == "wingdings" else ""
    if name == "symbol":
        place = point & 0xFF
        return _SYMBOL.get(place, "") or (chr(place) if 0x20 <= place < 0x41 else "")
    if private or point < 0x20 or 0xD800 <= point <= 0xDFFF or 0xE000 <= point <= 0xF8FF or point > 0x10FFFF:
        return ""
    return chr(point)
