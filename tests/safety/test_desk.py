"""What the desk says of the backups: to chiefs how old they are, with a warning where that is too old; to others nothing."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from newsroom.safety.backup import status

pytestmark = pytest.mark.django_db


@pytest.fixture
def known(settings, tmp_path):
    """Write down when they were."""
    settings.DATA_DIR = tmp_path

    def write(**ages):
        moments = {name.replace("_", " "): (timezone.now() - age).isoformat() for name, age in ages.items()}
        (tmp_path / "backups.json").write_text(json.dumps(moments))

    return write


def desk(user):
    client = Client()
    client.force_login(user)
    return client.get("/admin/").text


HOURS, DAYS = timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("ages", "said", "warning"),
    [
        ({"backup": 3 * HOURS, "drill": 20 * DAYS}, ["made 3 hours ago.", "drill was 20 days ago: a backup was restored"], 0),
        ({"backup": 3 * DAYS, "drill": 20 * DAYS}, ["made 3 days ago. Tell whoever"], 1),
        ({"backup": 3 * HOURS}, ["No backup has been restored yet"], 1),
        ({"backup": 3 * HOURS, "drill": 120 * DAYS}, ["drill was 120 days ago. Tell"], 1),
        ({"backup": 3 * HOURS, "drill": 20 * DAYS, "drill_failed": 2 * DAYS}, ["drill failed 2 days ago"], 1),
        ({"backup": 3 * HOURS, "drill": 1 * DAYS, "drill_failed": 2 * DAYS}, ["drill was 1 day ago"], 0),
        ({}, ["No backups are made that this newsroom knows of."], 0),
    ],
)  # fmt: skip
def test_chiefs_see_how_old_they_are(known, chief, ages, said, warning):
    known(**ages)
    page = desk(chief)
    for words in said:
        assert words in page
    assert page.count("desk-warning") == warning


def test_a_folder_that_is_set_and_empty_is_a_warning(known, chief, settings):
    settings.BACKUP_DIR = "/mnt/backups"
    assert "No backup has been made yet. Tell whoever runs the machine." in desk(chief)


def test_others_see_nothing_of_it(known, editor, writer):
    known(backup=10 * DAYS)
    for user in (editor, writer):
        assert "desk-backups" not in desk(user)
        assert "desk-warning" not in desk(user)


def test_a_file_that_cannot_be_read_stops_no_desk(known, chief, settings):
    for broken in ("", "[]", '{"backup": 7}', '{"backup": "soon"}'):
        (settings.DATA_DIR / "backups.json").write_text(broken)
        assert status.read().backup is None
        assert 'id="desk-backups"' in desk(chief)
