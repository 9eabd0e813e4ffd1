"""`make serve` itself: its start, its processes, its memory, and readers among a crowd."""

import os
import re
import signal
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.delivery.sockets import ask, connect, status
from tests.depth import DEEP
from tests.servers import free_port

ROOT = Path(__file__).resolve().parents[2]


def environment(folder, port=8000, **more):
    environ = {
        **os.environ, "DJANGO_SETTINGS_MODULE": "newsroom.settings", "DEBUG": "0", "SECRET_KEY": "0123456789" * 6, "ENV_FILE": os.devnull,
        "DATA_DIR": str(folder), "PORT": str(port), "SITE_URL": "http://localhost", "CACHE_URL": "", "DATABASE_URL": "", **more,
    }  # fmt: skip
    for name in ("CACHE_URL", "DATABASE_URL", "ACCEPTED_RISKS", "SECOND_FACTOR_REQUIRED", "ALLOWED_HOSTS"):
        environ.pop(name, None)
    return environ


@contextmanager
def site(folder, **more):
    """As `make serve` starts it, without a database: the probe needs none."""
    port = free_port()
    environ = environment(folder, port, **more)
    command = [sys.executable, "-m", "newsroom.serve"]
    process = subprocess.Popen(
        command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    try:
        until = time.monotonic() + 60
        while time.monotonic() < until and process.poll() is None:
            with suppress(OSError):
                if status(probe(port)) == 200:
                    break
            time.sleep(0.05)
        yield port, process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        process.stdout.close()


def probe(port, path="/healthz"):
    return ask(port, f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")


def children(process):
    return [int(one) for one in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()]


def test_the_site_starts_soon_in_little_memory_and_stops_when_told_to(tmp_path):
    with site(tmp_path) as (port, process):
        ticks = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()[11:13]
        assert (
            sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK") < 2 * 2
        )  # seconds; twice as many where coverage or a debugger looks on
        assert len(children(process)) == 2
        for child in children(process):
            resident = resident_kilobytes(child)
            own = sum(
                map(
                    int,
                    re.findall(
                        r"^Private_\w+:\s+(\d+)",
                        Path(f"/proc/{child}/smaps_rollup").read_text(),
                        re.MULTILINE,
                    ),
                )
            )
            assert resident < 120 * 1024
            assert own < resident / 2  # the rest is shared
        killed = children(process)[0]
        os.kill(killed, signal.SIGKILL)
        until = time.monotonic() + 20
        # Who was killed stands among the children until its parent has looked.
        while (len(now := children(process)) < 2 or killed in now) and time.monotonic() < until:
            time.sleep(0.1)
        assert status(probe(port)) == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
        assert b"another one takes its place" in process.stdout.read()


def test_who_stops_it_early_stops_it(tmp_path):
    """At any moment of its start."""
    for pause in (0.2, 1.0, 1.6, 1.8, 2.0, 2.2, 2.5, 3.0) if DEEP else (1.5,):
        environ = {
            **os.environ,
            "DEBUG": "1",
            "PORT": str(free_port()),
            "DATA_DIR": str(tmp_path),
            "ENV_FILE": os.devnull,
        }
        process = subprocess.Popen(
            [sys.executable, "-m", "newsroom.serve"], cwd=ROOT, env=environ, stderr=subprocess.DEVNULL
        )
        time.sleep(pause)
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) in {0, -signal.SIGTERM}


DRIP = b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: "
UPLOADED = b"POST /admin/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 7000000\r\n\r\n" + b"x" * 100_000


def test_a_readers_wait_is_short_and_memory_small_while_a_thousand_drip_and_a_hundred_upload(tmp_path):
    many, uploads, seconds = (1_000, 100, 60) if DEEP else (100, 20, 2)
    path = "/healthz"
    if DEEP:
        path = "/"  # a page, of an empty newsroom
        for command in (["migrate"], ["collectstatic", "--noinput"]):
            subprocess.run(
                [sys.executable, "manage.py", *command, "--verbosity", "0"], cwd=ROOT, env=environment(tmp_path), check=True
            )  # fmt: skip
    with site(tmp_path, CONNECTIONS_PER_ADDRESS="0") as (port, process):
        sent = [DRIP] * many + [UPLOADED] * uploads
        slow = [connect(port, one) for one in sent]
        waited, until, dripped = [], time.monotonic() + seconds, 0.0
        while time.monotonic() < until:
            began = time.monotonic()
            if began - dripped > 1:
                dripped = began
                for number, one in enumerate(slow):
                    try:
                        one.sendall(b"x")
                    except OSError:
                        one.close()
                        slow[number] = connect(port, sent[number])
            began = time.monotonic()
            assert status(probe(port, path)) == 200
            waited.append(time.monotonic() - began)
            time.sleep(0.02)
        slowest = sorted(waited)[len(waited) * 99 // 100]
        most = max(peak_kilobytes(child) for child in children(process))
        print(f"{path}: {len(waited)} times, p99 {slowest * 1000:.0f} ms, peak {most // 1024} MB a process")
        assert slowest < 1
        assert most < 150 * 1024
        for one in slow:
            one.close()
        process.send_signal(signal.SIGTERM)
        assert process.wait(40) == 0


def resident_kilobytes(pid):
    return kilobytes(pid, "VmRSS")


def peak_kilobytes(pid):
    return kilobytes(pid, "VmHWM")


def kilobytes(pid, what):
    return int(re.search(rf"{what}:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())[1])
