"""The forms in which staff write; what they say goes through `workflow`, never straight to the row. Here is what all of them share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet

from newsroom.accounts.models import User


class WorkflowForm(forms.ModelForm):  # type: ignore[type-arg]  # Django's class takes no type argument at run time
    """A form that only asks: the verbs of `releases.workflow` write the rows, and may refuse.

    The admin makes a class for each request and sets the two attributes on it.
    """

    by: User | None = None
    """Who asks."""
    refusals: Sequence[str] = ()
    """What the workflow refused when the same request was tried before."""

    def clean(self) -> dict[str, Any]:
        """Each refusal is an error of the form; the fields keep what was typed."""
        data = super().clean() or self.cleaned_data
        for reason in self.refusals:
            self.add_error(None, reason)
        return data


def set_choices(form: forms.BaseForm, name: str, rows: QuerySet[Any]) -> None:
    """Let the field of that name choose among `rows`."""
    field = form.fields[name]
    if not isinstance(field, forms.ModelChoiceField):
        raise TypeError(f"{name} chooses no rows")
    field.queryset = rows


def one_line(words: str) -> str:
    """Words without line ends, and single spaces between them."""
    return " ".join(words.split())
