"""Programs of the machine that judge what we make: found, or brought by the system's package manager, or skipped."""

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
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        command = ["apt-get", "install", "--yes", "--quiet", "--no-install-recommends", package]
        subprocess.run(command, env=quiet, capture_output=True, timeout=600, check=False)
    if found := shutil.which(name):
        return found
    pytest.skip(f"{name} is not installed, and could not be (Debian: {package})")
