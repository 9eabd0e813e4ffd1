"""Out as JSON lines and in again: the same bytes, the same pages, the same feeds; and what happens to lines that are wrong."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection

from newsroom.accounts.models import User
from releases.intake.records.exporter import export_records
from releases.intake.records.format import LINES
from releases.intake.records.importer import import_records
from releases.models import Edition, Event, Release, Topic
from tests.bulk import analyses
from tests.intake.everything import emptied
from tests.intake.lines import lines, release


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    """Files of its own for each test."""
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.mark.django_db
def test_taking_in_again_changes_nothing(tmp_path, make_release):
    for n in range(5):
        make_release(f"Release {n}", notes=2)
    export_records(tmp_path)
    before = Edition.objects.get().number, Event.objects.count()
    result = import_records(tmp_path)
    assert (result.added, result.known, result.refused) == (0, 5, 0)
    assert (Edition.objects.get().number, Event.objects.count()) == before


@pytest.mark.django_db
@pytest.mark.parametrize(("many", "expected"), [(2, 1), (3, 0)])
def test_postgresql_analyses_its_tables_after_an_import_of_many(tmp_path, monkeypatch, many, expected):
    monkeypatch.setattr("releases.intake.store.MANY", many)
    with analyses() as statements:
        assert import_records(lines(tmp_path, release(1), release(2))).added == 2
    assert len(statements) == (expected if connection.vendor == "postgresql" else 0)


@pytest.mark.django_db(transaction=True)
def test_a_run_that_was_broken_off_is_taken_up_again(tmp_path, make_release, monkeypatch):
    from releases.intake import store

    for n in range(7):
        make_release(f"Release {n}", notes=1)
    export_records(tmp_path / "one")
    emptied()
    monkeypatch.setattr(store, "BATCH", 2)
    save_batch, calls = store.save_batch, []

    def breaks(batch, *, at):
        calls.append(len(batch))
        if len(calls) == 3:
            raise KeyboardInterrupt
        return save_batch(batch, at=at)

    monkeypatch.setattr(store, "save_batch", breaks)
    with pytest.raises(KeyboardInterrupt):
        import_records(tmp_path / "one")
    assert Release.objects.count() == 4
    monkeypatch.setattr(store, "save_batch", save_batch)
    result = import_records(tmp_path / "one")
    assert (result.added, result.known) == (3, 4)
    export_records(tmp_path / "two")
    assert (tmp_path / "one" / LINES).read_bytes() == (tmp_path / "two" / LINES).read_bytes()


@pytest.mark.django_db(transaction=True)
def test_a_dry_run_says_the_same_and_keeps_nothing(tmp_path, make_release, make_topic):
    make_release("One", notes=2, topics=[make_topic("Torture")])
    default_storage.save("a.bin", ContentFile(b"a"))
    export_records(tmp_path)
    emptied()
    default_storage.delete("a.bin")
    dry = import_records(tmp_path, dry=True)
    assert (dry.added, dry.notes, dry.topics, dry.people, dry.files) == (1, 2, 1, 1, 1)
    assert not Release.objects.exists()
    assert not Topic.objects.exists()
    assert not User.objects.exists()
    assert not default_storage.exists("a.bin")
    wet = import_records(tmp_path)
    assert (wet.added, wet.notes, wet.topics, wet.people, wet.files) == (1, 2, 1, 1, 1)
