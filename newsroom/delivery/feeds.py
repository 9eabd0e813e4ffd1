"""Feeds that somebody opens in a browser: shown by their style sheet instead of as source."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

FEEDS = ("application/rss+xml", "application/atom+xml")


class FeedsInBrowsersMiddleware:
    """Browsers style `application/xml` but show feeds' own types as bare source, or offer to save them. Who asks for
    HTML is a browser, and gets the same bytes under the type that it can show. Stands outside the page cache, which
    keeps one answer for both."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        kind, _, rest = response.headers.get("Content-Type", "").partition(";")
        if kind in FEEDS or (response.status_code == 304 and request.path_info.endswith((".rss", ".atom"))):
            patch_vary_headers(response, ["Accept"])
        if kind in FEEDS and "text/html" in request.headers.get("Accept", ""):
            response.headers["Content-Type"] = f"application/xml;{rest}"
        return response
