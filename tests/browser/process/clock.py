"""manage.py under a clock that a test sets: the first argument is a file with the seconds by which it is ahead."""

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.core.management import execute_from_command_line
from django.utils import timezone


def main() -> None:
    file = Path(sys.argv.pop(1))

    def now() -> datetime:
        return datetime.now(tz=UTC) + timedelta(seconds=float(file.read_text()))

    timezone.now = now
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
