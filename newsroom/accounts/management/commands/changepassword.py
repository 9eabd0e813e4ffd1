"""`manage.py changepassword NAME`: Django's, which leaves an entry in the record of access."""

from typing import Any

from django.contrib.auth.management.commands.changepassword import Command as ChangePassword

from newsroom.accounts import record
from newsroom.accounts.models import User


class Command(ChangePassword):
    """For the operator; chiefs make a link in the admin with which the person chooses the password."""

    def handle(self, *args: Any, **options: Any) -> str | None:
        """As Django does it, and then on record."""
        said = super().handle(*args, **options)
        name = options["username"]
        if name and (user := User.objects.filter(username=name).first()):
            record.note("password set", person=user, command="changepassword")
        return said
