"""`manage.py rebuild_counts`: count the releases of each month and topic anew, while readers go on reading."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from releases.counts import rebuild_counts
from releases.workflow.public_change import public_change


class Command(BaseCommand):
    """For after somebody wrote releases into the database by hand, or an older version of the site ran beside this one."""

    help = "Count the releases of each month and topic anew."

    def handle(self, *args: Any, **options: Any) -> None:
        """Count, and let every page be made anew with the new counts."""
        with transaction.atomic(), public_change(everywhere=True, at=timezone.now()):
            number = rebuild_counts()
        self.stdout.write(f"Counts: {number} releases counted.")
