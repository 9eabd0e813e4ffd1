"""Out, emptied, and in again, on one database and from one to the other: the same pages, feeds and export to the byte."""

from pathlib import Path

import pytest
from django.core.cache import caches
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection

from newsroom.accounts.models import User, role_of
from releases.intake.records.exporter import export_records
from releases.intake.records.format import LINES
from releases.intake.records.importer import import_records
from releases.models import Event, Release, Revision, Topic
from releases.workflow import topics
from tests.depth import DEEP
from tests.intake.elsewhere import shift, sqlite
from tests.intake.everything import emptied, extremes, newsroom_of_everything
from tests.intake.readers import addresses, public


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    """Files of its own for each test."""
    settings.MEDIA_ROOT = tmp_path / "media"


def differences(one, other):
    """The addresses whose answers are not the same."""
    return {
        address: (one.get(address), other.get(address))
        for address in {*one, *other}
        if one.get(address) != other.get(address)
    }


@pytest.mark.django_db(transaction=True)
def test_out_and_in_again_everything_is_as_it_was(client, tmp_path, make_user):
    newsroom_of_everything(make_user)
    extremes(make_user)
    before = public(client, addresses())
    assert {status for status, _place, _digest in before.values()} >= {200, 301, 404, 410}
    export_records(tmp_path / "one")
    emptied()
    assert not Release.objects.exists()
    shift()
    result = import_records(tmp_path / "one")
    assert not result.problems
    assert result.complete
    export_records(tmp_path / "two")
    assert (tmp_path / "one" / LINES).read_bytes() == (tmp_path / "two" / LINES).read_bytes()
    assert differences(public(client, addresses()), before) == {}
    with default_storage.open("papers/2011/a.bin") as file:
        assert file.read() == b"\x00\x01\xff"
    assert not User.objects.get(username="editor").has_usable_password()
    assert role_of(User.objects.get(username="chief")) == "chief"
    for revision in Revision.objects.all():
        assert revision.body_page or not revision.body
    # What was done to topics can still be undone, though every primary key is another.
    chief = User.objects.get(username="chief")
    topics.undo(Event.objects.filter(verb="retire topic").get(), by=chief)
    assert not Topic.objects.get(slug="uyghurs-uighurs").retired_at


@pytest.mark.django_db(transaction=True)
def test_to_another_database_and_back_everything_is_as_it_was(client, tmp_path, make_user):
    """From whatever the tests run on to a file of SQLite; with PostgreSQL that is one to the other and back."""
    if DEEP:  # which holds no field that the others have not
        call_command("load_sample", verbosity=0)
    newsroom_of_everything(make_user)
    extremes(make_user)
    before = public(client, addresses())
    export_records(tmp_path / "one")
    there = sqlite(tmp_path / "there")
    there.run("manage.py", "import_releases", str(tmp_path / "one"))
    assert differences(there.public(), before) == {}
    there.run("manage.py", "export_releases", str(tmp_path / "two"))
    assert (tmp_path / "one" / LINES).read_bytes() == (tmp_path / "two" / LINES).read_bytes()
    emptied()
    shift()
    assert not import_records(tmp_path / "two").problems
    for cache in caches.all():
        cache.clear()
    assert differences(public(client, addresses()), before) == {}
    export_records(tmp_path / "three")
    assert (tmp_path / "two" / LINES).read_bytes() == (tmp_path / "three" / LINES).read_bytes()
    files = [
        sorted(path.name for path in Path(tmp_path / name / "files").rglob("*")) for name in ("one", "three")
    ]
    assert files[0] == files[1]
    assert connection.vendor in ("sqlite", "postgresql")
