"""Public pages, held whole and answered before anything else of the site does its work."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from threading import Event, Lock
from time import monotonic, perf_counter
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.cache import caches
from django.core.exceptions import SuspiciousOperation
from django.db import DatabaseError, InterfaceError
from django.http import HttpResponse, QueryDict
from django.http.request import split_domain_port, validate_host
from django.http.response import ResponseHeaders
from django.urls import Resolver404, resolve
from django.utils import timezone, translation

from newsroom.delivery import health, requests
from newsroom.delivery.cache_backends import MEGABYTE, PageMemory
from newsroom.delivery.edition import NOT_PUBLIC, STALE_FOR, GetResponse
from newsroom.delivery.entries import Answer, Entry, Environ, entry_of, is_personal, version_of_site
from newsroom.delivery.middleware import is_onion, language_of
from newsroom.http import NEVER_STORED, Request
from releases import editions
from releases.reading.public import relevant_query

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

# The longest that an entry is held, though nothing that it depends on changes.
HELD_FOR = timedelta(hours=6)
# For how long a request waits for another that renders the same page; then it renders it itself.
LONGEST_WAIT = 10.0  # seconds
# A database that took so long to fail is left alone for as long by those who can be shown a stale page, up to this.
LONGEST_PAUSE = 5.0
# Paths whose view is remembered. Longer ones are resolved each time, so that nobody fills the memory with them.
MAX_PATHS, MAX_PATH_LENGTH = 2_000, 200
ANSWER = "newsroom.answer"  # in the environment of a request, where the server has looked already


class PageCacheMiddleware:
    """Stands outside of all others: what comes from here is the same for everybody, headers included.

    Only what a view marked as public is held, under the names of the query string that the view reads; all other names share the
    entry. What sets a cookie or depends on one is never held. The host is not part of the key: every address in a page comes
    from SITE_URL. An entry is right as long as nothing changes that it depends on (`editions.still_right`). Of many who ask for
    a page that is not there the first renders it, and the others wait.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        key = self.key(request)
        if key is None:
            return self.get_response(request)
        if answer := held(request, key):
            return response_of(answer)
        return self.rendered_once(request, key) if request.method == "GET" else self.rendered(request, key)

    def key(self, request: Request) -> str | None:
        """Under which the answer may be held; None where there is no public view, or the request is refused further in."""
        if request.method not in {"GET", "HEAD"} or request.path_info.startswith(NOT_PUBLIC):
            return None
        reads = query_names(request.path_info)
        if reads is None:
            return None
        try:
            request.get_host()
            query = relevant_query(request.GET, reads)
        except SuspiciousOperation:
            return None
        return key_of(
            request.path, query, way=way_of(request.META.get("HTTP_HOST", ""), secure=request.is_secure())
        )

    def rendered_once(self, request: Request, key: str) -> HttpResponse:
        """Rendered here, or by another request that came first. Where that one fails, each of those that waited renders for
        itself: what failed for one may be its own affair."""
        until = monotonic() + LONGEST_WAIT
        while first := _flights.join(key):
            arrived = first.done.wait(until - monotonic())
            request.__dict__.pop("edition", None)  # it has grown old meanwhile
            if not arrived or not first.stored:
                return self.rendered(request, key)
            if answer := held(request, key):
                return response_of(answer)
        stored = False
        try:
            # The one before may have landed between the first look and the boarding.
            if answer := held(request, key):
                stored = True
                return response_of(answer)
            response = self.rendered(request, key)
            stored = pages().get(key) is not None
            return response
        finally:
            _flights.land(key, stored=stored)

    def rendered(self, request: Request, key: str) -> HttpResponse:
        """By the view; and held, if it may be."""
        response = self.get_response(request)
        if getattr(response, "public", False) and is_personal(response):
            response.headers["Cache-Control"] = NEVER_STORED
            return response
        entry = entry_of(request, response)
        if entry is None:
            return response
        stale = getattr(request, "stale", False)
        answer = entry.answer(request.META, timezone.now(), stale=stale)
        lasting = response.status_code in {200, 410} and getattr(response, "cacheable", True)
        if request.method == "GET" and lasting and not stale:
            hold(key, entry)
        return response_of(answer, response)


