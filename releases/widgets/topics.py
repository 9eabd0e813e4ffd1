"""The topic picker: every topic as a checkbox, what is picked first, with a filter where scripts run."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import Q
from django.forms.widgets import Script

from releases.models import Topic
from releases.models.topic import in_index_order
from releases.widgets.many import ManyField


class TopicPicker(forms.CheckboxSelectMultiple):
    """A grid in the order of the public index. Nothing is typed into being here."""

    template_name = "widgets/topics.html"
    option_template_name = "widgets/topic_option.html"
    use_fieldset = True

    class Media:
        css = {"all": ["css/topic-picker.css"]}
        js = [Script("js/topic-picker.js", type="module")]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """What is picked stands first; both halves keep the order of the index. Each option has its other words."""
        context: dict[str, Any] = super().get_context(name, value, attrs)
        options = [option for _, group, _ in context["widget"]["optgroups"] for option in group]
        others = Topic.objects.other_words()
        for option in options:
            # Lines part the words, since a comma may be in one.
            option["words"] = "\n".join(others.get(int(str(option["value"])), []))
        context["widget"]["picked"] = [option for option in options if option["selected"]]
        context["widget"]["others"] = [option for option in options if not option["selected"]]
        return context


class TopicField(ManyField):
    """Existing topics, cleaned to a list in the order of the index; junk is an error and makes no topic.

    `filed` are the topics that are picked already: they may stay though they are retired.
    """

    widget = TopicPicker

    def __init__(self, *, language: str, filed: Iterable[Topic] = (), **kwargs: Any) -> None:
        self.language = language
        offered = Q(retired_at=None) | Q(pk__in=[topic.pk for topic in filed])
        super().__init__(queryset=Topic.objects.filter(offered, merged_into=None).in_order(), **kwargs)

    def clean(self, value: Iterable[Any]) -> list[Topic]:
        """The picked topics. One that was merged away after the form was opened is the one it is part of now."""
        return in_index_order(super().clean(_followed(value)), self.language)


def _followed(value: Any) -> Any:
    if not isinstance(value, list | tuple):
        return value
    merged = {
        str(pk): str(into)
        for pk, into in Topic.objects.exclude(merged_into=None).values_list("pk", "merged_into_id")
    }
    found = []
    for one in map(str, value):
        while one in merged:
            one = merged[one]
        found.append(one)
    return list(dict.fromkeys(found))
