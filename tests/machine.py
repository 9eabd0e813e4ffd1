"""Programs of the machine that judge what we make: found, or brought by the system's package manager, or skipped."""

import contextlib
import functools
import os
import shutil
import subprocess

import pytest


def program(name: str, package: str = "") -> str:
    """The path of a program. As root it is installed (Debian); where it cannot be had, the test is skipped."""
    if found := shutil.which(name):
        return found
    package = package or name
    if os.geteuid() == 0 and shutil.which("apt-get"):
        _install(package)
    if found := shutil.which(name):
        return found
    pytest.skip(f"{name} is not installed, and could not be (Debian: {package})")


@functools.cache
def _install(package: str) -> None:
    """Try it once a process, for two minutes at most. It answers to nobody: what it starts may hold a pipe open for ever."""
    command = [
        "apt-get", "install", "--yes", "--quiet", "--no-install-recommends", "-o", "Acquire::Retries=0",
        "-o", "Acquire::http::Timeout=20", "-o", "Acquire::https::Timeout=20", package,
    ]  # fmt: skip
    none = subprocess.DEVNULL
    with contextlib.suppress(subprocess.TimeoutExpired):
        subprocess.run(
            command, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"}, stdin=none, stdout=none,
            stderr=none, timeout=120, check=False,
        )  # fmt: skip
