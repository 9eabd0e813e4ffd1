"""The people who sign in, and what is kept of their coming and going."""

from .access import KINDS, AccessEntry, AccessExpiry
from .person import CHIEF, EDITOR, ROLES, WRITER, User, assign_role, role_of

__all__ = [
    "CHIEF",
    "EDITOR",
    "KINDS",
    "ROLES",
    "WRITER",
    "AccessEntry",
    "AccessExpiry",
    "User",
    "assign_role",
    "role_of",
]
