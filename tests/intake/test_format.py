"""Nothing of record is forgotten by an export, and its format is the one that is documented."""

import hashlib
import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.apps import apps

from releases.intake import Unreadable
from releases.intake.records.exporter import DERIVED, export_records
from releases.intake.records.fields import Field, InvalidRecord, Moment, Names, UnlessFalse
from releases.intake.records.format import KINDS, LINES
from releases.intake.records.importer import import_records
from releases.models import Release, Revision, Topic
from tests.intake.everything import extremes, newsroom_of_everything
from tests.intake.lines import AT, lines, release, revision

LEFT_OUT = {
    "SearchEntry", "TopicWord", "Ping", "Presence",  # made anew, or of this moment
    "PreviewLink",  # keys to drafts belong in no file
    "Version", "Receipt", "Intent",  # of writing that goes on here, not of record
    "SourceCitation", "SourceHost",  # follow from the live words, and from looking
    "EditionPart", "Tally", "SharedTally",  # follow from the rows
    "ScrubDoor",  # never holds a row
    "RemovedAddress",  # means nothing without the key of this place
    "Purge", "MirrorList",  # of this place: what caches in front of it were told, where its copies stand
}  # fmt: skip
CARRIED = {
    "Release", "Revision", "Event", "Correction", "Address", "FormerPath", "TranslationGroup", "Topic", "FormerSlug",
    "Refiling", "RevisionTopic", "ReleaseTopic", "Edition", "Source", "Picture",
}  # fmt: skip


def test_every_model_is_carried_or_left_out_on_purpose():
    """A new model of record needs its place in the export (`docs/format.md`) before it can be named here."""
    assert {model.__name__ for model in apps.get_app_config("releases").get_models()} == CARRIED | LEFT_OUT


@pytest.mark.django_db
def test_every_column_is_carried_or_derived(tmp_path, make_release, make_topic):
    make_release("One", topics=[make_topic("Torture")])
    export_records(tmp_path)
    found = {}
    for line in (tmp_path / LINES).read_text("utf-8").splitlines():
        record = json.loads(line)
        found.setdefault(record.get("kind"), record)
    of_release = {field.name for field in Release._meta.concrete_fields} - {"id"}
    assert of_release <= set(found["release"])
    # What is brought in counts as saved by hand: its first version is kept before anybody writes over it.
    here = {"id", "release", "saved_by_hand", *DERIVED}
    of_revision = {field.name for field in Revision._meta.concrete_fields} - here
    assert of_revision <= set(found["release"]["revisions"][0])
    assert {field.name for field in Topic._meta.concrete_fields} - {"id", "key", "sort_key"} <= set(
        found["topic"]
    )


@pytest.mark.django_db
def test_queries_grow_with_batches_and_not_with_releases(tmp_path, django_assert_max_num_queries):
    """One batch of fifty costs what one of five does: a statement for each table, and those of each topic and person."""
    every = [release(n, revisions=[revision(frozen_at=AT)]) for n in range(100)]
    import_records(lines(tmp_path, *every[:1]))
    with django_assert_max_num_queries(60):
        import_records(lines(tmp_path, *every[1:100]))


def test_times_are_written_in_utc_with_their_distance():
    at = datetime(2011, 6, 10, 16, tzinfo=UTC)
    assert Moment("at").write(at, Names()) == "2011-06-10T16:00:00+00:00"


# ---------------------------------------------------------------------- what is documented

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "format.md"


def documented():
    """The fields of each kind of line, and those that are bold, as docs/format.md lists them."""
    found = {}
    for heading, rest in re.findall(
        r"^##+ `([\w.]+)`\n(.*?)(?=^##|\Z)", DOCUMENT.read_text("utf-8"), re.M | re.S
    ):
        rows = re.findall(r"^\| (\**)`(\w+)`\**\s*\|", rest, re.M)
        found[heading] = {name: bool(bold) for bold, name in rows}
    return found


