"""Small middleware: headers, language, and compression."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.http.request import split_domain_port
from django.http.response import HttpResponseBase
from django.middleware import security
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django_http_compression.middleware import HttpCompressionMiddleware

from newsroom.accounts.languages import language_of_browser, language_of_person
from newsroom.delivery import limits
from newsroom.http import (
    ADMIN,
    NEVER_STORED,
    PREVIEWS,
    REVALIDATED_BY_ONE,
    SIGNED_IN_ADDRESSES,
    STAFF_ADDRESSES,
    Request,
)
from releases.addresses import FEED_FORMATS
from releases.languages import frame_language
from releases.numbers import whole
from releases.reading import errors


class BodySizeMiddleware:
    """Refuses a body that is larger than its address takes, before anything parses it or writes it to a file. The server has done
    so already where it knows how (`newsroom.delivery.connections`), and leaves the page that says so to this."""

    def __init__(self, get_response: Callable[[Request], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        if request.META.get(limits.REFUSED) or self._is_too_large(request):
            return errors.too_large(request)
        return self.get_response(request)

    def _is_too_large(self, request: HttpRequest) -> bool:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdecimal():
            return False
        size = whole(length)
        if size is None:  # of more digits than any length has
            return True
        if size <= limits.of_strangers(request.path_info):
            return False
        return size > limits.largest_body(request.path_info, request.META.get("HTTP_COOKIE", ""))


class SecurityMiddleware(security.SecurityMiddleware):
    """Django's. An onion service is encrypted on its way by itself: there http is not sent on to https, for which it has no
    certificate."""

    def process_request(self, request: HttpRequest) -> HttpResponsePermanentRedirect | None:
        if is_onion(request.META.get("HTTP_HOST", "")):
            return None
        return super().process_request(request)


def is_onion(host: str) -> bool:
    """Whether that Host header is the address that the site has in Tor."""
    return bool(settings.ONION_URL) and split_domain_port(host)[0] == urlsplit(settings.ONION_URL).hostname


class HeadersMiddleware:
    """What is not public is never stored by anybody and never indexed; only the words of scripts, which tell nothing, are kept."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path_info.startswith(STAFF_ADDRESSES):
            if response.headers.get("Cache-Control") != REVALIDATED_BY_ONE:
                response.headers["Cache-Control"] = NEVER_STORED
            response.headers["X-Robots-Tag"] = "noindex, nofollow"
            # No other site learns which page of the staff a link was followed from.
            response.headers.setdefault("Referrer-Policy", "same-origin")
        elif request.path_info.startswith(PREVIEWS):
            response.headers["Referrer-Policy"] = "no-referrer"  # the address holds the token
        elif settings.ONION_URL and request.is_secure() and getattr(response, "public", False):
            # Tor Browser offers it. Of the question only what the page has read: the answer is the same for everybody.
            question = request.GET.urlencode()
            response.headers["Onion-Location"] = (
                settings.ONION_URL + request.path + (f"?{question}" if question else "")
            )
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response


# No script of these pages writes HTML, and none may. The editor, and Django's admin, do.
TRUSTED_TYPES = {"require-trusted-types-for": ["'script'"]}


class ContentPolicyMiddleware(CSPMiddleware):
    """The library's, which writes the policy anew for each answer. That of pages for readers, without a nonce, is written once."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        super().__init__(get_response)
        self.policy = build_policy(update=TRUSTED_TYPES)

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        its_own = getattr(request, "_csp_nonce", None) or request.path_info.startswith(SIGNED_IN_ADDRESSES)
        if its_own or settings.DEBUG:
            if not request.path_info.startswith(ADMIN):
                update = getattr(response, "_csp_update", None) or {}
                response._csp_update = {**TRUSTED_TYPES, **update}  # type: ignore[attr-defined]  # the library's
            return super().process_response(request, response)
        response.headers.setdefault(HEADER, self.policy)
        return response


def language_of(path: str) -> str:
    """The language of an address. Django's own reading of the prefix knows only languages that it ships a catalogue for."""
    prefix = path.split("/", 2)[1]
    return prefix if prefix in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


class LanguageMiddleware:
    """Activates the prefix's language for routing, then the frame's language for the words of the page.

    `request.language` is the language of the address (lists hold releases in it); `request.frame_language` and
    `get_language()` are that of the frame. They differ where no catalogue ships, and on staff pages, which have no prefix
    and speak as the person chose or the browser asks. So links are made by `releases.addresses`, never by `{% url %}`.
    """

    def __init__(self, get_response: Callable[[Request], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        request.language = language = language_of(request.path_info)
        for_staff = request.path_info.startswith(STAFF_ADDRESSES)
        request.frame_language = language_of_browser(request) if for_staff else frame_language(language)
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", request.frame_language)
        if for_staff:
            patch_vary_headers(response, ["Accept-Language", "Cookie"])
        return response

    def process_view(self, request: Request, *args: object) -> None:
        """After routing: the words of the page are those of its frame."""
        if request.path_info.startswith(STAFF_ADDRESSES):
            request.frame_language = language_of_person(request) or request.frame_language
        translation.activate(request.frame_language)


class CompressionMiddleware(HttpCompressionMiddleware):
    """The library's list of types names neither this one nor all that end in `+json`. A public page is compressed by the page
    cache, which stands further out and holds it in every coding that was asked for."""

    content_type_re = re.compile(
        rf"{HttpCompressionMiddleware.content_type_re.pattern} | ^{re.escape(FEED_FORMATS['json'].media_type)}",
        HttpCompressionMiddleware.content_type_re.flags,
    )

    def maybe_compress(self, request: HttpRequest, response: HttpResponseBase) -> None:
        """In place."""
        if response.streaming or not getattr(response, "public", False):
            super().maybe_compress(request, response)


XML_FEED_TYPES = {one.media_type for one in FEED_FORMATS.values() if one.is_xml}
# Under which browsers are given those.
BROWSER_TYPE = "application/xml"
