"""Migrations that carry something over, run over rows from before."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone

from releases import workflow
from releases.migrations import _guards as guards
from releases.models import Revision
from releases.workflow import Words

pytestmark = pytest.mark.django_db


def test_authors_are_those_since_the_words_that_were_approved(make_user, editor, chief):
    second = make_user("second")
    release = workflow.publish(workflow.save_draft(None, Words("One"), by=editor), by=chief)
    for turn, by in enumerate((chief, second, chief)):
        workflow.save_draft(release, Words(f"Turn {turn}"), by=by, at=timezone.now())
    with connection.cursor() as cursor:
        # As before the guards knew the column. The test's transaction takes it back.
        for statement in guards.removals(connection):
            cursor.execute(statement)
    Revision.objects.update(authors=[])
    import_module("releases.migrations.0013_authors").name_authors(apps, None)
    found = dict(Revision.objects.values_list("number", "authors"))
    assert found == {
        1: [editor.pk], 2: [chief.pk], 3: sorted([chief.pk, second.pk]), 4: sorted([chief.pk, second.pk])
    }  # fmt: skip
