"""How long bulk intake takes, and how much memory: an export of `BENCH_COUNT` releases (10,000), five notes each, and as
many saved pages, into the database of the environment, which should be empty; then out again.

`BENCH_KEEP=FOLDER` keeps what was made, so that a second database can be given the same.
"""

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from html import escape
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import connection

from releases.sample.generate import HERE, PhraseBook, citation, note_keys, note_list
from releases.sample.reader import topic_names
from releases.text.slugs import slug_of

ROOT = Path(__file__).resolve().parent.parent
NOTES = 5
FIRST = datetime(2006, 1, 1, 12, tzinfo=UTC)
MAPPING = """version = 1
title = "h1"
date = ".date"
body = ".text"
topics = ".topics a"
remove = [".share"]
"""


def main() -> None:
    """Make, take in, write out; print seconds of wall and CPU time, and the most memory that all its processes held."""
    count = int(os.environ.get("BENCH_COUNT", "10000"))
    with ExitStack() as stack:
        kept = os.environ.get("BENCH_KEEP")
        folder = Path(kept or stack.enter_context(tempfile.TemporaryDirectory(prefix="newsroom-bench-")))
        if not (folder / "pages").exists():
            began = time.perf_counter()
            make(folder, count)
            print(f"made in {time.perf_counter() - began:.0f} s")
        size = (folder / "lines.jsonl").stat().st_size / 1e6
        print(f"{connection.vendor}; {count} releases, {count * NOTES} notes, {size:.0f} MB of lines")
        print(f"{'':28}{'seconds':>8}{'CPU':>8}{'MB':>7}")
        measure("migrate", "migrate", "--verbosity", "0")
        lines, pages = str(folder / "lines.jsonl"), str(folder / "pages")
        mapping = ["--mapping", str(folder / "mapping.toml"), "--by", "bench", "--report", os.devnull]
        measure("lines, dry run", "import_releases", lines, "--dry-run")
        measure("lines", "import_releases", lines)
        measure("lines, again", "import_releases", lines)
        measure("saved pages, dry run", "import_releases", pages, *mapping, "--dry-run")
        measure("saved pages", "import_releases", pages, *mapping)
        measure("saved pages, again", "import_releases", pages, *mapping)
        with tempfile.TemporaryDirectory() as out:
            measure("export", "export_releases", out)
            measure("import of it, again", "import_releases", out)


def measure(name: str, *words: str) -> None:
    """Run a command of `manage.py` in a process of its own and print what it took."""
    environment = {
        **os.environ,
        "DEBUG": "0",
        "SITE_URL": "https://news.example",
    }
    before, began = os.times(), time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "manage.py", *words], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    )
    peak = 0.0
    while process.poll() is None:
        peak = max(peak, sum(_megabytes(pid) for pid in _family(process.pid)))
        time.sleep(0.1)
    said = (process.communicate()[0] or "").strip().splitlines()
    spent, after = time.perf_counter() - began, os.times()
    busy = after.children_user + after.children_system - before.children_user - before.children_system
    print(f"{name:28}{spent:8.1f}{busy:8.1f}{peak:7.0f}   {said[-1] if said else ''}", flush=True)
    if process.returncode:
        sys.exit(process.returncode)


def _family(pid: int) -> list[int]:
    """A process and all that it started."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
    return [pid, *(one for child in children for one in _family(int(child)))]


def _megabytes(pid: int) -> float:
    """What a process holds that is its own, and its share of what several hold."""
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    except OSError:
        pass
    return 0.0


# ---------------------------------------------------------------------- what is taken in


def make(folder: Path, count: int) -> None:
    """Write the lines, the pages and their mapping."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lines.jsonl").open("w", encoding="utf-8") as file:
        for line in lines(count):
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
    for number in range(count):
        place = folder / "pages" / f"{2006 + number % 20}" / f"article-{number}.html"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(page(number), "utf-8")
    (folder / "mapping.toml").write_text(MAPPING, "utf-8")


def lines(count: int) -> Iterator[dict[str, Any]]:
    """An export: people, topics, releases of every kind."""
    at = FIRST.isoformat()
    yield {"format": "newsroom", "version": 1, "changed_at": at}
    yield {"kind": "person", "username": "bench", "role": "editor", "active": True}
    for name in topic_names():
        yield {"kind": "topic", "slug": slug_of(name, fallback="topic"), "name": name}
    for number in range(count):
        yield release(number)
    yield {"kind": "end"}


