"""How soon a reader behind nginx notices: files that `bake --follow` writes, in front of the site as `make serve` runs it.

An editor publishes and withdraws (`BENCH_SECONDS`, 60) while 20 readers read; after each, a reader asks nginx until it shows.
"""

import json
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from bench._site import PATIENCE, ROOT, Crowd, Reader, Site, free_port, milliseconds, site
from tests.machine import write_nginx_configuration

SECONDS = int(os.environ.get("BENCH_SECONDS", "60"))
PUBLICATIONS, WITHDRAWALS = 10, 3
GOAL = 5.0  # seconds


def main() -> None:
    """Goal: 5 s."""
    if not shutil.which("nginx"):
        print("nginx is not installed (Debian: nginx)")
        return
    with site() as one, one.served(), behind_nginx(one) as port:
        paths = one.paths()
        editor = subprocess.Popen(
            [sys.executable, "-m", "bench._editor", *map(str, (SECONDS, PUBLICATIONS, PUBLICATIONS, WITHDRAWALS))],
            cwd=ROOT, env=one.environ, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        late: dict[str, list[float]] = {"publish": [], "withdraw": []}

        def choose(chance: random.Random) -> str:
            return chance.choice(paths)

        with Crowd(port, 20, choose, pause=0.2) as crowd:
            assert editor.stdout
            for line in editor.stdout:
                event = json.loads(line)
                late[event["verb"]].append(seen(port, event) - event["at"])
        editor.wait()
    for verb, seconds in late.items():
        print(
            f"{verb}: {len(seconds)}, seen after {sorted(seconds)[len(seconds) // 2]:.2f} s, at the latest {max(seconds):.2f} s (goal: {GOAL:.0f})"
        )
    bad = [asked for asked in crowd.asked if asked.status not in {200, 410}]
    print(f"20 readers meanwhile: {len(crowd.asked)} pages, {len(bad)} errors, {milliseconds(crowd.asked)}")


def seen(port: int, event: dict[str, str]) -> float:
    """When a reader saw what was done: on the front page, or at the address that says that it is gone."""
    reader, until = Reader(port), time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if event["verb"] == "withdraw":
            there = reader.ask(event["path"]).status == 410 and event["title"] not in reader.text("/")
        else:
            there = event["title"] in reader.text("/")
        if there:
            break
        time.sleep(0.02)
    return time.monotonic()


@contextmanager
def behind_nginx(one: Site) -> Iterator[int]:
    """`bake --follow` and nginx, once every page is a file; gives nginx's port."""
    port, www, place = free_port(), one.folder / "www", one.folder / "nginx"
    www.mkdir()
    place.mkdir()
    write_nginx_configuration(place, www=www, port=port, upstream=one.port)
    subprocess.run(
        [sys.executable, "manage.py", "bake", str(www)],
        cwd=ROOT, env=one.environ, check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    baking = subprocess.Popen(
        [sys.executable, "manage.py", "bake", str(www), "--follow"],
        cwd=ROOT, env=one.environ, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    nginx = subprocess.Popen(["nginx", "-p", str(place), "-c", "nginx.conf", "-e", f"{place}/start.log"])
    try:
        while Reader(port).ask("/").status != 200:
            time.sleep(0.2)
        yield port
    finally:
        for process in (nginx, baking):
            process.terminate()
            process.wait(PATIENCE)


if __name__ == "__main__":
    main()
