"""Drawings: text boxes are kept, pictures go into the library, everything else is reported."""

import io
import posixpath
import re
from dataclasses import dataclass
from typing import NamedTuple

from django.conf import settings
from django.utils.translation import gettext as _

from newsroom.accounts.models import User
from releases.intake import Unreadable
from releases.intake.docx.context import Context
from releases.intake.docx.package import Node, Package, R, W
from releases.intake.report import Report
from releases.workflow import Refused, add_picture

# Each takes up to two seconds, while somebody waits for the form.
MAX_PICTURES = 10
# A picture of this size needs about 160 MB of memory while it is re-encoded.
MAX_PIXELS = 12_500_000

_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_WP_STRICT = "{http://purl.oclc.org/ooxml/drawingml/wordprocessingDrawing}"
_VML = "{urn:schemas-microsoft-com:vml}"
_OFFICE = "{urn:schemas-microsoft-com:office:office}"
_BOX = f"{W}txbxContent"
# The descriptions that Word generates for a picture that nobody described.
_AUTOMATIC = re.compile(
    r"(?<!\s)\s*(Description automatically generated.*|AI-generated content may be incorrect\.?)", re.I | re.S
)


@dataclass(frozen=True)
class EmbeddedPicture:
    """A picture of the document: its description, and the part of the package that holds it."""

    name: str
    part: str
    package: Package


def import_pictures(shown: tuple[EmbeddedPicture, ...], report: Report, *, document: str, by: User) -> None:
    """Add the pictures of a document to the library. The report says what became of each.

    `document` is the file's name, and names a picture without a description. Those beyond `MAX_PICTURES`, those that cannot
    be read and those that are too large are left out.
    """
    for count, one in enumerate(shown):
        name = one.name or posixpath.basename(one.part)
        if count >= MAX_PICTURES:
            report.add("image", name)
            continue
        try:
            content = one.package.read_bytes(one.part, most=settings.PICTURE_MAX_MB * 1024 * 1024)
            called = one.name.replace("/", " ") or f"{document}, {name}"
            add_picture(io.BytesIO(content), name=called, by=by, most_pixels=MAX_PIXELS)
        except Refused as refusal:
            report.add("image", f"{name}: {' '.join(refusal.reasons)}")
        except Unreadable:
            report.add("image", _("%s: it is too large, or broken") % name)
        else:
            report.add("picture", name)


class Drawing(NamedTuple):
    """What a drawing holds: text boxes, the descriptions of its pictures, whether it is a horizontal rule."""

    boxes: list[Node]
    pictures: list[str]
    is_rule: bool = False


def read_drawing(node: Node, context: Context) -> Drawing:
    """Read a drawing. The report names what cannot be kept."""
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
    """The outermost text boxes of a drawing. Of two alternatives the first that has one counts."""
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
    """The description of a picture, else its title; "" for one that Word generated."""
    for properties in node.iter(f"{_WP}docPr", f"{_WP_STRICT}docPr"):
        if raw := _AUTOMATIC.sub("", properties.get("descr") or properties.get("title") or "").strip():
            return raw
    return ""
