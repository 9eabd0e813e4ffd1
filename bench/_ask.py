"""How a page is asked for through a whole site, as a server asks it (WSGI and every middleware), and what that costs. Any site
that Django serves can be measured: nothing of this newsroom is known here."""

import os
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.db import connection
from django.test import RequestFactory
from django.test.signals import template_rendered
from django.test.utils import CaptureQueriesContext, setup_test_environment, teardown_test_environment

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "150"))
Site = Callable[[dict[str, Any], Callable[..., None]], Any]


@dataclass(frozen=True)
class Cost:
    """Of one page: milliseconds of this process (`web` is the median, `p99` what 99 of 100 stay within) and of the database
    (median); queries, bytes and templates."""

    web: float
    p99: float
    database: float
    queries: int = 0
    size: int = 0
    templates: int = 0


def environ_of(where: str) -> dict[str, Any]:
    """A request as a server hands it over."""
    parts = urlsplit(where)
    factory = RequestFactory(SERVER_NAME="localhost", headers={"accept-encoding": "identity"})
    return factory.get(f"{parts.path}?{parts.query}" if parts.query else parts.path).environ


def ask(site: Site, where: str, environ: dict[str, Any] | None = None) -> bytes:
    """The answer's bytes, as a server would send them."""
    answered: list[str] = []
    response = site(environ or environ_of(where), lambda status, *rest: answered.append(status))
    body = b"".join(response)
    response.close()
    assert answered[0].split()[0] in {"200", "404"}, (where, answered)
    return body


def cost_of(site: Site, where: str, forget: Callable[[], None]) -> Cost:
    """After a few times that nobody measures. `forget` empties the caches of whole pages."""
    for _ in range(5):
        ask(site, where)
    web, database = [], []
    for _ in range(ROUNDS):
        environ = environ_of(where)
        forget()
        before, busy = database_cpu(), time.process_time()
        ask(site, where, environ)
        web.append((time.process_time() - busy) * 1000)
        database.append((database_cpu() - before) * 1000)
    rendered = []
    setup_test_environment()  # Django then tells of each template
    template_rendered.connect(note := lambda **what: rendered.append(what["template"].name))
    forget()
    with CaptureQueriesContext(connection) as queries:
        body = ask(site, where)
    template_rendered.disconnect(note)
    teardown_test_environment()
    return Cost(
        web=statistics.median(web),
        p99=sorted(web)[len(web) * 99 // 100],
        database=statistics.median(database),
        queries=len(queries),
        size=len(body),
        templates=len(rendered),
    )


def database_cpu() -> float:
    """Seconds of CPU time so far of the PostgreSQL process that serves this one, where it runs here. SQLite's are this process's."""
    if connection.vendor != "postgresql" or connection.connection is None:
        return 0.0
    spent = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
    return int(spent.read_text().split()[0]) / 1e9 if spent.exists() else 0.0


def resident() -> float:
    """Megabytes of this process that lie in memory."""
    said = Path("/proc/self/status").read_text()
    return int(said.split("VmRSS:")[1].split()[0]) / 1024
