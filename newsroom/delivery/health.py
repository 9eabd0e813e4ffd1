"""Is the process up (`/healthz`), and may it be sent readers (`/readyz`)?"""

from collections.abc import Callable

from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse


class HealthMiddleware:
    """Answers before sessions, languages and hosts are looked at, so that a probe needs none of them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info == "/healthz":
            return answer("ok")
        if request.path_info == "/readyz":
            return ready()
        return self.get_response(request)


def ready() -> HttpResponse:
    """200 when the database answers and every migration has run; else 503 with the reason."""
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except (DatabaseError, InterfaceError):
        return answer("the database does not answer", status=503)
    if waiting:
        return answer(f"{len(waiting)} migrations have not run", status=503)
    return answer("ok")


def answer(word: str, *, status: int = 200) -> HttpResponse:
    """A plain word that nobody stores."""
    return HttpResponse(
        word + "\n", content_type="text/plain", status=status, headers={"Cache-Control": "no-store"}
    )
