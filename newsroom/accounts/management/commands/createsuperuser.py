"""`manage.py createsuperuser`: Django's, which leaves an entry in the record of access."""

from typing import Any

from django.contrib.auth.management.commands.createsuperuser import Command as CreateSuperuser

from newsroom.accounts import record
from newsroom.accounts.models import User


class Command(CreateSuperuser):
    """Few newsrooms need a superuser: a chief may do the same."""

    def handle(self, *args: Any, **options: Any) -> None:
        """As Django does it, and then on record."""
        known = set(User.objects.filter(is_superuser=True).values_list("pk", flat=True))
        super().handle(*args, **options)
        for user in User.objects.filter(is_superuser=True).exclude(pk__in=known):
            record.note("person added", person=user, command="createsuperuser", superuser=[False, True])
