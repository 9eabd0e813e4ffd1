"""Where things stand on a page: XPath, or the part of CSS that names elements by tag, class, id, attribute and nesting."""

import re
from typing import Any

from django.utils.translation import gettext as _
from lxml import etree

from releases.intake.errors import Unreadable

Node = Any
_PIECE = re.compile(
    r"\s*(?P<child>>)?\s*(?P<tag>[a-zA-Z][\w-]*|\*)?"
    r"(?P<rest>(?:[.#][\w-]+|\[[\w-]+(?:[~^$*|]?=(?:\"[^\"]*\"|'[^']*'|[\w/:.-]+))?\]|:first-child|:last-child)*)"
)
_REST = re.compile(
    r"([.#])([\w-]+)|\[([\w-]+)(?:([~^$*|]?=)(?:\"([^\"]*)\"|'([^']*)'|([\w/:.-]+)))?\]|:(first|last)-child"
)
_NOTHING = etree.Element("html")
_ATTRIBUTE = re.compile(r"(.*?)@([\w:-]+)\s*", re.DOTALL)


class Selector:
    """Finds elements, or with `@name` at its end the values of an attribute. Raises `Unreadable` for bad syntax."""

    def __init__(self, words: str) -> None:
        self.words = words.strip()
        self.attribute = ""
        path = self.words
        try:
            if not path.startswith(("/", "./", "(")):
                if match := _ATTRIBUTE.fullmatch(path):
                    path, self.attribute = match[1], match[2]
                path = " | ".join(_xpath(one) for one in path.split(","))
            self._find = etree.XPath(path)
            self._find(_NOTHING)  # functions and names that XPath does not know are found out here
        except (etree.XPathError, ValueError) as error:
            raise Unreadable(
                _("“%s” is neither XPath nor a selector that can be read here.") % words
            ) from error

    def elements(self, root: Node) -> list[Node]:
        """The elements found, in the page's order."""
        found = self._found(root)
        return [one for one in found if isinstance(one, etree._Element)] if isinstance(found, list) else []

    def texts(self, root: Node) -> list[str]:
        """The words of what is found, each on one line, empty ones left out."""
        if self.attribute:
            found = [one.get(self.attribute) or "" for one in self.elements(root)]
        else:
            raw = self._found(root)
            raw = raw if isinstance(raw, list) else [raw]
            found = ["".join(one.itertext()) if isinstance(one, etree._Element) else str(one) for one in raw]
        lines = (" ".join(text.replace("\x00", "").split()) for text in found)
        return [line for line in lines if line]

    def _found(self, root: Node) -> Any:
        try:
            return self._find(root)
        except etree.XPathError as error:
            raise Unreadable(_("“%s” cannot be followed on a page.") % self.words) from error

    def text(self, root: Node) -> str:
        """The first of these, or ""."""
        return next(iter(self.texts(root)), "")


def _xpath(css: str) -> str:
    path, position = "", 0
    css = css.strip()
    if not css:
        raise ValueError(css)
    while position < len(css):
        match = _PIECE.match(css, position)
        if match is None or match.end() == position or not (match["tag"] or match["rest"]):
            raise ValueError(css)
        path += ("/" if match["child"] else "//" if path else "descendant-or-self::") + (
            match["tag"] or "*"
        ).lower()
        for sign, name, attribute, operator, double, single, bare, edge in _REST.findall(match["rest"]):
            path += _condition(sign, name, attribute, operator, double or single or bare, edge)
        position = match.end()
        rest = css[position:]
        position += len(rest) - len(rest.lstrip())
    return path


def _condition(sign: str, name: str, attribute: str, operator: str, value: str, edge: str) -> str:
    def has_word(of: str, word: str) -> str:
        return f"[contains(concat(' ', normalize-space(@{of}), ' '), {_quoted(f' {word} ')})]"

    if sign == ".":
        return has_word("class", name)
    if sign == "#":
        return f"[@id={_quoted(name)}]"
    if edge:
        return f"[not({'preceding' if edge == 'first' else 'following'}-sibling::*)]"
    if not operator:
        return f"[@{attribute}]"
    if operator == "~=":
        return has_word(attribute, value)
    said = _quoted(value)
    return {
        "=": f"[@{attribute}={said}]",
        "^=": f"[starts-with(@{attribute}, {said})]",
        "*=": f"[contains(@{attribute}, {said})]",
        "$=": f"[substring(@{attribute}, string-length(@{attribute}) - {len(value) - 1}) = {said}]",
        "|=": f"[@{attribute}={said} or starts-with(@{attribute}, {_quoted(value + '-')})]",
    }[operator]


def _quoted(value: str) -> str:
    if '"' in value and "'" in value:
        raise ValueError(value)
    return f"'{value}'" if '"' in value else f'"{value}"'
