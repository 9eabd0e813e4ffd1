"""What every staff page of a model shares: its list, whatever stands in the address, and by what it may be narrowed."""

from datetime import MAXYEAR, MINYEAR
from typing import Any

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views import main
from django.db.models import Max, Min, QuerySet
from django.http import HttpRequest, HttpResponse

from releases import clock
from releases.numbers import whole


class ChangeList(main.ChangeList):
    """Numbers that no database keeps and years that no calendar has are wrong parameters, which the admin answers with
    the list; Django's own answers some of them with an error, and so it does where a date lies at the calendar's end."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.date_hierarchy and not self._has_ordinary_years():
            self.date_hierarchy = None

    def get_filters(self, request: HttpRequest) -> Any:
        """The filters of an address that a database understands."""
        for values in self.filter_params.values():
            if any(_is_too_large(value) for value in values):
                raise IncorrectLookupParameters("a number that no database keeps")
        for year in self.filter_params.get(f"{self.date_hierarchy}__year", ()):
            if whole(year, least=MINYEAR + 1, most=MAXYEAR - 1) is None:
                raise IncorrectLookupParameters("a year that no calendar has whole")
        return super().get_filters(request)

    def _has_ordinary_years(self) -> bool:
        """Whether each year on the list has one before it and one after it."""
        found = self.queryset.order_by().aggregate(
            first=Min(self.date_hierarchy), last=Max(self.date_hierarchy)
        )
        ends = [clock.local(one).year for one in found.values() if one]
        return all(MINYEAR < year < MAXYEAR for year in ends)


class WithChangeList:
    """For every admin class: its list is ours."""

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """Ours."""
        return ChangeList

    def response_action(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
        """What was ticked and is no primary key is nothing."""
        ticked = request.POST.getlist(ACTION_CHECKBOX_NAME)
        known = [one for one in ticked if whole(one) is not None]
        if known != ticked:
            data = request.POST.copy()
            data.setlist(ACTION_CHECKBOX_NAME, known)
            request.POST = data
        return super().response_action(request, queryset)


def _is_too_large(value: str) -> bool:
    digits = (one.strip().lstrip("+-").replace("_", "") for one in value.split(","))
    return any(one.isdecimal() and whole(one) is None for one in digits)


_OF_A_FIELD = ("", "__exact", "__id__exact", "__isnull")
_OF_A_DATE = ("__year", "__month", "__day", "__gte", "__lt")


class OfferedLookups(admin.ModelAdmin):
    """For lists of what is not everybody's: “has it a draft?” and “is it in that revision?” are questions, too."""

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Stock pages let any column of the row and any relation to it be asked about."""
        offered = {f"{self.date_hierarchy}{end}" for end in _OF_A_DATE if self.date_hierarchy}
        for one in self.get_list_filter(request):
            field: Any = one[0] if isinstance(one, tuple) else one
            if isinstance(field, str):
                offered |= {f"{field}{end}" for end in _OF_A_FIELD}
            else:
                offered.add(field.parameter_name)
        # What is no column at all, stock pages answer as such.
        columns = {getattr(one, kind, "") for one in self.opts.get_fields() for kind in ("name", "attname")}
        return lookup in offered or lookup.partition("__")[0] not in columns
