"""Migrations: what they carry over of rows from before, and that they go on doing so whatever becomes of the code."""

import ast
from importlib import import_module
from pathlib import Path

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


ROOT = Path(__file__).resolve().parents[2]
MIGRATIONS = sorted(path for path in ROOT.glob("*/**/migrations/*.py") if ".venv" not in path.parts)


def test_migrations_import_no_code_that_goes_on_changing():
    assert len(MIGRATIONS) > 20
    wrong = {}
    for path in MIGRATIONS:
        for node in ast.walk(ast.parse(path.read_text())):
            names = [node.module or "."] if isinstance(node, ast.ImportFrom) else []
            names += [one.name for one in node.names] if isinstance(node, ast.Import) else []
            for name in names:
                own = name.split(".")[0] in {"releases", "newsroom", "tests", "."}
                if own and not name.endswith(".migrations") and ".migrations._" not in name:
                    wrong[path.name] = name
    assert wrong == {}
