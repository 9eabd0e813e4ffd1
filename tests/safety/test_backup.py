"""A backup is restored: the same newsroom, on an empty place, with nothing lost, nothing shown too early, and nobody signed in."""

import filecmp

import pytest
from django.contrib.sessions.models import Session
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from newsroom.accounts.models import OpenSession
from releases import editions, search, workflow
from releases.intake.records.exporter import export_records
from releases.models import Event, Release, Revision
from releases.search.bitmap import build_bitmap_index
from tests.intake.everything import extremes, newsroom_of_everything
from tests.safety.conftest import PASSPHRASE, RAISED, elsewhere, sums


def differences(one, two):
    compared = filecmp.dircmp(one, two)
    found = [*compared.left_only, *compared.right_only, *compared.diff_files, *compared.funny_files]
    for name in compared.common_dirs:
        found += differences(one / name, two / name)
    return found


@pytest.fixture
def everything(site, make_user):
    newsroom_of_everything(make_user)
    extremes(make_user)
    return site


def test_restored_it_is_the_same_by_every_row_and_by_its_export(
    everything, tmp_path, make_user, migrated_once
):
    Client().force_login(make_user("signed"))
    assert Session.objects.exists()
    assert OpenSession.objects.exists()
    last = Event.objects.order_by("-pk").first().pk
    export_records(tmp_path / "before")
    before, edition, embargoed = (
        sums(),
        editions.current(),
        Release.objects.live().filter(publish_at__gt=timezone.now()).count(),
    )
    made = everything.backup(PASSPHRASE)
    assert made.missing == []
    with elsewhere(tmp_path / "elsewhere"):
        done = everything.restore(PASSPHRASE)
        assert (done.rows, done.files, done.other_key) == (made.rows, made.files, False)
        export_records(tmp_path / "after")
        assert differences(tmp_path / "before", tmp_path / "after") == []
        after = sums()
        assert {name for name in before if before[name] != after[name]} == RAISED
        # Nobody is signed in, and no cache can know this edition.
        assert not Session.objects.exists()
        assert not OpenSession.objects.exists()
        assert editions.current().number > edition.number + 1000
        # What is under embargo is so still.
        assert Release.objects.live().filter(publish_at__gt=timezone.now()).count() == embargoed > 0
        # The search, the guards and the numbers of rows go on.
        assert search.find(search.parse("Corrected"), build_bitmap_index()).total == 1
        with pytest.raises(IntegrityError), transaction.atomic():
            Event.objects.filter(pk=last).delete()
        with pytest.raises(IntegrityError), transaction.atomic():
            Revision.objects.filter(frozen_at__isnull=False).update(title="Another")
        editor = make_user("afterwards")
        draft = workflow.save_draft(None, workflow.Words("Zanthorpe", "<p>Words.</p>"), by=editor)
        workflow.publish(draft, by=editor)
        assert Event.objects.order_by("-pk").first().pk > last
        assert search.find(search.parse("Zanthorpe"), build_bitmap_index()).total == 1
    assert connection.settings_dict["NAME"] != str(tmp_path / "elsewhere" / "newsroom.sqlite3")
