"""How a run is set: bold, raised, hidden, in capitals, in a font that shows signs in the place of letters."""

import re
from typing import NamedTuple

from releases.intake.docx.package import Node, W
from releases.intake.docx.pieces import PLAIN, Marks
from releases.intake.docx.story import Story
from releases.intake.docx.styles import ParagraphStyle, flag, raised_in, size_in, symbol_font, value
from releases.intake.report import Report
from releases.text.symbols import symbol

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")


class Setting(NamedTuple):
    """How a run is set. `font` is a symbol font's name, "" for every other font."""

    marks: Marks
    hidden: bool = False
    capitals: bool = False
    font: str = ""
    size: int = 0


def setting_of(
    properties: Node | None, story: Story, around: ParagraphStyle, href: str, *, right_to_left: bool
) -> Setting:
    """How a run is set: its own word first, then its style's."""
    href = href or story.link
    if properties is None:
        return Setting(Marks(href) if href else PLAIN, hidden=around.hidden, size=around.size)
    style = story.styles.run(value(properties, "rStyle") or "")
    runs = flag(properties, "rtl")
    runs = style.right_to_left if runs is None else runs
    # Arabic letters have switches of their own for bold and italic.
    names = ("bCs", "iCs") if runs else ("b", "i")
    bold, italic = (flag(properties, name) for name in names)
    hidden = flag(properties, "vanish")
    if hidden is None:
        hidden = style.hidden or around.hidden
    hidden = hidden or bool(flag(properties, "webHidden"))
    struck = flag(properties, "strike")
    if (
        style.struck
        if struck is None and flag(properties, "dstrike") is None
        else struck or flag(properties, "dstrike")
    ):
        story.report.add("struck")
    capitals = flag(properties, "caps")
    if flag(properties, "smallCaps"):
        story.report.add("small-capitals")
    direction, language = "", ""
    if runs and not right_to_left:
        direction = "rtl"
        said = properties.find(f"{W}lang")
        language = (said.get(f"{W}bidi") or "") if said is not None else ""
        language = language if _LANGUAGE.fullmatch(language) else ""
    raised = raised_in(properties)
    marks = Marks(
        href,
        direction,
        language,
        bool(style.bold if bold is None else bold) and around.role not in ("heading", "title"),
        bool(style.italic if italic is None else italic) and around.role != "quote",
        style.raised if raised is None else raised,
    )
    return Setting(
        marks,
        hidden=hidden,
        capitals=bool(style.capitals if capitals is None else capitals),
        font=symbol_font(properties),
        size=size_in(properties) or style.size or around.size,
    )


def shown(text: str, setting: Setting, report: Report) -> str:
    """The letters as Word shows them: capitals, and signs in the place of letters."""
    if not setting.font:
        return text.upper() if setting.capitals else text
    words = ""
    for letter in text:
        if found := letter if letter.isspace() else symbol(setting.font, ord(letter)):
            words += found
        else:
            report.add("symbol", f"{setting.font}: {ord(letter):X}")
    return words
