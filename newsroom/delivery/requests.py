"""Each request has a name of its own, which stands in its answer and in every line of the log that it leaves."""

import logging
import secrets
from collections.abc import Callable, Mapping
from functools import lru_cache
from time import perf_counter
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.urls import Resolver404, resolve
from django.utils import translation

from newsroom.delivery import metrics
from newsroom.delivery.logs import request_id
from newsroom.delivery.middleware import language_of
from newsroom.http import Request

log = logging.getLogger(__name__)

HEADER = "X-Request-ID"
# In the environment: the name. It is made here, whatever the client sends: theirs could be a lie, or a word that they look for later.
NAME = "newsroom.request_id"
NOWHERE = "-"
PROBES = frozenset({"/healthz", "/readyz", "/metrics"})


def new_name() -> str:
    """Sixteen letters and digits."""
    return secrets.token_hex(8)


class RequestMiddleware:
    """Outermost. The server's part in front of Django has given the name already, where there is one (`newsroom/wsgi.py`)."""

    def __init__(self, get_response: Callable[[Request], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        name = request.META.get(NAME) or new_name()
        given, began = request_id.set(name), perf_counter()
        try:
            response = self.get_response(request)
            response.headers[HEADER] = name
            match = getattr(request, "resolver_match", None)
            route = match.route if match else route_of(request.path_info)
            answered(request.method or "", route, response.status_code, perf_counter() - began, name)
            return response
        finally:
            request_id.reset(given)


def answered(method: str, route: str, status: int, seconds: float, name: str) -> None:
    """A line without address, path and question: which kind of page, and what came of it."""
    metrics.answered(route, status, seconds)
    if not settings.LOG_REQUESTS:
        return
    method = method if method in _METHODS else "OTHER"
    details = {
        "method": method,
        "route": route,
        "status": status,
        "ms": round(seconds * 1000, 1),
        "request": name,
    }
    log.info("Answered", extra=details)


_METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"})


@lru_cache(2_000)
def _route_of(path: str, language: str) -> str:
    with translation.override(language):
        try:
            return str(resolve(path).route)
        except Resolver404:
            return NOWHERE


def route_of(path: str) -> str:
    """Which kind of page an address is: its pattern, without what stands in it."""
    if path.startswith("/static/"):
        return "static/"
    if path in PROBES:
        return path[1:]
    found = _route_of if len(path) <= 200 else _route_of.__wrapped__
    return found(path, language_of(path))


def told(environ: Mapping[str, Any], status: int, began: float) -> None:
    """Of a page that was answered before Django."""
    path = environ["PATH_INFO"].encode("latin-1").decode(errors="replace")
    answered(environ["REQUEST_METHOD"], route_of(path), status, perf_counter() - began, environ[NAME])
