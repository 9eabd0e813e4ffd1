"""The numbers that are kept, of releases by month and topic, are those that counting anew gives, at every moment."""

import random
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from releases import counts, workflow
from releases.models import Edition, SharedTally, Tally, Topic
from releases.reading import lists
from tests.delivery.newsroom import LANGUAGES, Chance, Clock
from tests.depth import DEEP, times

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock(monkeypatch, settings):
    settings.LANGUAGES = [one for one in settings.LANGUAGES if one[0] in LANGUAGES]
    settings.CHECK_SOURCES = False
    now = Clock()
    monkeypatch.setattr("django.utils.timezone.now", now)
    return now


def wrong(at):
    """Where what is kept differs from what is counted anew. What is kept is asked for with no way out."""
    with pytest.MonkeyPatch.context() as patch:
        anew = {
            what: getattr(counts, f"{what}_counted_anew")
            for what in ("months", "topics", "years", "shared", "languages")
        }
        for what in anew:
            patch.delattr(counts, f"{what}_counted_anew")
        kept = {"months": counts.counts_of_months, "topics": counts.counts_of_topics, "years": counts.counts_of_years,
                "shared": counts.counts_shared, "languages": counts.counts_of_languages}  # fmt: skip
        asked = [("languages", ())]
        for language in LANGUAGES:
            asked += [("months", (language,)), ("topics", (language,))]
            asked += [
                (what, (topic.pk, language)) for topic in Topic.objects.all() for what in ("years", "shared")
            ]
        pairs = [(what, of, kept[what](*of, at=at), anew[what](*of, at=at)) for what, of in asked]
    return [pair for pair in pairs if pair[2] != pair[3]]


def tallies():
    return (
        set(Tally.objects.exclude(number=0).values_list("language", "topic", "year", "month", "number")),
        set(SharedTally.objects.exclude(number=0).values_list("language", "topic", "other", "number")),
    )


@pytest.mark.parametrize("seed", range(times("WALKS", 1, 60)))
def test_what_is_kept_is_what_counting_anew_gives_whatever_happens(
    seed, clock, make_user, make_topic, make_picture
):
    newsroom = Chance(random.Random(seed), clock, make_user("chief", "chief"), make_picture())
    for name in ("Land", "Sea", "Sky"):
        make_topic(name)
    newsroom.begin()
    happened = []
    for turn in range(120 if DEEP else 24):
        happened.append(newsroom.step())
        if turn % 6 == 5:
            assert wrong(clock.at) == [], happened
            assert wrong(clock.at + timedelta(days=2)) == [], happened
    kept = tallies()
    counts.rebuild_counts()
    assert tallies() == kept
    assert any(row[1] for row in kept[0])


@pytest.fixture
def filed(clock, make_release, make_topic):
    land, sea = make_topic("Land"), make_topic("Sea")
    make_release("Both", topics=[land, sea], publish_at=clock.at - timedelta(days=40))
    make_release("One", topics=[land], publish_at=clock.at - timedelta(days=1))
    return land


def test_a_scheduled_release_counts_at_its_second_and_not_before(filed, clock, make_release):
    make_release("Soon", topics=[filed], publish_at=clock.at + timedelta(hours=1))
    due = clock.at + timedelta(hours=1)
    assert counts.counts_of_topics("en", at=due - timedelta(microseconds=1))[filed.pk] == 2
    assert counts.counts_of_topics("en", at=due)[filed.pk] == 3


def test_in_another_time_zone_all_is_counted_anew_until_it_is_kept_again(
    filed, clock, settings, make_release
):
    settings.TIME_ZONE = "Asia/Shanghai"
    with CaptureQueriesContext(connection) as asked:
        assert [one.count for one in lists.months_of("en")] == [1, 1]
    assert len(asked) == 2  # what is kept, which is of another clock, and the releases
    make_release("Another", publish_at=clock.at)
    assert Edition.objects.get().counted_in == "Asia/Shanghai"
    assert wrong(clock.at) == []


def test_migrate_counts_by_the_clock_that_is_set(filed, clock, settings):
    number = Edition.objects.get().number
    settings.TIME_ZONE = "Asia/Shanghai"
    call_command("migrate", verbosity=0)
    assert counts.counts_are_kept()
    assert wrong(clock.at) == []
    assert Edition.objects.get().number == number + 1  # pages show other dates, too


def test_rows_that_somebody_wrote_by_hand_are_counted_by_the_command(filed, clock, capsys):
    Tally.objects.update(number=7)
    assert wrong(clock.at)
    call_command("rebuild_counts")
    assert wrong(clock.at) == []
    assert "2 releases counted" in capsys.readouterr().out


def test_a_publication_that_met_a_merge_at_its_release_counts_all_anew(filed, clock, make_release):
    """It looked at the topics before the merge was committed."""
    edition = counts.hold_edition()
    one = counts.Counted("en", clock.at, frozenset({filed.pk}))
    counts.recount(edition, [], [one], refiled=edition.refiled - 1)
    assert wrong(clock.at) == []  # nothing was added to the rows
    counts.recount(counts.hold_edition(), [], [one], refiled=edition.refiled)
    assert wrong(clock.at)


def test_what_is_withdrawn_and_what_comes_back_is_counted(filed, clock, make_release, editor):
    release = make_release("There", topics=[filed], publish_at=clock.at)
    workflow.withdraw(release, by=editor, notice="Gone.")
    assert counts.counts_of_topics("en", at=clock.at)[filed.pk] == 2
    workflow.publish(release, by=editor)
    assert counts.counts_of_topics("en", at=clock.at)[filed.pk] == 3


def test_pages_with_counts_group_nothing(filed, clock):
    """What a page asks for does not grow with the releases that it counts."""
    with CaptureQueriesContext(
        connection,
    ) as asked:
        for path in ("/topics/", "/releases/", "/topics/land/", "/"):
            assert Client().get(path).status_code == 200
    # In the row of a release on the page the keys of its topics are put together, as JSON: that counts nothing.
    over_releases = [
        one["sql"]
        for one in asked
        if "GROUP BY" in one["sql"]
        and "releases_tally" not in one["sql"]
        and "JSON" not in one["sql"].upper()
    ]
    assert over_releases == []