def release(number: int) -> dict[str, Any]:
    """A published release; one in ten was corrected and has a draft over it, one in fifty was withdrawn."""
    words, chance = _words(number, "lines")
    due = (FIRST + timedelta(hours=17 * number)).isoformat()
    title = words.say("title")
    names = chance.sample(topic_names(), 3)
    written = {"created_at": due, "created_by": "bench", "edited_at": due, "edited_by": "bench"}
    steps = {"submitted_at": due, "approved_at": due, "frozen_at": due, "approved_by": "bench"}
    revisions = [
        {
            "number": 1, "title": title, "dateline": words.place, "summary": words.say("plain"),
            "body": body(words, chance), "publish_at": due, **written, **steps,
            "topics": [slug_of(name, fallback="topic") for name in names],
        }
    ]  # fmt: skip
    corrected = number % 10 == 0
    if corrected:
        revisions.append({**revisions[0], **dict.fromkeys(steps), "number": 2, "title": f"{title} (draft)"})
    slug = f"{slug_of(title)}-{number}"
    withdrawn = number % 50 == 1
    return {
        "kind": "release", "uuid": str(UUID(int=chance.getrandbits(128), version=4)), "language": "en", "slug": slug,
        "publish_at": due, "updated_at": due if corrected else None, "created_at": due, "created_by": "bench",
        "withdrawn_at": due if withdrawn else None, "withdrawal_notice": "An error." if withdrawn else "",
        "live": 1, "working": 2 if corrected else None, "addresses": [["en", slug]],
        "former_paths": [f"/content/{number}"], "revisions": revisions,
        "corrections": [{"revision": 1, "at": due, "note": "A number.", "by": "bench"}] if corrected else [],
        "events": [
            {"verb": verb, "at": due, "by": "bench", "revision": 1, "detail": {}} for verb in ("create", "publish")
        ],
    }  # fmt: skip


def body(words: PhraseBook, chance: random.Random) -> str:
    """A stored body of six to twelve paragraphs that cites five notes, one of them twice."""
    keys = note_keys(chance, NOTES)
    cited = dict.fromkeys(keys, 0)
    blocks = [
        f"<p>{words.say('opening')}{citation(key, cited)} {words.say('plain')} {words.say('said')}</p>"
        for key in keys
    ]
    blocks += [f"<p>{words.say('ask')}</p>" for _ in range(chance.randrange(6))]
    blocks.append(f"<p>{words.say('plain')}{citation(keys[0], cited)}</p>")
    return "".join(blocks) + note_list(words, chance, keys)


def page(number: int) -> str:
    """A saved page; every other one links its notes there and back, the rest count them and end them with "^"."""
    words, chance = _words(number, "pages")
    linked = number % 2 == 0
    said, notes = "", ""
    for n in range(1, NOTES + 1):
        mark = f'<a id="r{n}" href="#n{n}">{n}</a>' if linked else str(n)
        said += f"<p>{escape(words.say('opening'))}<sup>{mark}</sup> {escape(words.say('plain'))}</p>\n"
        source = escape(f"{words.say('source')}")
        arrow = f'<a href="#r{n}">^</a>' if linked else "^"
        notes += f'<p id="n{n}">{n}. {source} {arrow}</p>\n'
    day = FIRST + timedelta(hours=17 * number)
    topics = "".join(
        f'<li><a href="/t/{n}">{escape(name)}</a>' for n, name in enumerate(chance.sample(topic_names(), 3))
    )
    return (
        f"<!DOCTYPE html><html><head><meta charset=utf-8><title>x</title></head><body><nav>Home About</nav>"
        f"<h1>{escape(words.say('title'))}</h1><p class=date>{day:%B} {day.day}, {day.year}</p><div class=text>"
        f"<div class=share>Share</div>{said}<p>{escape(words.say('plain'))}<sup>1</sup></p><hr>{notes}</div>"
        f"<ul class=topics>{topics}</ul></body></html>"
    )


def _words(number: int, kind: str) -> tuple[PhraseBook, random.Random]:
    chance = random.Random(f"{kind}/{number}")
    return PhraseBook(_PHRASES["en"], chance, number), chance


_PHRASES = json.loads((HERE / "phrases.json").read_text(encoding="utf-8"))
