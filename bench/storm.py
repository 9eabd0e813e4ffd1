"""A storm on the site as `make serve` runs it: readers while an editor works, a cold cache, an hour's requests, lost servers."""

import json
import os
import random
import re
import shutil
import subprocess
import sys
import threading
import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from contextlib import contextmanager
from pathlib import Path

from bench._site import PATIENCE, ROOT, Asked, Crowd, Reader, Rendering, Site, free_port, milliseconds, site

SECONDS = int(os.environ.get("BENCH_SECONDS", "60"))
REQUESTS = int(os.environ.get("BENCH_REQUESTS", "100000"))
SAVES, PUBLICATIONS, WITHDRAWALS = 50, 10, 3
STALE_AFTER = 5.0  # seconds
CLIENTS = 500
OUTAGE = 5.0  # seconds


def main(*parts: str) -> None:
    """Those parts, or all."""
    with site() as one:
        for part in parts or PARTS:
            PARTS[part](one)


# ------------------------------------------------------------------ readers while an editor works


def readers(one: Site) -> None:
    """200 readers who read for a second on average, then 20 who never pause. Goals: no error, nothing stale after 5 s,
    and 99 of 100 held pages within 20 ms."""
    for many, pause in ((200, 1.0), (20, 0.2), (20, 0.0)):
        with one.served():
            paths = one.paths()
            one.warm(paths)
            # Every third asks for the front page, on which everything new has to stand.
            crowd = Crowd(
                one.port,
                many,
                lambda chance, paths=paths: chance.choice(paths) if chance.random() > 0.3 else "/",
                pause=pause,
            )
            with crowd:
                said = subprocess.run(
                    [sys.executable, "-m", "bench._editor", *map(str, (SECONDS, SAVES, PUBLICATIONS, WITHDRAWALS))],
                    cwd=ROOT, env=one.environ, check=True, stdout=subprocess.PIPE, text=True,
                ).stdout  # fmt: skip
                events = [json.loads(line) for line in said.splitlines()]
                gone = Crowd(
                    one.port, 1, lambda chance, events=events: chance.choice(events)["path"], pause=0.05
                )
                with gone:
                    time.sleep(STALE_AFTER + 2)
            made = one.renderings()
        held, other = held_and_made(crowd.asked, made)
        errors = [asked for asked in crowd.asked if asked.status != 200]
        stale, oldest = staleness(crowd, gone, events)
        first = max(first_seen(crowd, event) for event in events if event["verb"] == "publish")
        speed = len(crowd.asked) / (SECONDS + STALE_AFTER + 2)
        print(f"{many} readers, pause {pause:.1f} s: {len(crowd.asked)} pages, {speed:.0f} a second")
        print(
            f"  {len(errors)} errors {dict(Counter(asked.status for asked in errors)) or ''}, {len(made)} rendered"
        )
        print(
            f"  {SAVES} saves, {PUBLICATIONS} publications, {WITHDRAWALS} withdrawals: {stale} stale pages after "
            f"{STALE_AFTER:.0f} s, the oldest page was {oldest:.2f} s behind; each was seen within {first:.2f} s"
        )
        print(f"  held:     {milliseconds(held)}")
        print(f"  rendered: {milliseconds(other)}")


def held_and_made(asked: Sequence[Asked], made: Sequence[Rendering]) -> tuple[list[Asked], list[Asked]]:
    """Those that came from the cache, and those during which their page was rendered: they may have waited for it."""
    ends: dict[str, list[float]] = {}
    begins: dict[str, list[float]] = {}
    for one in sorted(made, key=lambda one: one.ended):
        ends.setdefault(one.path, []).append(one.ended)
        begins.setdefault(one.path, []).append(one.began)
    found: tuple[list[Asked], list[Asked]] = [], []
    for one in asked:
        at = bisect_left(ends.get(one.path, []), one.began)
        found[any(began < one.ended for began in begins.get(one.path, [])[at : at + 4])].append(one)
    return found


