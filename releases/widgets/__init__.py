"""The form fields that need more than a plain input."""

from releases.widgets.body import BodyEditor

__all__ = ["BodyEditor"]
