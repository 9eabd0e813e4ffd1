"""Which language an address speaks: the prefix decides, never a cookie or the browser's wishes."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from releases.languages import frame_language


def language_of(path: str) -> str:
    """The language of an address. Django's own reading of the prefix knows only languages that it ships a catalogue for."""
    prefix = path.split("/", 2)[1]
    return prefix if prefix in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


class LanguageMiddleware:
    """Activates the prefix's language for routing, then the frame's language for the words of the page.

    `request.language` is the language of the address (lists hold releases in it); `get_language()` is that of the
    frame. They differ where no catalogue ships, so links are made by `releases.addresses`, never by `{% url %}`.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.language = language = language_of(request.path_info)
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", frame_language(language))
        return response

    def process_view(self, request: HttpRequest, *args: object) -> None:
        """After routing: the words of the page are those of its frame."""
        translation.activate(frame_language(request.language))
