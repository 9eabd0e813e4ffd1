"""Cache backends that never stop the site: memory bounded by bytes, files that may be damaged."""

import logging
import sys
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, suppress
from typing import Any, ClassVar

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.core.cache.backends.filebased import FileBasedCache
from django.core.cache.backends.locmem import LocMemCache

log = logging.getLogger(__name__)

MEGABYTE = 1024 * 1024
# Bytes that Python needs for an entry besides its value: key, order, cost, expiry.
ENTRY_OVERHEAD = 600
LOG_INTERVAL = 60.0
_costs: dict[str, dict[str, int]] = {}


class MemoryCache(LocMemCache):
    """In this process's memory; holds at most `MAX_BYTES` (an option) and evicts the least recently used entries.

    Django's counts entries, and a page may be one kilobyte or four hundred.
    """

    # Django's own, which its types leave out.
    _cache: OrderedDict[str, bytes]
    _expire_info: dict[str, float | None]
    _lock: AbstractContextManager[bool]

    def __init__(self, name: str, params: dict[str, Any]) -> None:
        super().__init__(name, params)
        self._budget: int = params.get("OPTIONS", {}).get("MAX_BYTES", 64 * MEGABYTE)
        self._costs = _costs.setdefault(name, {"": 0})  # no key is empty: each begins with its version

    @property
    def size(self) -> int:
        """The bytes in use now."""
        return self._costs[""]

    def _set(self, key: str, value: bytes, timeout: Any = DEFAULT_TIMEOUT) -> None:
        cost = self._cost(key, value)
        self._delete(key)
        if cost > self._budget:
            return
        while self._costs[""] + cost > self._budget:
            self._delete(next(reversed(self._cache)))
        super()._set(key, value, timeout)  # type: ignore[misc]  # Django's types leave it out
        self._costs[key] = cost
        self._costs[""] += cost

    def _cost(self, key: str, value: Any) -> int:
        return len(value) + len(key) + ENTRY_OVERHEAD

    def _cull(self) -> None:
        """Bytes are counted and not entries."""

    def _delete(self, key: str) -> bool:
        self._costs[""] -= self._costs.pop(key, 0)
        return bool(super()._delete(key))  # type: ignore[misc]  # Django's types leave it out

    def clear(self) -> None:
        """Delete every entry."""
        with self._lock:
            self._cache.clear()
            self._expire_info.clear()
            self._costs.clear()
            self._costs[""] = 0


