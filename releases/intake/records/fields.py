"""The types of fields that lines are made of: how each is written, and how it is read and checked."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import KW_ONLY, dataclass, field
from datetime import UTC, date, datetime
from typing import Any, ClassVar, Protocol
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from newsroom.accounts.models import ROLES, User
from releases.models import Picture
from releases.workflow.moments import DATE_RANGE, meant

# A JSON object, as it stands in a line.
Record = Mapping[str, Any]

# Details of events are flat. What is deep would break whoever writes it out again.
_MAX_DEPTH = 20
_SLUG = re.compile(r"[^/\s\x00-\x1f\x7f]+")


class InvalidRecord(Exception):
    """A line does not say what the format wants; the message says where."""


def database_refusal(error: Exception) -> InvalidRecord:
    """What the database had against a row, in its own words, on one line."""
    return InvalidRecord(_("The database refused it: %s") % str(error).strip().splitlines()[0][:200])


@dataclass(frozen=True)
class Names:
    """What the rows of this database are called in an export, by primary key."""

    people: Mapping[int, str] = field(default_factory=dict)  # sign-in names
    topics: Mapping[int, str] = field(default_factory=dict)  # slugs
    revisions: Mapping[int, int] = field(default_factory=dict)  # numbers, of the release that is written


class References(Protocol):
    """The rows that the names in an export stand for. Each method raises `InvalidRecord` for an unknown name."""

    def person(self, name: str, username: object) -> User | None: ...
    def picture(self, uuid: UUID) -> Picture | None: ...
    def topic(self, slug: str) -> int | None: ...


@dataclass(frozen=True)
class Field:
    """A field of a line. `column` is the row's attribute where it has another name than the field.

    `value` computes what is written from the row; such a field is no column of the row.
    """

    name: str
    _: KW_ONLY
    required: bool = False
    column: str = ""
    value: Callable[[Any], Any] | None = None
    # What a missing field is read as.
    missing: ClassVar[Any] = None

    @property
    def attribute(self) -> str:
        """The attribute of the row that the field is written from, and that it fills."""
        return self.column or self.name

    def of(self, row: Any) -> Any:
        """The field's value in a row."""
        return self.value(row) if self.value else getattr(row, self.attribute)

    def write(self, value: Any, names: Names) -> Any:
        """The value as JSON."""
        return value

    def read(self, record: Record, references: References) -> Any:
        """The value that a line has. Raises `InvalidRecord`."""
        return self.parse(record.get(self.name, self.missing))

    def parse(self, value: Any) -> Any:
        """Check a value of JSON. Raises `InvalidRecord`."""
        return value

    def invalid(self, wanted: str) -> InvalidRecord:
        """The error that names the field and what it should be."""
        return InvalidRecord(_("“%(name)s” should be %(wanted)s.") % {"name": self.name, "wanted": wanted})


@dataclass(frozen=True)
class Text(Field):
    """A string; "" where there is none."""

    most: int = 3_000_000
    missing: ClassVar[Any] = ""

    def parse(self, value: Any) -> str:
        if not isinstance(value, str) or len(value) > self.most or (self.required and not value.strip()):
            raise self.invalid(_("text of at most %d characters") % self.most)
        return value


@dataclass(frozen=True)
class Slug(Field):
    """The last part of an address: no slash, no white space, nothing that is read as a place or a year."""

    most: int = 100

    def parse(self, value: Any) -> str:
        if not self.required and not value:
            return ""
        if (
            not isinstance(value, str)
            or len(value) > self.most
            or not _SLUG.fullmatch(value)
            or not value.strip(".")
            or re.fullmatch("[0-9]{4}", value)
        ):
            raise self.invalid(_("the last part of an address, of at most %d characters") % self.most)
        return value


@dataclass(frozen=True)
class Texts(Field):
    """A list of strings."""

    missing: ClassVar[Any] = ()

    def parse(self, value: Any) -> list[str]:
        if not isinstance(value, list | tuple) or not all(isinstance(one, str) for one in value):
            raise self.invalid(_("a list of texts"))
        return list(value)


@dataclass(frozen=True)
class Slugs(Texts):
    """A list of slugs."""

    most: int = 100

    def parse(self, value: Any) -> list[str]:
        slug = Slug(self.name, most=self.most, required=True)
        return [slug.parse(one) for one in super().parse(value)]


@dataclass(frozen=True)
class Pairs(Field):
    """A list of pairs of strings."""

    missing: ClassVar[Any] = ()

    def parse(self, value: Any) -> list[tuple[str, str]]:
        if not isinstance(value, list | tuple) or not all(
            isinstance(one, list) and len(one) == 2 and all(isinstance(word, str) for word in one)
            for one in value
        ):
            raise self.invalid(_("a list of pairs of texts"))
        return [(one[0], one[1]) for one in value]


