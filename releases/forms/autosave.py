"""The form by which a page saves while somebody is typing: it accepts everything that can be saved."""

from dataclasses import replace
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from releases.forms.release import WRITTEN, ReleaseForm
from releases.text.clean import clean
from releases.workflow import Words, words_of


class AutosaveForm(ReleaseForm):
    """The same fields. A field that cannot be saved yet stays as it was stored, and the page says so."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["title"].required = False

    def clean_body(self) -> str:
        """Notes that nothing cites are saved. Only what would be lost is an error."""
        cleaned = clean(self.cleaned_data["body"])
        if cleaned.refused:
            raise ValidationError(_("The text is too long or too deep to keep."))
        return cleaned.html

    def words(self) -> Words:
        """What can be saved of what was typed."""
        current = self.instance.current if self.instance.pk else None
        stored = words_of(current) if current else Words(title=_("Untitled"))
        written = {name: self.cleaned_data[name] for name in WRITTEN if name in self.cleaned_data}
        written["title"] = written.get("title") or stored.title
        if self.fields["publish_at"].disabled:
            written["publish_at"] = stored.publish_at
        return replace(stored, **written)

    def unsaved(self) -> list[str]:
        """The fields that could not be saved yet, each with the reason."""
        labels = {name: str(field.label) for name, field in self.fields.items()}
        return [
            f"{labels[name]}: {' '.join(str(error) for error in errors)}"
            for name, errors in self.errors.items()
            if name in WRITTEN
        ]