class PageMemory(MemoryCache):
    """For pages: holds values as they are, not pickled, since nobody changes one; a hit costs a look into a dictionary. A value
    says its `size`, or is as large as Python says. Keys may be as long as an address."""

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        """The value itself, or `default`."""
        key = self.make_key(key, version)
        with self._lock:
            if self._has_expired(key):
                self._delete(key)
                return default
            self._cache.move_to_end(key, last=False)
            return self._cache[key]

    def set(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        """Hold `value`, if it is no larger than all there is."""
        with self._lock:
            self._set(self.make_key(key, version), value, timeout)

    def add(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Hold `value` unless there is one; returns whether it is held."""
        key = self.make_key(key, version)
        with self._lock:
            if not self._has_expired(key):
                return False
            self._set(key, value, timeout)
            return True

    def resized(self, key: str, version: int | None = None) -> None:
        """The value has grown: its size is counted anew, and what was used longest ago makes room."""
        key = self.make_key(key, version)
        with self._lock:
            value, expires = self._cache.get(key), self._expire_info.get(key)
            if value is not None:
                self._set(key, value, None)
                if key in self._cache:
                    self._expire_info[key] = expires

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        """Increment a value."""
        return int(BaseCache.incr(self, key, delta, version))

    def _cost(self, key: str, value: Any) -> int:
        size: int | None = getattr(value, "size", None)
        return (sys.getsizeof(value) if size is None else size) + len(key) + ENTRY_OVERHEAD

    def _has_expired(self, key: str) -> bool:
        expires = self._expire_info.get(key, 0.0)
        return expires is not None and expires <= time.time()


_MISS = object()


class FaultTolerant(BaseCache):
    """Mixed into a backend that may fail: a failure is a miss, logged once a minute at most.

    An entry that could not be written goes into this process's memory and is read from there until it can be written
    again. So the limits on signing in go on counting, in each process for itself.
    """

    faults: ClassVar[tuple[type[Exception], ...]] = (OSError,)
    pause: ClassVar[float] = 0.0
    _paused_until: ClassVar[dict[str, float]] = {}
    _logged_at: ClassVar[dict[str, float]] = {}

    def __init__(self, location: Any, params: dict[str, Any]) -> None:
        super().__init__(location, params)  # type: ignore[call-arg]  # of the cache that it stands before
        self._where = str(location)
        self._fallback = MemoryCache(f"unwritten {location}", {"OPTIONS": {"MAX_BYTES": 16 * MEGABYTE}})

    def _try(self, name: str, *args: Any) -> tuple[bool, Any]:
        """Whether the cache answered, and what."""
        if time.monotonic() < self._paused_until.get(self._where, 0.0):
            return False, None
        try:
            return True, getattr(super(), name)(*args)
        except self.faults as error:
            now = time.monotonic()
            self._paused_until[self._where] = now + self.pause
            if now - self._logged_at.get(self._where, -LOG_INTERVAL) >= LOG_INTERVAL:
                self._logged_at[self._where] = now
                # Without the value: it may be a page of a draft.
                log.warning(
                    "The cache does not answer (%s); the site goes on without it.", type(error).__name__
                )
            return False, None

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        """The cached value, or `default`."""
        if self._fallback.size:
            found = self._fallback.get(key, _MISS, version)
            if found is not _MISS:
                return found
        answered, found = self._try("get", key, default, version)
        return found if answered else default

    def set(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        """Cache `value`."""
        answered, _ = self._try("set", key, value, timeout, version)
        if not answered:
            self._fallback.set(key, value, timeout, version)
        elif self._fallback.size:
            self._fallback.delete(key, version)

    def add(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Cache `value` unless there is an entry; returns whether it was cached."""
        if self._fallback.size and self._fallback.has_key(key, version):
            return False
        answered, done = self._try("add", key, value, timeout, version)
        return bool(done if answered else self._fallback.add(key, value, timeout, version))

    def touch(self, key: str, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Renew the expiry of an entry; returns whether there is one."""
        cached = bool(self._fallback.size) and self._fallback.touch(key, timeout, version)
        return cached or bool(self._try("touch", key, timeout, version)[1])

    def delete(self, key: str, version: int | None = None) -> bool:
        """Delete an entry; returns whether there was one."""
        cached = self._fallback.delete(key, version)
        return bool(self._try("delete", key, version)[1]) or cached

    def has_key(self, key: str, version: int | None = None) -> bool:
        """Whether there is an entry."""
        cached = bool(self._fallback.size) and self._fallback.has_key(key, version)
        return cached or bool(self._try("has_key", key, version)[1])

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        """Increment an entry; raises ValueError where there is none."""
        if not (self._fallback.size and self._fallback.has_key(key, version)):
            answered, found = self._try("incr", key, delta, version)
            if answered:
                return int(found)
        return int(self._fallback.incr(key, delta, version))

    def get_many(self, keys: Iterable[str], version: int | None = None) -> dict[str, Any]:
        """The entries of those keys that have one."""
        keys = list(keys)
        return {**(self._try("get_many", keys, version)[1] or {}), **self._fallback.get_many(keys, version)}

    def set_many(
        self, data: dict[str, Any], timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> list[Any]:
        """Cache every value."""
        for key, value in data.items():
            self.set(key, value, timeout, version)
        return []

    def delete_many(self, keys: Iterable[str], version: int | None = None) -> None:
        """Delete every one of these entries."""
        for key in keys:
            self.delete(key, version)

    def clear(self) -> None:
        """Delete every entry."""
        self._fallback.clear()
        self._try("clear")

    def answers(self) -> bool:
        """Whether the cache itself can be asked at this moment."""
        return self._try("has_key", "answers")[0]


class FileCache(FaultTolerant, FileBasedCache):
    """In files, for the processes of one machine. A damaged file is deleted; a full disk counts as a failing cache."""

    _key_to_file: Callable[..., str]  # Django's own, which its types leave out

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        """The cached value; a pickle that cannot be read may raise any exception, and is a miss."""
        try:
            return super().get(key, default, version)
        except Exception:
            self._delete(self._key_to_file(key, version))
            return default

    def touch(self, key: str, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Likewise."""
        try:
            return super().touch(key, timeout, version)
        except Exception:
            self._delete(self._key_to_file(key, version))
            return False

    def _is_expired(self, f: Any) -> bool:
        try:
            return bool(super()._is_expired(f))  # type: ignore[misc]  # Django's types leave it out
        except Exception:
            self._delete(f.name)
            return True

    def _delete(self, fname: str) -> bool:
        with suppress(OSError):
            return bool(super()._delete(fname))  # type: ignore[misc]  # Django's types leave it out
        return False

    def _createdir(self) -> None:
        # Where there can be no folder, every write fails and goes into memory.
        with suppress(OSError):
            super()._createdir()  # type: ignore[misc]  # Django's types leave it out
