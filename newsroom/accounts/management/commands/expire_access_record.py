"""`manage.py expire_access_record`: delete the entries of the access record that are older than ACCESS_RECORD_DAYS."""

from django.core.management.base import BaseCommand

from newsroom.accounts.record import expire


class Command(BaseCommand):
    """Signing in and `send_pings` do it once a day, too; this does it now."""

    help = "Delete the entries of the access record that are older than ACCESS_RECORD_DAYS."

    def handle(self, **options: object) -> None:
        """Delete, and say how many."""
        self.stdout.write(f"{expire()} entries deleted")
