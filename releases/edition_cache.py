"""What is made once for an edition, and stays while nothing changes on which it depends."""

from collections.abc import Callable, Hashable
from collections.abc import Set as AbstractSet
from threading import Lock
from typing import Generic, TypeVar

from releases.editions import EditionNow, database_name, forgotten_with, still_right
from releases.parts import EVERYTHING

Made = TypeVar("Made")
Key = TypeVar("Key", bound=Hashable)
ALL = frozenset({EVERYTHING})


class EditionCache(Generic[Made]):
    """What is made once for an edition, in each process, by whoever asks first. It stays while nothing changes on which it
    depends."""

    def __init__(self) -> None:
        self._made: dict[tuple[str, str], tuple[EditionNow, Made]] = {}
        self._lock = Lock()
        forgotten_with.append(self.forget)

    def get(
        self, edition: EditionNow, make: Callable[[], Made], name: str = "", *, parts: AbstractSet[str] = ALL
    ) -> Made:
        """The one of that name, made by `make` where there is none yet, or one that these parts have outdated."""
        key = (database_name(), name)
        made = self._still_right(key, edition, parts)
        if made is None:
            with self._lock:
                made = self._still_right(key, edition, parts)
                if made is None:
                    made = self._made[key] = edition, make()
        return made[1]

    def _still_right(
        self, key: tuple[str, str], edition: EditionNow, parts: AbstractSet[str]
    ) -> tuple[EditionNow, Made] | None:
        found = self._made.get(key)
        if found is None or found[0] == edition:
            return found
        if not still_right(parts, found[0], edition):
            return None
        # Noted, so that the next change is compared with this edition. An older one's request may come late.
        if found[0].number <= edition.number:
            self._made[key] = edition, found[1]
        return found

    def all(self) -> list[Made]:
        """Those that this process holds."""
        return [made for _, made in list(self._made.values())]

    def forget(self) -> None:
        """Let all be made anew."""
        self._made = {}


class Newest(Generic[Key, Made]):
    """What was kept last, so many at most."""

    def __init__(self, most: int) -> None:
        self._most, self._kept = most, dict[Key, Made]()
        self._lock = Lock()

    def get(self, key: Key) -> Made | None:
        """None of what is not kept, or no longer."""
        return self._kept.get(key)

    def keep(self, key: Key, made: Made) -> Made:
        """What was kept first goes for it."""
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > self._most:
                del self._kept[next(iter(self._kept))]
        return made
