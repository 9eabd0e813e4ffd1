"""By what the list of sources can be narrowed; hosts and releases are chosen on pages of their own."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from releases.models import Release, Source
from releases.models.source import SourceCitation, SourceState
from releases.numbers import whole

NEVER = "never"


class StateFilter(admin.SimpleListFilter):
    """What the last look found; what nobody has looked at yet is a choice of its own."""

    title = _("last check")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """The states."""
        return [*SourceState.choices, (NEVER, _("Not checked yet"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Source]) -> QuerySet[Source]:
        """Those in the state."""
        if self.value() == NEVER:
            return queryset.filter(checked_at=None)
        if self.value() in SourceState.values:
            return queryset.filter(state=self.value(), checked_at__isnull=False)
        return queryset


class CopyFilter(admin.SimpleListFilter):
    """Whether readers are led to a copy."""

    title = _("archived copy")
    parameter_name = "copy"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Yes or no."""
        return [("yes", _("With a copy")), ("no", _("Without a copy"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Source]) -> QuerySet[Source]:
        """Those with, or without."""
        if self.value() in {"yes", "no"}:
            return queryset.filter(archived_on__isnull=self.value() == "no")
        return queryset


class HostFilter(admin.SimpleListFilter):
    """One host, chosen on the page of hosts."""

    title = _("host")
    parameter_name = "host"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """The one that was chosen."""
        chosen = self.used_parameters.get(self.parameter_name)
        return [(chosen, chosen)] if chosen and "\x00" not in chosen else []

    def queryset(self, request: HttpRequest, queryset: QuerySet[Source]) -> QuerySet[Source]:
        """Those of the host."""
        return queryset.filter(host=self.value()) if self.value() else queryset


class ReleaseFilter(admin.SimpleListFilter):
    """One release, chosen on the page of releases or come from."""

    title = _("release")
    parameter_name = "release"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """The one that was chosen, if readers can see it."""
        chosen = self.used_parameters.get(self.parameter_name) or ""
        if whole(chosen) is None:
            return []
        found = Release.objects.visible().select_related("live").filter(pk=chosen).first()
        return [(chosen, found.live.title)] if found else []

    def queryset(self, request: HttpRequest, queryset: QuerySet[Source]) -> QuerySet[Source]:
        """Those that the release cites."""
        if not self.value():
            return queryset
        cited = SourceCitation.objects.visible().filter(release=self.value()).values("source")
        return queryset.filter(pk__in=cited)
