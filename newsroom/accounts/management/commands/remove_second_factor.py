"""`manage.py remove_second_factor NAME`: for somebody who has lost telephone, key and recovery codes."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from newsroom.accounts.people import find_person, remove_second_factor


class Command(BaseCommand):
    """Chiefs can do the same in the admin; this is for the last chief."""

    help = "Remove somebody's second factor and sign them out; they set up a new one when they next sign in."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the name."""
        parser.add_argument("name")

    def handle(self, *args: Any, **options: Any) -> None:
        """Remove it, and say what comes next."""
        user = find_person(options["name"])
        if user is None:
            raise CommandError(f"There is no login “{options['name']}”.")
        if remove_second_factor(user, command="remove_second_factor"):
            self.stdout.write(f"“{user.username}” has no second factor now and is signed out everywhere.")
        else:
            self.stdout.write(f"“{user.username}” had no second factor; they are signed out everywhere.")
