"""Reads one file in a process of its own and says how long it took and how much memory: `-m tests.intake.measure NAME`."""

import json
import os
import re
import sys
import time
from pathlib import Path


def main(path: str) -> None:
    """Print what became of the file at `path`, the seconds, and the process's peak memory in megabytes."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()
    from releases.intake.docx import Unreadable, read

    began = time.perf_counter()
    with open(path, "rb") as file:
        try:
            reading = read(file)
            result, kept = "read", len(reading.body)
        except Unreadable as error:
            result, kept = str(error), 0
    spent = time.perf_counter() - began
    # `ru_maxrss` would count the process that started this one.
    found = re.search(r"VmHWM:\s+([0-9]+)", Path("/proc/self/status").read_text())
    peak = int(found[1]) / 1024 if found else 0
    print(json.dumps({"result": result, "kept": kept, "seconds": round(spent, 2), "megabytes": round(peak)}))


if __name__ == "__main__":
    main(sys.argv[1])
