"""The three roles of the newsroom, kept as Django groups, and how a person gets one."""

from django.contrib.auth.models import AnonymousUser, Group
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from .models import User

WRITER, EDITOR, CHIEF = "writer", "editor", "chief"

# Name of the group -> what it is called on screen. In rising order: the last one that a person has counts.
ROLES = {WRITER: _("Writer"), EDITOR: _("Editor"), CHIEF: _("Chief")}


def role_of(user: User | AnonymousUser) -> str | None:
    """Return "writer", "editor" or "chief"; None for strangers, people without a role and people who have left.

    A superuser counts as a chief. The answer is remembered on the instance: one request asks many times.
    """
    if not isinstance(user, User) or not user.is_active:
        return None
    if user.is_superuser:
        return CHIEF
    if not hasattr(user, "_role"):
        names = {group.name for group in user.groups.all()} if user.pk else set()
        user._role = next((role for role in reversed(ROLES) if role in names), None)
    return user._role


@transaction.atomic
def assign_role(user: User, role: str | None) -> None:
    """Give the saved `user` exactly this role, or none, and with it the door to the admin.

    Raises ValueError for a word that is no role.
    """
    if role is not None and role not in ROLES:
        raise ValueError(f"There is no role {role!r}. Roles: {', '.join(ROLES)}.")
    user.groups.remove(*Group.objects.filter(name__in=ROLES).exclude(name=role))
    if role is not None:
        user.groups.add(Group.objects.get_or_create(name=role)[0])
    user.is_staff = role is not None or user.is_superuser
    user.save(update_fields=["is_staff"])
    user._role = role
