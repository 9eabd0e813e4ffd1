"""Parses dates as people write them at the head of a release. Ambiguous ones are refused."""

import re
from datetime import date, datetime, time
from typing import NamedTuple

from django.utils import timezone

from releases.workflow.moments import meant

_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_NUMBER = {name[:length]: n for n, name in enumerate(_MONTHS, 1) for length in (3, len(name))}
_NUMBER["sept"] = 9
_MONTH = "(" + "|".join(sorted(_NUMBER, key=len, reverse=True)) + r")\.?"
_DAY = r"([0-9]{1,2})(?:st|nd|rd|th)?"
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+)?"
_PATTERNS = (
    (re.compile(rf"{_WEEKDAY}{_DAY}\s+{_MONTH},?\s+([0-9]{{4}})", re.IGNORECASE), "dmy"),
    (re.compile(rf"{_WEEKDAY}{_MONTH}\s+{_DAY},?\s+([0-9]{{4}})", re.IGNORECASE), "mdy"),
    (re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[T ][0-9:.]+(?:Z|[+-][0-9:]+)?)?"), "ymd"),
    (re.compile(r"([0-9]{4})\s*年\s*([0-9]{1,2})\s*月\s*([0-9]{1,2})\s*[日号號]"), "ymd"),
)
_LABEL = re.compile(
    r"(?:date|dated|published|released|posted|for (?:immediate )?release|发布日期|日期)\s*[:：–—-]?\s*(?:on\s+)?",
    re.IGNORECASE,
)
_CHINESE = str.maketrans("〇零一二三四五六七八九", "00123456789")
_PLACE = re.compile(r"([^\W\d_][^\d,:;]{1,40}(?:,\s*[^\W\d_][^\d,:;]{1,40})?)\s*[,–—-]\s*(.+)")
LONGEST = 100
# A day without an hour is kept as its noon: it stays that day in every zone that the newsroom may move to.
NOON = time(12)


class Dated(NamedTuple):
    """A day, and the place before it ("Geneva, 10 June 2011")."""

    day: date
    place: str


def date_in(text: str) -> date | None:
    """The day that `text` names and nothing else, or None. "10/06/2011" is two days, so it is none; nor is a day that no
    release can be dated (`workflow.moments.meant`)."""
    text = " ".join(text.split()).strip(" .()[]|")
    if len(text) > LONGEST:
        return None
    text = _LABEL.sub("", text, count=1) if _LABEL.match(text) else text
    if "年" in text:
        text = _figures(text)
    for pattern, order in _PATTERNS:
        if match := pattern.fullmatch(text):
            found = dict(zip(order, match.groups(), strict=True))
            month = _NUMBER.get(found["m"].lower().rstrip(".")) or int(found["m"])
            try:
                day = date(int(found["y"]), month, int(found["d"]))
            except ValueError:
                return None
            return day if meant(day) else None  # 0001-11-30 is how other systems write "no date"
    return None


def dated(text: str) -> Dated | None:
    """A line that is a date, or a place and a date."""
    if len(text) > LONGEST:
        return None
    if day := date_in(text):
        return Dated(day, "")
    match = _PLACE.fullmatch(" ".join(text.split()).strip(" ()[]"))
    if match and not _NUMBER.get(match[1].split()[-1].lower().rstrip(".")) and (day := date_in(match[2])):
        return Dated(day, match[1].strip(" –—-"))
    return None


def moment(day: date) -> datetime:
    """The day's noon in the newsroom's own time zone."""
    return timezone.make_aware(datetime.combine(day, NOON))


def _figures(text: str) -> str:
    """Chinese numerals of a date as digits: 二〇一一年六月十日 is 2011年6月10日."""
    text = text.translate(_CHINESE)
    text = re.sub(r"([1-9])十([1-9])", r"\1\2", text)
    text = re.sub(r"([1-9])十", r"\g<1>0", text)
    text = re.sub(r"十([1-9])", r"1\1", text)
    return text.replace("十", "10")
