"""A process that follows: a publication, a withdrawal and the end of an embargo are on the disk within seconds."""

import threading
import time
from datetime import timedelta

import pytest
from django.db import connections
from django.test import override_settings
from django.utils import timezone

from releases import workflow
from releases.models import Release
from releases.static_site import bake

pytestmark = pytest.mark.django_db(transaction=True)
SOON = 60.0  # seconds; on a quiet machine it takes one


class Stopped(Exception):
    """The test is over."""


def wait(until) -> None:
    end = time.monotonic() + SOON
    while not until():
        assert time.monotonic() < end, "it did not come in time"
        time.sleep(0.05)


def test_changes_are_on_the_disk_within_seconds(makers, tmp_path, few_static_files, monkeypatch):
    monkeypatch.setattr(bake, "ASKED_EVERY", 0.1)
    stop, said, failed = threading.Event(), [], []
    pause = bake.pause

    def stopping(*args):
        if stop.is_set():
            raise Stopped
        return pause(*args)

    monkeypatch.setattr(bake, "pause", stopping)

    def follow() -> None:
        try:
            bake.bake(tmp_path / "www", follow=True, jobs=1, said=said.append)
        except Stopped:
            pass
        except Exception as error:
            failed.append(error)
        finally:
            connections.close_all()

    with override_settings(LANGUAGES=[("en", "English")], DATA_DIR=tmp_path / "data"):
        editor = makers.editor
        follower = threading.Thread(target=follow)
        follower.start()
        try:
            site = tmp_path / "www/site"
            wait(lambda: failed or (said and (site / "follow/index.html").exists()))
            release = makers.release("Just out", slug="just-out")
            wait(lambda: failed or (site / "releases/just-out/index.html").exists())
            wait(lambda: failed or "Just out" in (site / "index.html").read_text())
            due = timezone.now() + timedelta(seconds=4)
            makers.release("At its second", slug="at-its-second", publish_at=due)
            page = site / "releases/at-its-second/index.html"
            wait(lambda: failed or page.exists())
            assert page.stat().st_mtime >= int(due.timestamp())
            assert time.time() >= due.timestamp()
            workflow.withdraw(Release.objects.get(pk=release.pk), by=editor, notice="For safety.")
            wait(lambda: failed or not (site / "releases/just-out/index.html").exists())
            wait(lambda: failed or (tmp_path / "www/gone/releases/just-out/index.html").exists())
        finally:
            stop.set()
            follower.join(SOON)
    assert failed == []
