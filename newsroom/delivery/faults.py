"""A database that is locked, full or absent: said as what it is (503), with what becomes of the words that were sent."""

import logging
import sys
from collections.abc import Callable

from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse

from releases.reading import errors

log = logging.getLogger(__name__)


class DatabaseFaultMiddleware:
    """Answers for what a view could not ask of the database. What fails outside of views comes to `failed`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """503 for a fault of the database; every other is for Django."""
        return answer(request, error) if is_fault(error) else None


def is_fault(error: BaseException | None) -> bool:
    """Whether the database itself could not do what it was asked: not one that refused a value or a row."""
    # Of its base class SQLite raises what befell the file ("malformed").
    return isinstance(error, OperationalError | InterfaceError) or type(error) is DatabaseError


def answer(request: HttpRequest, error: BaseException) -> HttpResponse:
    """503, and a line in the log without any of what was asked or sent."""
    # The first line names the fault; others may quote the statement.
    said = str(error).partition("\n")[0][:200]
    log.error("The database does not answer %s: %s: %s", request.method, type(error).__name__, said)
    return errors.unavailable(request)


def failed(request: HttpRequest) -> HttpResponse:
    """`handler500`: it is called while the error is being handled, wherever that came from."""
    error = sys.exc_info()[1]
    return answer(request, error) if error and is_fault(error) else errors.failed(request)
