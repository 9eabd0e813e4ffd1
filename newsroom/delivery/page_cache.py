"""Public pages, cached whole and compressed under the edition, and answered 304 without rendering."""

import hashlib
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import lru_cache

from django.conf import settings
from django.core.cache import caches
from django.db import DatabaseError, InterfaceError
from django.http import HttpResponse, HttpResponseNotModified
from django.urls import Resolver404, resolve
from django.utils import timezone, translation
from django.utils.cache import has_vary_header, patch_vary_headers
from django.utils.http import http_date, parse_etags, parse_http_date_safe
from django_http_compression.middleware import best_coding

from newsroom.delivery import health
from newsroom.delivery.middleware import language_of
from newsroom.http import NEVER_STORED, REVALIDATED, STAFF_ADDRESSES, Request, until_next_minute
from releases import editions
from releases.reading.public import relevant_query

CACHED_FOR = timedelta(hours=6)
# For how long cached pages are shown when the database does not answer.
STALE_FOR = timedelta(minutes=10)
NOT_PUBLIC = (*STAFF_ADDRESSES, "/static/")
# Paths whose view is remembered. Longer ones are resolved each time, so that nobody fills the memory with them.
MAX_PATHS, MAX_PATH_LENGTH = 2_000, 200
GetResponse = Callable[[Request], HttpResponse]


class PageCacheMiddleware:
    """Stands outside compression and sessions: what comes from here is the same for everybody.

    Only what a view marked as public is cached, under the names of the query string that the view reads; all other names
    share the entry. What sets a cookie or depends on one is never cached. The host is not part of the key: every address
    in a page comes from SITE_URL. The edition costs one query; its name changes with every public change and at the end of
    every embargo, so no entry is ever deleted.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        if request.method not in {"GET", "HEAD"} or request.path_info.startswith(NOT_PUBLIC):
            return self.get_response(request)
        now = timezone.now()
        request.get_host()  # refuses a host that is not ours before any cached page is shown
        reads = query_names(request.path_info)
        try:
            request.edition = edition = editions.read(now)
        except (DatabaseError, InterfaceError) as error:
            if not health.is_fault(error):
                raise
            return self.stale(request, reads) or health.unavailable(request, error)
        if reads is None:
            return self.get_response(request)
        pages, key = caches["pages"], page_key(request, edition.name, reads)
        response = pages.get(key)
        if response is None:
            response = self.get_response(request)
            if not getattr(response, "public", False):
                return response
            if response.cookies or has_vary_header(response, "Cookie"):
                response.headers["Cache-Control"] = NEVER_STORED
                return response
            patch_vary_headers(response, ["Accept-Encoding"])
            if (
                request.method == "GET"
                and response.status_code in {200, 410}
                and getattr(response, "cacheable", True)
            ):
                pages.set(key, response, CACHED_FOR.total_seconds())
        # Last-Modified counts whole seconds: within the second of a change it would also name what follows in that second.
        if (modified := int(edition.modified_at.timestamp())) < int(now.timestamp()):
            response.headers["Last-Modified"] = http_date(modified)
        # Always, so that the minute in which an embargo ends looks like any other.
        response.headers["Cache-Control"] = until_next_minute(now)
        return not_modified(request, response) or response

    def stale(self, request: Request, reads: Sequence[str] | None) -> HttpResponse | None:
        """Without a database: the cached page of the edition that this process saw last."""
        edition = editions.last_seen(STALE_FOR)
        response = (
            caches["pages"].get(page_key(request, edition.name, reads))
            if edition and reads is not None
            else None
        )
        if response is not None:
            response.headers["Cache-Control"] = REVALIDATED
            response.headers["Warning"] = '110 - "Response is Stale"'
        return response


class EntityTagMiddleware:
    """Stands inside compression: the tag is of the page before it is compressed."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        response = self.get_response(request)
        if getattr(response, "public", False) and not response.streaming:
            digest = hashlib.sha256(response.content).hexdigest()[:24]
            response.headers.setdefault("ETag", f'W/"{digest}"')
        return response


def query_names(path: str) -> tuple[str, ...] | None:
    """The names that the public view at `path` reads of the query string; None where there is no public view."""
    resolved = _query_names if len(path) <= MAX_PATH_LENGTH else _query_names.__wrapped__
    return resolved(path, language_of(path), settings.LANGUAGE_CODE)


@lru_cache(MAX_PATHS)
def _query_names(path: str, language: str, default: str) -> tuple[str, ...] | None:
    with translation.override(language):
        try:
            return getattr(resolve(path).func, "reads", None)
        except Resolver404:
            return None


def page_key(request: Request, edition: str, reads: Sequence[str]) -> str:
    """Edition, path, query string as the view reads it, and the compression that this reader gets."""
    encoding = best_coding(request.headers.get("Accept-Encoding", ""))
    words = f"{edition} {request.path} {relevant_query(request.GET, reads).urlencode()} {encoding}"
    return hashlib.sha256(words.encode()).hexdigest()


def not_modified(request: Request, response: HttpResponse) -> HttpResponse | None:
    """The 304 for `response` if the browser has it already, with the headers that RFC 9110, 15.4.5 asks for."""
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
