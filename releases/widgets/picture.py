"""The field for the picture at the head of a release: one is brought, or chosen from the library."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.forms.widgets import Script
from django.utils.translation import gettext_lazy as _

from releases.models import Picture
from releases.pictures import widths_of
from releases.pictures.renditions import FORMATS

# Under the field's name: the file that is brought, the tick that takes the picture away.
FILE, REMOVE = "file", "remove"


class PictureInput(forms.Widget):
    """Sends the uuid. A file is sent by the script at once, or with the form where scripts do not run."""

    template_name = "widgets/picture.html"
    needs_multipart_form = True

    class Media:
        css = {"all": ["css/picture.css"]}
        js = [Script("js/admin/picture.js", type="module")]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Add the picture that stands there now, and what a file may be."""
        context: dict[str, Any] = super().get_context(name, value, attrs)
        context["widget"]["picture"] = found = _found(value, self.choices.queryset)
        context["widget"]["small"] = widths_of(found.width)[0] if found else 0
        context["widget"]["accept"] = ",".join(f"image/{kind.lower()}" for kind in FORMATS)
        return context

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        """Nothing where the picture is taken away."""
        return None if data.get(f"{name}_{REMOVE}") else data.get(name)

    def use_required_attribute(self, initial: Any) -> bool:
        """Never: the picture may be there already."""
        return False


class PictureField(forms.ModelChoiceField):
    """A picture of the library, or none. The form that knows who asks narrows `queryset` to what they may see, so that one which is
    not theirs is not even named; whether they may use it is the workflow's matter."""

    widget = PictureInput
    default_error_messages = {
        "invalid_choice": _("This picture is no longer in the library: choose another.")
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=Picture.objects.all(), to_field_name="uuid", required=False, **kwargs)

    def to_python(self, value: Any) -> Picture | None:
        """What is no UUID is no picture either; the model's own words would not say what to do."""
        try:
            return super().to_python(value)
        except forms.ValidationError as error:
            raise forms.ValidationError(
                self.error_messages["invalid_choice"], code="invalid_choice"
            ) from error


def _found(value: Any, offered: QuerySet[Picture]) -> Picture | None:
    field = PictureField()
    field.queryset = offered
    try:
        return field.clean(value)
    except forms.ValidationError:
        return None
