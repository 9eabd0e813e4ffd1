"""What tests find is what migrations leave, by this code and no other."""

import pytest
from django.contrib.auth.models import Group

from newsroom.accounts.models import CHIEF, ROLES
from releases.models import Edition, Event, Release
from tests import database
from tests.makers import Makers


@pytest.mark.django_db(transaction=True)
def test_what_was_committed_is_taken_back_and_what_migrations_wrote_is_there_again():
    first = Makers().release().pk
    Edition.objects.update(number=1_000)
    Group.objects.filter(name=CHIEF).update(name="another")
    database.bring_back()
    assert not Release.objects.exists()
    assert not Event.objects.exists()
    assert Edition.objects.get().number < 1_000
    assert Group.objects.filter(name__in=ROLES).count() == len(ROLES)
    assert Makers().release().pk == first


def test_who_changes_a_migration_has_another_database(tmp_path, monkeypatch):
    migration = tmp_path / "releases" / "migrations" / "0001_initial.py"
    for file in (migration, tmp_path / "newsroom" / "models.py", tmp_path / "tests" / "settings.py"):
        file.parent.mkdir(parents=True)
        file.write_text("")
    monkeypatch.setattr(database, "ROOT", tmp_path)
    before = database.code.__wrapped__()
    migration.write_text("operations = []")
    changed = database.code.__wrapped__()
    migration.rename(migration.with_name("0002_initial.py"))
    assert len({before, changed, database.code.__wrapped__()}) == 3
    assert database.code.__wrapped__() == database.code.__wrapped__()
