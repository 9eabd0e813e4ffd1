"""What the lists of staff pages share: each answers any address, and costs the same with a hundred rows as with a hundred thousand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import MAXYEAR, MINYEAR, date, datetime, timedelta
from itertools import pairwise
from typing import Any, TypedDict

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views import main
from django.core.paginator import Page, Paginator
from django.db.models import Exists, Max, Min, OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from newsroom.accounts.models import User
from newsroom.http import user_of
from releases import clock
from releases.numbers import whole

# Rows on a page of every list that has no reason for another number.
PER_PAGE = 50
# Rows are counted so far; and so many pages past the one that is asked for, so that every row has a page.
COUNTED, PAGES_AHEAD = 10_000, 20
# Years between which each is looked up. A list over more of them, and what a search finds, is read once, in Django's way: a search
# is dear, and no index has its dates.
MOST_YEARS = 80


class BoundedPaginator(Paginator[Any]):
    """Pages of a list that may be long: rows are counted so far as somebody may look, and a page is found by its primary keys
    first, so that the rows before it are not read whole."""

    def __init__(self, rows: QuerySet[Any], per_page: int, *args: Any, asked: int = 1, **kwargs: Any) -> None:
        super().__init__(rows, per_page, *args, **kwargs)
        self.bound = max(COUNTED, (asked + PAGES_AHEAD) * self.per_page)

    @cached_property
    def count(self) -> int:
        """How many rows there are, or the number at which counting stopped."""
        return self._rows.order_by().values("pk")[: self.bound].count()

    @property
    def goes_on(self) -> bool:
        """Whether there may be more than were counted."""
        return self.count == self.bound

    def page(self, number: int | str) -> Page[Any]:
        """The rows of a page."""
        number = self.validate_number(number)
        first = (number - 1) * self.per_page
        keys = self._rows.prefetch_related(None).values_list("pk", flat=True)
        found = list(keys[first : first + self.per_page])
        return Page(self._rows.filter(pk__in=found), number, self)

    @property
    def _rows(self) -> QuerySet[Any]:
        assert isinstance(self.object_list, QuerySet)  # noqa: S101  see __init__
        return self.object_list


class Dates(TypedDict):
    """By which dates a list can be narrowed: links as Django's template wants them."""

    back: dict[str, str] | None
    choices: list[dict[str, str]]


