"""A saved page before it is cleaned: what never comes along is removed and reported, symbol fonts, quotations, lists and headings become plain HTML."""

import posixpath
import re
from urllib.parse import unquote, urlsplit

from lxml import etree

from releases.intake.dates import dated
from releases.intake.html.mapping import Node
from releases.intake.report import Report
from releases.text.labels import TABLE, quotation_marks
from releases.text.tables import is_symbol_font, symbol, table

_LEFT_OUT = TABLE["left_out"]
_HIDDEN = re.compile(
    r"(?:^|;)\s*(?:display\s*:\s*none|mso-hide\s*:\s*all|visibility\s*:\s*hidden)\b", re.IGNORECASE
)
_STRUCK = re.compile(r"(?:^|;)\s*text-decoration(?:-line)?\s*:[^;]*line-through", re.IGNORECASE)
# Fallback content of pictures and films is no text of the page.
_FALLBACK = ("media", "nothing")


def remove_unwanted(root: Node, report: Report) -> None:
    """Remove what is never imported from `root`: scripts, controls, pictures, hidden and deleted text. The report names it."""
    _pictures(root, report)
    for item in root.iter("li"):
        if item.get("aria-checked") in ("true", "false"):
            report.add("check-box", _place(item, "", root))
            first = next(item.iter("p"), item)
            first.text = ("☑ " if item.get("aria-checked") == "true" else "☐ ") + (first.text or "").lstrip()
    kinds = {tag: kind for kind, tags in _LEFT_OUT.items() for tag in tags}
    for node in list(root.iter()):
        if not isinstance(node.tag, str) or node is root or not _is_attached(node, root):
            continue
        tag, style = node.tag.lower(), node.get("style") or ""
        tag = tag.rpartition(":")[2] if ":" in tag else tag
        kind = kinds.get(tag, "")
        if tag == "input":
            kind = _control(node, report, root)
        elif tag == "del":
            kind = "deleted"
        elif tag in ("s", "strike") or _STRUCK.search(style):
            kind = "struck-out"
        elif (node.get("hidden") is not None or _HIDDEN.search(style)) and tag != "hr":
            kind = "hidden"
        if not kind:
            continue
        words = " ".join("".join(node.itertext()).split())
        if kind == "nothing":
            report.drop("code", words)
        elif kind == "hidden" and not words:
            pass
        elif kind != "silent":
            code = {"reading": "ruby"}.get(kind, kind)
            report.add(code, _place(node, "" if kind in _FALLBACK else words, root))
            report.drop(code, words)
        _drop(node)
    _remove_empty_figures(root)


def split_numbered_lists(root: Node) -> None:
    """Split lists whose items have numbers of their own (`value`) into lists that count from them (`start`)."""
    for found in list(root.iter("ol")):
        if not any(item.get("value") for item in found.iterchildren("li")):
            continue
        current, number = found, _whole(found.get("start"), 1)
        for item in list(found.iterchildren("li")):
            value = _whole(item.get("value"), number)
            if value != number:
                if item.getprevious() is not None or current is not found:
                    rest = item.makeelement(
                        "ol", {key: excerpt for key, excerpt in found.attrib.items() if key != "id"}
                    )
                    rest.tail, current.tail = current.tail, None
                    current.addnext(rest)
                    current = rest
                current.set("start", str(value))
                number = value
            if current is not found:
                current.append(item)
            number += 1


def _whole(text: str | None, otherwise: int) -> int:
    return int(text) if text and re.fullmatch(r"-?[0-9]{1,6}", text.strip()) else otherwise


