"""What the page cache holds of a page: its headers and its ready bodies, and how it answers a request with them; and by which version of
the site it was made."""

import hashlib
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import cache, lru_cache
from gzip import compress as gzip_compress
from threading import Lock
from typing import Any, NamedTuple

from backports.zstd import compress as zstd_compress
from brotli import compress as brotli_compress
from django.conf import settings
from django.http import HttpResponse
from django.utils.cache import has_vary_header, patch_vary_headers
from django.utils.http import http_date, parse_etags, parse_http_date_safe
from django_http_compression.middleware import BROTLI_QUALITY, best_coding

from newsroom.delivery.middleware import BROWSER_TYPE, XML_FEED_TYPES, CompressionMiddleware
from newsroom.http import REVALIDATED, Request, of_public_page
from releases import editions, purges
from releases.parts import EVERYTHING

SMALLEST_COMPRESSED = 50  # bytes, as of what is not public
# Bytes that Python needs for an entry besides its bodies, and for each header and part of it.
ENTRY_OVERHEAD, SMALL_OVERHEAD = 1_500, 100
Headers = list[tuple[str, str]]
Environ = Mapping[str, Any]
_compressing = Lock()
# What machines of one site may have each for itself, and what is secret.
_NOT_IN_PAGES = frozenset(
    {
        "ALLOWED_HOSTS", "BACKUP_DIR", "BACKUP_KEEP", "BACKUP_MAX_HOURS", "BACKUP_PASSPHRASE", "BACKUP_PASSPHRASE_FILE",
        "BASE_DIR", "BIND", "CACHES", "CONNECTIONS_PER_ADDRESS", "CSRF_COOKIE_NAME", "DATABASES", "DATABASE_DIRECT",
        "DATABASE_POOLER", "DATABASE_ROUTERS", "DATA_DIR", "DISK_MIN_MB", "LOCALE_PATHS", "LOGGING", "LOG_FORMAT", "LOG_REQUESTS",
        "MEDIA_ROOT", "METRICS_TOKEN", "PAGE_CACHE_MB", "PORT", "SECRET_KEY", "SECRET_KEY_FALLBACKS", "SECURITY_KEY_FILE",
        "SENTRY_DSN", "SESSION_COOKIE_NAME", "STATICFILES_DIRS", "STATIC_ROOT", "STORAGES", "TASKS", "TEMPLATES",
        "WEB_CONCURRENCY", "WEB_THREADS",
    }
)  # fmt: skip
_SOURCES = ("newsroom/**/*.py", "releases/**/*.py", "releases/**/*.json", "templates/**/*", "locale/**/*.mo")


class Answer(NamedTuple):
    """What is sent: the same whether Django sends it or the server is handed it before Django."""

    status: int
    reason: str
    headers: Headers
    body: bytes


class Body(NamedTuple):
    """A page in one coding, with the headers that describe it."""

    headers: tuple[tuple[str, str], ...]
    content: bytes


