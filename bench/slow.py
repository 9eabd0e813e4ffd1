"""Slow clients: a thousand connections that drip, and an ordinary reader meanwhile, under the server of the site and under others
that happen to be installed."""

import importlib.util
import itertools
import os
import selectors
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from bench._site import ROOT, free_port

SECONDS = int(os.environ.get("BENCH_SECONDS", "10"))
SOCKETS = int(os.environ.get("BENCH_SOCKETS", "1000"))
PATIENCE = 10.0  # seconds that the reader waits for an answer
READS = 0.05  # seconds between two questions of the reader
GUNICORN = [sys.executable, "-m", "gunicorn", "newsroom.wsgi", "--bind", "127.0.0.1:{port}", "--worker-class", "gthread",
            "--workers", "2", "--threads", "4", "--preload", "--no-control-socket", "--log-level", "critical"]  # fmt: skip
# What each of them needs, and how it is started.
SERVERS = {
    "ours": ("waitress", [sys.executable, "-m", "newsroom.serve"]),
    "gunicorn": ("gunicorn", GUNICORN),
    "granian": ("granian", [sys.executable, "-m", "granian", "newsroom.wsgi:application", "--interface", "wsgi", "--host", "127.0.0.1",
                            "--port", "{port}", "--workers", "2", "--blocking-threads", "4", "--log-level", "critical"]),
    "uvicorn": ("uvicorn", [sys.executable, "-m", "uvicorn", "newsroom.wsgi:application", "--interface", "wsgi", "--host", "127.0.0.1",
                            "--port", "{port}", "--workers", "2", "--log-level", "critical"]),
}  # fmt: skip
NGINX = """
daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log /dev/null;
events {{ worker_connections 4096; }}
http {{
    access_log off; client_header_timeout 10s; client_body_timeout 10s; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
    server {{ listen 127.0.0.1:{port}; location / {{ proxy_pass http://127.0.0.1:{behind}; proxy_set_header Host $http_host; }} }}
}}
"""


def main(*parts: str) -> None:
    """Those servers, or all that are there."""
    with tempfile.TemporaryDirectory(prefix="newsroom-slow-") as folder:
        environ = {
            **os.environ, "DATA_DIR": folder, "DEBUG": "0", "ENV_FILE": os.devnull, "LOG_LEVEL": "CRITICAL", "PYTHONPATH":
            os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]), "ALLOWED_HOSTS": "127.0.0.1,localhost", "SITE_URL": "http://127.0.0.1",
        }  # fmt: skip
        for name in ("DATABASE_URL", "CACHE_URL", "PAGE_CACHE_URL"):
            environ.pop(name, None)
        for command in ("migrate --verbosity 0", "collectstatic --noinput --verbosity 0", "load_sample"):
            subprocess.run(
                [sys.executable, "manage.py", *command.split()],
                cwd=ROOT, env=environ, check=True, stdout=subprocess.DEVNULL,
            )  # fmt: skip
        print(
            f"{SOCKETS} slow connections for {SECONDS} s each; a reader asks for a held page and for a new search"
        )
        for name in parts or PARTS:
            measured(name, environ, Path(folder))


def measured(name: str, environ: dict[str, str], folder: Path) -> None:
    """Prints a line for each kind of slowness."""
    needs, command = SERVERS[name.removesuffix("+nginx")]
    if not importlib.util.find_spec(needs) or (name.endswith("+nginx") and not shutil.which("nginx")):
        print(f"{name}: not installed")
        return
    try:
        with served(name, command, environ, folder) as (port, began, pid):
            print(f"{name}: first answer after {began:.1f} s, {memory(pid)} MB a process")
            print(f"  {'nobody slow':16}{asked_meanwhile(port, SECONDS / 2)}")
            for kind in KINDS:
                before = cpu(pid)
                with slow(port, kind) as crowd:
                    said = asked_meanwhile(port, SECONDS)
                used = cpu(pid) - before
                print(
                    f"  {kind:16}{said}, {crowd.open()} still open, {used:.1f} s of CPU, {memory(pid)} MB",
                    flush=True,
                )
    except RuntimeError as error:
        print(f"{name}: {error}")


@contextmanager
def served(
    name: str, command: list[str], environ: dict[str, str], folder: Path
) -> Iterator[tuple[int, float, int]]:
    """The port, how long the first answer took, and the process."""
    port = behind = free_port()
    began = time.monotonic()
    processes = []
    if name.endswith("+nginx"):
        (folder / "nginx.conf").write_text(NGINX.format(folder=folder, port=port, behind=port + 1))
        behind = port + 1
        processes.append(subprocess.Popen(["nginx", "-c", str(folder / "nginx.conf"), "-p", str(folder)]))
    command = [one.format(port=behind) for one in command]
    none = subprocess.DEVNULL
    # Which addresses others may have is a matter of its own: here all of them come from one.
    environ = {
        **environ,
        "PORT": str(behind),
        "CONNECTIONS_PER_ADDRESS": os.environ.get("CONNECTIONS_PER_ADDRESS", "0"),
    }
    processes.append(subprocess.Popen(command, cwd=ROOT, env=environ, stdout=none, stderr=none))
    try:
        while not ask(port, "/"):
            if time.monotonic() - began > 30:
                raise RuntimeError("it does not answer")
            time.sleep(0.02)
        yield port, time.monotonic() - began, processes[-1].pid
    finally:
        for one in reversed(processes):
            one.send_signal(signal.SIGTERM)
            try:
                one.wait(timeout=45)
            except subprocess.TimeoutExpired:
                print("  it did not end by itself")
                one.kill()


