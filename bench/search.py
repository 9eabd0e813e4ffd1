"""How long the first page of a search takes, by kind of question, through the whole site with the page cache missing.

`BENCH_COUNT` releases (10,000) are loaded into the database of the environment where there are fewer.
"""

import os
import random
import statistics
import time
from collections import Counter
from urllib.parse import urlencode

from django.core.management import call_command
from django.db import connection
from django.test import Client

from releases.models import Release, Revision, SearchEntry
from releases.search import find, parse, shelf
from releases.search.engine import Question, explain
from releases.search.fold import IDEOGRAPH

QUESTIONS, ROUNDS = 40, 5


def main() -> None:
    """Load, ask, print: milliseconds of wall time and of this process's CPU time, and the plans."""
    count = int(os.environ.get("BENCH_COUNT", "10000"))
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    if Release.objects.count() < count:
        call_command("load_sample", count=count, verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    started = time.perf_counter()
    found = shelf.put_up()
    print(f"{connection.vendor}, {SearchEntry.objects.count()} rows, {len(found.releases)} visible")
    print(f"putting up the shelf, once an edition: {(time.perf_counter() - started) * 1000:.0f} ms")
    client = Client(SERVER_NAME="localhost", headers={"accept-encoding": "identity"})
    kinds = questions()
    client.get("/search/?q=warm")
    print(f"{'':24}{'p50':>8}{'p95':>8}{'cpu p95':>9}   ms; an example with its number of releases")
    for kind, asked in kinds.items():
        wall, cpu = [], []
        for number in range(ROUNDS):
            for words in asked:
                # A parameter that means nothing makes another address, so no answer comes from the page cache.
                path = f"/search/?{urlencode({'q': words, 'round': f'{number}-{time.time_ns()}'})}"
                before, busy = time.perf_counter(), time.process_time()
                answer = client.get(path)
                cpu.append((time.process_time() - busy) * 1000)
                wall.append((time.perf_counter() - before) * 1000)
                assert answer.status_code == 200, path
        total = find(parse(asked[0]), found).total
        p50, p95 = statistics.median(wall), _p95(wall)
        print(f"{kind:24}{p50:8.1f}{p95:8.1f}{_p95(cpu):9.1f}   {asked[0]} ({total})")
    for kind, asked in kinds.items():
        query = parse(asked[0])
        contains = tuple(clause.contains for clause in query.wanted if clause.contains)
        print(f"-- {kind}: {asked[0]}\n{explain(Question(query.expression(), contains))}")


def questions() -> dict[str, list[str]]:
    """Questions of each kind, drawn from the stored texts; the same for the same data."""
    chance = random.Random(1948)
    texts = [
        text for text in Revision.objects.order_by("pk").values_list("body_text", flat=True)[:2000] if text
    ]
    latin = [text for text in texts if not IDEOGRAPH.search(text)]
    chinese = [text for text in texts if IDEOGRAPH.search(text)]
    counts = Counter(word for text in latin for word in set(text.lower().split()) if word.isalpha())
    common = [word for word, _ in counts.most_common(QUESTIONS)]
    rare = [word for word, number in sorted(counts.items()) if number <= 2 and len(word) > 4]
    return {
        "a rare word": chance.sample(rare, QUESTIONS),
        "a common word": common,
        "two words": [" ".join(chance.sample(common[5:] + rare[:20], 2)) for _ in range(QUESTIONS)],
        "a phrase of two words": _phrases(latin, chance, 2),
        "a phrase of four words": _phrases(latin, chance, 4),
        "two Chinese characters": [_part(text, chance) for text in chance.choices(chinese, k=QUESTIONS)],
    }


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
