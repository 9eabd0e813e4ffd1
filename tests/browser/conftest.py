"""How the browser of every browser test is started."""

import shutil
from typing import Any

import pytest


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