# ------------------------------------------------------------------ the reader


def ask(port: int, path: str) -> float:
    """Seconds until the whole answer; 0 where there is none, or it is no page."""
    began = time.monotonic()
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as one:
        one.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
        answer = one.recv(65536)
        head = answer
        while answer:
            answer = one.recv(65536)
        if head.startswith(b"HTTP/1.1 200"):
            return time.monotonic() - began
    return 0.0


def asked_meanwhile(port: int, seconds: float) -> str:
    """What the reader saw; who got no page waited for as long as the patience lasts."""
    found: dict[str, list[float]] = {"held": [], "new": []}
    number = itertools.count(time.monotonic_ns())

    def read(kind: str) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            found[kind].append(ask(port, "/" if kind == "held" else f"/search/?q=w{next(number)}"))
            time.sleep(READS)

    threads = [threading.Thread(target=read, args=(kind,)) for kind in found]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return ", ".join(f"{kind} {said(times)}" for kind, times in found.items())


def said(times: list[float]) -> str:
    """Median and 99th percentile in milliseconds."""
    waited = sorted(one or PATIENCE for one in times)
    lost = sum(not one for one in times)
    p99 = waited[min(len(waited) - 1, len(waited) * 99 // 100)]
    return f"p50 {statistics.median(waited) * 1000:.0f} p99 {p99 * 1000:.0f} ms" + (
        f" ({lost} of {len(times)} lost)" if lost else ""
    )


# ------------------------------------------------------------------ the slow

HEAD = b"GET /releases/ HTTP/1.1\r\nHost: localhost\r\nUser-Agent: slow\r\nX-Slow: "
BODY = b"POST /accounts/login/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 60000\r\nContent-Type: text/plain\r\n\r\n"
ANSWER = b"GET /feeds/releases.rss HTTP/1.1\r\nHost: localhost\r\n\r\n" * 40
# What each sends at first, whether it sends a byte a second from then on, and the bytes that it is ready to take.
KINDS = {
    "head": (HEAD, True, 0),
    "body": (BODY, True, 0),
    "nothing": (b"", False, 0),
    "takes nothing": (ANSWER, False, 1024),
}


class Slow:
    """So many connections; who is closed comes again."""

    def __init__(self, port: int, kind: str) -> None:
        self.port, (self.first, self.drips, self.takes) = port, KINDS[kind]
        self.ended = threading.Event()
        self.sockets: dict[socket.socket, float] = {}
        self.thread = threading.Thread(target=self._drip)

    def open(self) -> int:
        """How many there were when last looked at."""
        return len(self.sockets)

    def _connect(self) -> None:
        one = socket.socket()
        if self.takes:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, self.takes)
        one.settimeout(0.5)
        with suppress(OSError):
            one.connect(("127.0.0.1", self.port))
            one.sendall(self.first)
            one.setblocking(False)
            self.sockets[one] = time.monotonic()
            return
        one.close()

    def _drip(self) -> None:
        while not self.ended.is_set():
            began = time.monotonic()
            while len(self.sockets) < SOCKETS and not self.ended.is_set() and time.monotonic() - began < 1:
                self._connect()
            with selectors.DefaultSelector() as watched:
                for one in self.sockets:
                    watched.register(one, selectors.EVENT_READ if not self.takes else selectors.EVENT_WRITE)
                gone = {key.fileobj for key, _ in watched.select(0) if not self.takes}
            for one in list(self.sockets):
                try:
                    if one in gone and not one.recv(4096):
                        raise OSError
                    if self.drips:
                        one.send(b"x")
                except OSError:
                    one.close()
                    del self.sockets[one]
            self.ended.wait(max(0.0, 1 - (time.monotonic() - began)))
        for one in self.sockets:
            one.close()


@contextmanager
def slow(port: int, kind: str) -> Iterator[Slow]:
    """While it lasts, they are there."""
    crowd = Slow(port, kind)
    crowd.thread.start()
    until = time.monotonic() + 10
    while len(crowd.sockets) < SOCKETS and time.monotonic() < until:
        time.sleep(0.05)
    try:
        yield crowd
    finally:
        crowd.ended.set()
        crowd.thread.join()


# ------------------------------------------------------------------ the server


def _family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(found for child in children for found in _family(int(child)))]


def cpu(pid: int) -> float:
    """Seconds that the processes have used."""
    ticks = 0
    for one in _family(pid):
        fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def memory(pid: int) -> int:
    """Megabytes of the largest process."""
    sizes = [Path(f"/proc/{one}/statm").read_text().split()[1] for one in _family(pid)]
    return max(map(int, sizes)) * os.sysconf("SC_PAGE_SIZE") // 1_000_000


PARTS = ("ours", "gunicorn", "gunicorn+nginx", "granian", "uvicorn")
