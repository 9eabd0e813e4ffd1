"""The people who sign in, and what is kept of their coming and going."""

from .access import KINDS, AccessEntry, AccessExpiry
from .invitation import Invitation
from .person import CHIEF, EDITOR, ROLES, WRITER, User, assign_role, role_of
from .second_step import UsedCode, WrongCodes
from .session import OpenSession

__all__ = [
    "CHIEF",
    "EDITOR",
    "KINDS",
    "ROLES",
    "WRITER",
    "AccessEntry",
    "AccessExpiry",
    "Invitation",
    "OpenSession",
    "UsedCode",
    "User",
    "WrongCodes",
    "assign_role",
    "role_of",
]
