"""The field for a body: a textarea holding HTML, over which the editor puts itself where scripts run."""

import json
from typing import Any

from django import forms
from django.forms.widgets import Script

from releases.text.schema import editor_extensions

_SHEETS = ("editor", "editor-text", "editor-notes", "editor-dialogs", "editor-search")


class BodyEditor(forms.Textarea):
    """A textarea with the configuration of `static/js/editor/main.js`; without scripts it takes HTML."""

    class Media:
        css = {"all": [f"css/{name}.css" for name in _SHEETS]}
        js = [Script("js/editor/main.js", type="module")]

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
