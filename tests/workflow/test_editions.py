"""The edition goes by the clock, whatever became of its row."""

import os
import subprocess
import sys
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.db import transaction
from django.utils import timezone

from releases import editions, workflow
from releases.models import Edition
from releases.workflow import Words

pytestmark = pytest.mark.django_db


def test_an_embargo_ends_in_a_database_whose_edition_was_emptied_too(client, make_release):
    now = timezone.now()
    make_release("Due in a minute", publish_at=now + timedelta(minutes=1))
    Edition.objects.all().delete()
    before, after = editions.current(now), editions.current(now + timedelta(minutes=2))
    assert before.next_due == after.newest == now + timedelta(minutes=1)
    assert before.name != after.name


def raised():
    """How often an edition was raised; nobody may have done so yet."""
    return Edition.objects.values_list("number", flat=True).first() or 0


@pytest.mark.django_db(transaction=True)
def test_scheduled_words_that_are_replaced_as_their_moment_comes_leave_no_page_of_the_old_ones(
    client, make_release, editor
):
    due = timezone.now() + timedelta(hours=1)
    release = make_release("Old words", slug="replaced", publish_at=due)
    workflow.save_draft(release, Words("New words", publish_at=due), by=editor)
    # The verb held the release before its moment; it is committed after that.
    late = due + timedelta(seconds=1)
    with patch("django.utils.timezone.now", return_value=late), transaction.atomic():
        workflow.schedule(release, by=editor, at=due - timedelta(milliseconds=1))
        before = raised()
    assert raised() == before + 1


# ------------------------------------------------------------------ the memory of the process


@pytest.fixture
def read():
    """An edition that this process has read just now, and the moment."""
    now = timezone.now()
    return editions.read(now), now


def test_what_was_read_is_remembered_without_a_query(read, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert editions.remembered(read[1]) is read[0]


def test_what_was_read_is_forgotten_after_a_moment(read, monkeypatch):
    later = editions.monotonic() + editions.EDITION_MEMORY
    monkeypatch.setattr(editions, "monotonic", lambda: later)
    assert editions.remembered(read[1]) is None


def test_a_change_by_another_process_of_this_machine_is_noticed_at_once(read):
    other = "import os, sys, time; os.utime(sys.argv[1], ns=(time.time_ns(),) * 2)"
    subprocess.run([sys.executable, "-c", other, editions._mark_path()], check=True, timeout=60)
    assert editions.remembered(read[1]) is None


def test_two_changes_within_a_tick_of_the_file_systems_clock_are_two(read):
    seen = set()
    for _ in range(50):
        editions._forget_seen()
        seen.add(editions._mark())
    assert len(seen) == 50


def test_a_change_in_this_process_is_noticed_before_it_is_committed_and_after(read):
    with transaction.atomic():
        editions.raise_edition(read[1])
        assert editions.remembered(read[1]) is None


def test_the_memory_ends_with_an_embargo_and_goes_back_with_no_clock(make_release):
    now = timezone.now()
    make_release("Due in a minute", publish_at=now + timedelta(minutes=1))
    due, tick = now + timedelta(minutes=1), timedelta(microseconds=1)
    before = editions.read(now)
    assert editions.remembered(due - tick) is before
    assert editions.remembered(due) is None
    after = editions.read(due)
    assert editions.remembered(due) is after
    assert editions.remembered(due - tick) is None


@pytest.mark.parametrize("what", ["missing", "read-only"])
def test_without_the_mark_nothing_is_remembered(settings, tmp_path, monkeypatch, what):
    """A folder in which nothing can be made, or a file that cannot be touched."""
    settings.DATA_DIR = tmp_path / "data"
    if what == "missing":
        (tmp_path / "data").write_text("a file where the folder should be")
    else:
        monkeypatch.setattr("os.access", lambda path, mode: False)  # root may write everywhere
    now = timezone.now()
    editions.read(now)
    assert editions.remembered(now) is None
    editions.raise_edition(now)  # and a change does not fail for want of it


def test_a_mark_that_was_removed_is_made_again(read):
    os.unlink(editions._mark_path())
    assert editions.remembered(read[1]) is None
    again = editions.read(read[1])
    assert editions.remembered(read[1]) is again
