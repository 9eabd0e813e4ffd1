"""The file that says where on the pages of an old site everything stands (`docs/ways-in.md`)."""

import codecs
import re
import tomllib
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from lxml.html import HTMLParser

from releases.intake.dates import date_in
from releases.intake.errors import Unreadable
from releases.intake.html.selectors import Node, Selector
from releases.workflow.moments import meant

_SELECTORS = ("title", "date", "body", "notes", "topics", "summary", "place", "source_id", "former_path")
_WORDS = ("language", "encoding", "date_format", "site")
VERSION = 1


@dataclass(frozen=True)
class Mapping:
    """Selectors by name, and what else the file says."""

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


def read_mapping(path: Path) -> Mapping:
    """Read a mapping. Raises `Unreadable` with the place of what is wrong."""
    try:
        said = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise Unreadable(
            _("%(file)s cannot be read: %(why)s") % {"file": path, "why": error.strerror}
        ) from error
    except ValueError as error:
        raise Unreadable(_("%(file)s is no TOML: %(why)s") % {"file": path, "why": error}) from error
    return mapping_of(said, str(path))


def mapping_of(said: dict[str, Any], name: str = "mapping") -> Mapping:
    """A mapping from what its file says."""

    def wrong(what: str) -> Unreadable:
        return Unreadable(f"{name}: {what}")

    if said.get("version") != VERSION:
        raise wrong(_("say “version = %d” in its first line.") % VERSION)
    if unknown := set(said) - {*_SELECTORS, *_WORDS, "version", "remove", "publish", "topics_as"}:
        raise wrong(_("nobody knows what “%s” means.") % min(unknown))
    if missing := [one for one in ("title", "body") if one not in said]:
        raise wrong(_("it does not say where “%s” stands.") % missing[0])
    if not all(isinstance(said.get(one, ""), str) for one in (*_SELECTORS, *_WORDS)):
        raise wrong(_("each place is one text."))
    remove, topics = said.get("remove", []), said.get("topics_as", {})
    if (
        not isinstance(remove, list)
        or not isinstance(topics, dict)
        or not isinstance(said.get("publish", True), bool)
    ):
        raise wrong(_("“remove” is a list, “topics_as” a table, “publish” true or false."))
    language = said.get("language", settings.LANGUAGE_CODE)
    if language not in dict(settings.LANGUAGES):
        raise wrong(_("this newsroom has no language “%s” (LANGUAGES).") % language)
    if not _reads_a_day(said.get("date_format") or "%Y-%m-%d"):
        raise wrong(_("“date_format” does not say day, month and year (as %d, %m, %Y do)."))
    if not _is_encoding(said.get("encoding") or "utf-8"):
        raise wrong(_("nobody knows the encoding “%s”.") % said["encoding"])
    return Mapping(
        select={one: Selector(said[one]) for one in _SELECTORS if said.get(one)},
        remove=[Selector(str(one)) for one in remove],
        language=language,
        publish=said.get("publish", True),
        topics_as={str(key): str(value) for key, value in topics.items()},
        **{one: said[one] for one in ("encoding", "date_format", "site") if said.get(one)},
    )


def _reads_a_day(form: str) -> bool:
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
