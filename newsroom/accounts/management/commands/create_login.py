"""`manage.py create_login NAME --role editor`: make a person who can sign in."""

import os
import sys
from argparse import ArgumentParser
from getpass import getpass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from newsroom.accounts.models import ROLES
from newsroom.accounts.people import change_role, create_login, find_person, generate_password


class Command(BaseCommand):
    """The password comes from LOGIN_PASSWORD, or is asked for; never from the command line, where others see it."""

    help = "Make a person who can sign in. The password is read from LOGIN_PASSWORD, or asked for."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the name, the role and how the password comes about."""
        parser.add_argument("name", help="the name to sign in with")
        parser.add_argument("--role", choices=list(ROLES), required=True)
        parser.add_argument("--email", default="", help="optional; not used for signing in")
        parser.add_argument(
            "--generate",
            action="store_true",
            help="make a random password and print it this once; leaves somebody who exists already as they are",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the login, or say that it is there."""
        name, role = options["name"], options["role"]
        known = find_person(name)
        if known is None:
            password = generate_password() if options["generate"] else _password()
            try:
                login = create_login(
                    name, role=role, password=password, email=options["email"], command="create_login"
                )
            except ValidationError as problem:
                raise CommandError(f"No login was made. {' '.join(problem.messages)}") from None
            if login.made:
                self._report_made(login.user.username, role, password if options["generate"] else None)
                return
            known = login.user
        if options["generate"]:
            self.stdout.write(f"The login “{known.username}” is there already.")
            return
        change_role(known, role, command="create_login")
        self.stdout.write(
            f"The login “{known.username}” is there already; its role is {role}, its password was not changed. "
            f"To change the password: manage.py changepassword {known.username}"
        )

    def _report_made(self, name: str, role: str, password: str | None) -> None:
        self.stdout.write(self.style.SUCCESS(f"Made the login “{name}”, role {role}."))
        if password is not None:
            self.stdout.write(f"  name      {name}\n  password  {password}\nThe password is shown this once.")


def _password() -> str:
    """Read the password from the environment, or ask for it twice."""
    if password := os.environ.get("LOGIN_PASSWORD"):
        return password
    if not sys.stdin.isatty():
        raise CommandError("No login was made. Set LOGIN_PASSWORD, or run this in a terminal to be asked.")
    password = getpass("Password: ")
    if password != getpass("Password again: "):
        raise CommandError("No login was made. The two passwords differ.")
    return password
