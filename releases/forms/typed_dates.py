"""Dates and clock times as people type them. Each is read in one way, or refused with what to write instead."""

import re
import unicodedata
from datetime import date, time, timedelta
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.utils import dates
from django.utils.formats import date_format, get_format
from django.utils.translation import gettext as _

from releases.workflow.moments import demand_meant

MAX_LENGTH = 60
_ENGLISH = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_RELATIVE_DAYS = {
    "today": 0, "tonight": 0, "tomorrow": 1, "yesterday": -1,
    "今天": 0, "今日": 0, "明天": 1, "明日": 1, "后天": 2, "後天": 2, "昨天": -1,
}  # fmt: skip
_SEPARATOR, _OPTIONAL_SEPARATOR = r"[\s./-]+", r"[\s./-]*"
_NUMBERS = re.compile(r"(\d{1,2})\s*([./-]|\s)\s*(\d{1,2})(?:\s*[./-]\s*|\s+)?(\d*)")
_YEAR_FIRST = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号號]?")
_JOINED = re.compile(r"(\d{4})(\d{2})(\d{2})")
_NO_YEAR = re.compile(r"(\d{1,2})\s*月\s*(\d{1,2})\s*[日号號]?")
_DAY_NAME = re.compile(
    rf"(\d{{1,2}})(?:st|nd|rd|th)?{_OPTIONAL_SEPARATOR}(?:of\s+)?([^\W\d_]+){_OPTIONAL_SEPARATOR}(\d*)"
)
_NAME_DAY = re.compile(
    rf"([^\W\d_]+)\.?{_OPTIONAL_SEPARATOR}(\d{{1,2}})(?:st|nd|rd|th)?(?:{_SEPARATOR}(\d+))?"
)

_CLOCK_WORDS = {"midnight": time(0), "noon": time(12), "midday": time(12), "零点": time(0), "正午": time(12)}
_CLOCK = re.compile(r"(\d{1,2})(?:\s*[:.h]\s*(\d{2}))?(?:\s*[:.]\s*(\d{2})(?:\.0*)?)?\s*h?\s*(am|pm)?")
_JOINED_CLOCK = re.compile(r"(\d{1,2})(\d{2})\s*()(am|pm)?")
_HAN_CLOCK = re.compile(r"(凌晨|早上|上午|中午|下午|晚上)?\s*(\d{1,2})\s*[点點时時:](?:(\d{1,2})分?|(半))?")
_AFTERNOON = {"中午", "下午", "晚上"}


class Day(NamedTuple):
    """A day, and the other day that the same figures can mean."""

    day: date
    other: date | None = None


def read_day(typed: str, *, today: date) -> Day:
    """The day that `typed` names. Raises ValidationError where it names none, or an impossible one.

    08/06/2027 is read in the order of the frame's language; a day without its year is the next one that comes.
    """
    text = _normalized(typed)
    if text in _RELATIVE_DAYS:
        return Day(today + timedelta(days=_RELATIVE_DAYS[text]))
    text, weekday = _without_weekday(text)
    if not text and weekday is not None:
        return Day(today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1))
    found = _with_figures(text, today) or _with_month_name(text, today)
    if found is None:
        raise _unreadable_day(typed)
    demand_meant(found.day)
    if weekday is not None and found.day.weekday() != weekday:
        message = _("%(day)s is a %(weekday)s: check the day.")
        raise ValidationError(
            message % {"day": unambiguous(found.day), "weekday": dates.WEEKDAYS[found.day.weekday()]}
        )
    return found


def read_clock(typed: str) -> time:
    """The clock time that `typed` names, or ValidationError."""
    text = (
        _normalized(typed)
        .replace("a.m.", "am")
        .replace("p.m.", "pm")
        .replace("a.m", "am")
        .replace("p.m", "pm")
    )
    text = re.sub(r"\s*o['’]clock$", "", text)
    text = re.sub(r"^12\s*(?=noon|midnight)", "", text)
    if text in _CLOCK_WORDS:
        return _CLOCK_WORDS[text]
    if match := _HAN_CLOCK.fullmatch(text):
        part, hour, minute = match[1], int(match[2]), 30 if match[4] else int(match[3] or 0)
        return _valid_time(typed, hour + (12 if part in _AFTERNOON and hour < 12 else 0), minute)
    match = _CLOCK.fullmatch(text) or _JOINED_CLOCK.fullmatch(text)
    if not match:
        raise _unreadable_time(typed)
    hour, minute, second = (int(part or 0) for part in match.groups()[:3])
    if half := match[4]:
        if not 1 <= hour <= 12:
            raise _unreadable_time(typed)
        hour = hour % 12 + (12 if half == "pm" else 0)
    return _valid_time(typed, hour, minute, second)