@dataclass(frozen=True)
class Addresses(Pairs):
    """Pairs of a language and a slug, written from rows."""

    most: int = 100

    def write(self, value: Iterable[Any], names: Names) -> list[list[str]]:
        return [[one.language, one.slug] for one in value]

    def parse(self, value: Any) -> list[tuple[str, str]]:
        language, slug = (
            Text(self.name, most=10, required=True),
            Slug(self.name, most=self.most, required=True),
        )
        return [(language.parse(one), slug.parse(other)) for one, other in super().parse(value)]


@dataclass(frozen=True)
class Number(Field):
    """A whole number, or None."""

    least: int = 0
    most: int = 2**31 - 1

    def parse(self, value: Any) -> int | None:
        if value is None and not self.required:
            return None
        if not isinstance(value, int) or isinstance(value, bool) or not self.least <= value <= self.most:
            if self.most < 2**31 - 1:
                limits = {"least": self.least, "most": self.most}
                raise self.invalid(_("a whole number between %(least)d and %(most)d") % limits)
            raise self.invalid(_("a whole number"))
        return value


@dataclass(frozen=True)
class Flag(Field):
    """True or false. `otherwise` computes it for a line that does not have it."""

    otherwise: Callable[[Record], bool] = lambda record: False

    def read(self, record: Record, references: References) -> bool:
        value = record.get(self.name, self.otherwise(record))
        if not isinstance(value, bool):
            raise self.invalid(_("true or false"))
        return value


@dataclass(frozen=True)
class UnlessFalse(Field):
    """True, unless the line says `false`."""

    def parse(self, value: Any) -> bool:
        return value is not False


@dataclass(frozen=True)
class Moment(Field):
    """A time with its distance from UTC, or None."""

    def write(self, value: datetime | None, names: Names) -> str | None:
        return value.astimezone(UTC).isoformat() if value else None

    def parse(self, value: Any) -> datetime | None:
        if value is None and not self.required:
            return None
        try:
            found = datetime.fromisoformat(value)
        except (TypeError, ValueError) as error:
            raise self.invalid(_("a time such as 2011-06-10T16:00:00+00:00")) from error
        if found.tzinfo is None:
            raise self.invalid(_("a time with its distance from UTC"))
        if not meant(found):
            first, last = (day.year for day in DATE_RANGE)
            raise self.invalid(_("a time between %(first)d and %(last)d") % {"first": first, "last": last})
        return found.astimezone(UTC)


@dataclass(frozen=True)
class Day(Field):
    """A day without a time."""

    def write(self, value: date, names: Names) -> str:
        return str(value)

    def parse(self, value: Any) -> date:
        try:
            return date.fromisoformat(value)
        except (TypeError, ValueError) as error:
            raise self.invalid(_("a day such as 2011-06-10")) from error


@dataclass(frozen=True)
class Uuid(Field):
    """A UUID, or None."""

    def write(self, value: UUID | None, names: Names) -> str | None:
        return str(value) if value else None

    def parse(self, value: Any) -> UUID | None:
        if value is None and not self.required:
            return None
        try:
            return UUID(value)
        except (TypeError, ValueError, AttributeError) as error:
            raise self.invalid(_("a UUID")) from error


@dataclass(frozen=True)
class Object(Field):
    """An object of JSON. Its names are written in order: PostgreSQL keeps them in an order of its own."""

    missing: ClassVar[Any] = {}

    def write(self, value: Any, names: Names) -> Any:
        return _sorted(value)

    def parse(self, value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise self.invalid(_("an object"))
        if _is_deep(value, _MAX_DEPTH):
            raise self.invalid(_("an object that is less deep"))
        return dict(value)


@dataclass(frozen=True)
class Translations(Object):
    """An object of strings: words by language."""

    def parse(self, value: Any) -> dict[str, str]:
        found = super().parse(value)
        if not all(isinstance(one, str) for one in found.values()):
            raise self.invalid(_("an object of texts"))
        return found


@dataclass(frozen=True)
class Language(Text):
    """A language of this newsroom."""

    def parse(self, value: Any) -> str:
        found = super().parse(value)
        if found not in dict(settings.LANGUAGES):
            raise InvalidRecord(_("This newsroom has no language “%s” (LANGUAGES).") % found)
        return found


@dataclass(frozen=True)
class Role(Field):
    """A role of the newsroom, or None."""

    def parse(self, value: Any) -> str | None:
        if value is not None and (not isinstance(value, str) or value not in ROLES):
            raise InvalidRecord(_("There is no role “%s”.") % str(value)[:60])
        return value


def _is_deep(value: Any, left: int) -> bool:
    if not isinstance(value, dict | list):
        return False
    inner = value.values() if isinstance(value, dict) else value
    return left == 0 or any(_is_deep(one, left - 1) for one in inner)


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _sorted(value[name]) for name in sorted(value)}
    return [_sorted(one) for one in value] if isinstance(value, list) else value