class Entry:
    """A public page. It is compressed when somebody first asks for a coding, and once: of four codings readers of a page mostly
    ask for one. `edition` is the latest under which it is known to be right; it is made under that of `modified`."""

    def __init__(self, response: HttpResponse, edition: editions.EditionNow, parts: frozenset[str]) -> None:
        self.status, self.reason = response.status_code, response.reason_phrase
        self.edition, self.parts = edition, frozenset(map(sys.intern, parts))
        self.modified = int(edition.modified_at.timestamp())
        self.plain = response.content
        self.media_type = response.headers.get("Content-Type", "")
        self.tag = response.headers.get("ETag") or f'W/"{hashlib.sha256(self.plain).hexdigest()[:24]}"'
        patch_vary_headers(response, ["Accept-Encoding"])
        if self.is_feed:
            patch_vary_headers(response, ["Accept"])
        keys = purges.page_headers(self.parts)
        self.headers = _shared((*response.headers.items(), *keys), without=_MADE_ANEW)
        self._bodies: dict[str, Body] = {}
        self.body("identity")

    @property
    def is_feed(self) -> bool:
        """Browsers are given it under another type."""
        return self.media_type.partition(";")[0] in XML_FEED_TYPES

    @property
    def size(self) -> int:
        """Bytes in memory, about."""
        bodies = {id(one.content): len(one.content) for one in self._bodies.values()}
        small = len(self.headers) + len(self.parts) + 4 * len(self._bodies)
        return ENTRY_OVERHEAD + SMALL_OVERHEAD * small + sum(bodies.values())

    @property
    def codings(self) -> int:
        """In how many codings it is ready: when this grows, so does the size."""
        return len(self._bodies)

    def body(self, coding: str) -> Body:
        """The page in this coding, or plain where that is no longer."""
        ready = self._bodies.get(coding)
        if ready is None:
            with _compressing:
                ready = self._bodies.get(coding) or self._compressed(coding)
                self._bodies[coding] = ready
        return ready

    def _compressed(self, coding: str) -> Body:
        described = [("Content-Type", self.media_type)] if self.media_type else []
        packed = self.plain
        if len(packed) >= SMALLEST_COMPRESSED and CompressionMiddleware.content_type_re.match(
            self.media_type
        ):
            packed = _COMPRESS[coding](self.plain)
        if coding != "identity" and len(packed) < len(self.plain):
            described.append(("Content-Encoding", coding))
        else:
            packed = self.plain
            if self.status == 200:
                described.append(("Accept-Ranges", "bytes"))
        described.append(("Content-Length", str(len(packed))))
        return Body(_shared(described), packed)

    def __getstate__(self) -> dict[str, Any]:
        """For a cache that several processes share; in these the headers are shared anew."""
        return self.__dict__

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self.headers = _shared(self.headers)

    # ------------------------------------------------------------------ answering

    def answer(self, environ: Environ, now: datetime, *, stale: bool = False) -> Answer:
        """To a GET or HEAD with these headers, at this moment. `stale`: the database does not answer, so that nobody knows
        whether it is still right."""
        headers = list(self.headers)
        headers.append(("ETag", self.tag))
        if stale:
            headers += [("Cache-Control", REVALIDATED), ("Warning", '110 - "Response is Stale"')]
        else:
            headers += of_public_page(now)
            # Last-Modified counts whole seconds: within the second of a change it would also name what follows in that
            # second. And other processes may show the page before it for as long as they remember an edition.
            if self.modified + 1 + editions.EDITION_MEMORY <= int(now.timestamp()):
                headers.append(("Last-Modified", _http_date(self.modified)))
            if self.status == 200 and self._is_known(environ, headers):
                return Answer(304, "Not Modified", headers, b"")
        status, reason = self.status, self.reason
        wanted = environ.get("HTTP_RANGE") if environ["REQUEST_METHOD"] == "GET" and status == 200 else None
        if wanted and self._range_is_meant(environ, headers):
            part = range_of(wanted, len(self.plain))
            if part is not None and not part:
                headers += [("Content-Range", f"bytes */{len(self.plain)}"), ("Content-Length", "0")]
                return Answer(416, "Range Not Satisfiable", headers, b"")
            if part is not None:
                content = self.plain[part.start : part.stop]
                headers += [
                    ("Content-Type", self.media_type),
                    ("Content-Range", f"bytes {part.start}-{part.stop - 1}/{len(self.plain)}"),
                    ("Content-Length", str(len(content))),
                ]
                return Answer(206, "Partial Content", self._for_reader(environ, headers), content)
        body = self.body(best_coding(environ.get("HTTP_ACCEPT_ENCODING", "")))
        headers += body.headers
        content = b"" if environ["REQUEST_METHOD"] == "HEAD" else body.content
        return Answer(status, reason, self._for_reader(environ, headers), content)

    def _is_known(self, environ: Environ, headers: Headers) -> bool:
        """Has the reader got this very page already (RFC 9110, 13.2.2)?"""
        if wanted := environ.get("HTTP_IF_NONE_MATCH"):
            tag = self.tag.removeprefix("W/")
            known = {one.removeprefix("W/") for one in parse_etags(wanted)}
            return tag in known or "*" in known
        if wanted := environ.get("HTTP_IF_MODIFIED_SINCE"):
            since = parse_http_date_safe(wanted)
            return since is not None and headers[-1][0] == "Last-Modified" and self.modified <= since
        return False

    def _range_is_meant(self, environ: Environ, headers: Headers) -> bool:
        """The reader continues a page that it has a part of; if that is another by now, it gets it whole (RFC 9110, 13.1.5). Our
        tags are weak, and so never name the very bytes; a date does."""
        condition = environ.get("HTTP_IF_RANGE")
        return condition is None or headers[-1] == ("Last-Modified", condition.strip())

    def _for_reader(self, environ: Environ, headers: Headers) -> Headers:
        """Browsers style `application/xml` but show feeds' own types as bare source, or offer to save them. Who asks for HTML
        is a browser, and gets the same bytes under the type that it can show."""
        if self.is_feed and "text/html" in environ.get("HTTP_ACCEPT", ""):
            browsers = (
                "Content-Type",
                BROWSER_TYPE + self.media_type[len(self.media_type.partition(";")[0]) :],
            )
            return [browsers if name == "Content-Type" else (name, value) for name, value in headers]
        return headers