def staleness(crowd: Crowd, gone: Crowd, events: list[dict]) -> tuple[int, float]:
    """How many pages lacked what was published, or had what was withdrawn, though it was so 5 s ago; and how long after a
    change any page was still asked for, and came, without it."""
    count, oldest = 0, 0.0
    bodies = {**crowd.bodies, **gone.bodies}
    withdrawn = {event["title"]: event["at"] for event in events if event["verb"] == "withdraw"}
    holds = {key: set(_titles(body)) for key, body in bodies.items()}
    for asked in [*crowd.asked, *gone.asked]:
        there, late = holds.get(asked.body, set()), 0.0
        for event in events:
            since = asked.began - event["at"]
            if since <= 0:
                continue
            if event["verb"] == "withdraw":
                wrong = event["title"] in there
            else:
                out = event["title"] in withdrawn and asked.ended > withdrawn[event["title"]]
                on_it = asked.path in {"/", event["path"]}
                wrong = asked.status == 200 and on_it and event["title"] not in there and not out
            if wrong:
                late = max(late, since)
        oldest = max(oldest, late)
        count += late > STALE_AFTER
    return count, oldest


def first_seen(crowd: Crowd, event: dict) -> float:
    """How many seconds after a publication the first reader saw its title on the front page; PATIENCE where nobody did."""
    on_it = {key for key, body in crowd.bodies.items() if event["title"] in _titles(body)}
    times = [one.ended - event["at"] for one in crowd.asked if one.path == "/" and one.body in on_it]
    return min(times, default=PATIENCE)


def _titles(body: bytes) -> list[str]:
    return [one.decode() for one in re.findall(rb"Storm \d+ \d+", body)]


# ------------------------------------------------------------------ a cold cache


def cold(one: Site) -> None:
    """500 clients ask at one moment for a page that no process holds. Goal: each process renders it once at most."""
    with one.served() as workers:
        paths = [path for path in one.paths() if path.startswith("/releases/") and path.count("/") == 3]
        for path in (paths[-1], "/", "/topics/", "/feeds/releases.rss", "/search/?q=water"):
            # The edition changes by itself, so that nothing is held, not even what `paths` has asked for.
            subprocess.run(
                [sys.executable, "-c", RAISE],
                cwd=ROOT,
                env=one.environ,
                check=True,
                stdout=subprocess.DEVNULL,
            )
            before = len(one.renderings())
            asked = at_once(one.port, path)
            made = Counter(made.pid for made in one.renderings()[before:] if made.path == path)
            wrong = Counter(got.status for got in asked if got.status != 200)
            print(
                f"{path}: rendered {[made[worker] for worker in workers]} times in each process, "
                f"{len(asked)} clients, errors {dict(wrong) or 0}, {milliseconds(asked)}"
            )


RAISE = (
    "import django; django.setup()\n"
    "from django.utils import timezone; from releases.editions import raise_edition; raise_edition(timezone.now())"
)


def at_once(port: int, path: str) -> list[Asked]:
    """Each has connected before the first asks."""
    barrier, asked = threading.Barrier(CLIENTS), []

    def ask() -> None:
        reader = Reader(port)
        reader.connection.connect()
        barrier.wait(PATIENCE)
        asked.append(reader.ask(path))
        reader.connection.close()

    threads = [threading.Thread(target=ask) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return asked


# ------------------------------------------------------------------ memory


def memory(one: Site) -> None:
    """Addresses that are known and made up, with queries that are read or not. Goals: no growth beyond the first fifth of the
    requests, and 120 MB a worker."""
    with one.served() as workers:
        paths = one.paths()
        print(f"{0:7} requests: {[_megabytes(worker) for worker in workers]} MB")
        crowd = Crowd(one.port, 16, lambda chance: mixed(chance, paths))
        with crowd:
            for portion in range(1, 6):
                while len(crowd.asked) < portion * REQUESTS / 5:
                    time.sleep(0.2)
                print(
                    f"{len(crowd.asked):7} requests: {[_megabytes(worker) for worker in workers]} MB",
                    flush=True,
                )
        print(f"  {dict(Counter(asked.status for asked in crowd.asked))}, {milliseconds(crowd.asked)}")


def mixed(chance: random.Random, paths: list[str]) -> str:
    """An address; eight of ten are known."""
    kind, number = chance.random(), chance.randrange(10**9)
    if kind < 0.5:
        return chance.choice(paths)
    if kind < 0.8:
        return f"{chance.choice(paths)}?utm_source={number}"
    if kind < 0.86:
        return f"/search/?q=word{number}"
    if kind < 0.92:
        return f"/releases/made-up-{number}/"
    if kind < 0.96:
        return f"/?page={number}"
    return f"/nowhere/{number}"


def _megabytes(pid: int) -> int:
    return int(re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())[1]) // 1024


