"""The forms of texts that readers get are made anew when rendering improves; the words stay."""

import importlib
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from releases import editions
from releases.models import Revision

FORMS = ("body_page", "body_text", "body_feed")


@pytest.fixture
def kept(make_release):
    """A published text as an earlier version rendered it, and how it is rendered now."""
    release = make_release(notes=2)
    now = {name: getattr(release.live, name) for name in FORMS}
    old = {name: form.replace('<span class="note-bracket">', "<b>") for name, form in now.items()}
    Revision.objects.filter(pk=release.live_id).update(**old)
    assert "note-bracket" not in Revision.objects.get(pk=release.live_id).body_page
    return release, now


def rebuild_words():
    out = StringIO()
    call_command("rebuild_words", stdout=out, stderr=StringIO())
    return out.getvalue()


def migrate():
    migration = importlib.import_module("releases.migrations.0015_bracketed_notes")
    with connection.schema_editor() as schema:
        migration.ask_for_rendering(apps, schema)
    call_command("migrate", stdout=StringIO(), stderr=StringIO())


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("rebuild", [rebuild_words, migrate])
def test_a_frozen_text_is_rendered_anew_and_readers_get_it_at_once(kept, rebuild):
    release, now = kept
    edition = editions.current(timezone.now()).number
    dates = release.publish_at, release.updated_at
    rebuild()
    release.refresh_from_db()
    assert {name: getattr(release.live, name) for name in FORMS} == now
    assert (release.publish_at, release.updated_at) == dates
    assert editions.current(timezone.now()).number > edition


@pytest.mark.django_db
def test_rendered_again_nothing_changes(kept):
    assert rebuild_words() == "Words: 1 texts rendered, 1 changed.\n"
    edition = editions.current(timezone.now()).number
    assert rebuild_words() == "Words: 1 texts rendered, 0 changed.\n"
    assert editions.current(timezone.now()).number == edition
