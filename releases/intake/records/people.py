"""People in an export: known by their sign-in names, created without a password where they are not there."""

from django.db import DataError, IntegrityError, transaction
from django.utils.translation import gettext as _

from newsroom.accounts.models import User, assign_role
from newsroom.accounts.people import find_person
from releases.intake.records.fields import InvalidRecord, database_refusal
from releases.intake.records.format import Values


class People:
    """The accounts that sign-in names stand for. Somebody who is there already stays as they are, role and all."""

    def __init__(self, *, dry: bool) -> None:
        self.dry = dry
        self.created = 0
        self.by_name: dict[str, User | None] = {}

    def add(self, values: Values) -> None:
        """One person's line."""
        name = values["username"]
        person = find_person(name)
        if person is None:
            person = self._create(values)
            self.created += 1
        self.by_name[name] = person

    def _create(self, values: Values) -> User | None:
        role, person = values["role"], User(**values.columns())
        if person.email and User.objects.filter(email__iexact=person.email).exists():
            person.email = ""
        if self.dry:
            return None
        person.set_unusable_password()
        try:
            with transaction.atomic():
                person.save()
                assign_role(person, role)
        except (IntegrityError, DataError, ValueError) as error:
            raise database_refusal(error) from error
        return person

    def named(self, name: str, username: object) -> User | None:
        """The person whom the field `name` names."""
        if username is None:
            return None
        if not isinstance(username, str) or username not in self.by_name:
            who = str(username)[:60]
            raise InvalidRecord(
                _("“%(name)s” names %(who)s, of whom no line says anything.") % {"name": name, "who": who}
            )
        return self.by_name[username]
