"""Public pages, kept whole and compressed under the edition, and answered 304 without rendering."""

import hashlib
from collections.abc import Callable
from datetime import timedelta

from django.core.cache import caches
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.http import http_date, parse_etags, parse_http_date_safe
from django_http_compression.middleware import best_coding

from releases import editions

# How long a reader's browser, or a proxy, may go without asking.
MAX_AGE = timedelta(seconds=60)
KEPT = timedelta(hours=6)
NOT_PUBLIC = ("/admin/", "/accounts/", "/static/")
GetResponse = Callable[[HttpRequest], HttpResponse]


class PageCacheMiddleware:
    """Stands outside compression and sessions: what comes from here is the same for everybody.

    Only what a view marked as public (`response.public`) is kept; what sets a cookie never is. The edition costs
    one query; its name changes with every public change and at every embargo's end, so nothing is ever emptied.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in {"GET", "HEAD"} or request.path_info.startswith(NOT_PUBLIC):
            return self.get_response(request)
        now = timezone.now()
        request.edition = edition = editions.current(now)
        pages, key = caches["pages"], page_key(request, edition.name)
        response = pages.get(key)
        if response is None:
            response = self.get_response(request)
            if not getattr(response, "public", False) or response.cookies:
                return response
            patch_vary_headers(response, ["Accept-Encoding"])
            if request.method == "GET" and response.status_code in {200, 410}:
                pages.set(key, response, KEPT.total_seconds())
        # It counts whole seconds. In that of a change it would stand for whatever else follows in it, too.
        if (modified := int(edition.modified_at.timestamp())) < int(now.timestamp()):
            response.headers["Last-Modified"] = http_date(modified)
        max_age = MAX_AGE
        if edition.next_due:
            max_age = min(max_age, edition.next_due - now)
        response.headers["Cache-Control"] = f"public, max-age={max(0, int(max_age.total_seconds()))}"
        return not_modified(request, response) or response


class EntityTagMiddleware:
    """Stands inside compression: the tag is of the page, however it is packed."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if getattr(response, "public", False) and not response.streaming:
            digest = hashlib.sha256(response.content).hexdigest()[:24]
            response.headers.setdefault("ETag", f'W/"{digest}"')
        return response


def page_key(request: HttpRequest, edition: str) -> str:
    """Edition, host, path with its query, and how the answer will be packed for this reader."""
    encoding = best_coding(request.headers.get("Accept-Encoding", ""))
    words = f"{edition} {request.get_host()} {request.get_full_path()} {encoding}"
    return hashlib.sha256(words.encode()).hexdigest()


def not_modified(request: HttpRequest, response: HttpResponse) -> HttpResponse | None:
    """The 304 for `response` if the browser has it already, with the headers that RFC 9110, 15.4.5 wants kept."""
    if response.status_code != 200:
        return None
    if wanted := request.headers.get("If-None-Match"):
        tag = response.headers.get("ETag", "").removeprefix("W/")
        known = {one.removeprefix("W/") for one in parse_etags(wanted)}
        fresh = bool(tag) and (tag in known or "*" in known)
    else:
        since = parse_http_date_safe(request.headers.get("If-Modified-Since", ""))
        modified = parse_http_date_safe(response.headers.get("Last-Modified", ""))
        fresh = since is not None and modified is not None and modified <= since
    if not fresh:
        return None
    answer = HttpResponseNotModified()
    for name in (
        "Cache-Control",
        "Content-Location",
        "Date",
        "ETag",
        "Expires",
        "Last-Modified",
        "Vary",
        "Link",
    ):
        if name in response.headers:
            answer.headers[name] = response.headers[name]
    return answer
