"""The person who signs in, and the three roles of the newsroom, kept as Django groups."""

from collections.abc import Iterator

from django.conf import settings
from django.contrib.auth.models import AbstractUser, AnonymousUser, Group
from django.db import models, transaction
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """One member of staff. What somebody may do follows from their role (`role_of`), not from this row."""

    sessions_ended = models.PositiveIntegerField(
        _("times signed out everywhere"),
        default=0,
        editable=False,
        help_text=_("Raising it ends every session of this person at once."),
    )

    language = models.CharField(
        _("language of staff pages"),
        max_length=10,
        blank=True,
        default="",
        help_text=_("Empty: the one that the browser asks for."),
    )

    notices_seen = models.PositiveBigIntegerField(
        default=0,
        db_default=0,
        editable=False,
        help_text=_("The last entry of the access record that the person has dismissed."),
    )

    _role: str | None  # what `role_of` found, for as long as this object lives

    class Meta(AbstractUser.Meta):
        verbose_name = _("person")  # type: ignore[assignment]  # a lazy string, which Django takes
        verbose_name_plural = _("people")  # type: ignore[assignment]  # likewise
        ordering = ("username", "pk")
        constraints = (
            # "Anna" and "anna" would be one name to a colleague and two to the database.
            models.UniqueConstraint(
                Lower("username"),
                name="accounts_user_username_unique_any_case",
                violation_error_message=_("Somebody has this name already, perhaps in other capitals."),
            ),
            models.UniqueConstraint(
                Lower("email"),
                condition=~models.Q(email=""),
                name="accounts_user_email_unique_any_case",
                violation_error_message=_("This e-mail address belongs to somebody else."),
            ),
        )

    def __str__(self) -> str:
        return self.display_name

    @property
    def display_name(self) -> str:
        """The name that colleagues see: the full name, or the sign-in name where none is given."""
        return self.get_full_name() or self.username

    def end_sessions(self) -> None:
        """Sign this person out everywhere: each session's check value stops matching."""
        type(self).objects.filter(pk=self.pk).update(sessions_ended=models.F("sessions_ended") + 1)
        self.refresh_from_db(fields=["sessions_ended"])

    def get_session_auth_hash(self) -> str:
        """Like Django's, but a session also ends when `sessions_ended` is raised, not only with the password."""
        return self._session_hash(settings.SECRET_KEY)

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        """The same under each retired secret key, so that changing the key signs nobody out."""
        return (self._session_hash(key) for key in settings.SECRET_KEY_FALLBACKS)

    def _session_hash(self, key: str) -> str:
        return salted_hmac(
            "newsroom.accounts.models.User.session",
            f"{self.password}|{self.sessions_ended}",
            secret=key,
            algorithm="sha256",
        ).hexdigest()


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
