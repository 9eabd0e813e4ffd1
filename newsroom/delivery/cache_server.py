"""A cache on a server that may be lost. In a module of its own, because its client is imported by those alone who have one."""

from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from newsroom.delivery.cache_backends import FaultTolerant

# For how long a server that failed is not asked again: each request to one that hangs costs its timeout.
RETRY_PAUSE = 5.0  # seconds
SERVER_TIMEOUT = 0.5


class ServerCache(FaultTolerant, RedisCache):
    """On a Redis or Valkey server, for several machines."""

    faults = (RedisError, OSError)
    pause = RETRY_PAUSE

    def __init__(self, location: Any, params: dict[str, Any]) -> None:
        options = {
            "socket_connect_timeout": SERVER_TIMEOUT,
            "socket_timeout": SERVER_TIMEOUT,
            # One retry, at once: the connection may be older than the server's restart.
            "retry": Retry(NoBackoff(), 1),
            **params.get("OPTIONS", {}),
        }
        # The address parser sets it to None; the client chooses one by itself.
        options.pop("PARSER_CLASS", None)
        super().__init__(location, {**params, "OPTIONS": options})

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        """The cached value; a pickle that cannot be read is a miss."""
        try:
            return super().get(key, default, version)
        except Exception:
            self.delete(key, version)
            return default
