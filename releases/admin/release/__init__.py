"""Releases in the admin: the list, the form in which they are written, and what hangs on it."""

from releases.admin.release.change_form import ReleaseAdmin

__all__ = ["ReleaseAdmin"]