def unambiguous(day: date) -> str:
    """8 June 2027: a date that nobody can read in two ways."""
    return date_format(day, _("j F Y"))


def month_first() -> bool:
    """Does the frame's language write the month before the day, in 6/8/2027?"""
    for pattern in get_format("DATE_INPUT_FORMATS"):
        if "/" in pattern and "%m" in pattern and not pattern.startswith("%Y"):
            return bool(pattern.index("%m") < pattern.index("%d"))
    return False


def _normalized(typed: str) -> str:
    text = unicodedata.normalize("NFKC", typed[: 4 * MAX_LENGTH]).casefold().replace(",", " ")
    return " ".join(text.split())[:MAX_LENGTH].strip()


def _without_weekday(text: str) -> tuple[str, int | None]:
    first, _space, rest = text.partition(" ")
    name = first.rstrip(".")
    if len(name) >= 2:
        for number, weekday in enumerate(_WEEKDAYS):
            local = {str(dates.WEEKDAYS[number]).casefold(), str(dates.WEEKDAYS_ABBR[number]).casefold()}
            if name in local or (len(name) >= 3 and weekday.startswith(name)):
                return rest, number
    return text, None


def _with_figures(text: str, today: date) -> Day | None:
    if match := _YEAR_FIRST.fullmatch(text) or _JOINED.fullmatch(text):
        return _valid_day(int(match[1]), int(match[2]), int(match[3]))
    if match := _NO_YEAR.fullmatch(text):
        return _next_day(int(match[1]), int(match[2]), today)
    match = _NUMBERS.fullmatch(text.rstrip("."))
    if not match:
        return None
    one, other = int(match[1]), int(match[3])
    # With dots the day always stands first.
    order = [(one, other)] if match[2] == "." or not month_first() else [(other, one)]
    order.append(order[0][::-1])
    read = [found for day, month in order if (found := _day_of_year(day, month, match[4], today))]
    if not read:
        return None
    if match[2] == "." and (one <= 31 and other <= 12):
        return read[0]
    return Day(read[0].day, read[1].day if len(read) > 1 and read[1] != read[0] else None)


def _with_month_name(text: str, today: date) -> Day | None:
    if match := _DAY_NAME.fullmatch(text):
        day, name, year = match.groups()
    elif match := _NAME_DAY.fullmatch(text):
        name, day, year = match.groups()
    else:
        return None
    month = _month(name)
    return _day_of_year(int(day), month, year, today) if month else None


def _month(name: str) -> int | None:
    for number, english in enumerate(_ENGLISH, 1):
        local = {str(names[number]).casefold().rstrip(".") for names in (dates.MONTHS, dates.MONTHS_3)}
        if name in local or (name == "sept" and number == 9) or (len(name) >= 3 and english.startswith(name)):
            return number
    return None


def _day_of_year(day: int, month: int, year: str | None, today: date) -> Day | None:
    if not year:
        return _next_day(month, day, today)
    if len(year) == 2 and _valid_day(2000 + int(year), month, day):
        message = _("Write the year with four digits: %(year)s.")
        raise ValidationError(message % {"year": 2000 + int(year)})
    return _valid_day(int(year), month, day) if len(year) == 4 else None


def _valid_day(year: int, month: int, day: int) -> Day | None:
    try:
        return Day(date(year, month, day))
    except ValueError:
        if year == 0:  # a year like any other that is not meant, only that Python has none
            demand_meant(date.min)
        return None


def _next_day(month: int, day: int, today: date) -> Day | None:
    for year in range(today.year, today.year + 9):  # the next 29 February is at most eight years away
        found = _valid_day(year, month, day)
        if found and found.day >= today:
            return found
    return None


def _valid_time(typed: str, hour: int, minute: int, second: int = 0) -> time:
    if (hour, minute, second) == (24, 0, 0):
        raise ValidationError(
            _("24:00 is the first minute of the next day: write 00:00 and that day's date.")
        )
    try:
        return time(hour, minute, second)
    except ValueError:
        raise _unreadable_time(typed) from None


def _unreadable_day(typed: str) -> ValidationError:
    figures = "11/28/2026" if month_first() else "28/11/2026"
    message = _(
        "“%(typed)s” is no date that can be read. Write it like 28 November 2026, %(figures)s or 2026-11-28."
    )
    return ValidationError(message % {"typed": typed[:MAX_LENGTH], "figures": figures}, code="unread")


def _unreadable_time(typed: str) -> ValidationError:
    message = _(
        "“%(typed)s” is no time that can be read. Write it like 09:00, 9 am, 21.30, noon or midnight."
    )
    return ValidationError(message % {"typed": typed[:MAX_LENGTH]}, code="unread")