def write_quotation_marks(root: Node, language: str) -> None:
    """Replace `<q>` by the quotation marks of its language, nested ones by the inner pair."""
    for node in list(root.iter("q")):
        lang, depth = "", 0
        parent = node
        while parent is not None:
            lang = (
                lang or parent.get("lang") or parent.get("{http://www.w3.org/XML/1998/namespace}lang") or ""
            )
            parent = parent.getparent()
            depth += parent is not None and parent.tag in ("q", "quoted")
        marks = quotation_marks(lang or language)
        wide = len(marks) == 6
        opening, closing = (marks[:2], marks[2:4]) if wide else (marks[0], marks[1])
        if depth % 2:
            opening, closing = marks[-2], marks[-1]
        node.tag = "quoted"
        node.text = opening + (node.text or "")
        last = next(node.iterchildren(reversed=True), None)
        if last is None:
            node.text += closing
        else:
            last.tail = (last.tail or "") + closing
    etree.strip_tags(root, "quoted")


def _pictures(root: Node, report: Report) -> None:
    for image in list(root.iter("img")):
        if not _is_attached(image, root):
            continue
        name = image.get("alt") or posixpath.basename(unquote(path_of(image.get("src") or "")))
        report.add("image", _place(image, name, root))
        _drop(image)


def path_of(address: str) -> str:
    """The path of an address, "" where it is none."""
    try:
        return urlsplit(address).path
    except ValueError:
        return ""


def _control(node: Node, report: Report, root: Node) -> str:
    """A check box becomes a character. Returns how to treat any other control."""
    kind = (node.get("type") or "text").lower()
    if kind in ("checkbox", "radio") and "margin-toggle" not in (node.get("class") or ""):
        mark = "☑" if node.get("checked") is not None else "☐"
        before = node.getprevious()
        space = "" if (node.tail or "").startswith((" ", "\n", "\xa0")) else " "
        if before is not None:
            before.tail = (before.tail or "") + mark + space
        else:
            node.getparent().text = (node.getparent().text or "") + mark + space
        report.add("check-box", _place(node, "", root))
        return "silent"
    if kind == "hidden" or "margin-toggle" in (node.get("class") or ""):
        return "silent"
    return "control"


def _remove_empty_figures(root: Node) -> None:
    """Remove figures that held nothing but a picture."""
    for figure in list(root.iter("figure", "picture")):
        if figure.getparent() is not None and not "".join(figure.itertext()).strip() and not len(figure):
            _drop(figure)


def _is_attached(node: Node, root: Node) -> bool:
    """Whether a node is still in the tree."""
    while node is not None and node is not root:
        node = node.getparent()
    return node is root


def _place(node: Node, words: str, root: Node) -> str:
    """What is removed and the words before it, by which somebody finds the place."""
    before = _words_before(node, root)
    excerpt = f"“{words[:60]}…”" if len(words) > 60 else f"“{words}”" if words else ""
    return f"{excerpt} ← {before}" if excerpt and before else excerpt or (f"← {before}" if before else "")


def _words_before(node: Node, root: Node) -> str:
    found = ""
    while node is not root and len(found) < 30:
        previous = node.getprevious()
        if previous is not None:
            found = (
                "".join(previous.itertext()) + (previous.tail or "") + found
                if not found
                else ("".join(previous.itertext()) + (previous.tail or "") + " " + found)
            )
            node = previous
        else:
            node = node.getparent()
            found = (node.text or "") + found
    found = " ".join(found.split())
    return found if len(found) <= 30 else "…" + found[-30:]


def _drop(node: Node) -> None:
    """Remove a node with its words. A space stays where two words would run together."""
    parent, previous = node.getparent(), node.getprevious()
    tail = node.tail or ""
    before = (previous.tail if previous is not None else parent.text) or ""
    if tail[:1].isspace() and before[-1:].isspace():
        tail = tail[1:]
    if previous is not None:
        previous.tail = before + tail
    else:
        parent.text = before + tail
    node.tail = None
    parent.remove(node)