def in_front_of(application: "WSGIApplication") -> "WSGIApplication":
    """The WSGI application, with pages that are held and known to be right answered before Django makes anything of a request.
    It asks neither database nor network: whatever needs these goes through to the middleware, which gives the same answers."""

    def answering(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        environ[requests.NAME], began = requests.new_name(), perf_counter()
        answer = environ[ANSWER] if ANSWER in environ else answer_from_memory(environ)
        if answer is None:
            return application(environ, start_response)
        start_response(
            f"{answer.status} {answer.reason}", [*answer.headers, (requests.HEADER, environ[requests.NAME])]
        )
        requests.told(environ, answer.status, began)
        return [answer.body]

    return answering


def answer_from_memory(environ: Environ) -> Answer | None:
    """None where anything is unusual about the request, or the page is not held, or not known to be right."""
    if environ["REQUEST_METHOD"] not in {"GET", "HEAD"} or environ.get("SCRIPT_NAME"):
        return None
    host = environ.get("HTTP_HOST")
    if host is None or settings.USE_X_FORWARDED_HOST or not _is_ours(host, tuple(settings.ALLOWED_HOSTS)):
        return None
    path, raw = environ["PATH_INFO"], environ.get("QUERY_STRING", "")
    query = None
    try:
        # PEP 3333 hands bytes over as Latin-1.
        if not path.isascii():
            path = path.encode("latin-1").decode()
        if raw:
            reads = query_names(path)
            if reads is None:
                return None
            query = relevant_query(QueryDict(raw.encode("latin-1")), reads)
    except (UnicodeError, SuspiciousOperation):
        return None
    key = key_of(path, query, way=way_of(host, secure=_is_secure(environ)))
    entry = pages().get(key)
    if not isinstance(entry, Entry):
        return None
    now = timezone.now()
    edition = editions.remembered(now)
    if edition is None or not (entry.edition is edition or entry.edition == edition):
        return None
    return answered(key, entry, environ, now)


# ------------------------------------------------------------------ what is held


def pages() -> PageMemory:
    """The pages in the memory of this process: the cache itself, or what stands in front of one that processes share."""
    found = caches["pages"]
    if isinstance(found, PageMemory):
        return found
    options = {"MAX_BYTES": settings.PAGE_CACHE_MB * MEGABYTE}
    return PageMemory("in front of shared pages", {"OPTIONS": options})


def hold(key: str, entry: Entry) -> None:
    """In memory and, where processes share a cache, there."""
    seconds = HELD_FOR.total_seconds()
    pages().set(key, entry, seconds)
    shared = caches["pages"]
    # What somebody searched for stays in this process's memory: other caches may lie on a disk.
    if not isinstance(shared, PageMemory) and "q=" not in key.partition(" ")[2]:
        shared.set(shared_key(key), entry, seconds)


def _candidates(key: str) -> Iterator[Entry]:
    """What is held under the key, nearest first: another process may have made the page anew."""
    entry = pages().get(key)
    if isinstance(entry, Entry):
        yield entry
    shared = caches["pages"]
    if not isinstance(shared, PageMemory):
        entry = shared.get(shared_key(key))
        if isinstance(entry, Entry):
            pages().set(key, entry, HELD_FOR.total_seconds())
            yield entry


_paused_until = float("-inf")


def held(request: Request, key: str) -> Answer | None:
    """The answer from an entry that is right; or, where the database does not answer, from one that was so a while ago."""
    global _paused_until
    for entry in _candidates(key):
        now = timezone.now()
        began = monotonic()
        edition = editions.remembered(now)
        if edition is None and began < _paused_until and (answer := _stale(entry, request)):
            return answer
        try:
            if edition is None:
                edition = request.edition = editions.read(now)
            if entry.edition != edition and not editions.still_right(entry.parts, entry.edition, edition):
                continue
        except (DatabaseError, InterfaceError) as error:
            if not health.is_fault(error):
                raise
            request.fault = error
            ended = monotonic()
            _paused_until = ended + min(ended - began, LONGEST_PAUSE)
            return _stale(entry, request)
        entry.edition = edition
        return answered(key, entry, request.META, now)
    return None


def _stale(entry: Entry, request: Request) -> Answer | None:
    """From an entry of which nothing had been changed or withdrawn when this process last knew."""
    edition = editions.last_seen(STALE_FOR)
    right = edition is not None and editions.shows_nothing_else(entry.parts, entry.edition, edition)
    return entry.answer(request.META, timezone.now(), stale=True) if right else None


def answered(key: str, entry: Entry, environ: Environ, now: datetime) -> Answer:
    """The answer; where it took another coding, the memory that this takes is counted."""
    codings = entry.codings
    answer = entry.answer(environ, now)
    if entry.codings != codings:
        pages().resized(key)
    return answer


def response_of(answer: Answer, response: HttpResponse | None = None) -> HttpResponse:
    """As Django sends it; what a view made keeps its class, so that a redirection is still one."""
    response = response or HttpResponse()
    response.content, response.status_code, response.reason_phrase = answer.body, answer.status, answer.reason
    response.headers = ResponseHeaders(dict(answer.headers))
    return response


@dataclass
class _Flight:
    """A page that is being rendered: whether that is done, and whether it is held now."""

    done: Event = field(default_factory=Event)
    stored: bool = False


class _Flights:
    """The pages that are being rendered in this process, by key."""

    def __init__(self) -> None:
        self._under_way: dict[str, _Flight] = {}
        self._lock = Lock()

    def join(self, key: str) -> _Flight | None:
        """The flight to wait for; None for who is the first, and has to `land` it."""
        with self._lock:
            flight = self._under_way.get(key)
            if flight is None:
                self._under_way[key] = _Flight()
            return flight

    def land(self, key: str, *, stored: bool) -> None:
        """Let those who wait go on."""
        with self._lock:
            flight = self._under_way.pop(key)
        flight.stored = stored
        flight.done.set()


_flights = _Flights()


# ------------------------------------------------------------------ keys


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


def way_of(host: str, *, secure: bool) -> str:
    """By which way a page is asked for: by TLS, through Tor, or by neither. Some headers are for one of them alone, and so is being
    sent on to TLS."""
    if secure:
        return "s"
    return "o" if is_onion(host) else "-"


def key_of(path: str, query: QueryDict | None, *, way: str) -> str:
    """The way, the path, and the query string as the view reads it, which holds no space."""
    return f"{way}{path} {query.urlencode() if query else ''}"


def shared_key(key: str) -> str:
    """For a cache that processes share, perhaps of another version of the site or with other settings."""
    return hashlib.sha256(f"{version_of_site()} {key}".encode()).hexdigest()


@lru_cache(256)
def _is_ours(host: str, allowed: Sequence[str]) -> bool:
    domain, _port = split_domain_port(host)
    return bool(domain) and validate_host(domain, allowed)


def _is_secure(environ: Environ) -> bool:
    """As Django reads it (`HttpRequest.scheme`)."""
    if settings.SECURE_PROXY_SSL_HEADER:
        name, secure = settings.SECURE_PROXY_SSL_HEADER
        if (said := environ.get(name)) is not None:
            return bool(said.split(",", 1)[0].strip() == secure)
    return bool(environ.get("wsgi.url_scheme") == "https")