_RANGE = re.compile(r"bytes\s*=\s*(?:(\d{1,18})\s*)?-\s*(\d{0,18})", re.ASCII | re.IGNORECASE)


def range_of(wanted: str, length: int) -> range | None:
    """The bytes that a Range header names (RFC 9110, 14.1.2); empty where the page has none of these. None where it makes no
    sense or names several ranges: such a header is passed over, and the whole page is sent."""
    found = _RANGE.fullmatch(wanted.strip())
    if found is None or not any(found.groups()):
        return None
    first, last = (int(one) if one else None for one in found.groups())
    if first is None:
        return range(max(length - (last or 0), 0), length) if last else range(0)
    if last is not None and last < first:
        return None
    return range(first, length if last is None else min(last + 1, length))


# What an entry makes for each answer, or for each coding.
_MADE_ANEW = frozenset(
    {"content-length", "content-type", "cache-control", "etag", "last-modified", "accept-ranges"}
)
_COMPRESS: dict[str, Callable[[bytes], bytes]] = {
    "identity": bytes,
    "gzip": lambda plain: gzip_compress(plain, 6, mtime=0),
    "br": lambda plain: brotli_compress(plain, quality=BROTLI_QUALITY),
    "zstd": zstd_compress,
}
_http_date = lru_cache(1_000)(http_date)


@lru_cache(2_000)
def _pair(name: str, value: str) -> tuple[str, str]:
    return name, value


def _shared(
    headers: Iterable[tuple[str, str]], *, without: frozenset[str] = frozenset()
) -> tuple[tuple[str, str], ...]:
    """Ten thousand pages have the same dozen headers: they are held once."""
    return tuple(_pair(name, value) for name, value in headers if name.lower() not in without)


def entry_of(request: Request, response: HttpResponse) -> Entry | None:
    """What may be shown to everybody; None for all else."""
    public = getattr(response, "public", False) and not response.streaming
    if not public or is_personal(response) or "Content-Encoding" in response.headers:
        return None
    return Entry(response, request.edition, getattr(response, "parts", frozenset({EVERYTHING})))


def is_personal(response: HttpResponse) -> bool:
    """It sets a cookie, depends on one, or holds what was made for one answer alone."""
    return bool(
        response.cookies
        or has_vary_header(response, "Cookie")
        or "'nonce-" in response.headers.get("Content-Security-Policy", "")
    )


@cache
def version_of_site() -> str:
    """Another one for any other code, template, translation, static file or setting. By what the files say, so that it is the same
    on every machine."""
    found = hashlib.sha256()
    for name in sorted(dir(settings)):
        if name.isupper() and name not in _NOT_IN_PAGES:
            found.update(f"{name}={getattr(settings, name)!r}\n".encode())
    files = [one for pattern in _SOURCES for one in settings.BASE_DIR.glob(pattern) if one.is_file()]
    manifest = settings.STATIC_ROOT / "staticfiles.json"
    for one in sorted({*files, *([manifest] if manifest.is_file() else [])}):
        found.update(hashlib.sha256(one.read_bytes()).digest())
    return found.hexdigest()[:16]