class ChangeList(main.ChangeList):
    """A list that answers every address.

    Numbers that no database stores and years that no calendar has are wrong parameters, to which the admin shows the whole
    list. Django's own class fails with an error on some of them, and on a date at the end of the calendar; and it reads every
    row of the list for the years at its head.
    """

    dates: Dates | None = None

    def get_filters(self, request: HttpRequest) -> Any:
        """The filters of an address that a database understands."""
        for values in self.filter_params.values():
            if any(_is_too_large(value) for value in values):
                raise IncorrectLookupParameters("a number that no database keeps")
        for year in self.filter_params.get(f"{self.date_hierarchy}__year", ()):
            if whole(year, least=MINYEAR + 1, most=MAXYEAR - 1) is None:
                raise IncorrectLookupParameters("a year that no calendar has whole")
        return super().get_filters(request)

    def get_results(self, request: HttpRequest) -> None:
        """The rows of the page, and the dates at the head of the list."""
        super().get_results(request)
        if self.date_hierarchy:
            self.dates = self._dates(user_of(request), self.date_hierarchy)

    # ------------------------------------------------------------------ dates

    def _dates(self, user: User, column: str) -> Dates | None:
        """The years, the months of a year or the days of a month in which there are rows; None where a row stands in a year
        that has none before it or after it."""
        year, month, day = (self._asked(f"{column}__{unit}") for unit in ("year", "month", "day"))
        ends = self._ends(user, column)
        if ends is None:
            return {"back": None, "choices": []}
        first, last = (clock.day(one) for one in ends)
        if first.year == MINYEAR or last.year == MAXYEAR:
            return None
        if not (year or month or day):
            if first.year == last.year:
                year = first.year
                month = first.month if first.month == last.month else None
            else:
                years = self._years(user, column, first.year, last.year)
                return {"back": None, "choices": [self._choice(column, str(one), year=one) for one in years]}
        if not year:
            return None
        if month and day:
            back = self._choice(column, _month_name(date(year, month, 1)), year=year, month=month)
            return {"back": back, "choices": [{"title": _day_name(date(year, month, day))}]}
        if month:
            shown = [
                self._choice(column, _day_name(one), year=year, month=month, day=one.day)
                for one in self._found(user, column, list(_days_of(year, month)))
            ]
            return {"back": self._choice(column, str(year), year=year), "choices": shown}
        months = self._found(user, column, [date(year, number, 1) for number in range(1, 13)], monthly=True)
        return {
            "back": self._choice(column, _("All dates")),
            "choices": [self._choice(column, _month_name(one), year=year, month=one.month) for one in months],
        }

    def _asked(self, name: str) -> int | None:
        return whole(self.params.get(name), least=1)

    def _choice(self, column: str, title: str, **units: int) -> dict[str, str]:
        asked = {f"{column}__{unit}": str(number) for unit, number in units.items()}
        return {"title": title, "link": self.get_query_string(asked, [f"{column}__"])}

    @property
    def is_read_once(self) -> bool:
        """Whether no index has the dates of its rows: then they are read through once, and not looked up one by one."""
        return bool(self.query)

    def _ends(self, user: User, column: str) -> tuple[datetime, datetime] | None:
        if self.is_read_once:
            ends = self.queryset.order_by().aggregate(first=Min(column), last=Max(column))
            return (ends["first"], ends["last"]) if ends["first"] else None
        rows = self.queryset.filter(**{f"{column}__isnull": False})
        first, last = _looked_up(
            user, [rows.order_by(one).values(column)[:1] for one in (column, f"-{column}")]
        )
        return (first, last) if first and last else None

    def _years(self, user: User, column: str, first: int, last: int) -> list[int]:
        if self.is_read_once or last - first > MOST_YEARS:
            return [one.year for one in self.queryset.datetimes(column, "year")]
        starts = [clock.start_of(year) for year in range(first, last + 2)]
        found = self._between(user, column, starts)
        return [year for year, there in zip(range(first, last + 1), found, strict=True) if there]

    def _found(self, user: User, column: str, days: Sequence[date], *, monthly: bool = False) -> list[date]:
        """Those of `days` on which, or in the months that begin with which, there are rows."""
        if self.is_read_once:
            there = {clock.day(one) for one in self.queryset.datetimes(column, "month" if monthly else "day")}
            return [one for one in days if one in there]
        last = days[-1]
        after = date(last.year + last.month // 12, last.month % 12 + 1, 1) if monthly else last + timedelta(1)
        starts = [clock.start_of_day(one) for one in (*days, after)]
        return [one for one, there in zip(days, self._between(user, column, starts), strict=True) if there]

    def _between(self, user: User, column: str, starts: Sequence[datetime]) -> list[bool]:
        """Whether there is a row between each moment and the next one: each a short walk along the index, in one query."""
        rows = self.queryset.order_by(column).values(column)
        spans = pairwise(starts)
        wanted = [rows.filter(**{f"{column}__gte": start, f"{column}__lt": end})[:1] for start, end in spans]
        return [one is not None for one in _looked_up(user, wanted)]


def _looked_up(user: User, wanted: Sequence[QuerySet[Any, Any]]) -> Sequence[Any]:
    """The one value of each of these queries, or None, in one statement; `user` is a row that is there."""
    found: Sequence[Any] = (
        User.objects.filter(pk=user.pk).values_list(*[Subquery(one) for one in wanted]).get()
    )
    return found


def _days_of(year: int, month: int) -> Iterator[date]:
    day = date(year, month, 1)
    while day.month == month:
        yield day
        day += timedelta(1)


def _month_name(day: date) -> str:
    return capfirst(date_format(day, "YEAR_MONTH_FORMAT"))


def _day_name(day: date) -> str:
    return capfirst(date_format(day, "MONTH_DAY_FORMAT"))


def _is_too_large(value: str) -> bool:
    digits = (one.strip().lstrip("+-").replace("_", "") for one in value.split(","))
    return any(one.isdecimal() and whole(one) is None for one in digits)


class PeopleFilter(admin.RelatedFieldListFilter):
    """The people whom rows of the list name: each is looked up by the index, where Django reads every row for it."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> Any:
        """Their primary keys and names."""
        rows = model_admin.get_queryset(request).order_by().filter(**{self.field_path: OuterRef("pk")})
        people = User.objects.filter(Exists(rows.values("pk")))
        return field.get_choices(
            include_blank=False,
            limit_choices_to={"pk__in": list(people.values_list("pk", flat=True))},
            ordering=self.field_admin_ordering(field, request, model_admin),
        )
