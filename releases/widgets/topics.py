"""The topic picker: every topic as a checkbox, what is picked first, with a filter where scripts run."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.forms.widgets import Script

from releases.models import Topic
from releases.models.topic import in_index_order


class TopicPicker(forms.CheckboxSelectMultiple):
    """A grid in the order of the public index. Nothing is typed into being here."""

    template_name = "widgets/topics.html"
    option_template_name = "widgets/topic_option.html"
    use_fieldset = True

    class Media:
        css = {"all": ["css/topic-picker.css"]}
        js = [Script("js/topic-picker.js", type="module")]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """What is picked stands first; both halves keep the order of the index."""
        context: dict[str, Any] = super().get_context(name, value, attrs)
        options = [option for _, group, _ in context["widget"]["optgroups"] for option in group]
        context["widget"]["picked"] = [option for option in options if option["selected"]]
        context["widget"]["others"] = [option for option in options if not option["selected"]]
        return context


class TopicField(forms.ModelMultipleChoiceField):
    """Existing topics, cleaned to a list in the order of the index; junk is an error and makes no topic."""

    widget = TopicPicker

    def __init__(self, *, language: str, **kwargs: Any) -> None:
        self.language = language
        super().__init__(queryset=Topic.objects.current().in_order(), **kwargs)

    def clean(self, value: Iterable[Any]) -> list[Topic]:
        """The picked topics."""
        return in_index_order(super().clean(value), self.language)
