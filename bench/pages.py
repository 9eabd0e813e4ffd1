"""What a page costs that no cache has: CPU time of this process and of the database, queries, bytes, templates.

`BENCH_COUNT` made-up releases of about 900 words and 5 notes (10,000; see `bench._texts`) are put into the database of the
environment where there are fewer: give it a database of its own. Each page is asked for through the whole site as a server
asks it (WSGI and every middleware), with an empty page cache. The floor is a bare Django view, which no middleware wraps,
with the bytes of a release's page: what is above it is ours. `BENCH_PROFILE=NAME` prints where the time of one page goes,
`BENCH_JSON` names a file for the figures.
"""

import cProfile
import json
import os
import pstats
import statistics
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.cache import caches
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test.utils import override_settings
from django.urls import path

from bench._ask import ROUNDS, Site, ask, cost_of, environ_of, resident
from bench._texts import fill
from newsroom.serve import settle
from releases.addresses import address
from releases.models import Release, ReleaseTopic, Revision, Topic


def main() -> None:
    """Fill, ask, print."""
    count = int(os.environ.get("BENCH_COUNT", "10000"))
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    fill(count)
    site, asked = get_wsgi_application(), pages()
    settle()  # as in a process that serves
    if name := os.environ.get("BENCH_PROFILE"):
        profile(site, asked[name])
        return
    floor = floor_of(ask(site, asked["release"]))
    print(f"{connection.vendor}, {Release.objects.visible().count()} visible releases; CPU time in ms")
    print(
        f"{'':26}{'web':>7}{'p99':>7}{'floor':>8}{'database':>10}{'queries':>9}{'bytes':>9}{'templates':>11}"
    )
    print(f"{'a bare view':26}{floor:7.2f}")
    costs = {}
    for name, where in asked.items():
        cost = costs[name] = cost_of(site, where, caches["pages"].clear)
        print(
            f"{name:26}{cost.web:7.2f}{cost.p99:7.2f}{cost.web / floor:7.1f}x{cost.database:10.2f}{cost.queries:9}"
            f"{cost.size:9}{cost.templates:11}",
            flush=True,
        )
    print(f"{resident():.0f} MB in memory")
    if file := os.environ.get("BENCH_JSON"):
        found = {
            "pages": {name: asdict(cost) for name, cost in costs.items()},
            "floor": floor,
            "memory": resident(),
        }
        Path(file).write_text(json.dumps(found))


def pages() -> dict[str, str]:
    """The pages by the names of the table."""
    visible = Release.objects.visible().filter(language="en")
    last = max(1, visible.count() // 20)
    one = visible.in_order()[visible.count() // 3]
    filed = ReleaseTopic.objects.filter(content_object__in=visible)
    busiest = max(Topic.objects.all(), key=lambda topic: filed.filter(tag=topic).count())
    deep = max(1, filed.filter(tag=busiest).count() // 20)
    day = one.publish_at
    assert day
    topic, archive, search = address("topic", busiest.slug), address("archive"), address("search")
    return {
        "release": one.get_absolute_url(),
        "front": address("front"),
        "front, deep": f"{address('front')}?page={min(400, last)}",
        "front, last page": f"{address('front')}?page={last}",
        "topic": topic,
        "topic, deep": f"{topic}?page={deep}",
        "archive": archive,
        "archive, deep": f"{archive}?page={min(400, last)}",
        "a year": address("year", day.year),
        "a month": address("month", day.year, day.month),
        "topic index": address("topics"),
        "follow": address("follow"),
        "feed, rss": address("feed", "rss"),
        "feed, atom": address("feed", "atom"),
        "feed, json": address("feed", "json"),
        "topic feed": address("topic_feed", busiest.slug, "rss"),
        "search, common word": f"{search}?q=world",
        "search, two words": f"{search}?q=world+long",
        "search, rare word": f"{search}?q={_rare()}",
        "not found": "/nowhere/",
    }


def _rare() -> str:
    text = Revision.objects.order_by("pk").values_list("body_text", flat=True)[7]
    return next(word for word in text.split() if word.startswith("X")).rstrip(".")


def floor_of(body: bytes) -> float:
    """Milliseconds of a view that only answers with these bytes, through Django's handler alone."""
    global urlpatterns
    urlpatterns = [path("", lambda request: bare(request, body))]
    with override_settings(MIDDLEWARE=[], ROOT_URLCONF=__name__):
        handler = WSGIHandler()
        spent = []
        for _ in range(ROUNDS * 4):
            environ = environ_of("/")
            busy = time.process_time()
            ask(handler, "/", environ)
            spent.append((time.process_time() - busy) * 1000)
    return statistics.median(spent)


urlpatterns: list[Any] = []


def bare(request: HttpRequest, body: bytes) -> HttpResponse:
    """The same bytes for everybody."""
    return HttpResponse(body, content_type="text/html; charset=utf-8")


def profile(site: Site, where: str) -> None:
    """Where the time of a page goes."""
    for _ in range(5):
        ask(site, where)
    found = cProfile.Profile()
    for _ in range(ROUNDS):
        environ = environ_of(where)
        caches["pages"].clear()
        found.enable()
        ask(site, where, environ)
        found.disable()
    pstats.Stats(found).sort_stats("cumulative").print_stats(70)
    pstats.Stats(found).sort_stats("tottime").print_stats(25)
