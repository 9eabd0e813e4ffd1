"""How long the first page of a search takes, by kind of question, through the whole site with nothing remembered.

`BENCH_COUNT` made-up releases of about 900 words (10,000; see `bench._texts`) are put into the database of the
environment where there are fewer: give it a database of its own. Each question is asked through the whole site as a
server asks it (WSGI: connection, page, compression), after one round that nobody times. A fixed piece of work, done
between the questions, says how evenly the machine ran.
"""

import os
import random
import statistics
import sys
import time
from collections import Counter
from urllib.parse import urlencode

from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from bench._ask import database_cpu
from bench._texts import fill
from releases.models import Revision, SearchEntry
from releases.search import bitmap, find, parse
from releases.search.analysis import IDEOGRAPH
from releases.search.engine import IndexQuery, explain

QUESTIONS, ROUNDS = 40, 3


def main() -> None:
    """Fill, ask, print: milliseconds of wall time and of CPU time (this process and the database's), and the plans."""
    count = int(os.environ.get("BENCH_COUNT", "10000"))
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    fill(count)
    started = time.perf_counter()
    found = bitmap.build_bitmap_index()
    took = (time.perf_counter() - started) * 1000
    print(f"{connection.vendor}, {SearchEntry.objects.count()} rows, {len(found.releases)} visible")
    print(
        f"the bitmap index, once an edition: {took:.0f} ms, {size_of(found) / 1e6:.1f} MB, answers at most {bitmap.CACHE_BYTES / 1e6:.0f} MB"
    )
    site, kinds, fixed = get_wsgi_application(), questions(), []
    print(
        f"{'':30}{'p50':>7}{'p95':>7}{'cpu p50':>9}{'cpu p95':>9}{'queries':>8}   ms; an example and its releases"
    )
    for kind, asked in kinds.items():
        wall, cpu = [], []
        for number in range(ROUNDS + 1):
            for words in asked:
                forget()
                busy, before = cpu_time(), time.perf_counter()
                ask(site, words)
                after = time.perf_counter()
                if number:  # the first round warms up
                    wall.append((after - before) * 1000)
                    cpu.append((cpu_time() - busy) * 1000)
                    fixed.append(fixed_work())
        forget()
        with CaptureQueriesContext(connection) as queries:
            ask(site, asked[0])
        total = find(parse(asked[0].get("q", "")), found).total
        figures = (
            f"{statistics.median(wall):7.1f}{_p95(wall):7.1f}{statistics.median(cpu):9.1f}{_p95(cpu):9.1f}"
        )
        print(f"{kind:30}{figures}{len(queries):8}   {urlencode(asked[0], safe='')[:60]} ({total})")
    print(
        f"a fixed piece of work: at best {min(fixed):.1f}, p50 {statistics.median(fixed):.1f}, p95 {_p95(fixed):.1f} ms"
    )
    for kind, asked in kinds.items():
        query = parse(asked[0]["q"])
        contains = tuple(clause.contains for clause in query.wanted if clause.contains)
        print(f"-- {kind}: {asked[0]['q']}\n{explain(IndexQuery(query.expression(), contains))}")


def ask(site: WSGIHandler, words: dict[str, str]) -> None:
    """Ask for the first page. The page cache stores canonical query strings alone, and one with a space in front is none."""
    query = urlencode({**words, "q": f" {words.get('q', '')}"})
    request = RequestFactory(SERVER_NAME="localhost", headers={"accept-encoding": "gzip, deflate, br, zstd"})
    answered = []
    response = site(request.get(f"/search/?{query}").environ, lambda *answer: answered.append(answer[0]))
    sent = sum(map(len, response))
    response.close()
    assert answered == ["200 OK"], query
    assert sent, query


def fixed_work() -> float:
    """Milliseconds for what is always the same."""
    before = time.perf_counter()
    sum(number * number for number in range(20_000))
    return (time.perf_counter() - before) * 1000


def forget() -> None:
    """Empties the cache of answers; the bitmap index stays."""
    for index in bitmap.bitmap_indexes.all():
        index.cached.clear()


def cpu_time() -> float:
    """Seconds of CPU time so far: of this process, and of the PostgreSQL process that serves it where it runs here."""
    return time.process_time() + database_cpu()


def size_of(found: bitmap.BitmapIndex) -> int:
    """Bytes of a bitmap index without its cached answers."""
    sets = [*found.topics.values(), *found.years.values(), *found.languages.values()]
    numbers = sum(map(sys.getsizeof, found.entries))
    return numbers + sum(map(sys.getsizeof, [found.releases, found.positions, found.entries, *sets]))


def questions() -> dict[str, list[dict[str, str]]]:
    """Questions of each kind, drawn from the stored texts; the same for the same data."""
    chance = random.Random(1948)
    texts = [
        text for text in Revision.objects.order_by("pk").values_list("body_text", flat=True)[:2000] if text
    ]
    latin = [text for text in texts if not IDEOGRAPH.search(text)]
    chinese = [text for text in texts if IDEOGRAPH.search(text)]
    counts = Counter(word for text in latin for word in set(text.lower().split()) if word.isalpha())
    common = sorted(counts, key=lambda word: (-counts[word], word))[:QUESTIONS]
    rare = [word for word, number in sorted(counts.items()) if number <= 2 and len(word) > 4]
    narrowed = {"year": "2020", "topic": "tibet"}
    kinds = {
        "a rare word": chance.sample(rare, QUESTIONS),
        "a common word": common,
        "two words": [" ".join(chance.sample(common[5:] + rare[:20], 2)) for _ in range(QUESTIONS)],
        "two common words": [" ".join(chance.sample(common, 2)) for _ in range(QUESTIONS)],
        "a phrase of two words": _phrases(latin, chance, 2),
        "a phrase of four words": _phrases(latin, chance, 4),
        "two Chinese characters": [_part(text, chance) for text in chance.choices(chinese, k=QUESTIONS)],
        "a word begun": [f"{word[:3]}*" for word in chance.sample(sorted(counts), QUESTIONS)],
        "a common word, not another": [
            f"{one} -{other}" for one, other in zip(common, reversed(common), strict=True)
        ],
    }
    asked = {kind: [{"q": words} for words in some] for kind, some in kinds.items()}
    asked["a common word, newest first"] = [{"q": word, "sort": "newest"} for word in common]
    asked["a common word, narrowed"] = [{"q": word, **narrowed} for word in common]
    return asked


def _phrases(texts: list[str], chance: random.Random, length: int) -> list[str]:
    found = []
    while len(found) < QUESTIONS:
        words = chance.choice(texts).split("\n\n")[0].split()
        start = chance.randrange(max(1, len(words) - length))
        found.append(f'"{" ".join(words[start : start + length])}"'.replace("\n", " "))
    return found


def _part(text: str, chance: random.Random) -> str:
    places = [
        place
        for place in range(len(text) - 1)
        if IDEOGRAPH.match(text, place) and IDEOGRAPH.match(text, place + 1)
    ]
    place = chance.choice(places)
    return text[place : place + 2]


def _p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]