@pytest.fixture
def written(tmp_path, make_user, settings):
    """Every line of an export of everything."""
    settings.MEDIA_ROOT = tmp_path / "media"
    newsroom_of_everything(make_user)
    extremes(make_user)
    export_records(tmp_path / "out")
    return [json.loads(line) for line in (tmp_path / "out" / LINES).read_text("utf-8").splitlines()]


@pytest.mark.django_db(transaction=True)
def test_the_document_names_every_field_that_is_written_and_no_other(written):
    fields = {}
    for record in written:
        kind = record.get("kind", "head")
        fields.setdefault(kind, set()).update(record)
        for part in ("revisions", "corrections", "events"):
            for inner in record.get(part, ()) if kind == "release" else ():
                fields.setdefault(f"release.{part}", set()).update(inner)
    assert {kind: set(names) for kind, names in documented().items()} == fields


def test_the_document_and_the_table_of_fields_say_the_same():
    """Export and import follow the table; in the document required fields are bold."""
    table = {
        kind.name: ({"kind": True} if kind.says_kind else {})
        | {one.name: one.required for one in kind.fields}
        for kind in KINDS
    }
    assert documented() == table


class Strangers:
    """References that know nobody."""

    def person(self, name, username):
        raise InvalidRecord(name)

    picture = topic = person


CHECKED = [
    (kind, field)
    for kind in KINDS
    for field in kind.fields
    if type(field) is not Field and not isinstance(field, UnlessFalse)
]


@pytest.mark.parametrize(
    ("kind", "field"), CHECKED, ids=[f"{kind.name}.{field.name}" for kind, field in CHECKED]
)
def test_a_value_of_the_wrong_type_is_refused_by_the_name_of_its_field(kind, field):
    with pytest.raises(InvalidRecord, match=field.name):
        kind.read({field.name: 7.5}, Strangers())[field.name]


def test_the_example_in_the_document_is_an_export(tmp_path, db):
    example = re.findall(r"^    (\{.*)$", DOCUMENT.read_text("utf-8"), re.M)
    path = tmp_path / "lines.jsonl"
    path.write_text("\n".join(example), "utf-8")
    result = import_records(path)
    assert (result.added, result.problems) == (1, [])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "name"), [(kind, name) for kind, names in documented().items() for name, bold in names.items() if bold]
)  # fmt: skip
def test_what_is_bold_is_needed(tmp_path, kind, name):
    """A line from which a bold field is missing is refused, or is none of that kind."""
    part = kind.removeprefix("release.")
    happened = {"verb": "create", "at": AT, "revision": 1}
    whole = {
        "head": {"format": "newsroom", "version": 1},
        "person": {"kind": "person", "username": "anna"},
        "topic": {"kind": "topic", "slug": "law", "name": "Law"},
        "release": release(1),
        "revisions": revision(),
        "corrections": {"revision": 1, "at": AT, "note": "x"},
        "events": happened,
        "source": {"kind": "source", "url": "https://example.org/a", "archived_url": "https://archive.example/a",
                   "archived_on": "2020-01-02"},
        "event": {"kind": "event", "verb": "said", "at": AT},
        "file": {"kind": "file", "path": "a.txt", "sha256": hashlib.sha256(b"a").hexdigest()},
        "picture": {"kind": "picture", "uuid": "00000000-0000-4000-8000-000000000001", "digest": "a" * 64, "name": "x",
                    "width": 1, "height": 1, "added_at": AT},
        "end": {"kind": "end"},
    }[part]  # fmt: skip
    cut = {field: value for field, value in whole.items() if field != name}
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "a.txt").write_text("a")
    if kind == "head":
        with pytest.raises(Unreadable):
            import_records(lines(tmp_path, head=cut))
        return
    record = cut if part == kind else release(1, **{part: [cut]})
    result = import_records(lines(tmp_path, record, end=kind != "end"))
    assert result.refused == 1
    if kind in ("release", "release.revisions", "release.corrections", "release.events"):
        assert result.added == 0
