"""`manage.py load_sample [--count N]`: fill the newsroom with sample content."""

from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand

from releases.numbers import whole
from releases.sample.load import load, load_large, staff


def _number(written: str) -> int:
    number = whole(written, least=1)
    if number is None:
        raise ArgumentTypeError("a number above 0, please")
    return number


class Command(BaseCommand):
    """Running it again changes nothing: it adds only what has never been loaded."""

    help = "Load the sample newsroom: 117 topics and the releases of an invented organisation."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the number of generated releases."""
        parser.add_argument(
            "--count",
            type=_number,
            metavar="N",
            help="add N generated releases as well, the same N each time",
        )

    def handle(self, *args: Any, count: int | None = None, **options: Any) -> None:
        """Load, and say what was added."""
        people = staff()
        loaded = [load(by=people)]
        if count:
            loaded.append(load_large(count, by=people))
        releases, topics = (sum(getattr(one, name) for one in loaded) for name in ("releases", "topics"))
        if releases:
            self.stdout.write(f"Sample newsroom: added {releases} releases and {topics} topics.")
        elif options["verbosity"] > 1:
            self.stdout.write("Sample newsroom: all there already.")
        if left_out := sum(one.left_out for one in loaded):
            self.stdout.write(f"Left out {left_out} texts in languages that LANGUAGES does not name.")
