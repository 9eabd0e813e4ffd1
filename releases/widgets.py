"""The form fields that need more than a plain input."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.forms.models import ModelChoiceIterator
from django.forms.widgets import Script
from django.utils.html import format_html, html_safe
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from releases.models import Picture, Topic
from releases.models.topic import in_index_order
from releases.numbers import whole
from releases.pictures import widths_of
from releases.pictures.renditions import FORMATS
from releases.text.schema import editor_extensions
from releases.text.tables import all_tables

_SHEETS = ("editor", "editor-text", "editor-notes", "editor-dialogs", "editor-search")


@html_safe
class _Tables:
    """The tables that the editor's scripts share with the server, as a block of JSON in the page."""

    def __str__(self) -> str:
        words = json.dumps(all_tables(), ensure_ascii=False, separators=(",", ":"))
        # Nothing in the block may end it. Unlike `json_script` this leaves other scripts as they are: half the size.
        return format_html(
            '<script id="editor-tables" type="application/json">{}</script>',
            mark_safe(words.replace("<", "\\u003c")),
        )


class BodyEditor(forms.Textarea):
    """A textarea with the configuration of `static/js/editor/main.js`; without scripts it takes HTML."""

    class Media:
        css = {"all": [f"css/{name}.css" for name in _SHEETS]}
        js = [_Tables(), Script("js/editor/main.js", type="module")]

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"rows": 24, "class": "body-source", **(attrs or {})})

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Add the extensions, as the schema names them, for the script to read."""
        context: dict[str, Any] = super().get_context(name, value, attrs)
        config = {"extensions": editor_extensions()}
        context["widget"]["attrs"]["data-body-editor"] = json.dumps(config, separators=(",", ":"))
        return context

    def use_required_attribute(self, initial: Any) -> bool:
        """Never: a browser cannot point at a hidden textarea, and would refuse to send the form in silence."""
        return False


class PrimaryKeysField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # takes none at run time
    """Rows by their primary keys. A key that is no number, or too large for a database, is an error of the field."""

    def clean(self, value: Any) -> QuerySet[Any]:
        """The chosen rows."""
        for one in value if isinstance(value, list | tuple) else ():
            if whole(str(one)) is None:
                raise ValidationError(
                    self.error_messages["invalid_pk_value"],
                    code="invalid_pk_value",
                    params={"pk": str(one)[:20]},
                )
        return super().clean(value)


# What is added to the field's name: for the file that is sent, and for the tick that removes the picture.
FILE, REMOVE = "file", "remove"


class PictureInput(forms.Widget):
    """Sends the uuid. A file is sent by the script at once, or with the form where scripts do not run."""

    choices: ModelChoiceIterator[Picture]
    template_name = "widgets/picture.html"
    needs_multipart_form = True

    class Media:
        css = {"all": ["css/picture.css"]}
        js = [Script("js/admin/picture.js", type="module")]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Add the present picture, and the types that a file may have."""
        context: dict[str, Any] = super().get_context(name, value, attrs)
        context["widget"]["picture"] = found = _found(value, self.choices.queryset)
        context["widget"]["small"] = widths_of(found.width)[0] if found else 0
        context["widget"]["accept"] = ",".join(f"image/{kind.lower()}" for kind in FORMATS)
        return context

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        """Nothing where the picture is removed."""
        return None if data.get(f"{name}_{REMOVE}") else data.get(name)

    def use_required_attribute(self, initial: Any) -> bool:
        """Never: the picture may be there already."""
        return False


class PictureField(forms.ModelChoiceField):  # type: ignore[type-arg]  # takes none at run time
    """A picture of the library, or none.

    The form knows who asks. It narrows `queryset` to what that person may see, so that no other picture is even named. Whether
    the person may use it is for the workflow to say.
    """

    widget = PictureInput
    default_error_messages = {
        "invalid_choice": _("This picture is no longer in the library: choose another.")
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=Picture.objects.all(), to_field_name="uuid", required=False, **kwargs)

    def to_python(self, value: Any) -> Picture | None:
        """What is no UUID is no picture either; the model's own words would not say what to do."""
        try:
            found: Picture | None = super().to_python(value)
        except forms.ValidationError as error:
            raise forms.ValidationError(
                self.error_messages["invalid_choice"], code="invalid_choice"
            ) from error
        return found


def _found(value: Any, offered: QuerySet[Picture]) -> Picture | None:
    field = PictureField()
    field.queryset = offered
    try:
        found: Picture | None = field.clean(value)
    except forms.ValidationError:
        return None
    return found


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


class TopicField(PrimaryKeysField):
    """Existing topics, cleaned to a list in the order of the index; junk is an error and makes no topic.

    `filed` are the topics that are picked already: they may stay though they are retired.
    """

    widget = TopicPicker

    def __init__(self, *, language: str, filed: Iterable[Topic] = (), **kwargs: Any) -> None:
        self.language = language
        offered = Q(retired_at=None) | Q(pk__in=[topic.pk for topic in filed])
        super().__init__(queryset=Topic.objects.filter(offered, merged_into=None).in_order(), **kwargs)

    def clean(self, value: Any) -> list[Topic]:  # type: ignore[override]  # no query knows the order of the index
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
