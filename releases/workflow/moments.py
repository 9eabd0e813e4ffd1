"""Moments by the newsroom's clock: what a typed date and time can mean, and how a moment is said in plain words."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from releases import clock

# The days that a release can be dated. What lies outside is a slip of the keyboard ("0026"), and at the ends of the
# calendar a moment cannot even be turned into another zone's.
DATE_RANGE = (date(1800, 1, 1), date(2200, 12, 31))


def meant(day: date) -> bool:
    """Can `day` (a date, or a moment) be what somebody meant as the date of a release?"""
    day = day.date() if isinstance(day, datetime) else day
    return DATE_RANGE[0] <= day <= DATE_RANGE[1]


def demand_meant(day: date) -> None:
    """Raises ValidationError, with what to do, for a day that nobody means."""
    if not meant(day):
        words = _("The year %(year)04d cannot be meant: a release is dated between %(first)d and %(last)d.")
        years = {"year": day.year, "first": DATE_RANGE[0].year, "last": DATE_RANGE[1].year}
        raise ValidationError(words % years, code="year")


def meanings(typed: datetime, zone: ZoneInfo) -> list[datetime]:
    """The moments that a clock in `zone` shows as the naive `typed`: one, none (skipped) or two (shown twice)."""
    found = []
    for fold in (0, 1):
        try:
            moment = typed.replace(tzinfo=zone, fold=fold).astimezone(UTC)
        except OverflowError:  # it lies beyond an end of the calendar
            continue
        if clock.local(moment, zone).replace(tzinfo=None, fold=0) == typed.replace(fold=0):
            found.append(moment)
    return sorted(set(found))


def skipped(typed: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """For a time that the clocks skip: the last clock time before the jump, and the first after it, both naive."""
    before = typed.replace(tzinfo=zone, fold=0)
    after = typed.replace(tzinfo=zone, fold=1)
    gap = (before.utcoffset() or timedelta()) - (after.utcoffset() or timedelta())
    if not gap:  # nothing is skipped: the calendar has no such moment
        return typed, typed
    # With fold=0 a skipped time is read by the offset from before the jump, with fold=1 by the one after it.
    jump = min(before.astimezone(UTC), after.astimezone(UTC))
    step = timedelta(minutes=1)
    for _minute in range(int(abs(gap) / step) + 2):
        here, there = clock.local(jump, zone), clock.local(jump + step, zone)
        if here.utcoffset() != there.utcoffset():
            return (here + step).replace(tzinfo=None, fold=0), there.replace(tzinfo=None, fold=0)
        jump += step
    return typed, typed


def due(moment: datetime, at: datetime) -> datetime:
    """When what is typed for `moment` goes out: at a full minute where that is to come, because pages expire at full minutes
    (`newsroom.delivery.page_cache`), so that no header counts an embargo down and no browser keeps a page beyond it."""
    return clock.full_minute(moment) if moment > at else moment


def place(zone: ZoneInfo) -> str:
    """New York."""
    return zone.key.rsplit("/", 1)[-1].replace("_", " ")


def offset(moment: datetime) -> str:
    """UTC−04:00."""
    minutes = int((moment.utcoffset() or timedelta()).total_seconds() // 60)
    sign = "−" if minutes < 0 else "+"
    return f"UTC{sign}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"


def on_the_clock(moment: datetime, zone: ZoneInfo) -> str:
    """Tuesday 8 June 2027, 00:01 New York."""
    local = clock.local(moment, zone)
    form = _("l j F Y, H:i:s") if local.second else _("l j F Y, H:i")
    return _("%(moment)s %(place)s") % {"moment": date_format(local, form), "place": place(zone)}


def when(moment: datetime, at: datetime) -> str:
    """“at 21:40”, “on 26 November at 21:40”: by the newsroom's clock, with as much of the day as is needed at `at`."""
    local, now = clock.local(moment), clock.local(at)
    face = date_format(local, "H:i")
    if local.date() == now.date():
        return _("at %s") % face
    day = date_format(local, _("j F") if local.year == now.year else _("j F Y"))
    return _("on %(day)s at %(clock)s") % {"day": day, "clock": face}


def span(length: timedelta) -> str:
    """3 days 4 hours: the two largest units that matter."""
    minutes = max(0, int(length.total_seconds() // 60))
    days, hours, minutes = minutes // 1440, minutes % 1440 // 60, minutes % 60
    parts = [
        ngettext("%d day", "%d days", days) % days if days else "",
        ngettext("%d hour", "%d hours", hours) % hours if hours else "",
        ngettext("%d minute", "%d minutes", minutes) % minutes if minutes and days < 1 else "",
    ]
    return " ".join(part for part in parts if part) or _("less than a minute")


def sentence(moment: datetime, zone: ZoneInfo, at: datetime) -> str:
    """goes out Tuesday 8 June 2027, 00:01 New York, in 3 days 4 hours (8 June 2027, 04:01 UTC)."""
    words = {
        "clock": on_the_clock(moment, zone),
        "span": span(abs(moment - at)),
        "utc": date_format(moment.astimezone(UTC), _("j F Y, H:i")),
    }
    if moment <= at:
        return _("dated %(clock)s, %(span)s ago (%(utc)s UTC)") % words
    return _("goes out %(clock)s, in %(span)s (%(utc)s UTC)") % words
