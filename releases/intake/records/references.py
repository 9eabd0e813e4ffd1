"""Fields that name other rows: people, topics, pictures and revisions. They are written from primary keys or rows, and read as rows."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from newsroom.accounts.models import User
from releases.intake.records.fields import Field, Names, Number, Pairs, Record, References, Texts, Uuid
from releases.models import Picture


@dataclass(frozen=True)
class TopicPairs(Pairs):
    """Pairs of topics, written from pairs of primary keys. Topics that a dry run would make are left out."""

    def write(self, value: Iterable[tuple[int, int]], names: Names) -> list[list[str]]:
        return sorted([names.topics[one], names.topics[other]] for one, other in value)

    def read(self, record: Record, references: References) -> list[tuple[int, int]]:
        pairs = super().read(record, references)
        return [
            (one, other)
            for first, second in pairs
            if (one := references.topic(first)) and (other := references.topic(second))
        ]


@dataclass(frozen=True)
class TopicSlug(Field):
    """A topic that may stand in a later line, by its slug, or None. Written from the primary key."""

    def write(self, value: int | None, names: Names) -> str | None:
        return names.topics[value] if value is not None else None

    def parse(self, value: Any) -> str | None:
        if value is not None and not isinstance(value, str):
            raise self.invalid(_("the slug of another topic"))
        return value


@dataclass(frozen=True)
class Topics(Texts):
    """Slugs of topics, written from primary keys. Topics that a dry run would make are left out."""

    def write(self, value: Iterable[int], names: Names) -> list[str]:
        return sorted(names.topics[pk] for pk in value)

    def read(self, record: Record, references: References) -> list[int]:
        found = map(references.topic, dict.fromkeys(super().read(record, references)))
        return [pk for pk in dict.fromkeys(found) if pk is not None]


@dataclass(frozen=True)
class RevisionNumber(Number):
    """A revision of the same release: written from its primary key, read as its number."""

    def write(self, value: int | None, names: Names) -> int | None:
        return names.revisions.get(value) if value is not None else None


@dataclass(frozen=True)
class PictureReference(Field):
    """A picture of the library, by its UUID, or None."""

    def write(self, value: Picture | None, names: Names) -> str | None:
        return str(value.uuid) if value else None

    def read(self, record: Record, references: References) -> Picture | None:
        uuid = Uuid(self.name).read(record, references)
        return references.picture(uuid) if uuid else None


@dataclass(frozen=True)
class Person(Field):
    """Somebody, by sign-in name, or None. Written from the primary key."""

    def of(self, row: Any) -> int | None:
        found: int | None = getattr(row, f"{self.attribute}_id")
        return found

    def write(self, value: int | None, names: Names) -> str | None:
        return names.people.get(value) if value is not None else None

    def read(self, record: Record, references: References) -> User | None:
        return references.person(self.name, record.get(self.name))


@dataclass(frozen=True)
class Persons(Texts):
    """Several people, by sign-in name. Written from primary keys."""

    def write(self, value: Iterable[int], names: Names) -> list[str]:
        return sorted(names.people[pk] for pk in value if pk in names.people)

    def read(self, record: Record, references: References) -> list[User]:
        found = (references.person(self.name, one) for one in super().read(record, references))
        return [person for person in found if person is not None]
