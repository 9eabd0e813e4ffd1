"""Nothing of record is forgotten by an export, and its format is the one that is documented."""

import json
from datetime import UTC, datetime

import pytest
from django.apps import apps

from releases.intake.records import LINES
from releases.intake.records.export import DERIVED, export
from releases.intake.records.take import take
from releases.models import Release, Revision, Topic
from tests.intake.lines import AT, lines, release, revision

LEFT_OUT = {
    "SearchEntry", "Ping", "Presence",  # made anew, or of this moment
    "PreviewLink",  # keys to drafts belong in no file
    "SourceCitation", "SourceHost",  # follow from the live words, and from looking
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
    export(tmp_path)
    found = {}
    for line in (tmp_path / LINES).read_text("utf-8").splitlines():
        record = json.loads(line)
        found.setdefault(record.get("kind"), record)
    of_release = {field.name for field in Release._meta.concrete_fields} - {"id"}
    assert of_release <= set(found["release"])
    of_revision = {field.name for field in Revision._meta.concrete_fields} - {"id", "release", *DERIVED}
    assert of_revision <= set(found["release"]["revisions"][0])
    assert {field.name for field in Topic._meta.concrete_fields} - {"id", "key", "sort_key"} <= set(
        found["topic"]
    )


@pytest.mark.django_db
def test_queries_grow_with_batches_and_not_with_releases(tmp_path, django_assert_max_num_queries):
    """One batch of fifty costs what one of five does: a statement for each table, and those of each topic and person."""
    every = [release(n, revisions=[revision(frozen_at=AT)]) for n in range(100)]
    take(lines(tmp_path, *every[:1]))
    with django_assert_max_num_queries(60):
        take(lines(tmp_path, *every[1:100]))


def test_times_are_written_in_utc_with_their_distance():
    from releases.intake.records.export import _moment

    assert _moment(datetime(2011, 6, 10, 16, tzinfo=UTC)) == "2011-06-10T16:00:00+00:00"
