"""What a cached page costs, beside a bare Django view that returns the same ready bytes under the same server."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SECONDS = int(os.environ.get("BENCH_SECONDS", "8"))
ENTRIES = int(os.environ.get("BENCH_ENTRIES", "2000"))
TURNS = 3
TICKS = os.sysconf("SC_CLK_TCK")
SERVE = (
    "import sys; from importlib import import_module; from newsroom import serve;"
    "serve.application = import_module(sys.argv[1]).application; serve.main()"
)
ENCODING = {"Accept-Encoding": "gzip"}


def main() -> None:
    """One newsroom in SQLite, one process for each side, in turns: the machine may be busy."""
    if not shutil.which("wrk"):
        print("wrk is not installed (Debian: wrk)")
        return
    with tempfile.TemporaryDirectory() as folder:
        environ = {
            **os.environ, "DATA_DIR": folder, "DEBUG": "0", "ENV_FILE": os.devnull, "DATABASE_URL": f"sqlite:///{folder}/newsroom.sqlite3",
            "SITE_URL": "http://127.0.0.1", "LOG_LEVEL": "ERROR", "PYTHONPATH": str(ROOT), "PAGE_CACHE_MB": "256",
        }  # fmt: skip
        environ.pop("CACHE_URL", None)
        for command in (
            ["migrate", "--verbosity", "0"],
            ["collectstatic", "--noinput", "--verbosity", "0"],
            ["load_sample"],
        ):
            subprocess.run(
                [sys.executable, "manage.py", *command],
                cwd=ROOT,
                env=environ,
                check=True,
                stdout=subprocess.DEVNULL,
            )
        with Server("newsroom.wsgi", environ) as ours:
            page = Path(folder) / "page"
            page.write_bytes(ours.get("/")[1])
            with Server("bench._ready_bytes", {**environ, "READY_BYTES": str(page)}) as bare:
                said(ours, bare)


def said(ours: "Server", bare: "Server") -> None:
    """In turns, so that what the machine does besides falls on both."""
    print(f"{'':34}{'CPU ms':>10}{'requests/s':>12}")
    table: dict[str, list[float]] = {}
    for _ in range(TURNS):
        for name, server in (("bare Django view, ready bytes", bare), ("front page, held", ours)):
            cost, speed = server.measured("/")
            table.setdefault(name, []).append(cost)
            print(f"{name:34}{cost:10.3f}{speed:12.0f}")
    floor, held = (sorted(costs)[TURNS // 2] for costs in table.values())
    print(f"ratio, of the medians: {held / floor:.2f}")
    # The paths differ by a query that the view reads, so that each is an entry of its own.
    before = ours.memory()
    paths = [f"/search/?q=w{number}" for number in range(ENTRIES)]
    for path in paths:
        ours.get(path)
    cost, speed = ours.measured("/", paths)
    print(
        f"{f'one of {ENTRIES} searches, held':34}{cost:10.3f}{speed:12.0f}   ratio {cost / floor:.2f}, {(ours.memory() - before) / 1e6:.0f} MB"
    )


class Server:
    """One process, as in production."""

    def __init__(self, module: str, environ: dict[str, str]) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.process = subprocess.Popen(
            [sys.executable, "-c", SERVE, module],
            cwd=ROOT, env={**environ, "PORT": str(self.port), "WEB_CONCURRENCY": "1"},
        )  # fmt: skip
        self.worker = 0

    def __enter__(self) -> "Server":
        for _ in range(600):
            try:
                self.get("/")
                break
            except OSError:
                time.sleep(0.1)
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        self.worker = int(children.split()[0])
        return self

    def __exit__(self, *args: object) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=30)

    def get(self, path: str) -> tuple[int, bytes]:
        """The status and the body, compressed."""
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", headers=ENCODING)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, answer.read()

    def cpu(self) -> float:
        """Seconds that the worker has used."""
        fields = Path(f"/proc/{self.worker}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def memory(self) -> int:
        """Bytes of the worker that lie in memory."""
        return int(re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{self.worker}/status").read_text())[1]) * 1024

    def measured(self, path: str, paths: list[str] | None = None) -> tuple[float, float]:
        """Milliseconds of CPU for a request, and requests a second, under wrk."""
        self.get(path)
        script = []
        if paths:
            file = Path(tempfile.gettempdir()) / f"paths-{os.getpid()}.lua"
            listed = ", ".join(f'"{one}"' for one in paths)
            file.write_text(
                f"local paths = {{{listed}}}\nlocal at = 0\n"
                'request = function() at = at % #paths + 1; return wrk.format("GET", paths[at]) end\n'
            )
            script = ["-s", str(file)]
        began = self.cpu()
        said = subprocess.run(
            ["wrk", "-t1", "-c8", f"-d{SECONDS}s", "-H", "Accept-Encoding: gzip", *script, f"http://127.0.0.1:{self.port}{path}"],
            capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip
        requests = int(re.search(r"(\d+) requests in", said)[1])
        if "Non-2xx" in said:
            raise RuntimeError(said)
        return (self.cpu() - began) * 1000 / requests, requests / SECONDS
