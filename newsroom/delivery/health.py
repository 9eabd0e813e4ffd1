"""Whether the site works: the probes, and the answer (503) when the database does not."""

import logging
import sys
from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from newsroom.delivery import metrics, readiness
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
            return ready(detailed=has_token(request))
        if request.path_info == "/metrics" and has_token(request):
            return probe(metrics.text(gauges()).rstrip("\n"))
        return self.get_response(request)


def ready(*, detailed: bool = False) -> HttpResponse:
    """200 where all is there that the site needs; else 503. What is wrong is said to those who may know."""
    found = readiness.found()
    lacking = any(one.fault and one.needed for one in found)
    word = "not ready" if lacking else "ok"
    if detailed:
        word = "\n".join([word, *(f"{one.name}: {one.fault or 'ok'}" for one in found)])
    return probe(word, status=503 if lacking else 200)


def has_token(request: HttpRequest) -> bool:
    """Whether who asks has METRICS_TOKEN. Without that setting nobody has it: behind a proxy everybody seems to be near."""
    said = request.headers.get("Authorization", "")
    wanted = f"Bearer {settings.METRICS_TOKEN}"
    return bool(settings.METRICS_TOKEN) and constant_time_compare(said, wanted)


def gauges() -> dict[str, float]:
    """The numbers of the moment."""
    found = {f'ready{{what="{one.name}"}}': float(not one.fault) for one in readiness.found()}
    try:
        oldest = readiness.oldest_waiting()
        found["queue_oldest_seconds"] = (timezone.now() - oldest).total_seconds() if oldest else 0.0
    except (DatabaseError, InterfaceError):
        pass
    return found


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
    # The code names the fault; the message may quote the statement, and with it what somebody wrote or searched for.
    code = getattr(error.__cause__, "sqlite_errorname", None) or getattr(error.__cause__, "sqlstate", None)
    log.error("The database does not answer %s: %s %s", request.method, type(error).__name__, code or "")
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
