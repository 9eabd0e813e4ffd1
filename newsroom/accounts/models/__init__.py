"""The people who sign in, and what is kept of their coming and going."""

from .person import CHIEF, EDITOR, ROLES, WRITER, User, assign_role, role_of

__all__ = ["CHIEF", "EDITOR", "ROLES", "WRITER", "User", "assign_role", "role_of"]
