"""Everything that docs/performance.md shows, measured in one run: each page as a newsroom grows, beside Wagtail, held pages, memory.

`make bench` runs it, for an hour or so. `BENCH_COUNTS` are the numbers of releases (1000,10000,100000), `BENCH_BESIDE` that at which
Wagtail stands beside (10000; 0 leaves it out). It makes databases of its own. `BENCH_REPORT` names another page to write into.
"""

import os
import platform
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench import _plot
from bench._postgres import Postgres, postgres
from bench.beside import ROOT, newsroom, ratio, wagtail

COUNTS = [int(one) for one in os.environ.get("BENCH_COUNTS", "1000,10000,100000").split(",")]
BESIDE = int(os.environ.get("BENCH_BESIDE", "10000"))
PAGE = Path(os.environ.get("BENCH_REPORT", ROOT / "docs" / "performance.md"))
PLOTS = PAGE.parent / "img"
# What is measured besides, by commands of their own.
OTHERS = {"held": ["cache"], "memory": ["storm", "memory"], "nginx": ["nginx"]}


def main() -> None:
    """Measure, write, print."""
    with postgres() as server:
        sizes = {count: newsroom(server, count) for count in COUNTS}
        beside = _beside(server, sizes) if BESIDE else None
        said = {
            "staff": _said(["staff"], {**server.environ("staff"), "BENCH_COUNTS": ",".join(map(str, COUNTS))})
        }
    said |= {name: _said(command) for name, command in OTHERS.items()}
    _write(sizes, beside, said)


def _beside(server: Postgres, sizes: dict[int, dict[str, Any]]) -> dict[str, Any]:
    if BESIDE not in sizes:
        sizes[BESIDE] = newsroom(server, BESIDE)
    return wagtail(server, BESIDE)


def _said(command: list[str], environ: dict[str, str] | None = None) -> str:
    return subprocess.run(
        [sys.executable, "-m", "bench", *command],
        cwd=ROOT,
        env=environ,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    ).stdout


def _write(sizes: dict[int, dict[str, Any]], beside: dict[str, Any] | None, said: dict[str, str]) -> None:
    parts = {
        "machine": _machine(),
        "growth": growth_table(sizes),
        **{name: f"```\n{_without_progress(words)}```" for name, words in said.items()},
    }
    _plot.growth(sizes, PLOTS / "performance-growth.svg")
    if beside:
        parts["beside"] = beside_table(sizes[BESIDE], beside)
        _plot.beside(sizes[BESIDE], beside, PLOTS / "performance-beside.svg")
    text = PAGE.read_text(encoding="utf-8")
    for name, written in parts.items():
        print(f"== {name}\n{written}")
        text = re.sub(
            rf"(<!-- bench: {name} -->\n).*?(<!-- end -->)",
            lambda found, written=written: f"{found[1]}{written}\n{found[2]}",
            text,
            flags=re.DOTALL,
        )
    PAGE.write_text(text, encoding="utf-8")


def _without_progress(words: str) -> str:
    return "".join(f"{line}\n" for line in words.splitlines() if not line.startswith("=="))


def _machine() -> str:
    """What it was measured on, and what else the machine did."""
    model = re.search(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text())
    memory = int(re.search(r"MemTotal:\s+(\d+)", Path("/proc/meminfo").read_text())[1]) / 1024**2
    busy = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    return (
        f"Measured on {datetime.now(UTC):%d %B %Y} with {os.cpu_count()} cores ({model[1] if model else platform.machine()}), "
        f"{memory:.0f} GB, Python {platform.python_version()}, PostgreSQL on the same machine; the machine's load at the end was {busy}."
    )


def growth_table(sizes: dict[int, dict[str, Any]]) -> str:
    """Each page at each size: milliseconds of the web process and of the database; what the largest costs beside the smallest."""
    counts = sorted(sizes)
    lines = [
        "| CPU ms, web + database | "
        + " | ".join(f"{count:,}" for count in counts)
        + " | growth | p99 | queries | bytes |",
        "|---|" + "---:|" * (len(counts) + 4),
    ]
    for name in sizes[counts[0]]["pages"]:
        costs = [sizes[count]["pages"][name] for count in counts]
        first, last = costs[0], costs[-1]
        grown = (last["web"] + last["database"]) / (first["web"] + first["database"])
        cells = [f"{cost['web']:.1f} + {cost['database']:.1f}" for cost in costs]
        lines.append(
            f"| {name} | {' | '.join(cells)} | {grown:.2f} | {last['p99']:.1f} | {last['queries']} | {last['size']:,} |"
        )
    lines.append(
        "| memory of the measuring process, MB | "
        + " | ".join(f"{sizes[count]['memory']:.0f}" for count in counts)
        + " | | | | |"
    )
    return "\n".join(lines)


def beside_table(ours: dict[str, Any], theirs: dict[str, Any]) -> str:
    """The same pages of both, and what ours cost as a part of theirs."""
    lines = [
        "| CPU ms, web + database | newsroom | Wagtail | web | database | queries | bytes |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    for name, cost in theirs["pages"].items():
        here = ours["pages"][name]
        lines.append(
            f"| {name} | {here['web']:.1f} + {here['database']:.1f} | {cost['web']:.1f} + {cost['database']:.1f} | "
            f"{ratio(here['web'], cost['web'])} | {ratio(here['database'], cost['database'])} | "
            f"{here['queries']} : {cost['queries']} | {here['size']:,} : {cost['size']:,} |"
        )
    lines.append(
        f"| memory of the measuring process, MB | {ours['memory']:.0f} | {theirs['memory']:.0f} | | | | |"
    )
    return "\n".join(lines)
