"""How often the tests try by chance, and how many cases of a whole matrix: a few by default, all with DEEP=1 (`make deep`)."""

import os

DEEP = os.environ.get("DEEP", "0") != "0"


def times(name: str, few: int, many: int) -> int:
    """How often: `few`, with DEEP `many`, or as often as the environment says under this name."""
    return int(os.environ.get(name) or (many if DEEP else few))
