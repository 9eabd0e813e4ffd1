"""Caches that bound themselves and never stop the site: memory by bytes, files that may be damaged, a server that may be lost."""

import logging
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, suppress
from typing import Any, ClassVar

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.core.cache.backends.filebased import FileBasedCache
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

log = logging.getLogger(__name__)

MEGABYTE = 1024 * 1024
# What Python needs around an entry: its key, its place in the order, its cost, its time.
AROUND = 600
# How long a server that failed is left alone: each question to one that hangs costs its time limit.
PAUSE = 5.0  # seconds
SAID_EVERY = 60.0
SERVER_PATIENCE = 0.5
_costs: dict[str, dict[str, int]] = {}


class MemoryCache(LocMemCache):
    """In this process's memory; holds at most `MAX_BYTES` (an option) and lets go first of what was not used for longest.

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
        """The bytes that are held now."""
        return self._costs[""]

    def _set(self, key: str, value: bytes, timeout: Any = DEFAULT_TIMEOUT) -> None:
        cost = len(value) + len(key) + AROUND
        self._delete(key)
        if cost > self._budget:
            return
        while self._costs[""] + cost > self._budget:
            self._delete(next(reversed(self._cache)))
        super()._set(key, value, timeout)  # type: ignore[misc]  # Django's types leave it out
        self._costs[key] = cost
        self._costs[""] += cost

    def _cull(self) -> None:
        """Bytes are counted and not entries."""

    def _delete(self, key: str) -> bool:
        self._costs[""] -= self._costs.pop(key, 0)
        return bool(super()._delete(key))  # type: ignore[misc]  # Django's types leave it out

    def clear(self) -> None:
        """Let go of everything."""
        with self._lock:
            self._cache.clear()
            self._expire_info.clear()
            self._costs.clear()
            self._costs[""] = 0


_MISS = object()


class Guarded(BaseCache):
    """Stands before a cache that may fail: a failure is a miss, said in the log once a minute at most.

    What could not be written goes into this process's memory and is read from there until it can be written again, so
    that the limits on signing in go on counting, in each process for itself.
    """

    faults: ClassVar[tuple[type[Exception], ...]] = (OSError,)
    pause: ClassVar[float] = 0.0
    _silent_until: ClassVar[dict[str, float]] = {}
    _said_at: ClassVar[dict[str, float]] = {}

    def __init__(self, location: Any, params: dict[str, Any]) -> None:
        super().__init__(location, params)  # type: ignore[call-arg]  # of the cache that it stands before
        self._where = str(location)
        self._unwritten = MemoryCache(f"unwritten {location}", {"OPTIONS": {"MAX_BYTES": 16 * MEGABYTE}})

    def _try(self, name: str, *args: Any) -> tuple[bool, Any]:
        """Whether the cache answered, and what."""
        if time.monotonic() < self._silent_until.get(self._where, 0.0):
            return False, None
        try:
            return True, getattr(super(), name)(*args)
        except self.faults as error:
            now = time.monotonic()
            self._silent_until[self._where] = now + self.pause
            if now - self._said_at.get(self._where, -SAID_EVERY) >= SAID_EVERY:
                self._said_at[self._where] = now
                # Never with what was being written, which may be a draft's page.
                log.warning(
                    "The cache does not answer (%s); the site goes on without it.", type(error).__name__
                )
            return False, None

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        """What is held, or `default`."""
        if self._unwritten.size:
            found = self._unwritten.get(key, _MISS, version)
            if found is not _MISS:
                return found
        answered, found = self._try("get", key, default, version)
        return found if answered else default

    def set(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        """Hold `value`."""
        answered, _ = self._try("set", key, value, timeout, version)
        if not answered:
            self._unwritten.set(key, value, timeout, version)
        elif self._unwritten.size:
            self._unwritten.delete(key, version)

    def add(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Hold `value` where nothing is held; whether it is now."""
        if self._unwritten.size and self._unwritten.has_key(key, version):
            return False
        answered, done = self._try("add", key, value, timeout, version)
        return bool(done if answered else self._unwritten.add(key, value, timeout, version))

    def touch(self, key: str, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Hold it for longer; whether it is there."""
        held = bool(self._unwritten.size) and self._unwritten.touch(key, timeout, version)
        return held or bool(self._try("touch", key, timeout, version)[1])

    def delete(self, key: str, version: int | None = None) -> bool:
        """Let go of it; whether it was there."""
        held = self._unwritten.delete(key, version)
        return bool(self._try("delete", key, version)[1]) or held

    def has_key(self, key: str, version: int | None = None) -> bool:
        """Whether it is there."""
        held = bool(self._unwritten.size) and self._unwritten.has_key(key, version)
        return held or bool(self._try("has_key", key, version)[1])

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        """Count on; a ValueError where there is nothing to count."""
        if not (self._unwritten.size and self._unwritten.has_key(key, version)):
            answered, found = self._try("incr", key, delta, version)
            if answered:
                return int(found)
        return int(self._unwritten.incr(key, delta, version))

    def get_many(self, keys: Iterable[str], version: int | None = None) -> dict[str, Any]:
        """Those of the keys that are held."""
        keys = list(keys)
        return {**(self._try("get_many", keys, version)[1] or {}), **self._unwritten.get_many(keys, version)}

    def set_many(
        self, data: dict[str, Any], timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> list[Any]:
        """Hold all."""
        for key, value in data.items():
            self.set(key, value, timeout, version)
        return []

    def delete_many(self, keys: Iterable[str], version: int | None = None) -> None:
        """Let go of all."""
        for key in keys:
            self.delete(key, version)

    def clear(self) -> None:
        """Let go of everything."""
        self._unwritten.clear()
        self._try("clear")


class FileCache(Guarded, FileBasedCache):
    """In files, for the processes of one machine. A damaged one is thrown away; a full disk is a cache that fails."""

    _key_to_file: Callable[..., str]  # Django's own, which its types leave out

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        """What is held; reading back may raise anything at all, as pickles do."""
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
        # Where there can be none, every write fails and goes into memory.
        with suppress(OSError):
            super()._createdir()  # type: ignore[misc]  # Django's types leave it out


class ServerCache(Guarded, RedisCache):
    """On a Redis or Valkey server, for several machines."""

    faults = (RedisError, OSError)
    pause = PAUSE

    def __init__(self, location: Any, params: dict[str, Any]) -> None:
        options = {
            "socket_connect_timeout": SERVER_PATIENCE,
            "socket_timeout": SERVER_PATIENCE,
            # Once more and at once: the connection may be one from before the server was started again.
            "retry": Retry(NoBackoff(), 1),
            **params.get("OPTIONS", {}),
        }
        # How the address's parser writes a choice that the client makes by itself.
        options.pop("PARSER_CLASS", None)
        super().__init__(location, {**params, "OPTIONS": options})

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        """What is held; what cannot be read back is a miss."""
        try:
            return super().get(key, default, version)
        except Exception:
            self.delete(key, version)
            return default
