"""The edition goes by the clock, whatever became of its row."""

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
