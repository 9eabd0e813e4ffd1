"""What a typed date and time means by the newsroom's clock, daylight-saving nights included."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from releases.workflow.moments import meanings, offset, sentence, skipped, span

NEW_YORK = ZoneInfo("America/New_York")
ZONES = [
    "America/New_York",
    "Europe/Berlin",
    "Australia/Lord_Howe",
    "Asia/Shanghai",
    "Africa/Casablanca",
    "UTC",
]


def test_an_ordinary_time_is_one_moment():
    assert meanings(datetime(2027, 6, 8, 0, 1), NEW_YORK) == [datetime(2027, 6, 8, 4, 1, tzinfo=UTC)]


def test_a_time_that_the_clocks_skip_is_no_moment():
    typed = datetime(2027, 3, 14, 2, 30)
    assert meanings(typed, NEW_YORK) == []
    assert skipped(typed, NEW_YORK) == (datetime(2027, 3, 14, 2, 0), datetime(2027, 3, 14, 3, 0))


def test_half_an_hour_is_skipped_on_lord_howe():
    zone = ZoneInfo("Australia/Lord_Howe")
    assert skipped(datetime(2026, 10, 4, 2, 15), zone) == (
        datetime(2026, 10, 4, 2),
        datetime(2026, 10, 4, 2, 30),
    )


def test_a_time_that_comes_twice_is_two_moments_an_hour_apart():
    first, second = meanings(datetime(2026, 11, 1, 1, 30), NEW_YORK)
    assert second - first == timedelta(hours=1)
    assert [offset(one.astimezone(NEW_YORK)) for one in (first, second)] == ["UTC−04:00", "UTC−05:00"]


@given(st.datetimes(datetime(2000, 1, 1), datetime(2060, 1, 1)), st.sampled_from(ZONES))
def test_every_moment_shows_a_clock_time_that_means_it(naive, name):
    zone = ZoneInfo(name)
    moment = naive.replace(tzinfo=UTC)
    shown = moment.astimezone(zone).replace(tzinfo=None, fold=0)
    assert moment in meanings(shown, zone)


@given(st.datetimes(datetime(2000, 1, 1), datetime(2060, 1, 1)), st.sampled_from(ZONES))
def test_whatever_is_typed_means_what_the_clock_shows_or_lies_in_a_gap(typed, name):
    zone = ZoneInfo(name)
    found = meanings(typed, zone)
    assert all(one.astimezone(zone).replace(tzinfo=None, fold=0) == typed.replace(fold=0) for one in found)
    if not found:
        last, first = skipped(typed, zone)
        assert last <= typed < first


@given(st.integers(0, 60 * 24 * 3))
def test_daylight_saving_nights_minute_by_minute(minute):
    for start in (datetime(2027, 3, 13), datetime(2026, 10, 31)):
        typed = start + timedelta(minutes=minute)
        naive_hour = (typed.date(), typed.hour)
        expected = {(datetime(2027, 3, 14).date(), 2): 0, (datetime(2026, 11, 1).date(), 1): 2}.get(
            naive_hour, 1
        )
        assert len(meanings(typed, NEW_YORK)) == expected


def test_the_sentence_says_clock_place_wait_and_utc():
    moment = datetime(2027, 6, 8, 4, 1, tzinfo=UTC)
    said = sentence(moment, NEW_YORK, moment - timedelta(days=3, hours=4, minutes=5))
    assert said == "goes out Tuesday 8 June 2027, 00:01 New York, in 3 days 4 hours (8 June 2027, 04:01 UTC)"
    assert sentence(moment, NEW_YORK, moment + timedelta(hours=2)).startswith("dated Tuesday 8 June 2027")


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (timedelta(seconds=20), "less than a minute"),
        (timedelta(minutes=1), "1 minute"),
        (timedelta(hours=1, minutes=30), "1 hour 30 minutes"),
        (timedelta(days=1), "1 day"),
        (timedelta(days=2, minutes=59), "2 days"),
    ],
)
def test_a_wait_is_said_in_its_largest_units(length, said):
    assert span(length) == said
