"""Settings for measuring: the site's own, and a note in the file RENDERED of each request that came through to the views."""

import os
from collections.abc import Callable
from time import monotonic

from django.http import HttpRequest, HttpResponse

from newsroom.settings import *  # noqa: F403  settings are a flat list of names, and these are the site's own

MIDDLEWARE = [*MIDDLEWARE, "bench._rendered.NotedMiddleware"]  # noqa: F405


class NotedMiddleware:
    """Stands innermost. A line is the process, when it began and ended by the clock that all processes share, and the path."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.file = os.open(os.environ["RENDERED"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = monotonic()
        response = self.get_response(request)
        # One write is one line, whoever else writes.
        os.write(self.file, f"{os.getpid()} {began} {monotonic()} {request.get_full_path()}\n".encode())
        return response
