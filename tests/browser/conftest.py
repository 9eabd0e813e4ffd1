"""How the browser of every browser test is started."""

import mimetypes
import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.handlers import StaticFilesHandlerMixin
from django.http import Http404, HttpRequest, HttpResponse


@pytest.fixture(scope="session")
def base_url() -> str:
    """No base: `live_server` knows its own address. (pytest-base-url's own fixture warns under pytest 9.2.)"""
    return ""


def chromium_flags() -> list[str]:
    """Quiet: it talks to nobody but the test's server."""
    flags = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    return [*flags.split(), "--disable-component-update", "--disable-sync"]


def chromium_path() -> str | None:
    """The machine's own Chromium."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((found for name in names if (found := shutil.which(name))), None)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The machine's own Chromium with its flags."""
    return {**browser_type_launch_args, "executable_path": chromium_path(), "args": chromium_flags()}


@cache
def _file(name: str) -> tuple[bytes, str]:
    found = finders.find(name)
    if found is None:
        raise Http404(name)
    return Path(found).read_bytes(), mimetypes.guess_type(name)[0] or "application/octet-stream"


def _from_memory(handler: StaticFilesHandlerMixin, request: HttpRequest) -> HttpResponse:
    words, kind = _file(handler.file_path(request.path))
    return HttpResponse(words, content_type=kind, headers={"Cache-Control": "max-age=3600"})


@pytest.fixture(scope="session", autouse=True)
def static_files_from_memory() -> Iterator[None]:
    """Each file is read once, and a browser asks for it once: a page with the editor has ninety of them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(StaticFilesHandlerMixin, "serve", _from_memory)
        yield
