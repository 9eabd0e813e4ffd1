"""What all public pages share: the mark that lets them be cached, and the frame around their words."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_safe

from releases.addresses import address
from releases.reading.topics import Entry

View = Callable[..., HttpResponse]


def public(*reads: str) -> Callable[[View], View]:
    """Marks what a view answers as the same for everybody: no cookie, no session, no token; GET and HEAD alone.

    `reads` are all the names that it reads behind the question mark, "topic*" one of which it reads every value. It gets
    to see no other, so whatever else stands there (`utm_source`) the answer is the same, and the page cache keeps it once.
    """

    if not all(isinstance(name, str) for name in reads):
        raise TypeError("write @public(), with the names that the view reads")

    def mark(view: View) -> View:
        @wraps(view)
        def marked(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            request.GET = question(request.GET, reads)
            response = view(request, *args, **kwargs)
            response.public = True
            return response

        made = require_safe(marked)
        made.reads = reads
        return made

    return mark


def question(query: QueryDict, reads: Sequence[str]) -> QueryDict:
    """What a view that reads these names is asked: the last value of each, all of a "name*", and nothing that is empty."""
    asked = QueryDict(mutable=True)
    for name in reads:
        values = [value for value in query.getlist(name.rstrip("*")) if value]
        if values:
            asked.setlist(name.rstrip("*"), values if name.endswith("*") else values[-1:])
    return asked


def cached_only_as(response: HttpResponse, request: HttpRequest, normal: str) -> HttpResponse:
    """Of all queries with this answer only `normal` goes into the page cache: there is no end of the others."""
    response.cacheable = QueryDict(normal) == request.GET
    return response


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


def open_to_all(response: HttpResponse) -> HttpResponse:
    """Pages of other sites may show it."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def answer_to_all(answer: object, *, status: int = 200) -> HttpResponse:
    """JSON that pages of other sites may read."""
    return open_to_all(JsonResponse(answer, status=status, json_dumps_params={"ensure_ascii": False}))
