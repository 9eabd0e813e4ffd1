"""What this site adds to Django's requests and responses: types of what is set on them, and the rules of Cache-Control."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, cast

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

if TYPE_CHECKING:
    from newsroom.accounts.models import User
    from releases.editions import EditionNow
    from releases.models import Revision


# Where the addresses of pages for staff begin; they have no language of their own, and nothing of them is public.
ADMIN, ACCOUNTS = "/admin/", "/accounts/"
STAFF_ADDRESSES = (ADMIN, ACCOUNTS)
# The pages that ask who is signed in: those, and shared previews, which are no page for staff but do not count staff as readers.
PREVIEWS = "/preview/"
SIGNED_IN_ADDRESSES = (*STAFF_ADDRESSES, PREVIEWS)


def uploads() -> Path:
    """Where files that are sent wait while their request lasts."""
    return Path(settings.DATA_DIR) / "uploads"


class Request(HttpRequest):
    """A request as this site's code sees it. It is used in annotations only: Django makes the objects.

    A view, a middleware method or a plain function annotates `request: Request`. A method that overrides one of Django's
    (of `ModelAdmin`, for instance) must accept every `HttpRequest`: there, `ours(request)` and `user_of(request)` help.
    """

    user: User
    """Who is signed in, or Django's `AnonymousUser`. At SIGNED_IN_ADDRESSES only."""
    language: str
    """The language of the address, by `LanguageMiddleware`."""
    frame_language: str
    """The language that the page's own words are in, by `LanguageMiddleware`."""
    edition: EditionNow
    """The edition that answers a GET or HEAD of what is not for staff, by `EditionMiddleware`."""
    stale: bool
    """True: a replica answers for the primary, which does not."""
    fault: Exception
    """Why the edition could not be read, where that has been tried already (`PageCacheMiddleware`)."""
    parts: set[str]
    """On which parts of the site the answer of a public view depends; the view adds their names (`releases.parts`)."""
    csp_nonce: str
    """What a script element must carry to be run, by `CSPMiddleware`."""
    enrolling: bool
    """The person has no second factor yet and is at a page that sets one up, by `SecondFactorMiddleware`."""

    # On staff pages, from the attempt to save to the page that shows what came of it.
    refusals: Sequence[str]
    """Why the workflow refused the change."""
    conflict: Revision
    """The revision that somebody else saved meanwhile."""
    picture_error: str
    """What is wrong with the picture that was sent."""
    confirm_url: str
    """The address of the page that asks once more before the verb is done."""


class Response(HttpResponse):
    """A response with the marks that the page cache reads. It is used in annotations only."""

    public: bool
    """The same for everybody, so that it may be cached."""
    parts: frozenset[str]
    """On which parts of the site it depends (`releases.parts`), by `@public`; see `releases.editions.still_right`."""
    cacheable: bool
    """False: public, but one of endlessly many ways to ask the same, so the page cache does not store it."""


# The values of Cache-Control. No other module writes one.

NEVER_STORED = "no-store, private"
"""Of what is not for everybody (staff pages, previews) and of what is true for a moment only (probes, faults)."""
REVALIDATED = "no-cache"
"""Of a stale page that is shown while the database does not answer."""
REVALIDATED_BY_ONE = "no-cache, private"
"""Of the words of staff scripts: a browser stores them and asks each time whether they are still these. A 304 costs little,
and a new version of the site, or another language, counts at once."""
FOR_A_DAY = "public, max-age=86400"
"""Of an address that leads to a file of the frame."""
FOR_NO_TIME = "public, max-age=0, must-revalidate"
"""Of a public page or list in a browser: it asks each time whether this is still the page, so that a withdrawn text is gone at
once. The answer that it is (304) costs next to nothing."""


def of_public_page(at: datetime) -> list[tuple[str, str]]:
    """The headers that say how long a public page or list may be shown without asking: by browsers not at all; by caches between
    for SHARED_CACHE_SECONDS, but never beyond the next full minute, at which embargoes end. Caches that are told of changes (PURGE_URLS) need not ask until then."""
    control = FOR_NO_TIME
    if settings.SHARED_CACHE_SECONDS:
        control += f", s-maxage={min(settings.SHARED_CACHE_SECONDS, _until_next_minute(at))}"
    headers = [("Cache-Control", control)]
    if settings.PURGE_URLS:
        headers.append(("Surrogate-Control", f"max-age={_until_next_minute(at)}"))
    return headers


def of_picture() -> list[tuple[str, str]]:
    """The headers of a picture. Under its address there is never another one, so that a browser does not ask again within the minute
    for which it shows it; caches that are told of changes (PURGE_URLS) have it for a day, or until the release goes that shows it."""
    headers = [("Cache-Control", "public, max-age=60, immutable")]
    if settings.PURGE_URLS:
        headers.append(("Surrogate-Control", "max-age=86400"))
    return headers


def _until_next_minute(at: datetime) -> int:
    """Always and of every page, so that the minute in which an embargo ends looks like any other."""
    return 60 - at.second - (at.microsecond > 0)


def ours(request: HttpRequest) -> Request:
    """The same request, typed."""
    return cast(Request, request)


def user_of(request: HttpRequest) -> User:
    """The person who is signed in; raises PermissionDenied where nobody is."""
    if not request.user.is_authenticated:
        raise PermissionDenied
    return request.user
