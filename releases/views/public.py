"""What all public pages share: the mark that lets them be cached, and the frame around their words."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from releases.addresses import address
from releases.views.index import Entry

View = Callable[..., HttpResponse]


def public(view: View) -> View:
    """Marks what `view` answers as the same for everybody: no cookie, no session, no token; GET and HEAD alone."""

    @wraps(view)
    def marked(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response.public = True
        return response

    return require_safe(marked)


@dataclass(frozen=True)
class Version:
    """This page in a language, or that language's front page where `same` is false."""

    language: str
    name: str
    path: str
    same: bool
    here: bool


def versions_of(language: str, same: Mapping[str, str]) -> list[Version]:
    """For every language of the newsroom where its readers go from here; `same` has the paths of this page in others."""
    return [
        Version(code, name, same.get(code) or address("front", language=code), code in same, code == language)
        for code, name in settings.LANGUAGES
    ]


def everywhere(name: str, *args: object) -> dict[str, str]:
    """The paths of a page that stands in every language."""
    return {code: address(name, *args, language=code) for code, _ in settings.LANGUAGES}


def page(
    request: HttpRequest,
    template: str,
    words: Mapping[str, object],
    *,
    index: Iterable[Entry],
    same: Mapping[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Renders a public page with its topic index and the ways to its other languages (`same`: language to path)."""
    context = {
        "index": index,
        "versions": versions_of(request.language, same or {}),
        "canonical": request.path,
        **words,
    }
    return render(request, template, context, status=status)
