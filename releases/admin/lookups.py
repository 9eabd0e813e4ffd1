"""By what a list may be narrowed through its address: by what its filters offer, and by no column besides."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

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
