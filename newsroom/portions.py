"""Many things, a portion at a time: no database takes any number of keys in one question."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

Item = TypeVar("Item")


def portions(some: Iterable[Item], most: int) -> Iterator[list[Item]]:
    """Lists of at most `most`, in their order; none that is empty."""
    rest = iter(some)
    while portion := list(islice(rest, most)):
        yield portion
