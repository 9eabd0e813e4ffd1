"""Kill -9 amid a run: run again it goes on where it was, and in the end nothing is missing and nothing is there twice."""

import json
import time

import pytest

from releases.intake.records.exporter import export_records
from releases.intake.records.format import LINES
from releases.intake.records.importer import import_records
from releases.models import Event, FormerPath, Release
from tests.depth import times
from tests.intake.elsewhere import here
from tests.intake.everything import emptied
from tests.intake.lines import AT, lines, release, revision
from tests.intake.saved import html

KILLS = times("KILLS", 2, 10)
# More than are kept until the last kill: a run keeps two hundred at once.
RELEASES = times("KILLED_RELEASES", 800, 2400)
PAGES = times("KILLED_PAGES", 300, 500)


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    """Files of its own for each test."""
    settings.MEDIA_ROOT = tmp_path / "media"


def killed(site, *words):
    """Start a command over and over and kill it each time that it has kept something; how often it was."""
    kills = 0
    for _ in range(KILLS):
        before = Release.objects.count()
        process = site.start(*words)
        while process.poll() is None and Release.objects.count() == before:
            time.sleep(0.02)
        kills += process.poll() is None
        process.kill()
        process.wait(timeout=30)
    return kills


@pytest.mark.django_db(transaction=True)
def test_lines_taken_in_by_a_run_that_was_killed_again_and_again_are_the_same(tmp_path):
    body = "<p>" + "Words upon words. " * 20 + "</p>"
    every = [
        release(
            n, publish_at=AT, live=1, working=None, former_paths=[f"/old/{n}"], revisions=[revision(body=body, frozen_at=AT)],
            events=[{"verb": "create", "at": AT, "revision": 1}], created_by="anna",
        )
        for n in range(RELEASES)
    ]  # fmt: skip
    topic = {"kind": "topic", "slug": "law", "name": "Law"}
    happened = {"kind": "event", "verb": "add topic", "at": AT, "detail": {"name": "Law", "topics": ["law"]}}
    source = lines(tmp_path, {"kind": "person", "username": "anna"}, topic, *every, happened)
    import_records(source)
    export_records(tmp_path / "one")
    emptied()
    site = here()
    assert killed(site, "import_releases", str(source)) >= KILLS - 1
    assert 0 < Release.objects.count() < RELEASES
    site.run("manage.py", "import_releases", str(source))
    export_records(tmp_path / "two")
    one, two = ((tmp_path / name / LINES).read_text("utf-8").splitlines() for name in ("one", "two"))
    assert one == two
    assert json.loads(one[-1])["releases"] == RELEASES


@pytest.mark.alike
@pytest.mark.django_db(transaction=True)
def test_pages_taken_in_by_a_run_that_was_killed_are_there_once(tmp_path, editor):
    (tmp_path / "site").mkdir()
    for n in range(PAGES):
        words = f"<p>One<sup>1</sup>. {'Words. ' * 50}</p><hr><p>1. Source {n}. ^</p>"
        (tmp_path / "site" / f"{n}.html").write_bytes(html(words, title=f"Page {n}"))
    (tmp_path / "m.toml").write_text('version = 1\ntitle = "h1"\nbody = ".body"\ndate = ".date"\n')
    words = [
        "import_releases",
        str(tmp_path / "site"),
        "--mapping",
        str(tmp_path / "m.toml"),
        "--by",
        "edith",
    ]
    assert killed(here(), *words) >= 1
    here().run("manage.py", *words)
    assert Release.objects.count() == FormerPath.objects.count() == PAGES
    assert Event.objects.count() == 2 * PAGES
    assert {found.live.note_count for found in Release.objects.select_related("live")} == {1}
