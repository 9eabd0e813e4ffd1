"""`manage.py check_sources`: check some of the addresses that releases cite; run it every hour."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from releases.sources import check_due, check_sources


class Command(BaseCommand):
    """One run: bounded, polite, and only where CHECK_SOURCES is on."""

    help = (
        "Look whether what releases cite is still there (CHECK_SOURCES, SOURCES_PER_RUN). Run it every hour."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How many, and by whom."""
        parser.add_argument("--most", type=int, help="look at no more than so many (SOURCES_PER_RUN)")
        parser.add_argument("--enqueue", action="store_true", help="leave it to the worker of TASKS_BACKEND")

    def handle(self, *args: Any, most: int | None, enqueue: bool, **options: Any) -> None:
        """One run, or an order for one."""
        if not settings.CHECK_SOURCES:
            self.stdout.write("Nothing was looked at: CHECK_SOURCES is off.")
            return
        if enqueue:
            check_sources.enqueue()
            self.stdout.write("A round was ordered.")
            return
        done = check_due(limit=most)
        self.stdout.write(
            f"{done.checked} looked at: {done.alive} alive, {done.moved} moved, {done.gone} gone, "
            f"{done.unknown} unknown; {done.postponed} put off"
        )