# ------------------------------------------------------------------ faults


def faults(one: Site) -> None:
    """Goals: readers see each page that is held, marked where it may be stale; staff are told; and it mends by itself."""
    if one.database:
        with one.served(), watched(one, "database") as times:
            one.database.stop()
            time.sleep(OUTAGE)
            one.database.ensure_postgres_running()
            times.append(time.monotonic())
        lost_replica(one)
    else:
        print("database: SQLite has no server that could be restarted")
    if shutil.which("redis-server"):
        port = free_port() + 50
        server = _redis(one, port)
        try:
            with (
                one.served(CACHE_URL=f"redis://127.0.0.1:{port}/0"),
                watched(one, "cache server", unread=0.2) as times,
            ):
                server.kill()
                server.wait()
                time.sleep(OUTAGE)
                server = _redis(one, port)
                times.append(time.monotonic())
        finally:
            server.kill()
            server.wait()
    else:
        print("cache server: redis-server is not installed")
    with one.served(PAGE_CACHE_MB="1") as workers:
        with watched(one, "page cache of 1 MB, full") as times:
            times.append(time.monotonic())
            time.sleep(OUTAGE)
        print(f"  {len(one.renderings())} rendered, {[_megabytes(worker) for worker in workers]} MB")


def lost_replica(one: Site) -> None:
    """A fifth of what readers ask for is held by nobody, and so made of the replica as long as there is one."""
    from tests.servers import Postgres

    standby = Postgres(one.folder / "standby")
    try:
        standby.follow(one.database.get_uri())
        with one.served(REPLICA_URLS=standby.url()), watched(one, "replica", unread=0.2) as times:
            standby.stop()
            time.sleep(OUTAGE)
            standby.start()
            times.append(time.monotonic())
    finally:
        standby.stop()


def _redis(one: Site, port: int) -> subprocess.Popen:
    return subprocess.Popen(
        ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(one.folder)],
        stdout=subprocess.DEVNULL,
    )


@contextmanager
def watched(one: Site, what: str, *, unread: float = 0.0):
    """20 readers of pages that were read before, and somebody of the staff, while something happens; `unread` of their pages
    nobody has read before. Whoever makes it happen adds the moment from which all is well again."""
    paths = one.paths()
    one.warm(paths)

    def choose(chance: random.Random) -> str:
        return f"/search/?q=word{chance.random()}" if chance.random() < unread else chance.choice(paths)

    crowd = Crowd(one.port, 20, choose, pause=0.1)
    cookie = f"newsroom_session_{one.port}={'x' * 32}"
    staff: list[Asked] = []
    ended, times = threading.Event(), []

    def work() -> None:
        reader = Reader(one.port, Cookie=cookie)
        while not ended.wait(0.2):
            staff.append(reader.ask("/admin/"))

    thread = threading.Thread(target=work)
    thread.start()
    try:
        with crowd:
            time.sleep(1)
            began = time.monotonic()
            yield times
            time.sleep(OUTAGE)
    finally:
        ended.set()
        thread.join()
    print(
        f"{what}: {len(crowd.asked)} pages for readers {dict(Counter(asked.status for asked in crowd.asked))}, "
        f"{sum(asked.stale for asked in crowd.asked)} marked as stale, {milliseconds(crowd.asked)}"
    )
    print(f"  staff {dict(Counter(asked.status for asked in staff))}, {milliseconds(staff)}")
    for one in crowd.asked:
        if one.status != 200:
            print(
                f"  {one.status} for {one.path}, {one.began - began:.2f} to {one.ended - began:.2f} s after it began"
            )
    for whom, asked in (("readers", crowd.asked), ("staff", staff)):
        well = times[0] if times else began
        bad = [one.ended - well for one in asked if one.stale or one.status not in {200, 302}]
        print(f"  {whom}: all is well {max([0.0, *bad]):.1f} s after the server is there again")


PARTS = {"readers": readers, "cold": cold, "memory": memory, "faults": faults}
