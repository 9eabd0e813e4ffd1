"""What a feed of twenty full items costs in each form, through the whole site with the page cache missing.

`BENCH_COUNT` releases (10,000) are loaded into the database of the environment where there are fewer.
"""

import os
import resource
import statistics
import time

from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from releases.addresses import FEED_FORMATS, address
from releases.models import Release, ReleaseTopic
from releases.models.topic import Topic

ROUNDS = 60


def main() -> None:
    """Load, ask, print: milliseconds of this process's CPU time and of wall time, queries, bytes, memory."""
    count = int(os.environ.get("BENCH_COUNT", "10000"))
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    if Release.objects.count() < count:
        call_command("load_sample", count=count, verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    client = Client(SERVER_NAME="localhost", headers={"accept-encoding": "identity"})
    print(f"{connection.vendor}, {Release.objects.visible().count()} visible releases")
    print(f"{'':24}{'cpu p50':>9}{'cpu p95':>9}{'p50':>8}{'queries':>9}{'items':>7}{'kB':>6}   ms")
    for name, path in addresses().items():
        client.get(path)
        wall, cpu = [], []
        for number in range(ROUNDS):
            # A parameter that means nothing makes another address, so no answer comes from the page cache.
            fresh = f"{path}{'&' if '?' in path else '?'}round={number}-{time.time_ns()}"
            before, busy = time.perf_counter(), time.process_time()
            answer = client.get(fresh)
            cpu.append((time.process_time() - busy) * 1000)
            wall.append((time.perf_counter() - before) * 1000)
            assert answer.status_code == 200, path
        with CaptureQueriesContext(connection) as asked:
            text = client.get(f"{path}{'&' if '?' in path else '?'}counted=1").content
        items = max(text.count(mark) for mark in (b"<item>", b"<entry>", b'"content_html"'))
        p95 = statistics.quantiles(cpu, n=20)[-1]
        print(
            f"{name:24}{statistics.median(cpu):9.1f}{p95:9.1f}{statistics.median(wall):8.1f}"
            f"{len(asked):9}{items:7}{len(text) // 1000:6}"
        )
    every_page(client)


def addresses() -> dict[str, str]:
    """Everything in each form, a full topic, a choice of topics and the oldest page."""
    filed = ReleaseTopic.objects.filter(content_object__in=Release.objects.visible().filter(language="en"))
    busiest = sorted(
        Topic.objects.filter(pk__in=filed.values("tag")),
        key=lambda topic: -filed.filter(tag=topic).count(),
    )[:3]
    chosen = "&".join(f"topic={slug}" for slug in sorted(topic.slug for topic in busiest))
    return {
        **{f"everything, {kind}": address("feed", kind) for kind in FEED_FORMATS},
        "a topic, rss": address("topic_feed", busiest[0].slug, "rss"),
        "three topics, rss": f"{address('feed', 'rss')}?{chosen}",
        "two languages, rss": f"{address('feed', 'rss')}?language=en&language=zh-hans",
        "the oldest page, rss": f"{address('feed', 'rss')}?page=1",
    }


def every_page(client: Client) -> None:
    """Reads all older items one page after the other, as a reader that takes in the whole archive would."""
    before, pages = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, 0
    path = address("feed", "json")
    while path:
        answer = client.get(path).json()
        pages, path = (
            pages + 1,
            answer.get("next_url", "").partition("localhost")[2].lstrip(":0123456789"),
        )
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(
        f"all {pages} documents of everything, one after the other: {(after - before) / 1024:.0f} MB more at the peak"
    )
