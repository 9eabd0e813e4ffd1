"""Visible from its microsecond on and never before: in any zone, in the nights when clocks jump, with pages kept before."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from django.test import Client, override_settings
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as bounds
from hypothesis import strategies as st

from releases import editions, workflow
from releases.models import Release
from releases.reading.lists import by_day
from releases.workflow import Words
from releases.workflow.moments import meanings
from tests.delivery.newsroom import MIDDLEWARE, Clock, ask, every_path
from tests.leaks.crawl import TITLE, TOPIC, WORD, secret

pytestmark = pytest.mark.django_db
# A night by the clock of its place: an hour skipped, an hour shown twice, half an hour of each, a whole day skipped.
NIGHTS = [
    ("America/New_York", datetime(2027, 3, 14, 2)),
    ("America/New_York", datetime(2026, 11, 1, 1)),
    ("Australia/Lord_Howe", datetime(2026, 10, 4, 2)),
    ("Australia/Lord_Howe", datetime(2027, 4, 4, 1, 30)),
    ("Pacific/Apia", datetime(2011, 12, 30, 0)),
    ("Asia/Kathmandu", datetime(2027, 1, 1, 0)),
    ("UTC", datetime(2027, 6, 8, 0, 1)),
]
STEPS = [-86_400_000_000, -3_600_000_000, -1_800_000_000, -1_000_000, -1_000, -1, 0, 1, 1_000_000, 1_800_000_000,
         3_600_000_000, 86_400_000_000]  # fmt: skip


@bounds(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    night=st.sampled_from(NIGHTS),
    minutes=st.integers(-26 * 60, 26 * 60),
    microseconds=st.sampled_from([0, 1, 499_999, 500_000, 999_999]),
    wait=st.sampled_from(STEPS),
)
def test_visible_from_its_microsecond_on_and_never_before(editor, night, minutes, microseconds, wait):
    zone, typed = ZoneInfo(night[0]), night[1] + timedelta(minutes=minutes, microseconds=microseconds)
    for due in meanings(typed, zone):
        at, shown = due + timedelta(microseconds=wait), wait >= 0
        with override_settings(TIME_ZONE=night[0]), transaction.atomic():
            start = due - timedelta(days=10)
            draft = workflow.save_draft(None, Words(TITLE, publish_at=due), by=editor, at=start)
            release = workflow.schedule(draft, by=editor, at=start)
            assert Release.objects.get(pk=release.pk).publish_at == due
            assert Release.objects.visible(at).filter(pk=release.pk).exists() is shown
            assert Release.objects.get(pk=release.pk).is_visible(at) is shown
            row = Release.objects.with_state(at).get(pk=release.pk)
            assert row.state_now == row.state(at) == ("published" if shown else "scheduled")
            # The page cache's name changes at that very moment, so that no page from before is served after it.
            before = editions.current(due - timedelta(microseconds=1))
            assert (editions.current(at).name != before.name) is shown
            assert before.next_due == due
            # It stands under the day that the newsroom's clock shows.
            assert [day.date for day in by_day([release])] == [typed.date()]
            transaction.set_rollback(True)


@pytest.mark.parametrize(("zone", "typed"), NIGHTS, ids=lambda value: str(value).replace("/", "-"))
def test_pages_kept_a_microsecond_before_show_it_at_its_moment(
    make_release, make_topic, editor, monkeypatch, settings, zone, typed
):
    """Each address is asked twice before (the second answer comes from the cache) and once after."""
    settings.TIME_ZONE = zone
    found = meanings(typed, ZoneInfo(zone)) or meanings(typed + timedelta(days=1), ZoneInfo(zone))
    topic, client = make_topic(TOPIC), Client()
    for number, due in enumerate(found):
        start = due - timedelta(days=3)
        monkeypatch.setattr(timezone, "now", lambda at=start: at)
        slug, word = f"of-{number}", f"{WORD}{'ab'[number]}"
        draft = workflow.save_draft(
            None,
            Words(f"{TITLE} {word}", publish_at=due, **secret(topics=[topic])),
            by=editor,
            slug=slug,
            at=start,
        )
        release = workflow.schedule(draft, by=editor, at=start)
        local = due.astimezone(ZoneInfo(zone))
        paths = [
            "/", f"/releases/{local:%Y}/", f"/releases/{local:%Y}/{local:%m}/", f"/releases/{slug}/", f"/topics/{topic.slug}/",
            "/feeds/releases.rss", f"/topics/{topic.slug}/feed.json", "/api/releases.json", "/sitemaps/releases-1.xml",
            "/sitemaps/news.xml", "/sitemap.xml", f"/search/?year={local:%Y}&q={TITLE.split()[0]}",
            f"/oembed.json?url=http://testserver/releases/{slug}/",
        ]  # fmt: skip
        shown = dict.fromkeys(paths, (word, slug, f"{due:%Y-%m-%dT%H:%M}"))

        def ask(at, shown=shown):
            monkeypatch.setattr(timezone, "now", lambda: at)
            answers = {path: client.get(path) for path in shown}
            return {
                path: answer.status_code == 200 and any(one in answer.text for one in shown[path])
                for path, answer in answers.items()
            }

        just_before = due - timedelta(microseconds=1)
        assert not [path for path, seen in ask(just_before).items() if seen]
        assert not [path for path, seen in ask(just_before).items() if seen]
        assert [path for path, seen in ask(due).items() if not seen] == []
        assert release.pk


def test_the_nights_are_as_they_are_said_to_be():
    """Else the tests above would test ordinary nights."""
    counts = [
        {len(meanings(typed + timedelta(minutes=minute), ZoneInfo(zone))) for minute in range(-30, 90)}
        for zone, typed in NIGHTS
    ]
    assert counts == [{0, 1}, {1, 2}, {0, 1}, {1, 2}, {0, 1}, {1}, {1}]
    assert meanings(datetime(2011, 12, 30, 12), ZoneInfo("Pacific/Apia")) == []
    (last,) = meanings(datetime(2011, 12, 29, 23, 59), ZoneInfo("Pacific/Apia"))
    (first,) = meanings(datetime(2011, 12, 31), ZoneInfo("Pacific/Apia"))
    assert (first - last, first.tzinfo) == (timedelta(minutes=1), UTC)


def test_a_page_that_counts_as_right_shows_it_at_its_moment_and_not_before(
    make_release, make_topic, editor, monkeypatch, settings
):
    """Nothing but the clock tells of it; each address is asked a microsecond before."""
    clock, topic = Clock(), make_topic(TOPIC)
    settings.MIDDLEWARE = MIDDLEWARE
    monkeypatch.setattr(timezone, "now", clock)
    make_release("Out", slug="out", topics=[topic], publish_at=clock.at - timedelta(days=1))
    due = clock.at + timedelta(hours=1)
    draft = workflow.save_draft(
        None, Words(f"{TITLE} {WORD}", publish_at=due, **secret(topics=[topic])), by=editor
    )
    workflow.schedule(draft, by=editor)
    clock.at = due - timedelta(microseconds=1)
    kept = {path: page for path in every_path() if (page := ask(path))}
    then = editions.current()
    assert [path for path, (answer, _parts) in kept.items() if WORD.encode() in answer[-1]] == []
    clock.at = due
    now = editions.current()
    fresh = {path: ask(path)[0] for path in kept}
    changed = {path for path, (answer, _parts) in kept.items() if fresh[path] != answer}
    assert len(changed) > 10
    assert [path for path in changed if editions.still_right(kept[path][1], then, now)] == []
    assert any(WORD.encode() in answer[-1] for answer in fresh.values())
