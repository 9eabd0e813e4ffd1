"""The words of a revision are one list: whatever is on it is stored, compared, kept, frozen, typed and exported."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import models
from django.utils import timezone

from releases import workflow
from releases.admin.release.history import side_by_side
from releases.forms.release import WRITTEN, ReleaseForm
from releases.intake.records.format import REVISION
from releases.migrations._guards import FROZEN
from releases.models import Revision
from releases.workflow.versions import words_of_version
from releases.workflow.words import COLUMNS, NAMES, Words, same, words_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def other_words(make_topic, make_picture):
    """For each of the words something that it does not say by default."""
    return {
        "title": "Another title",
        "body": "<p>Another body.</p>",
        "dateline": "Geneva",
        "summary": "Another summary.",
        "topics": (make_topic("Land"),),
        "publish_at": timezone.now() + timedelta(days=1),
        "picture": make_picture(),
        "picture_alt": "What it shows",
        "picture_caption": "A caption",
        "planned_slug": "another-address",
    }


@pytest.mark.parametrize("name", NAMES)
def test_each_of_the_words_is_stored_compared_and_comes_back(name, other_words, make_release, editor):
    release = make_release("A title")
    before = words_of(release.live)
    after = replace(before, **{name: other_words[name]})
    assert not same(before, after)
    assert not side_by_side(before, after, "en")["same"]
    saved = workflow.save_draft(release, after, by=editor)
    assert getattr(words_of(saved.working), name) == other_words[name]
    workflow.save_draft(saved, before, by=editor)
    (version,) = saved.working.versions.all()
    assert getattr(words_of_version(version), name) == other_words[name]


def test_whoever_cannot_derive_the_list_holds_all_of_it():
    # What a revision has besides: how its words came about, and the forms derived from them.
    further = {
        "comment", "save_number", "saved_by_hand", "authors", "notes", "note_count", "word_count", "number", "release",
        *(f"body_{form}" for form in ("page", "text", "feed")),
        *(f"{step}_{what}" for step in ("created", "edited", "submitted", "approved") for what in ("at", "by")),
        "frozen_at",
    }  # fmt: skip
    columns = {field.name for field in Revision._meta.fields if not isinstance(field, models.AutoField)}
    assert columns == {*COLUMNS, *further}
    assert {Revision._meta.get_field(name).column for name in COLUMNS} <= set(FROZEN)
    assert {"topics", *COLUMNS} == set(NAMES) == {*WRITTEN, "planned_slug"}
    assert set(WRITTEN) - {"topics"} <= set(ReleaseForm.base_fields)  # whose choices are made for each form
    assert set(NAMES) <= {field.name for field in REVISION.fields}
    assert Words("T", "<p>B</p>") == Words(
        title="T", body="<p>B</p>"
    )  # the first two may stand without their names
