"""People in an export: known by their sign-in names, made without a password where they are not there."""

from django.db import DataError, IntegrityError, transaction
from django.utils.translation import gettext as _

from newsroom.accounts.models import User
from newsroom.accounts.people import find_person
from newsroom.accounts.roles import ROLES, assign_role
from releases.intake.records.fields import Record, Wrong, refused


class People:
    """Who is who. Somebody who is there already stays as they are, role and all."""

    def __init__(self, *, dry: bool) -> None:
        self.dry = dry
        self.made = 0
        self.found: dict[str, User | None] = {}

    def take(self, record: Record) -> None:
        """One person's line."""
        name = record.text("username", most=150, empty=False)
        person = find_person(name)
        if person is None:
            person = self._make(name, record)
            self.made += 1
        self.found[name] = person

    def _make(self, name: str, record: Record) -> User | None:
        role = record.get("role")
        if role is not None and (not isinstance(role, str) or role not in ROLES):
            raise Wrong(_("There is no role “%s”.") % str(role)[:60])
        email = record.text("email", most=254)
        if email and User.objects.filter(email__iexact=email).exists():
            email = ""
        person = User(
            username=name,
            first_name=record.text("first_name", most=150),
            last_name=record.text("last_name", most=150),
            email=email,
            is_active=record.get("active") is not False,
        )
        if self.dry:
            return None
        person.set_unusable_password()
        try:
            with transaction.atomic():
                person.save()
                assign_role(person, role)
        except (IntegrityError, DataError, ValueError) as error:
            raise refused(error) from error
        return person

    def named(self, record: Record, name: str) -> User | None:
        """The person that a value of a record names."""
        username = record.get(name)
        if username is None:
            return None
        if not isinstance(username, str) or username not in self.found:
            who = str(username)[:60]
            raise Wrong(
                _("“%(name)s” names %(who)s, of whom no line says anything.") % {"name": name, "who": who}
            )
        return self.found[username]

    def all_named(self, record: Record, name: str) -> list[User]:
        """The persons that a list in a record names."""
        found = (self.named(Record({name: one}), name) for one in record.words(name))
        return [person for person in found if person is not None]
