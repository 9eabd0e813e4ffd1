"""The admin's pages of people, and of the record of their coming and going."""

from .access import AccessAdmin
from .people import PersonAdmin

__all__ = ["AccessAdmin", "PersonAdmin"]
