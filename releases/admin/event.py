"""The record, to read and to search; nothing here can be changed."""

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from releases.models import Event
from releases.permissions import may


@admin.register(Event)
class EventAdmin(admin.ModelAdmin):
    """Who did what, when, to which revision."""

    list_display = ("at", "verb", "about", "number", "user")
    list_filter = ("verb", ("user", admin.RelatedOnlyFieldListFilter))
    search_fields = ("revision__title", "release__slug", "user__username", "verb")
    date_hierarchy = "at"
    list_select_related = ("release__live", "release__working", "revision", "user")
    fields = readonly_fields = ("at", "verb", "about", "number", "user", "detail")
    show_facets = admin.ShowFacets.NEVER

    @admin.display(description=_("release"))
    def about(self, event: Event) -> str:
        """The title that the revision had."""
        return event.revision.title if event.revision else str(event.detail.get("topic", "–"))

    @admin.display(description=_("revision"))
    def number(self, event: Event) -> str:
        """The revision's number."""
        return format_html("{}", event.revision.number) if event.revision else "–"

    def has_view_permission(self, request: HttpRequest, obj: Event | None = None) -> bool:
        """Editors and chiefs read the record."""
        return may(request.user, "view record")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Only verbs write events."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Event | None = None) -> bool:
        """The record never changes."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Event | None = None) -> bool:
        """The record never shrinks."""
        return False

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Shown on the desk to those who may read it."""
        return may(request.user, "view record")
