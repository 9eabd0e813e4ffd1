"""Drawings: text boxes are kept, pictures and everything else are named in the report."""

import posixpath
from typing import TYPE_CHECKING

from releases.intake.docx.package import Node, R, W

if TYPE_CHECKING:
    from releases.intake.docx.runs import Line

_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_WP_STRICT = "{http://purl.oclc.org/ooxml/drawingml/wordprocessingDrawing}"
_VML = "{urn:schemas-microsoft-com:vml}"
_OFFICE = "{urn:schemas-microsoft-com:office:office}"
_BOX = f"{W}txbxContent"


def picture(line: "Line", node: Node) -> None:
    """Take in what a drawing says, name what it shows."""
    report = line.story.report
    boxes = _outermost(node)
    line.boxes += boxes
    if boxes:
        report.add("text-box", count=len(boxes))
    shown = False
    for part in node.iter(f"{_A}blip", f"{_VML}imagedata"):
        shown = True
        target = line.story.relations.get(
            part.get(f"{R}embed") or part.get(f"{R}link") or part.get(f"{R}id") or "", ("", "", False)
        )[1]
        report.add("image", _name(node, posixpath.basename(target)))
    if shown or boxes:
        return
    if any(rule.get(f"{_OFFICE}hr") in ("t", "true", "1") for rule in node.iter(f"{_VML}rect")):
        line.rule = True
        return
    report.add("object", _name(node, ""))


def _outermost(node: Node) -> list[Node]:
    """The text boxes of a drawing that stand in no other; of two ways to say the same, the first."""
    found: list[Node] = []
    waiting = [node]
    while waiting:
        one = waiting.pop()
        if one.tag == _BOX:
            found.append(one)
        elif isinstance(one.tag, str) and one.tag.endswith("}AlternateContent"):
            choices = [child for child in one.iterchildren() if next(child.iter(_BOX), None) is not None]
            waiting += choices[:1]
        else:
            waiting += reversed(list(one.iterchildren()))
    return found


def _name(node: Node, file: str) -> str:
    """What a picture is called: its description, else its title or file. Names that Word gives by itself say nothing."""
    for properties in node.iter(f"{_WP}docPr", f"{_WP_STRICT}docPr"):
        if said := properties.get("descr") or properties.get("title"):
            return f"{file}: {said}" if file else said
    return file
