"""Sources in the admin: every address that visible releases cite, by host and by release, and its archived copy."""

from releases.admin.source.change_form import SourceAdmin

__all__ = ["SourceAdmin"]
