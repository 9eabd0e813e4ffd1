"""What all public pages share: the mark that lets them be cached, the frame around them, and answers to other sites."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any, Protocol, TypeVar, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from newsroom.http import Request, Response, ours
from releases import editions
from releases.addresses import address
from releases.editions import EditionNow
from releases.parts import EVERYTHING
from releases.reading.topics import topic_index

View = Callable[..., HttpResponse]
AnyResponse = TypeVar("AnyResponse", bound=HttpResponseBase)


class PublicView(Protocol):
    """A view that `public` has marked. The page cache looks up `reads` before it calls the view."""

    reads: tuple[str, ...]

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answers GET and HEAD, the same for everybody."""


def public(*reads: str) -> Callable[[View], PublicView]:
    """Marks a view whose answer is the same for everybody: no cookie, no session, no token; GET and HEAD alone.

    `reads` are the names of all query parameters that the view reads; of "topic*" it reads every value. The view sees no
    other parameter. So the answer does not depend on others (`utm_source`), and the page cache stores it once.

    The view adds to `request.parts` what its answer depends on (`releases.parts`); of a view that adds nothing it is
    EVERYTHING, which is right, and slow.
    """

    if not all(isinstance(name, str) for name in reads):
        raise TypeError("write @public(), with the names that the view reads")

    def mark(view: View) -> PublicView:
        @wraps(view)
        def marked(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            request.GET = relevant_query(request.GET, reads)  # type: ignore[assignment]  # typed as immutable
            ours(request).parts = set()
            response = cast(Response, view(request, *args, **kwargs))
            response.public = True
            response.parts = frozenset(ours(request).parts or {EVERYTHING})
            return response

        made = cast(PublicView, require_safe(marked))
        made.reads = reads
        return made

    return mark


def relevant_query(query: QueryDict, reads: Sequence[str]) -> QueryDict:
    """The parameters that a view with these `reads` sees: the last value of each, all of a "name*", no empty ones."""
    relevant = QueryDict(mutable=True)
    for name in reads:
        values = [value for value in query.getlist(name.rstrip("*")) if value]
        if values:
            relevant.setlist(name.rstrip("*"), values if name.endswith("*") else values[-1:])
    return relevant


def cached_only_as(response: HttpResponse, request: HttpRequest, canonical: str) -> HttpResponse:
    """Of all query strings with this answer only the `canonical` one may be cached: the others have no end."""
    cast(Response, response).cacheable = QueryDict(canonical) == request.GET
    return response


@dataclass(frozen=True)
class LanguageLink:
    """Where readers of a language go from a page: to the same page, or to the front page where `translated` is false."""

    language: str
    name: str
    path: str
    translated: bool
    current: bool


def language_links(language: str, translations: Mapping[str, str]) -> list[LanguageLink]:
    """One link for each language of the newsroom; `translations` gives the paths of this page by language."""
    return [
        LanguageLink(
            code,
            name,
            translations.get(code) or address("front", language=code),
            translated=code in translations,
            current=code == language,
        )
        for code, name in settings.LANGUAGES
    ]


def in_every_language(name: str, *args: object) -> dict[str, str]:
    """The paths of a page that exists in every language."""
    return {code: address(name, *args, language=code) for code, _ in settings.LANGUAGES}


def edition_of(request: Request) -> EditionNow:
    """The edition that answers a request; asked for where the page cache did not, as of pages for staff."""
    known: EditionNow | None = getattr(request, "edition", None)
    return known or editions.current()


def render_page(
    request: Request,
    template: str,
    context: Mapping[str, object],
    *,
    selected: Iterable[int] = (),
    translations: Mapping[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Renders a public page with its topic index, in which these topics (primary keys) are `selected`, and the links to its
    `translations` (paths by language)."""
    frame = {
        "index": topic_index(edition_of(request), request.language),
        "selected": selected,
        "language_links": language_links(request.language, translations or {}),
        "canonical": request.path,
    }
    return render(request, template, {**frame, **context}, status=status)


def allow_cross_origin(response: AnyResponse) -> AnyResponse:
    """Lets pages of other sites read and show the answer."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def cross_origin_json(answer: object, *, status: int = 200) -> HttpResponse:
    """JSON that pages of other sites may read."""
    return allow_cross_origin(JsonResponse(answer, status=status, json_dumps_params={"ensure_ascii": False}))
