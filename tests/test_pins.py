"""What is pinned is what pip takes, on the day that something newer comes out too."""

import re
from importlib.metadata import distributions
from pathlib import Path

PINNED = Path(__file__).parent.parent / "requirements-dev.txt"


def test_what_is_required_with_extras_is_pinned_with_them():
    """pip 23.2, which Python 3.11 brings, takes the newest `name[extra]` beside a pin of `name`, and then refuses it."""
    pinned = set(re.findall(r"^([\w.-]+\[[\w.,-]+\])==", PINNED.read_text(), re.MULTILINE))
    required = {
        found[0]
        for one in distributions()
        for line in one.requires or ()
        if (found := re.match(r"[\w.-]+\[[\w.,-]+\]", line)) and "extra ==" not in line
    }
    assert "coverage[toml]" in required
    assert required <= pinned
