"""The edition that answers a request: read before the rows of the page, from the same database."""

from collections.abc import Callable

from django.db import DatabaseError, InterfaceError
from django.http import HttpResponse
from django.utils import timezone

from newsroom.delivery import health
from newsroom.http import STAFF_ADDRESSES, Request
from releases import editions

NOT_PUBLIC = (*STAFF_ADDRESSES, "/static/")
GetResponse = Callable[[Request], HttpResponse]


class EditionMiddleware:
    """Refuses a host that is not ours, and gives every page for readers the edition, from the same connection as its rows and
    before them: then a page that is a moment newer than its edition's name is made anew, and none that is older is kept."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        if request.method not in {"GET", "HEAD"} or request.path_info.startswith(NOT_PUBLIC):
            return self.get_response(request)
        request.get_host()
        if fault := getattr(request, "fault", None):
            return health.unavailable(request, fault)
        if not hasattr(request, "edition"):
            try:
                request.edition = editions.read(timezone.now())
            except (DatabaseError, InterfaceError) as error:
                if not health.is_fault(error):
                    raise
                return health.unavailable(request, error)
        return self.get_response(request)
