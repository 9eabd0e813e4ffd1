"""Before the search, raised text becomes `sup`; after it, marks that led to no note stay, and are separated from words."""

import re

from releases.intake.notes.counted import marks_in
from releases.intake.notes.marks import MARK_CLASSES, Mark, fragment, is_named, mark_at
from releases.intake.notes.tree import (
    BLOCKS,
    HEADINGS,
    WORDS,
    Node,
    Positions,
    has_words,
    text_of,
    words,
    words_before,
)
from releases.intake.report import Report
from releases.text.labels import TABLE, is_back_link_text, is_power, is_top_link_text, label

_RAISED_CLASSES = frozenset(TABLE["names"]["raised_classes"])
_SIDE = frozenset(TABLE["names"]["side_classes"])
_PAGES = frozenset(TABLE["names"]["page_classes"])
_STYLE = re.compile(r"vertical-align\s*:\s*(super|sub|text-top|top|\d)|(?:^|;)\s*top\s*:\s*-", re.IGNORECASE)
_CLASS = re.compile(r"\.([\w-]+)")
_RAISED = re.compile(r"vertical-align\s*:\s*(super|sub)\b", re.IGNORECASE)


def raised_classes(css: str) -> dict[str, str]:
    """The classes that a page's own style sheet raises or lowers: "sup" or "sub" by name."""
    found = {}
    for rule in css.split("}"):
        selectors, _brace, said = rule.rpartition("{")
        named, ways = _CLASS.search(selectors), _RAISED.findall(said)
        if named and ways:
            found[named[1].lower()] = ways[-1][:3].lower()
    return found


def apply_vertical_align(root: Node, raised: dict[str, str]) -> None:
    """Make `sup` and `sub` of text that a style raises or lowers."""
    for node in list(
        root.iter("span", "font", "small", "b", "i", "em", "strong", "a", "big", "label", "abbr")
    ):
        way = _way(node, raised, root)
        if not way or any(one.tag in BLOCKS for one in node.iter()) or not has_words(node):
            continue
        if _under(node, ("sup", "sub"), root) or node.find(f".//{way}") is not None:
            continue
        if node.tag in ("span", "font", "small", "big", "label"):
            node.tag = way
        else:
            inner = node.makeelement(way)
            for child in list(node):
                inner.append(child)
            node.append(inner)


def _way(node: Node, raised: dict[str, str], root: Node) -> str:
    names = (node.get("class") or "").lower().split()
    if any(name in _SIDE for name in names):
        return ""  # the words of a side note are none of the text
    style = _STYLE.search(node.get("style") or "")
    found = label(text_of(node)) if len(node) < 6 else None
    if style:
        way = (style[1] or "super").lower()
        if way in ("super", "sub"):
            return way[:3]
        if found is not None:
            return "sup"
    for name in names:
        if name in raised:
            return raised[name]
        if name in _RAISED_CLASSES:
            return "sup"
        if name in ("sub", "subscript"):
            return "sub"
    small = node.tag == "small" or (node.tag == "font" and (node.get("size") or "") in ("1", "2", "-1", "-2"))
    named = is_named(node, MARK_CLASSES) or (
        node.tag == "span" and any(_LIKE_A_MARK.search(name) for name in names)
    )
    if (small or named) and found is not None and node.tag != "a" and words_before(node, root)[-1:].strip():
        return "sup"
    return ""


_LIKE_A_MARK = re.compile(r"note|^fn|foot|ref$|cite|sup", re.IGNORECASE)


def _under(node: Node, tags: tuple[str, ...], root: Node) -> bool:
    parent = node.getparent()
    while parent is not None and parent is not root:
        if parent.tag in tags:
            return True
        parent = parent.getparent()
    return False


