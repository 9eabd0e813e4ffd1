"""The format of an export (`docs/format.md`): one table of fields for each kind of line, which export and import both follow."""

from collections.abc import Container, Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db.models import Manager
from django.utils.translation import gettext as _

from newsroom.accounts.models import CHIEF, ROLES, User
from releases.intake.records.fields import (
    Addresses,
    Day,
    Field,
    Flag,
    Language,
    Moment,
    Names,
    Number,
    Object,
    Record,
    References,
    Role,
    Slug,
    Slugs,
    Text,
    Texts,
    Translations,
    UnlessFalse,
    Uuid,
)
from releases.intake.records.references import (
    Person,
    Persons,
    PictureReference,
    RevisionNumber,
    TopicPairs,
    Topics,
    TopicSlug,
)
from releases.models.picture import NAME_LENGTH
from releases.models.revision import ALT_LENGTH, CAPTION_LENGTH, SLUG_LENGTH, SUMMARY_LENGTH, TITLE_LENGTH
from releases.pictures.renditions import MAX_SIDE

FORMAT = "newsroom"
VERSION = 1
# In a folder: the lines, and beside them the files that they name.
LINES = "newsroom.jsonl"
FILES = "files"


@dataclass(frozen=True)
class Kind:
    """A kind of line, or of an object within one. Lines say their kind, except the first."""

    name: str
    fields: tuple[Field, ...]
    says_kind: bool = True

    def write(self, row: Any, names: Names) -> dict[str, Any]:
        """The line of a row."""
        line = {"kind": self.name} if self.says_kind else {}
        return line | {one.name: one.write(one.of(row), names) for one in self.fields}

    def read(self, record: Record, references: References) -> "Values":
        """The values of a line."""
        return Values(self, record, references)


@dataclass(frozen=True)
class Values:
    """The values of a line. Each is checked when it is asked for; it raises `InvalidRecord` then."""

    kind: Kind
    record: Record
    references: References

    def __getitem__(self, name: str) -> Any:
        """The value of a field."""
        field = next(one for one in self.kind.fields if one.name == name)
        return field.read(self.record, self.references)

    def __contains__(self, name: str) -> bool:
        """Whether the line has the field at all."""
        return name in self.record

    def columns(self, *, without: Container[str] = ()) -> dict[str, Any]:
        """The values of the fields that are columns of the row, by the names of the columns."""
        return {
            one.attribute: self[one.name]
            for one in self.kind.fields
            if one.value is None and not isinstance(one, RevisionNumber) and one.name not in without
        }


@dataclass(frozen=True, kw_only=True)
class Objects(Field):
    """A list of objects of one kind, written from rows."""

    kind: Kind
    missing: ClassVar[Any] = ()

    def write(self, value: Iterable[Any], names: Names) -> list[dict[str, Any]]:
        return [self.kind.write(row, names) for row in value]

    def read(self, record: Record, references: References) -> list[Values]:
        return [self.kind.read(one, references) for one in super().read(record, references)]

    def parse(self, value: Any) -> list[Record]:
        if not isinstance(value, list | tuple) or not all(isinstance(one, dict) for one in value):
            raise self.invalid(_("a list of objects"))
        return list(value)


def _oldest_first(rows: Manager[Any]) -> list[Any]:
    """Rows that were prefetched, in the order in which they were made."""
    return sorted(rows.all(), key=lambda row: row.pk)


def _role(user: User) -> str | None:
    """The role that somebody has, or had before leaving."""
    names = {group.name for group in user.groups.all()}
    return CHIEF if user.is_superuser else next((one for one in reversed(ROLES) if one in names), None)


