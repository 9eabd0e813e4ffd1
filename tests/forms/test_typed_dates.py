"""Dates and times as people type them, in the order that the frame's language has."""

from datetime import date, time

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from releases.forms.typed_dates import read_clock, read_day

TODAY = date(2026, 11, 27)  # a Friday


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("28/11/2026", "2026-11-28"), ("11/28/2026", "2026-11-28"), ("28.11.2026", "2026-11-28"), ("28. 11. 2026", "2026-11-28"),
        ("28-11-2026", "2026-11-28"), ("28 11 2026", "2026-11-28"), ("2026-11-28", "2026-11-28"), ("2026/11/28", "2026-11-28"),
        ("20261128", "2026-11-28"), ("28 Nov", "2026-11-28"), ("28 Nov.", "2026-11-28"), ("28nov2026", "2026-11-28"),("٢٨/١١/٢٠٢٦", "2026-11-28"),
        ("28 November 2026", "2026-11-28"), ("28th of November, 2026", "2026-11-28"), ("November 28, 2026", "2026-11-28"),
        ("Nov 28", "2026-11-28"), ("28-Nov-2026", "2026-11-28"), ("Sat 28 Nov", "2026-11-28"), ("Saturday, 28 November 2026", "2026-11-28"),
        ("8 Sept 2027", "2027-09-08"), ("28.11.", "2026-11-28"), ("28/11", "2026-11-28"), ("26 Nov", "2027-11-26"),
        ("27 Nov", "2026-11-27"), ("29 Feb", "2028-02-29"), ("today", "2026-11-27"), ("Tomorrow", "2026-11-28"),
        ("Monday", "2026-11-30"), ("Friday", "2026-12-04"), ("2026年11月28日", "2026-11-28"), ("11月28日", "2026-11-28"),
        ("２８／１１／２０２６", "2026-11-28"), ("明天", "2026-11-28"), ("8.6.2027", "2027-06-08"), ("1800-01-01", "1800-01-01"),
    ],
)  # fmt: skip
def test_a_day_is_read(typed, day):
    found = read_day(typed, today=TODAY)
    assert (found.day.isoformat(), found.other) == (day, None)


def test_figures_that_are_two_days_are_read_in_the_languages_order_and_the_other_day_is_known():
    assert read_day("08/06/2027", today=TODAY) == (date(2027, 8, 6), date(2027, 6, 8))
    with translation.override("en-gb"):
        assert read_day("08/06/2027", today=TODAY) == (date(2027, 6, 8), date(2027, 8, 6))
    assert read_day("06/06/2027", today=TODAY) == (date(2027, 6, 6), None)


def test_months_are_known_in_the_frames_language_too():
    with translation.override("fr"):
        assert read_day("8 juin 2027", today=TODAY).day == date(2027, 6, 8)
        assert read_day("lundi", today=TODAY).day == date(2026, 11, 30)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("x", "no date that can be read"), ("31/02/2027", "no date that can be read"), ("June 2027", "no date"),
        ("32 Nov", "no date that can be read"), ("28/11/26", "four digits: 2026"), ("28 Nov 26", "four digits: 2026"),
        ("0026-06-08", "The year 0026 cannot be meant"), ("0000-06-08", "cannot be meant"), ("1799-12-31", "1800 and 2200"),
        ("9999-12-31", "The year 9999 cannot be meant"), ("2201-01-01", "cannot be meant"), ("28 Nov 20266", "no date"),
        ("Friday 28 Nov 2026", "28 November 2026 is a Saturday"), ("9" * 5000, "no date"), ("28 Nov 2026 9am", "no date"),
    ],
)  # fmt: skip
def test_what_is_no_day_is_refused_with_what_to_write(typed, words):
    with pytest.raises(ValidationError, match=words):
        read_day(typed, today=TODAY)


@pytest.mark.parametrize(
    ("typed", "clock"),
    [
        ("midnight", "00:00"), ("12 midnight", "00:00"), ("noon", "12:00"), ("12 noon", "12:00"), ("9am", "09:00"),
        ("9 a.m.", "09:00"), ("9:30pm", "21:30"), ("9.30 PM", "21:30"), ("12am", "00:00"), ("12pm", "12:00"), ("12.01am", "00:01"),
        ("21.30", "21:30"), ("21:30", "21:30"), ("21h30", "21:30"), ("21h", "21:00"), ("2130", "21:30"), ("930", "09:30"),
        ("0001", "00:01"), ("9", "09:00"), ("9 o’clock", "09:00"), ("21:30:15", "21:30:15"), ("09:00:00.000000", "09:00"),
        ("２１：３０", "21:30"), ("上午9点", "09:00"), ("下午3点半", "15:30"), ("21時30分", "21:30"),
    ],
)  # fmt: skip
def test_a_clock_time_is_read(typed, clock):
    assert read_clock(typed) == time.fromisoformat(clock)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("half nine", "no time that can be read"), ("25:00", "no time"), ("9:60", "no time"), ("13pm", "no time"), ("0am", "no time"),
        ("24:00", "00:00 and that day"), ("9" * 5000, "no time"), ("9-10", "no time"),
    ],
)  # fmt: skip
def test_what_is_no_time_is_refused_with_what_to_write(typed, words):
    with pytest.raises(ValidationError, match=words):
        read_clock(typed)
