"""What the log says: a line an event, with the request's name, and never a word of a draft, an address, a search or a token.

An exception's message may quote what somebody wrote, and a path may hold a token; so lines hold neither. An exception is its type
and the places in the code that it came through.
"""

import logging
import time
import traceback
from collections.abc import MutableMapping
from contextvars import ContextVar
from types import TracebackType
from typing import Any, NamedTuple

import structlog

# The name of the request that is being answered; empty where there is none.
request_id: ContextVar[str] = ContextVar("request_id", default="")
# Strangers can have these lines written as often as they like: they are written once in so many seconds, with their number.
BOUNDED_FOR = 60.0
# Loggers of libraries whose messages name paths, hosts or addresses, and what is said in place of them.
_IN_PLACE_OF = {
    "django.security.DisallowedHost": "A request named a host that is not ours",
    "django.security": "A request was refused as suspicious",
    "django.request": "A request failed",
    "waitress": "A connection failed",
    "asyncio": "A connection failed",
}


class _Said(NamedTuple):
    at: float
    since: int


class Private(logging.Filter):
    """Rewrites what libraries say about requests."""

    def __init__(self, name: str = "") -> None:
        super().__init__(name)
        self._said: dict[str, _Said] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the line is written."""
        record.__dict__.pop("request", None)
        names = (one for one in _IN_PLACE_OF if record.name == one or record.name.startswith(f"{one}."))
        name = next(names, None)
        if name is None:
            return True
        failed = bool(record.exc_info and record.exc_info[0]) and not name.startswith("django.security")
        if name == "django.request" and not failed:
            return False  # that it was answered with 404 stands in the line of the request
        record.msg, record.args = _IN_PLACE_OF[name], ()
        if failed:
            return True
        record.exc_info = record.exc_text = None
        return self._is_due(record, name)

    def _is_due(self, record: logging.LogRecord, name: str) -> bool:
        now, before = time.monotonic(), self._said.get(name)
        if before is not None and now - before.at < BOUNDED_FOR:
            self._said[name] = _Said(before.at, before.since + 1)
            return False
        if before is not None and before.since:
            record.msg = f"{record.msg} ({before.since} more since the last such line)"
        self._said[name] = _Said(now, 0)
        return True


def places(error: BaseException | None, trace: TracebackType | None = None) -> list[dict[str, Any]]:
    """The exception and those that it came of, each with its type and the places that it came through, the last one first."""
    found: list[dict[str, Any]] = []
    while error is not None and len(found) < 5:
        frames = traceback.extract_tb(trace or error.__traceback__)
        kind = type(error)
        found.append(
            {
                "type": kind.__qualname__
                if kind.__module__ == "builtins"
                else f"{kind.__module__}.{kind.__qualname__}",
                "at": [f"{_short(one.filename)}:{one.lineno} {one.name}" for one in reversed(frames)][:30],
            }
        )
        trace, error = None, error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return found


def _short(name: str) -> str:
    for marker in ("/site-packages/", "/newsroom/newsroom/", "/lib/python3"):
        if marker in name:
            return name.rpartition(marker)[2]
    return "/".join(name.rsplit("/", 3)[-3:])


Event = MutableMapping[str, Any]


def _with_request(_logger: object, _method: str, event: Event) -> Event:
    if (name := request_id.get()) and "request" not in event:
        event["request"] = name
    return event


def _without_words(_logger: object, _method: str, event: Event) -> Event:
    """In place of structlog's own, which writes the exception's message."""
    said = event.pop("exc_info", None)
    if said and isinstance(said, tuple) and said[1] is not None:
        event["exception"] = places(said[1], said[2])
    event.pop("stack_info", None)
    return event


def _as_line(_logger: object, _method: str, event: Event) -> str:
    """For people: the moment, the level, who says it, what, and what belongs to it."""
    errors = event.pop("exception", [])
    head = (
        f"{event.pop('timestamp')} {event.pop('level').upper()} {event.pop('logger')}: {event.pop('event')}"
    )
    line = " ".join([head, *(f"{name}={value}" for name, value in event.items())])
    for error in errors:
        line += f"\n  {error['type']}" + "".join(f"\n    {place}" for place in error["at"])
    return line.replace("\r", " ")


class Formatter(structlog.stdlib.ProcessorFormatter):
    """For every line, whoever writes it."""

    def __init__(self, form: str = "line") -> None:
        whole = structlog.processors.JSONRenderer(ensure_ascii=False) if form == "json" else _as_line
        super().__init__(
            foreign_pre_chain=[
                structlog.stdlib.add_log_level,
                structlog.stdlib.add_logger_name,
                structlog.stdlib.ExtraAdder(allow=["method", "route", "status", "ms", "request"]),
                structlog.processors.TimeStamper(fmt="iso", utc=True),
                _with_request,
            ],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _without_words, whole],
        )


def configuration(*, level: str, form: str, debug: bool) -> dict[str, Any]:
    """LOGGING. While somebody develops, lines and exceptions are whole; else this module says what they may hold."""
    stderr: dict[str, Any] = {"class": "logging.StreamHandler", "formatter": "site"}
    found: dict[str, Any] = {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"site": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
        "handlers": {"stderr": stderr},
        "root": {"handlers": ["stderr"], "level": level},
    }
    if not debug:
        stderr["filters"] = ["private"]
        found["filters"] = {"private": {"()": "newsroom.delivery.logs.Private"}}
        found["formatters"] = {"site": {"()": "newsroom.delivery.logs.Formatter", "form": form}}
        # Django's own handler would send the whole request by mail.
        found["loggers"] = {"django": {"handlers": [], "propagate": True}}
    return found