HEAD = Kind(
    "head",
    (
        Field("format", required=True, value=lambda _row: FORMAT),
        Field("version", required=True, value=lambda _row: VERSION),
        Moment("changed_at", value=lambda edition: edition.raised_at if edition else None),
    ),
    says_kind=False,
)
PERSON = Kind(
    "person",
    (
        Text("username", 150, required=True),
        Text("first_name", 150),
        Text("last_name", 150),
        Text("email", 254),
        UnlessFalse("active", column="is_active"),
        Role("role", value=_role),
    ),
)
TOPIC = Kind(
    "topic",
    (
        Slug("slug", 100, required=True),
        Text("name", 100, required=True),
        Translations("names"),
        Text("description"),
        Texts("synonyms"),
        Slugs(
            "former_slugs", 100, value=lambda topic: [one.slug for one in _oldest_first(topic.former_slugs)]
        ),
        TopicSlug("merged_into", column="merged_into_id"),
        Moment("retired_at"),
    ),
)
PICTURE = Kind(
    "picture",
    (
        Uuid("uuid", required=True),
        Text("digest", 64, required=True),
        Text("name", NAME_LENGTH, required=True),
        Number("width", 1, MAX_SIDE, required=True),
        Number("height", 1, MAX_SIDE, required=True),
        Moment("added_at", required=True),
        Person("added_by"),
    ),
)
REVISION = Kind(
    "release.revisions",
    (
        Number("number", 1, required=True),
        Text("title", TITLE_LENGTH, required=True),
        Text("dateline", 100),
        Text("summary", SUMMARY_LENGTH),
        Text("body"),
        PictureReference("picture"),
        Text("picture_alt", ALT_LENGTH),
        Text("picture_caption", CAPTION_LENGTH),
        Moment("publish_at"),
        Slug("planned_slug", SLUG_LENGTH),
        Topics("topics", value=lambda revision: [one.tag_id for one in revision.topic_items.all()]),
        Text("comment", 500),
        Moment("created_at", required=True),
        Person("created_by"),
        Moment("edited_at", required=True),
        Person("edited_by"),
        Persons("authors"),
        Number("save_number", 1),
        Moment("submitted_at"),
        Person("submitted_by"),
        Moment("approved_at"),
        Person("approved_by"),
        Moment("frozen_at"),
    ),
    says_kind=False,
)
CORRECTION = Kind(
    "release.corrections",
    (
        RevisionNumber("revision", 1, column="revision_id", required=True),
        Moment("at", required=True),
        Text("note", 1000, required=True),
        Person("by"),
    ),
    says_kind=False,
)
HISTORY = Kind(
    "release.events",
    (
        Text("verb", 40, required=True),
        Moment("at", required=True),
        Person("by", column="user"),
        RevisionNumber("revision", column="revision_id"),
        Object("detail"),
    ),
    says_kind=False,
)
RELEASE = Kind(
    "release",
    (
        Uuid("uuid", required=True),
        Language("language", 10, required=True),
        Slug("slug", SLUG_LENGTH, required=True),
        Moment("publish_at"),
        Moment("updated_at"),
        Moment("withdrawn_at"),
        Text("withdrawal_notice"),
        # Exports of before there was a choice are of newsrooms that showed no title.
        Flag("withdrawal_hides_title", otherwise=lambda record: bool(record.get("withdrawn_at"))),
        Moment("back_since"),
        Moment("created_at", required=True),
        Person("created_by"),
        Uuid("translation_group", value=lambda release: getattr(release.translation_group, "uuid", None)),
        RevisionNumber("live", column="live_id"),
        RevisionNumber("working", column="working_id"),
        Addresses("addresses", SLUG_LENGTH, value=lambda release: _oldest_first(release.addresses)),
        Texts("former_paths", value=lambda release: sorted(one.path for one in release.former_paths.all())),
        TopicPairs(
            "refilings",
            value=lambda release: [(one.source_id, one.target_id) for one in release.refilings.all()],
        ),
        Objects("revisions", required=True, kind=REVISION, value=lambda release: release.revisions.all()),
        Objects("corrections", kind=CORRECTION, value=lambda release: _oldest_first(release.corrections)),
        Objects("events", kind=HISTORY, value=lambda release: _oldest_first(release.events)),
    ),
)
SOURCE = Kind(
    "source",
    (
        Text("url", 20_000, required=True),
        Text("archived_url", required=True),
        Day("archived_on", required=True),
    ),
)
EVENT = Kind(
    "event",
    (
        Text("verb", 40, required=True),
        Moment("at", required=True),
        Person("by", column="user"),
        Object("detail"),
    ),
)
FILE = Kind("file", (Text("path", 500, required=True), Number("size"), Text("sha256", required=True)))
END = Kind("end", (Number("releases"), Number("files")))

LINE_KINDS = {kind.name: kind for kind in (PERSON, TOPIC, PICTURE, RELEASE, SOURCE, EVENT, FILE, END)}
KINDS = (HEAD, *LINE_KINDS.values(), REVISION, CORRECTION, HISTORY)
