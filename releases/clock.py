"""The newsroom's clock: what it shows at a moment, and when its years and months begin, whatever date is stored.

The calendar ends with the years 1 and 9999. Within hours of its ends there are moments that a clock east or west of UTC
would show in a year that does not exist: those are shown as UTC has them, in Python and in SQL alike, so that no date that
somebody put into the database can stop a page.
"""

from datetime import MAXYEAR, MINYEAR, UTC, date, datetime, timedelta, tzinfo

from django.db.models import DateTimeField, F, Value
from django.db.models.functions import Greatest, Least
from django.utils import timezone

FIRST = datetime(MINYEAR, 1, 1, tzinfo=UTC)
LAST = datetime.max.replace(tzinfo=UTC)
# Every clock can show what lies between these, and its months are those of what lies beyond them.
_SHOWN_FROM = datetime(MINYEAR, 1, 2, tzinfo=UTC)
_SHOWN_TO = datetime(MAXYEAR, 12, 30, tzinfo=UTC)


def local(at: datetime, zone: tzinfo | None = None) -> datetime:
    """A moment by the clock in `zone`, by default the newsroom's."""
    try:
        return at.astimezone(zone or timezone.get_default_timezone())
    except (OverflowError, ValueError):
        return at.astimezone(UTC)


def day(at: datetime) -> date:
    """The day that the newsroom's clock shows at a moment."""
    return local(at).date()


def start_of(year: int, month: int = 1) -> datetime:
    """When a month begins by the newsroom's clock, in UTC. The first one begins with the calendar; after the last one it is
    the calendar's end."""
    if (year, month) <= (MINYEAR, 1):
        return FIRST
    if year > MAXYEAR:
        return LAST
    start = datetime(year, month, 1, tzinfo=timezone.get_default_timezone())
    return start.astimezone(UTC)


def stored(value: datetime | str | None) -> datetime | None:
    """A moment as a statement of one's own gives it: SQLite gives text, and UTC without saying so."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    return value.replace(tzinfo=UTC) if value and value.tzinfo is None else value


def start_of_day(day: date) -> datetime:
    """When a day begins by the newsroom's clock, in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=timezone.get_default_timezone()).astimezone(UTC)


def full_minute(at: datetime) -> datetime:
    """The first full minute that is not before `at`."""
    return (
        at + timedelta(minutes=1) - timedelta(seconds=at.second, microseconds=at.microsecond)
        if at.second or at.microsecond
        else at
    )


def clamped(field: str) -> Greatest:
    """A date of the database as it may be given to `TruncMonth` and `ExtractYear`, which read the newsroom's clock in SQL."""
    last, first = (Value(one, output_field=DateTimeField()) for one in (_SHOWN_TO, _SHOWN_FROM))
    return Greatest(Least(F(field), last), first)
