"""Public pages, kept whole and compressed under the edition, and answered 304 without rendering."""

import hashlib
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import lru_cache

from django.conf import settings
from django.core.cache import caches
from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.urls import Resolver404, resolve
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.http import http_date, parse_etags, parse_http_date_safe
from django_http_compression.middleware import best_coding

from newsroom.delivery import health
from newsroom.delivery.middleware import language_of
from newsroom.http import STAFF_ADDRESSES
from releases import clock, editions
from releases.reading.public import question

KEPT = timedelta(hours=6)
# How long kept pages are shown when the database does not answer.
STALE = timedelta(minutes=10)
NOT_PUBLIC = (*STAFF_ADDRESSES, "/static/")
# What was looked up once for an address; longer ones are looked up each time, so that nobody fills memory with them.
MOST_PATHS, LONGEST_PATH = 2_000, 200
GetResponse = Callable[[HttpRequest], HttpResponse]


class PageCacheMiddleware:
    """Stands outside compression and sessions: what comes from here is the same for everybody.

    Only what a view marked as public is kept, under the names that the view says it reads: whatever else stands behind the
    question mark shares the entry. What sets a cookie, or is one of endless ways to ask the same, never is. The edition costs
    one query; its name changes with every public change and at every embargo's end, so nothing is ever emptied.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in {"GET", "HEAD"} or request.path_info.startswith(NOT_PUBLIC):
            return self.get_response(request)
        now = timezone.now()
        request.get_host()  # one that is not ours is refused, kept page or not; no page depends on it
        reads = names_read(request.path_info)
        try:
            request.edition = edition = editions.current(now)
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
            if not getattr(response, "public", False) or response.cookies:
                return response
            patch_vary_headers(response, ["Accept-Encoding"])
            unkept = getattr(response, "unkept", False)
            if request.method == "GET" and response.status_code in {200, 410} and not unkept:
                pages.set(key, response, KEPT.total_seconds())
        # It counts whole seconds. In that of a change it would stand for whatever else follows in it, too.
        if (modified := int(edition.modified_at.timestamp())) < int(now.timestamp()):
            response.headers["Last-Modified"] = http_date(modified)
        # Until the next full minute, always: the one in which an embargo ends looks like any other, and no browser keeps a
        # page beyond it.
        response.headers["Cache-Control"] = f"public, max-age={clock.left_of_minute(now)}"
        return not_modified(request, response) or response

    def stale(self, request: HttpRequest, reads: Sequence[str] | None) -> HttpResponse | None:
        """Without a database: a page that is kept for the edition that this process saw last."""
        edition = editions.last_seen(STALE)
        response = (
            caches["pages"].get(page_key(request, edition.name, reads))
            if edition and reads is not None
            else None
        )
        if response is not None:
            response.headers["Cache-Control"] = "no-cache"
            response.headers["Warning"] = '110 - "Response is Stale"'
        return response


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


def names_read(path: str) -> tuple[str, ...] | None:
    """What the public view at `path` reads behind the question mark; None where no public view stands."""
    look = _names_read if len(path) <= LONGEST_PATH else _names_read.__wrapped__
    return look(path, language_of(path), settings.LANGUAGE_CODE)


@lru_cache(MOST_PATHS)
def _names_read(path: str, language: str, default: str) -> tuple[str, ...] | None:
    with translation.override(language):
        try:
            return getattr(resolve(path).func, "reads", None)
        except Resolver404:
            return None


def page_key(request: HttpRequest, edition: str, reads: Sequence[str]) -> str:
    """Edition, path, what is asked of it in the view's order, and how the answer will be packed for this reader."""
    encoding = best_coding(request.headers.get("Accept-Encoding", ""))
    words = f"{edition} {request.path} {question(request.GET, reads).urlencode()} {encoding}"
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
