"""The mapping file, which says where on the pages of an old site everything is (`docs/ways-in.md`), and its selectors."""

import codecs
import re
import tomllib
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from lxml import etree
from lxml.html import HTMLParser

from releases.intake import Unreadable
from releases.intake.dates import date_in
from releases.workflow.moments import meant

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
    quoted = _quoted(value)
    return {
        "=": f"[@{attribute}={quoted}]",
        "^=": f"[starts-with(@{attribute}, {quoted})]",
        "*=": f"[contains(@{attribute}, {quoted})]",
        "$=": f"[substring(@{attribute}, string-length(@{attribute}) - {len(value) - 1}) = {quoted}]",
        "|=": f"[@{attribute}={quoted} or starts-with(@{attribute}, {_quoted(value + '-')})]",
    }[operator]


def _quoted(value: str) -> str:
    if '"' in value and "'" in value:
        raise ValueError(value)
    return f"'{value}'" if '"' in value else f'"{value}"'


_SELECTORS = ("title", "date", "body", "notes", "topics", "summary", "place", "source_id", "former_path")
_WORDS = ("language", "encoding", "date_format", "site")
VERSION = 1


@dataclass(frozen=True)
class PageMapping:
    """A mapping file: its selectors by name, and its options."""

    select: dict[str, Selector]
    remove: list[Selector]
    language: str
    encoding: str = ""
    date_format: str = ""
    site: str = ""
    publish: bool = True
    topics_as: dict[str, str] = field(default_factory=dict)

    def text(self, name: str, root: Node) -> str:
        """The words at a place, "" where the mapping or the page has none."""
        return self.select[name].text(root) if name in self.select else ""

    def day(self, root: Node) -> date | None:
        """The page's date, read by `date_format` where there is one."""
        for words in self.select["date"].texts(root) if "date" in self.select else ():
            if not self.date_format:
                if found := date_in(words):
                    return found
                continue
            try:
                day = datetime.strptime(words, self.date_format).date()  # noqa: DTZ007  only its day is taken
            except ValueError:
                continue
            if meant(day):
                return day
        return None


def read_mapping(path: Path) -> PageMapping:
    """Read a mapping. Raises `Unreadable` with the place of what is wrong."""
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise Unreadable(
            _("%(file)s cannot be read: %(why)s") % {"file": path, "why": error.strerror}
        ) from error
    except ValueError as error:
        raise Unreadable(_("%(file)s is no TOML: %(why)s") % {"file": path, "why": error}) from error
    return mapping_of(data, str(path))


def mapping_of(data: dict[str, Any], name: str = "mapping") -> PageMapping:
    """A mapping from what its file says."""

    def wrong(what: str) -> Unreadable:
        return Unreadable(f"{name}: {what}")

    if data.get("version") != VERSION:
        raise wrong(_("say “version = %d” in its first line.") % VERSION)
    if unknown := set(data) - {*_SELECTORS, *_WORDS, "version", "remove", "publish", "topics_as"}:
        raise wrong(_("nobody knows what “%s” means.") % min(unknown))
    if missing := [one for one in ("title", "body") if one not in data]:
        raise wrong(_("it does not say where “%s” stands.") % missing[0])
    if not all(isinstance(data.get(one, ""), str) for one in (*_SELECTORS, *_WORDS)):
        raise wrong(_("each place is one text."))
    remove, topics = data.get("remove", []), data.get("topics_as", {})
    if (
        not isinstance(remove, list)
        or not isinstance(topics, dict)
        or not isinstance(data.get("publish", True), bool)
    ):
        raise wrong(_("“remove” is a list, “topics_as” a table, “publish” true or false."))
    language = data.get("language", settings.LANGUAGE_CODE)
    if language not in dict(settings.LANGUAGES):
        raise wrong(_("this newsroom has no language “%s” (LANGUAGES).") % language)
    if not _reads_a_day(data.get("date_format") or "%Y-%m-%d"):
        raise wrong(_("“date_format” does not say day, month and year (as %d, %m, %Y do)."))
    if not _is_encoding(data.get("encoding") or "utf-8"):
        raise wrong(_("nobody knows the encoding “%s”.") % data["encoding"])
    return PageMapping(
        select={one: Selector(data[one]) for one in _SELECTORS if data.get(one)},
        remove=[Selector(str(one)) for one in remove],
        language=language,
        publish=data.get("publish", True),
        topics_as={str(key): str(value) for key, value in topics.items()},
        **{one: data[one] for one in ("encoding", "date_format", "site") if data.get(one)},
    )


def _reads_a_day(form: str) -> bool:
    if len(form) > 200:  # Python reads it by an expression made of it
        return False
    day = datetime(2011, 10, 23)  # noqa: DTZ001  only its day is looked at
    try:
        return datetime.strptime(day.strftime(form), form).date() == day.date()  # noqa: DTZ007  likewise
    except (ValueError, re.error):
        return False


def _is_encoding(name: str) -> bool:
    try:
        HTMLParser(encoding=name)
        return bool(codecs.lookup(name))
    except (LookupError, ValueError):
        return False
