"""Reads files in a process of its own and says how long each took, and how much memory: `-m tests.intake.measure NAME …`."""

import io
import json
import os
import re
import sys
import time
from pathlib import Path


def main(*paths: str) -> None:
    """Print what became of each file, whether its body is clean, the seconds of reading, and the process's peak memory until then.

    Pictures are unpacked as they are for the library, whose files and rows cost no memory.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()
    from releases.intake.docx import Unreadable, read
    from releases.intake.docx.drawings import MAX_PIXELS
    from releases.pictures import UnacceptablePicture, normalise
    from releases.text.clean import clean

    for path in paths:
        began = time.perf_counter()
        pictures = 0
        with open(path, "rb") as file:
            try:
                reading = read(file)
                result, kept, body = "read", len(reading.body), reading.body
                for shown in reading.pictures:
                    normalise(io.BytesIO(shown.package.read_bytes(shown.part)), max_pixels=MAX_PIXELS)
                    pictures += 1
            except (Unreadable, UnacceptablePicture) as error:
                result, kept, body = str(error), 0, ""
        spent = time.perf_counter() - began
        # `ru_maxrss` would count the process that started this one.
        found = re.search(r"VmHWM:\s+([0-9]+)", Path("/proc/self/status").read_text())
        peak = int(found[1]) / 1024 if found else 0
        said = {
            "file": Path(path).stem, "result": result, "kept": kept, "pictures": pictures,
            "clean": clean(body).html == body, "seconds": round(spent, 2), "megabytes": round(peak),
        }  # fmt: skip
        print(json.dumps(said))


if __name__ == "__main__":
    main(*sys.argv[1:])
