"""`manage.py sign_mirrors`: publish the list of mirrors (MIRRORS), signed."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from newsroom.accounts import record
from releases import signing, workflow


class Command(BaseCommand):
    """Run it when MIRRORS has changed. Nothing has to be restarted but for the very first mirror."""

    help = "Sign the list of mirrors (MIRRORS) and publish it in place of the one before."

    def handle(self, *args: Any, **options: Any) -> None:
        """Sign, and show what was signed."""
        try:
            key = signing.load_key()
            if key is None:
                key = signing.make_key()
                record.note("key made", command="sign_mirrors", key=signing.short(key.public_key()))
        except signing.KeyProblem as error:
            raise CommandError(str(error)) from error
        self.stdout.write(workflow.sign_mirrors(settings.MIRRORS, key=key).text)
        self.stdout.write(f"signed with {signing.short(key.public_key())}")
