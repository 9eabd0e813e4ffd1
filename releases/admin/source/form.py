"""The form in which an editor names the archived copy of a source."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from releases.models import Source
from releases.models.source import COPY_LENGTH
from releases.sources import faults_of
from releases.sources.copies import day_in


class CopyForm(forms.ModelForm):
    """The copy's address and its day; what is wrong is said beside the field in which it is mended."""

    archived_url = forms.CharField(
        label=_("Address of the copy"),
        required=False,
        max_length=COPY_LENGTH,
        widget=forms.URLInput(attrs={"class": "vLargeTextField", "dir": "ltr", "autocomplete": "off"}),
        help_text=_(
            "In a web archive, or a copy of your own; https:// where there is one. Readers see it as “archived” "
            "behind every link to this source. Empty: there is none."
        ),
    )
    archived_on = forms.DateField(
        label=_("Copied on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
        error_messages={"invalid": _("Give the day as year-month-day, such as 2026-06-10.")},
        help_text=_("May stay empty where the address tells it, as in /web/20260610123456/."),
    )

    class Meta:
        model = Source
        fields = ("archived_url", "archived_on")

    def clean(self) -> dict[str, Any]:
        """The rules of `releases.sources`, and the day that the address tells."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if "archived_on" in self.errors or "archived_url" in self.errors:
            return data
        address: str = data["archived_url"].strip()
        day: date | None = data["archived_on"] or (day_in(address) if address else None)
        for field, words in faults_of(self.instance.url, address, day, today=timezone.localdate()).items():
            self.add_error(field, words)
        return {**data, "archived_url": address, "archived_on": day}
