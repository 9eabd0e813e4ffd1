"""The machine's clock is set forward and back by an hour: no word is lost, nothing stays public that is not due, and the newest backup is
the one that was made last."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from newsroom.safety.backup import folder, rules
from releases import workflow
from releases.models import Event, Release

HOUR = timedelta(hours=1)
PAGES = (
    "/releases/soon/",
    "/",
    "/releases/",
    "/feeds/releases.rss",
    "/feeds/releases.json",
    "/search/?q=Zanthorpe",
    "/sitemaps/news.xml",
)


@pytest.fixture
def clock(monkeypatch):
    """What it shows is what it showed when the test began, and `clock.by` more."""

    class Clock:
        by, began = timedelta(), timezone.now()

    monkeypatch.setattr(timezone, "now", lambda: Clock.began + Clock.by)
    return Clock


def shown(reader, picture):
    """Which pages tell of the release, and whether its picture is served."""
    answers = {path: reader.get(path) for path in PAGES}
    told = [
        path
        for path, answer in answers.items()
        if answer.status_code == 200 and "/releases/soon/" in answer.text
    ]
    return told, reader.get(f"/pictures/{picture.uuid}/card.jpg").status_code


@pytest.mark.django_db(transaction=True)
def test_what_came_due_by_a_wrong_clock_is_gone_when_it_is_set_right(makers, clock, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    picture, reader = makers.picture(), Client()
    makers.release("Wells", slug="wells")
    makers.release(
        "Zanthorpe", slug="soon", publish_at=clock.began + HOUR / 2, picture=picture, picture_alt="A well"
    )
    for by in (timedelta(), HOUR, timedelta(), -HOUR, timedelta(), HOUR):
        clock.by = by
        told, status = shown(reader, picture)
        if by == HOUR:
            assert (set(PAGES) - set(told), status) == (set(), 200)
        else:
            assert (told, status) == ([], 404)


@pytest.mark.django_db(transaction=True)
def test_who_works_while_the_clock_is_wrong_loses_nothing(makers, clock, site):
    client = Client()
    client.force_login(makers.editor)
    titles = []
    for number, by in enumerate((timedelta(), HOUR, -HOUR, timedelta())):
        clock.by = by
        words = {"title": f"Turn {number}", "body": "<p>Words.</p>", "language": "en", "_save": "1"}
        assert client.post("/admin/releases/release/add/", words).status_code == 302
        release = Release.objects.order_by("-pk").first()
        workflow.publish(release, by=makers.editor)
        workflow.save_draft(release, workflow.Words(f"Turn {number} again", "<p>More.</p>"), by=makers.editor)
        workflow.correct(release, by=makers.editor, note="A word.")
        titles.append(f"Turn {number} again")
        site.backup()
    clock.by = 2 * HOUR
    page = Client().get("/releases/").text
    assert [title for title in titles if title not in page] == []
    assert list(Event.objects.values_list("verb", flat=True)).count("correct") == len(titles)
    names = folder.opened(site.folder, "").sets()
    assert [name[:6] for name in names] == ["000001", "000002", "000003", "000004"]
    assert names[-1] in rules.kept_of(names, {"hourly": 1})
