"""The values of a line, each asked for by name and kind; what is not as the format says raises `Wrong`."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from releases.workflow.moments import DATE_RANGE, meant

# Details of events are flat; nothing here is deep, and what is would break whoever writes it out again.
_DEEPEST = 20
_SLUG = re.compile(r"[^/\s\x00-\x1f\x7f]+")


class Wrong(Exception):
    """A line does not say what the format wants; the message says where."""


def refused(error: Exception) -> Wrong:
    """What the database had against a row, in its own words, on one line."""
    return Wrong(_("The database refused it: %s") % str(error).strip().splitlines()[0][:200])


class Record(dict[str, Any]):
    """A JSON object of which values are asked for."""

    def _wrong(self, name: str, wanted: str) -> Wrong:
        return Wrong(_("“%(name)s” should be %(wanted)s.") % {"name": name, "wanted": wanted})

    def text(self, name: str, *, most: int = 3_000_000, empty: bool = True) -> str:
        """A string; "" where there is none."""
        value = self.get(name, "")
        if not isinstance(value, str) or len(value) > most or (not empty and not value.strip()):
            raise self._wrong(name, _("text of at most %d characters") % most)
        return value

    def slug(self, name: str, *, most: int) -> str:
        """The last part of an address: no slash, no white space, nothing that is read as a place or a year."""
        return self._slug(name, self.get(name), most)

    def slugs(self, name: str, *, most: int) -> list[str]:
        """A list of these."""
        return [self._slug(name, one, most) for one in self.words(name)]

    def _slug(self, name: str, value: object, most: int) -> str:
        if (
            not isinstance(value, str)
            or len(value) > most
            or not _SLUG.fullmatch(value)
            or not value.strip(".")
            or re.fullmatch("[0-9]{4}", value)
        ):
            raise self._wrong(name, _("the last part of an address, of at most %d characters") % most)
        return value

    def words(self, name: str) -> list[str]:
        """A list of strings."""
        value = self.get(name, [])
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise self._wrong(name, _("a list of texts"))
        return list(value)

    def pairs(self, name: str) -> list[tuple[str, str]]:
        """A list of pairs of strings."""
        value = self.get(name, [])
        if not isinstance(value, list) or not all(
            isinstance(one, list) and len(one) == 2 and all(isinstance(word, str) for word in one)
            for one in value
        ):
            raise self._wrong(name, _("a list of pairs of texts"))
        return [(one[0], one[1]) for one in value]

    def number(self, name: str, *, least: int = 0) -> int | None:
        """A whole number, or None."""
        value = self.get(name)
        if value is None:
            return None
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value < 2**31:
            raise self._wrong(name, _("a whole number"))
        return value

    def flag(self, name: str, *, otherwise: bool) -> bool:
        """True or false; `otherwise` where nothing is said."""
        value = self.get(name, otherwise)
        if not isinstance(value, bool):
            raise self._wrong(name, _("true or false"))
        return value

    def moment(self, name: str) -> datetime | None:
        """A time with its distance from UTC, or None."""
        value = self.get(name)
        if value is None:
            return None
        try:
            found = datetime.fromisoformat(value)
        except (TypeError, ValueError) as error:
            raise self._wrong(name, _("a time such as 2011-06-10T16:00:00+00:00")) from error
        if found.tzinfo is None:
            raise self._wrong(name, _("a time with its distance from UTC"))
        if not meant(found):
            first, last = (day.year for day in DATE_RANGE)
            raise self._wrong(
                name, _("a time between %(first)d and %(last)d") % {"first": first, "last": last}
            )
        return found.astimezone(UTC)

    def sure(self, name: str) -> datetime:
        """A time that has to be there."""
        found = self.moment(name)
        if found is None:
            raise self._wrong(name, _("a time"))
        return found

    def uuid(self, name: str) -> UUID | None:
        """A UUID, or None."""
        value = self.get(name)
        if value is None:
            return None
        try:
            return UUID(value)
        except (TypeError, ValueError, AttributeError) as error:
            raise self._wrong(name, _("a UUID")) from error

    def mapping(self, name: str) -> Mapping[str, Any]:
        """An object."""
        value = self.get(name, {})
        if not isinstance(value, dict):
            raise self._wrong(name, _("an object"))
        if _is_deep(value, _DEEPEST):
            raise self._wrong(name, _("an object that is less deep"))
        return value

    def names(self, name: str) -> dict[str, str]:
        """An object of strings."""
        value = dict(self.mapping(name))
        if not all(isinstance(one, str) for one in value.values()):
            raise self._wrong(name, _("an object of texts"))
        return value

    def records(self, name: str) -> list["Record"]:
        """A list of objects."""
        value = self.get(name, [])
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            raise self._wrong(name, _("a list of objects"))
        return [Record(one) for one in value]


def _is_deep(value: Any, left: int) -> bool:
    if not isinstance(value, dict | list):
        return False
    inner = value.values() if isinstance(value, dict) else value
    return left == 0 or any(_is_deep(one, left - 1) for one in inner)
