"""Word's fields: what they show stays, links and cross-references to notes mean what they mean."""

import re
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from releases.intake.docx.package import Node, W
from releases.intake.docx.story import AGAIN, END, MAX_FIELDS, SPLIT, Field
from releases.intake.docx.styles import flag, number, value
from releases.intake.errors import Unreadable
from releases.text.tree import escape_text

if TYPE_CHECKING:
    from releases.intake.docx.runs import Line

_WORD = re.compile(r'"((?:[^"\\]|\\.)*)"|(\S+)')


def field_character(line: "Line", node: Node) -> None:
    """A complex field begins, comes to what it shows, or ends."""
    fields = line.story.fields
    kind = node.get(f"{W}fldCharType")
    if kind == "begin":
        if len(fields) >= MAX_FIELDS:
            raise Unreadable(
                _("This file has fields within fields deeper than Word writes, and was not read.")
            )
        fields.append(Field(answer=_answer(node)))
    elif kind == "separate" and fields:
        _turn(line, fields[-1])
    elif kind == "end" and fields:
        if not fields[-1].shows:
            _turn(line, fields[-1])
        one = fields.pop()
        if one.again:
            field_end(line, one)
        elif one.answer and not one.said:
            line.text(one.answer)


def _answer(node: Node) -> str:
    """What a field of a form shows that holds its answer apart: a box that is ticked or not, a choice of a list."""
    box = node.find(f"{W}ffData/{W}checkBox")
    if box is not None:
        ticked = flag(box, "checked")
        return "☒" if (flag(box, "default") if ticked is None else ticked) else "☐"
    choices = node.find(f"{W}ffData/{W}ddList")
    if choices is None:
        return ""
    entries = [one.get(f"{W}val") or "" for one in choices.iterchildren(f"{W}listEntry")]
    place = number(value(choices, "result"), number(value(choices, "default"), 0, 0, 999), 0, 999)
    return entries[place] if place < len(entries) else ""


def simple_field(line: "Line", node: Node, href: str) -> None:
    """A field in one element: its instruction is an attribute, what it shows its content."""
    if len(line.story.fields) >= MAX_FIELDS:
        raise Unreadable(_("This file has fields within fields deeper than Word writes, and was not read."))
    one = Field(instruction=(node.get(f"{W}instr") or "")[:4000])
    line.story.fields.append(one)
    _turn(line, one)
    line.read(node, href)
    if one in line.story.fields:
        del line.story.fields[line.story.fields.index(one) :]
    if one.again:
        field_end(line, one)


def field_end(line: "Line", one: Field) -> None:
    """A cross-reference to a note is over: note the place, and what it showed in case the note is not found."""
    shown = "".join(one.words)
    line.put_again(f"{AGAIN}{one.again}{SPLIT}{escape_text(shown)}{END}")
    one.again, one.words = "", []


def _turn(line: "Line", one: Field) -> None:
    """The instruction is complete; what follows is shown."""
    one.shows = True
    words = [quoted or plain for quoted, plain in _WORD.findall(one.instruction)]
    name = words[0].upper() if words else ""
    if name == "HYPERLINK":
        target, anchor = "", ""
        rest = iter(words[1:])
        for word in rest:
            if word == "\\l":
                anchor = next(rest, "")
            elif word in ("\\o", "\\t"):
                next(rest, "")
            elif not word.startswith("\\"):
                target = target or word
        one.href = line.web_address(target) if target else ""
        if one.href and anchor and "#" not in one.href:
            one.href = line.web_address(f"{one.href}#{anchor}")
    elif name == "NOTEREF" or name == "FTNREF":
        bookmark = next((word for word in words[1:] if not word.startswith("\\")), "")
        one.again = "".join(character for character in bookmark if character >= " ")[:200]
