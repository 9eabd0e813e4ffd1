"""The forms in which staff write; what they say goes through `workflow`, never straight to the row."""

from releases.forms.base import WorkflowForm, set_choices
from releases.forms.release import AutosaveForm, ReleaseForm

__all__ = ["AutosaveForm", "ReleaseForm", "WorkflowForm", "set_choices"]
