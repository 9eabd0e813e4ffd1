"""A choice of many rows that takes whatever was posted."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from releases.numbers import whole


class ManyField(forms.ModelMultipleChoiceField):
    """Primary keys that are no number, or one that no database keeps, are an error of the field and not of the database."""

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