_FAMILY = re.compile(
    r"(?:^|;)\s*(?:font-family|mso-symbol-font-family)\s*:\s*[\"']?([^;,\"']+)", re.IGNORECASE
)
# Characters that a parser accepts and a tree cannot be given.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def convert_symbol_fonts(root: Node, report: Report) -> None:
    """Write the signs of symbol fonts as the Unicode characters that they showed. Unknown ones stay and are reported."""
    fonts: dict[Node, str] = {root: ""}
    for node in root.iter():
        if node is not root:
            around = fonts.get(node.getparent(), "")
            own = _font(node) if isinstance(node.tag, str) else None
            fonts[node] = around if own is None else own
            if around and node.tail:
                node.tail = _shown(node.tail, around, report)
        if isinstance(node.tag, str) and fonts[node] and node.text:
            node.text = _shown(node.text, fonts[node], report)


def _font(node: Node) -> str | None:
    """The symbol font that an element sets, "" for another font, None where it sets none."""
    style = node.get("style") or ""
    named = [name.strip() for name in _FAMILY.findall(style)]
    font = next(filter(is_symbol_font, named), "")
    if font:
        # Word names a symbol font for the signs alone where letters have a font of their own.
        letters = "mso-ascii-font-family" in style.lower()
        return (
            None if letters and not re.search(r"mso-char-type\s*:\s*symbol", style, re.IGNORECASE) else font
        )
    if face := (node.get("face") or "").split(",")[0].strip():
        return face if is_symbol_font(face) else ""
    return "" if named else None


def _shown(text: str, font: str, report: Report) -> str:
    found = ""
    for letter in text:
        shown = letter if letter.isspace() else symbol(font, ord(letter))
        if not shown:
            report.add("symbol", f"{font}: {ord(letter):X}")
        found += shown or letter
    return _UNWRITABLE.sub("", found)


_HEADINGS = table("headings")
_BLOCKS = frozenset(_HEADINGS["blocks"])
_OVER = frozenset(_HEADINGS["over"])
_INSIDE = frozenset(_HEADINGS["inside"])
_ADDRESS = re.compile(r"@|https?:|www\.")


def detect_headings(root: Node, report: Report) -> None:
    """Make headings of lines that look like headings: alone, short, all bold, before text or a list. Each is reported."""
    lines = [
        node for node in root.iter("p", "div")
        if node is not root and not any(one.tag in _BLOCKS for one in node.iterdescendants()) and "".join(node.itertext()).strip()
    ]  # fmt: skip
    apart = {node for node in lines if _looks_like_heading(node, root)}
    # Where every other line is bold, bold lines are no headings.
    if 2 * len(apart) > len(lines) > 2:
        return
    rank = "h3" if any(True for _one in root.iter("h2", "h3")) else "h2"
    for node in lines:
        following = node.getnext()
        while following is not None and (following.tag == "br" or not "".join(following.itertext()).strip()):
            following = following.getnext()
        if node in apart and following is not None and following.tag in _OVER and following not in apart:
            report.add("hand-heading", "".join(node.itertext()))
            node.tag = rank
            etree.strip_tags(node, "b", "strong")


def _looks_like_heading(node: Node, root: Node) -> bool:
    words = " ".join("".join(node.itertext()).split())
    if (
        len(words) > _HEADINGS["longest"]
        or words[-1] in _HEADINGS["sentence_ends"]
        or not any(one.isalpha() for one in words)
    ):
        return False
    if _ADDRESS.search(words) or dated(words) or node.find(".//br") is not None:
        return False
    parent = node.getparent()
    while parent is not root and parent is not None:
        if parent.tag in _INSIDE:
            return False
        parent = parent.getparent()
    return not _has_words_that_are_not_bold(node)


def _has_words_that_are_not_bold(node: Node) -> bool:
    """Whether something in a line is not bold; figures that cite are neither."""
    if (node.text or "").strip() and node.tag not in ("b", "strong"):
        return True
    for child in node:
        if child.tag not in ("b", "strong", "sup") and _has_words_that_are_not_bold(child):
            return True
        if (child.tail or "").strip():
            return True
    return False
