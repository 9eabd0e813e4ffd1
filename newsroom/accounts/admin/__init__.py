"""The admin's pages of people."""

from .people import PersonAdmin

__all__ = ["PersonAdmin"]
