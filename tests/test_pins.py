"""What is pinned is what pip takes, on the day that something newer comes out too."""

import re
from importlib.metadata import distributions
from pathlib import Path

PINNED = Path(__file__).parent.parent / "requirements-dev.txt"


def with_extras(lines):
    """The `name[extra]` of each requirement that holds without an extra of the package that names it."""
    return {
        found[0]
        for line in lines
        if (found := re.match(r"[\w.-]+\[[\w.,-]+\]", line)) and "extra ==" not in line
    }


def test_requirements_with_extras_are_told_from_those_that_an_extra_brings():
    assert with_extras(["coverage[toml]>=7.10", "tomli>=2", "pkg[a,b]; extra == 'more'"]) == {
        "coverage[toml]"
    }


def test_what_is_required_with_extras_is_pinned_with_them():
    """pip 23.2, which Python 3.11 brings, takes the newest `name[extra]` beside a pin of `name`, and then refuses it."""
    pinned = set(re.findall(r"^([\w.-]+\[[\w.,-]+\])==", PINNED.read_text(), re.MULTILINE))
    assert with_extras(line for one in distributions() for line in one.requires or ()) <= pinned
