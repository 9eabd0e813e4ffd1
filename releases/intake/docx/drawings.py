"""Drawings: text boxes are kept, pictures are for the library, everything else is named in the report."""

import io
import posixpath
import re
from dataclasses import dataclass
from typing import NamedTuple

from django.conf import settings
from django.utils.translation import gettext as _

from newsroom.accounts.models import User
from releases.intake import Unreadable
from releases.intake.docx.context import Story
from releases.intake.docx.package import Node, Package, R, W
from releases.intake.report import Report
from releases.workflow import Refused, add_picture

# Each costs up to two seconds, while somebody waits for the form.
MOST_PICTURES = 10
# So many, as a picture of this size takes about 160 MB of memory on its way to the library.
MOST_PIXELS = 12_500_000

_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_WP_STRICT = "{http://purl.oclc.org/ooxml/drawingml/wordprocessingDrawing}"
_VML = "{urn:schemas-microsoft-com:vml}"
_OFFICE = "{urn:schemas-microsoft-com:office:office}"
_BOX = f"{W}txbxContent"
# What Word says by itself about a picture that nobody described.
_BY_ITSELF = re.compile(
    r"\s*(Description automatically generated.*|AI-generated content may be incorrect\.?)", re.I | re.S
)


@dataclass(frozen=True)
class Shown:
    """A picture that the text shows: what it is called, and the part of the file that it is in."""

    name: str
    part: str
    package: Package


def into_library(shown: tuple[Shown, ...], report: Report, *, document: str, by: User) -> None:
    """Bring the pictures of a file into the library, and say in the report what became of each.

    `document` is the file's name; a picture that nobody described is called by it. Those beyond `MOST_PICTURES`, and
    those that are none or too large, are left out.
    """
    for count, one in enumerate(shown):
        name = one.name or posixpath.basename(one.part)
        if count >= MOST_PICTURES:
            report.add("image", name)
            continue
        try:
            content = one.package.read_bytes(one.part, most=settings.PICTURE_MAX_MB * 1024 * 1024)
            called = one.name.replace("/", " ") or f"{document}, {name}"
            add_picture(io.BytesIO(content), name=called, by=by, most_pixels=MOST_PIXELS)
        except Refused as refusal:
            report.add("image", f"{name}: {' '.join(refusal.reasons)}")
        except Unreadable:
            report.add("image", _("%s: it is too large, or broken") % name)
        else:
            report.add("picture", name)


class Drawing(NamedTuple):
    """What a drawing holds: text boxes, what is said of each picture that hangs on the paragraph, whether it is a rule."""

    boxes: list[Node]
    pictures: list[str]
    is_rule: bool = False


def read_drawing(node: Node, context: Story) -> Drawing:
    """What a drawing holds. The report names what cannot be kept."""
    report = context.report
    boxes = _outermost(node)
    if boxes:
        report.add("text-box", count=len(boxes))
    found = Drawing(boxes, [])
    description = _description(node)
    images = list(node.iter(f"{_A}blip", f"{_VML}imagedata"))
    for image in images:
        _kind, target, external = context.relations.get(
            image.get(f"{R}embed") or image.get(f"{R}link") or image.get(f"{R}id") or "", ("", "", False)
        )
        if not external and target in context.package.entries:
            context.shown.setdefault(target, description)
            if not context.in_note:
                found.pictures.append(description or posixpath.basename(target))
        else:
            file = posixpath.basename(target)
            report.add("image", f"{file}: {description}" if file and description else description or file)
    if images or boxes:
        return found
    if any(rule.get(f"{_OFFICE}hr") in ("t", "true", "1") for rule in node.iter(f"{_VML}rect")):
        return found._replace(is_rule=True)
    report.add("object", description)
    return found


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


def _description(node: Node) -> str:
    """What is said about a picture: its description, else its title. What Word says by itself says nothing."""
    for properties in node.iter(f"{_WP}docPr", f"{_WP_STRICT}docPr"):
        if said := _BY_ITSELF.sub("", properties.get("descr") or properties.get("title") or "").strip():
            return said
    return ""
