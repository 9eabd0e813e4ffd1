"""Public pages as Django answers them, in this process, to somebody whom nobody knows."""

from dataclasses import dataclass
from io import BytesIO
from typing import Any, cast
from urllib.parse import unquote_to_bytes, urlsplit

from django.conf import settings
from django.core.handlers.base import BaseHandler
from django.core.handlers.exception import convert_exception_to_response
from django.core.handlers.wsgi import WSGIRequest
from django.http import FileResponse, HttpResponse
from django.urls import set_urlconf
from django.utils.module_loading import import_string

from newsroom.http import Request
from releases.editions import EditionNow

# Of the middleware only what shapes the words. Nobody is signed in; what is cached, compressed, tagged or refused is so on
# the way to a browser, and the web server that serves the files does that.
SHAPING = ("newsroom.delivery.middleware.LanguageMiddleware",)
# On this hangs what the page cache may not store: it changes by the clock alone.
CLOCK = frozenset({"clock"})
# On this hangs what never changes.
NOTHING: frozenset[str] = frozenset()


class RenderFailed(Exception):
    """The page broke, or the database did not answer; the log says more."""


@dataclass(frozen=True)
class Rendered:
    """An answer. `parts` are what it hangs on (`releases.editions`)."""

    status: int
    headers: dict[str, str]
    body: bytes
    parts: frozenset[str]


class Renderer(BaseHandler):
    """Answers GET. `offline` tells templates that no server will stand behind the page."""

    def __init__(self, *, offline: bool = False) -> None:
        self.offline = offline
        site = urlsplit(settings.SITE_URL)
        self.host, self.scheme = site.netloc, site.scheme
        self.load_middleware()

    def load_middleware(self, is_async: bool = False) -> None:
        """As Django does it, for `SHAPING` alone."""
        self._view_middleware: list[Any] = []
        self._template_response_middleware: list[Any] = []
        self._exception_middleware: list[Any] = []
        handler = convert_exception_to_response(self._get_response)  # type: ignore[attr-defined]  # not in the stubs
        for name in reversed(SHAPING):
            middleware = import_string(name)(handler)
            if hasattr(middleware, "process_view"):
                self._view_middleware.insert(0, middleware.process_view)
            handler = convert_exception_to_response(middleware)
        self._middleware_chain = handler

    def render(self, path: str, edition: EditionNow) -> Rendered:
        """The answer at `path` (with its query string) under the edition that was read before. Raises `RenderFailed`."""
        where, _mark, query = path.partition("?")
        request = WSGIRequest(
            {
                "REQUEST_METHOD": "GET",
                "PATH_INFO": _decoded(where),
                "QUERY_STRING": query,
                "HTTP_HOST": self.host,
                "SERVER_NAME": self.host.partition(":")[0],
                "SERVER_PORT": "443" if self.scheme == "https" else "80",
                "wsgi.url_scheme": self.scheme,
                "wsgi.input": BytesIO(),
            }
        )
        cast(Request, request).edition = edition
        request.offline = self.offline  # type: ignore[attr-defined]  # read by templates alone
        set_urlconf(settings.ROOT_URLCONF)
        response = cast(HttpResponse, self._middleware_chain(request))
        if response.status_code >= 500:
            raise RenderFailed(path)
        body = response.content if not response.streaming else b"".join(response)
        if isinstance(response, FileResponse) and response.file_to_stream:
            # Not `response.close`, which says that a request has ended: connections would be closed.
            response.file_to_stream.close()
        parts: frozenset[str] | None = getattr(response, "parts", None)
        return Rendered(response.status_code, dict(response.headers), body, CLOCK if parts is None else parts)


def _decoded(path: str) -> str:
    """As a server gives it to Django: the bytes of the decoded path, read as Latin-1 (PEP 3333)."""
    return unquote_to_bytes(path).decode("latin-1")
