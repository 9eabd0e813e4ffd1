"""Programs of the machine that judge what we make: found, or brought by the system's package manager, or skipped."""

import contextlib
import functools
import os
import re
import shutil
import subprocess
from pathlib import Path

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


NGINX = Path(__file__).resolve().parents[1] / "docs/operate/nginx.conf"


def write_nginx_configuration(place: Path, *, www: Path, port: int, upstream: int) -> None:
    """`nginx.conf` in `place`: that of the guide as it is, but for its addresses, its certificates and its log."""
    text = NGINX.read_text()
    text = text[: text.index("server {\n    listen 80;")] + text[text.index("server {\n    listen 443") :]
    text = re.sub(r"listen 443 ssl http2;", f"listen 127.0.0.1:{port};", text)
    text = re.sub(r"(?m)^\s*(listen \[::\]|ssl_).*$", "", text)
    text = text.replace("/srv/newsroom/www", str(www)).replace("127.0.0.1:8000", f"127.0.0.1:{upstream}")
    text = text.replace("/var/log/nginx/newsroom.log", f"{place}/error.log")
    temporary = "".join(
        f"{kind}_temp_path {place}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (place / "nginx.conf").write_text(
        f"daemon off;\npid {place}/pid;\nuser root;\nworker_processes 1;\nevents {{}}\nhttp {{\n{temporary}{text}\n}}\n"
    )