def clean_leftovers(root: Node, report: Report, own: frozenset[str]) -> None:
    """Unlink links within the page, report what may be a mark, and put brackets around numbers that follow a word.

    `own` are the page's own addresses, as `page_address` writes them.
    """
    _page_numbers(root, report)
    for link in list(root.iter("a")):
        name = fragment(link)
        href = (link.get("href") or "").strip()
        if link.getparent() is None or is_citation(link.getparent()):
            continue
        text = text_of(link)
        here = not href or is_here(href, own)
        if (
            here
            and name
            and _under(link, tuple(HEADINGS), root)
            and (is_top_link_text(text) or is_back_link_text(text))
        ):
            report.add("way-up", _place(link))
            report.drop("way-up", text)
            _trim(link)
            continue
        mark = mark_at(link, root, link) if label(text) is not None else None
        # What leads to another page and is set off is a link like any other.
        elsewhere = not here and re.match(r"(?:https?:)?//", href, re.IGNORECASE) is not None
        apart = mark is not None and (
            mark.adjoins_word and not mark.set_off if elsewhere else mark.adjoins_word or mark.set_off
        )
        if mark is not None and apart and not mark.begins_line and not _is_line(mark):
            _bracket(mark)
            report.add("unsure-mark", _place(mark.node))
            link.set("reported", "")
        elif here and name and text:
            report.add("inner-link", text)
        if here:
            link.attrib.pop("href", None)
    positions = Positions(root)
    for mark in list(marks_in(root, positions)):
        node = mark.node
        if (
            node.getparent() is None
            or is_citation(node)
            or (_under(node, ("sup",), root) and node.tag != "sup")
        ):
            continue
        reported = (
            node.get("reported") is not None
            or node.find(".//*[@reported]") is not None
            or mark.link is not None
        )
        if reported or is_power(mark.before, text_of(node)) or mark.begins_line or not mark.before.strip():
            continue
        if mark.label.family == "letter" or (mark.label.family == "roman" and not mark.raised):
            continue
        report.add("unsure-mark", _place(node))
    for link in root.iter("a"):
        link.attrib.pop("reported", None)


def _trim(link: Node) -> None:
    """Remove a link and the space before it."""
    before, after = link.getprevious(), link.getnext()
    link.getparent().remove(link)
    if before is not None and (after is None or not has_words(after)) and before.tag == WORDS:
        before.text = (before.text or "").rstrip()


def page_address(address: str) -> str:
    """An address of a page without scheme, query and fragment, to compare it with another."""
    return (
        re.sub(r"^https?://(?:www\.)?", "", re.split(r"[?#]", address.strip())[0], flags=re.IGNORECASE)
        .rstrip("/")
        .lower()
    )


def is_here(href: str, own: frozenset[str]) -> bool:
    """Whether a link leads to a place of the page itself."""
    before, sign, _name = href.partition("#")
    return bool(sign) and (not before or page_address(before) in own)


def is_citation(node: Node) -> bool:
    """Whether an element is a citation in our own form."""
    return bool(node.tag == "sup" and node.get("class") == "footnote-ref")


def _is_line(mark: Mark) -> bool:
    return not mark.before.strip() and not mark.after.strip()


def _bracket(mark: Mark) -> None:
    """Put a number that nothing sets off into brackets: "May 30" and "4" must not become 304."""
    if mark.set_off:
        return
    node = mark.link if mark.link is not None else mark.node
    node.insert(0, words("["))
    node.append(words("]"))


def _page_numbers(root: Node, report: Report) -> None:
    """Put the numbers of printed pages inside the text into brackets."""
    for node in list(root.iter("span", "a", "div", "p")):
        names = set((node.get("class") or "").lower().split())
        kind = f"{node.get('epub:type') or ''} {node.get('role') or ''}"
        if not (names & _PAGES or "pagebreak" in kind) or not has_words(node) or node.tag in ("div", "p"):
            continue
        text = text_of(node)
        if text[:1] not in "[({":
            node.insert(0, words(" ["))
            node.append(words("] "))


def _place(node: Node) -> str:
    """A few words by which somebody finds a place."""
    before = words_before(node, node.getroottree().getroot())
    return f"{before[-40:].strip()} {text_of(node)}".strip()
