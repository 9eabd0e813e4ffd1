"""Whether the site works: the probes, and the answer (503) when the database does not."""

import logging
import sys
from collections.abc import Callable

from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse

from newsroom.http import NEVER_STORED
from releases.reading import errors

log = logging.getLogger(__name__)


class HealthMiddleware:
    """Answers before sessions, languages and hosts are looked at, so that a probe needs none of them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info == "/healthz":
            return probe("ok")
        if request.path_info == "/readyz":
            return ready()
        return self.get_response(request)


def ready() -> HttpResponse:
    """200 when the database answers and every migration has run; else 503 with the reason."""
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except (DatabaseError, InterfaceError):
        return probe("the database does not answer", status=503)
    if waiting:
        return probe(f"{len(waiting)} migrations have not run", status=503)
    return probe("ok")


def probe(word: str, *, status: int = 200) -> HttpResponse:
    """A plain word that nobody stores."""
    return HttpResponse(
        word + "\n", content_type="text/plain", status=status, headers={"Cache-Control": NEVER_STORED}
    )


class DatabaseFaultMiddleware:
    """Answers for what a view could not ask of the database. What fails outside of views comes to `failed`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """503 for a fault of the database; every other is for Django."""
        return unavailable(request, error) if is_fault(error) else None


def is_fault(error: BaseException | None) -> bool:
    """Whether the database itself could not do what it was asked: not one that refused a value or a row."""
    # Of its base class SQLite raises what befell the file ("malformed").
    return isinstance(error, OperationalError | InterfaceError) or type(error) is DatabaseError


def unavailable(request: HttpRequest, error: BaseException) -> HttpResponse:
    """503, and a line in the log without any of what was asked or sent."""
    # The first line names the fault; others may quote the statement.
    said = str(error).partition("\n")[0][:200]
    log.error("The database does not answer %s: %s: %s", request.method, type(error).__name__, said)
    response = errors.unavailable(request)
    vars(response)["database_fault"] = True
    return response


def is_unavailable(response: HttpResponse) -> bool:
    """Whether it is that answer."""
    return getattr(response, "database_fault", False)


def failed(request: HttpRequest) -> HttpResponse:
    """`handler500`: it is called while the error is being handled, wherever that came from."""
    error = sys.exc_info()[1]
    return unavailable(request, error) if error and is_fault(error) else errors.failed(request)
