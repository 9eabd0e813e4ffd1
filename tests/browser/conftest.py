"""How the browser of every browser test is started."""

import mimetypes
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.handlers import StaticFilesHandlerMixin
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client
from playwright.sync_api import Browser, Error, Page, ViewportSize

from tests.depth import DEEP

# Two frames have been drawn; and 20 ms after it was given the focus the editor has put the caret where it last had it.
SETTLED = "new Promise(r => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(r, 20))))"


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
    return _found("chromium", "chromium-browser", "google-chrome")


def shell_path() -> str | None:
    """The same engine without the windows around it, which cost more than most pages; with DEEP=1 the whole browser."""
    return chromium_path() if DEEP else _found("chromium-headless-shell") or chromium_path()


def _found(*names: str) -> str | None:
    return next((found for name in names if (found := shutil.which(name))), None)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The machine's own Chromium with its flags."""
    # A page here is gone before its scripts are worth compiling twice; with DEEP=1 they are as readers have them.
    quick = [] if DEEP else ["--js-flags=--no-opt --no-maglev --no-lazy-feedback-allocation"]
    return {**browser_type_launch_args, "executable_path": shell_path(), "args": [*chromium_flags(), *quick]}


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


def sign_in(page: Page, base: str, user: Any) -> None:
    """By the cookie alone; the pages of signing in have their own tests."""
    client = Client()
    client.force_login(user)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": base}])


@pytest.fixture(scope="session")
def closed_windows() -> dict[str, list[Page]]:
    """Windows that no test has at the moment, by what they were opened with."""
    return defaultdict(list)


@pytest.fixture
def window(
    browser: Browser, live_server: Any, closed_windows: dict[str, list[Page]]
) -> Iterator[Callable[..., Page]]:
    """Open a window for a user. It was another test's before, as a rule: the ninety files of the editor are in its cache, and
    no process is started for it; nothing else is left in it. Who sets its clock or gives it scripts opens a context instead.
    """
    lent: list[tuple[str, Page, ViewportSize]] = []

    def open_for(user: Any, **options: Any) -> Page:
        kind = repr(sorted(options.items()))
        free = closed_windows[kind]
        page = free.pop() if free else browser.new_context(**options).new_page()
        lent.append((kind, page, page.viewport_size))
        sign_in(page, live_server.url, user)
        return page

    yield open_for
    for kind, page, size in lent:
        closed_windows[kind].append(_emptied(page, live_server.url, size))


def _go_nowhere(page: Page, tries: int = 3) -> None:
    """A page that was on its way somewhere, offline by now, may be shown its error first."""
    for left in reversed(range(tries)):
        try:
            page.goto("about:blank")
        except Error:
            if not left:
                raise
        else:
            return


def _emptied(page: Page, base: str, size: ViewportSize) -> Page:
    """The window as it was opened: one page of this size, nothing stored."""
    context = page.context
    first, *more = context.pages or [context.new_page()]
    context.set_offline(True)  # what it would still send on leaving would meet the next test
    context.clear_cookies()
    for other in more:
        other.close()
    for one in (context, first):
        one.unroute_all()
    _go_nowhere(first)
    context.clear_permissions()
    session = context.new_cdp_session(first)
    session.send("Storage.clearDataForOrigin", {"origin": base, "storageTypes": "indexeddb,local_storage"})
    session.detach()
    if first.viewport_size != size:
        first.set_viewport_size(size)
    first.emulate_media(media="null", color_scheme="null")
    context.set_offline(False)
    return first
