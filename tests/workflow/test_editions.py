"""The edition goes by the clock, whatever became of its row."""

from datetime import timedelta

import pytest
from django.utils import timezone

from releases import editions
from releases.models import Edition

pytestmark = pytest.mark.django_db


def test_an_embargo_ends_in_a_database_whose_edition_was_emptied_too(client, make_release):
    now = timezone.now()
    make_release("Due in a minute", publish_at=now + timedelta(minutes=1))
    Edition.objects.all().delete()
    before, after = editions.current(now), editions.current(now + timedelta(minutes=2))
    assert before.next_due == after.newest == now + timedelta(minutes=1)
    assert before.name != after.name
