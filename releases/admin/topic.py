"""Topics: the vocabulary's own page, for those with the right to change it."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.db import transaction
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from releases.editions import raise_edition
from releases.models import Topic
from releases.permissions import may


class TopicForm(forms.ModelForm):
    """A topic's name in every language, its description, and its slug, which is made once."""

    class Meta:
        model = Topic
        fields = ("name", "description")
        widgets = {"description": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, label in other_languages():
            self.fields[f"name_{code}"] = forms.CharField(
                label=label, max_length=100, required=False, initial=self.instance.names.get(code, "")
            )

    def clean(self) -> dict[str, Any]:
        """Gather the names of the other languages."""
        data = super().clean() or self.cleaned_data
        names = {
            code: " ".join((data.get(f"name_{code}") or "").split()) for code, _label in other_languages()
        }
        self.instance.names = {code: name for code, name in names.items() if name}
        return data


def other_languages() -> list[tuple[str, str]]:
    """The languages besides the site's own."""
    return [(code, label) for code, label in settings.LANGUAGES if code != settings.LANGUAGE_CODE]


@admin.register(Topic)
class TopicAdmin(admin.ModelAdmin):
    """The vocabulary."""

    form = TopicForm
    list_display = ("name", "slug", "used")
    search_fields = ("name", "key")
    ordering = ("sort_key", "pk")
    list_per_page = 200
    readonly_fields = ("slug",)

    def get_fieldsets(self, request: HttpRequest, obj: Topic | None = None) -> Any:
        """The names in other languages stand in a fold of their own."""
        names = [f"name_{code}" for code, _label in other_languages()]
        main = ["name", "description", "slug"] if obj else ["name", "description"]
        return ((None, {"fields": main}), (_("Names in other languages"), {"fields": names}))

    def get_form(
        self, request: HttpRequest, obj: Topic | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """The names are fields of the form alone, so the factory must not look for them on the model."""
        kwargs["fields"] = ("name", "description")
        return super().get_form(request, obj, change=change, **kwargs)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Topic]:
        """With the number of releases, live or not, that a topic is filed on."""
        return super().get_queryset(request).annotate(used_by=Count("release_items", distinct=True))

    @admin.display(description=_("releases"), ordering="used_by")
    def used(self, topic: Any) -> int:
        """How many releases have it."""
        return int(topic.used_by)

    def save_model(self, request: HttpRequest, obj: Topic, form: forms.ModelForm, change: bool) -> None:
        """The index stands on every page, so every page is another one now."""
        with transaction.atomic():
            super().save_model(request, obj, form, change)
            raise_edition(timezone.now())

    def has_view_permission(self, request: HttpRequest, obj: Topic | None = None) -> bool:
        """Everybody on the staff may look the vocabulary up."""
        return may(request.user, "create")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Chiefs curate."""
        return may(request.user, "change topics")

    def has_change_permission(self, request: HttpRequest, obj: Topic | None = None) -> bool:
        """Chiefs curate."""
        return may(request.user, "change topics")

    def has_delete_permission(self, request: HttpRequest, obj: Topic | None = None) -> bool:
        """A topic in use is never deleted; one that was never used may go."""
        unused = obj is None or not (obj.release_items.exists() or obj.revision_items.exists())
        return may(request.user, "change topics") and unused

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Shown on the desk."""
        return may(request.user, "create")

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """No deleting in bulk."""
        return {}
