"""What browsers say that the content policy stopped: counted by directive and kind of page, and by nothing else."""

import json
from urllib.parse import urlsplit

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.http.request import RawPostDataException
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from newsroom.delivery.requests import NOWHERE, route_of
from newsroom.http import NEVER_STORED

KEY = "csp-reports"
KEPT_FOR = 30 * 24 * 60 * 60  # seconds since the last one
MOST_BYTES, MOST_KINDS, MOST_OF_ONE = 16_384, 100, 999_999
# What the policy consists of. Anything else was made up.
DIRECTIVES = frozenset(
    {
        "default-src", "script-src", "script-src-elem", "script-src-attr", "style-src", "style-src-elem", "style-src-attr", "img-src",
        "font-src", "connect-src", "manifest-src", "form-action", "base-uri", "object-src", "frame-src", "frame-ancestors", "media-src",
        "worker-src", "child-src", "require-trusted-types-for", "trusted-types",
    }
)  # fmt: skip


@csrf_exempt
@require_POST
def take(request: HttpRequest) -> HttpResponse:
    """Both forms of a report (`report-uri`, and the Reporting API's list). Whatever came, the answer is the same and empty."""
    counts = counted()
    for directive, route in _read(request)[:20]:
        name = f"{directive} {route}"
        if name in counts or len(counts) < MOST_KINDS:
            counts[name] = min(counts.get(name, 0) + 1, MOST_OF_ONE)
            cache.set(KEY, counts, KEPT_FOR)
    return HttpResponse(status=204, headers={"Cache-Control": NEVER_STORED})


def counted() -> dict[str, int]:
    """How often, by "directive kind-of-page"."""
    found = cache.get(KEY)
    return dict(found) if isinstance(found, dict) else {}


def forget() -> None:
    """Begin anew."""
    cache.delete(KEY)


def _read(request: HttpRequest) -> list[tuple[str, str]]:
    try:
        if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
            return []
        said = json.loads(request.body)
    except (
        ValueError,
        RecursionError,
        RawPostDataException,
    ):  # the last one: a form, which has been read as one
        return []
    found = []
    for one in said if isinstance(said, list) else [said]:
        body = one.get("csp-report", one.get("body")) if isinstance(one, dict) else None
        if not isinstance(body, dict):
            continue
        directive = str(
            body.get("effective-directive")
            or body.get("effectiveDirective")
            or body.get("violated-directive")
            or ""
        )
        directive = directive.split(" ")[0][:40]
        if directive in DIRECTIVES:
            found.append(
                (
                    directive,
                    _kind_of_page(request, str(body.get("document-uri") or body.get("documentURL") or "")),
                )
            )
    return found


def _kind_of_page(request: HttpRequest, address: str) -> str:
    try:
        parts = urlsplit(address[:2_000])
    except ValueError:
        return NOWHERE
    if parts.netloc != request.get_host() or not parts.path.startswith("/"):
        return NOWHERE
    return route_of(parts.path)
