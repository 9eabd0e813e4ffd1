"""What every template may say about the organisation."""

from django.conf import settings
from django.http import HttpRequest, HttpResponseRedirect
from django.templatetags.static import static

from newsroom.accounts.languages import offered
from releases.languages import direction


def frame(request: HttpRequest) -> dict[str, object]:
    """`newsroom` (the organisation's words), `language` (of the address), `languages`, and how the frame runs: as the
    texts of its address do, whatever language its own words are in."""
    language = getattr(request, "language", settings.LANGUAGE_CODE)
    return {
        "newsroom": settings.NEWSROOM,
        "language": language,
        "languages": settings.LANGUAGES,
        "staff_languages": offered(),
        "frame_dir": direction(language),
        "site_url": settings.SITE_URL,
        "time_zone": settings.TIME_ZONE,
    }


def favicon(request: HttpRequest) -> HttpResponseRedirect:
    """Where browsers look unasked, on the pages that name no icon of their own."""
    return HttpResponseRedirect(static("img/favicon.png"), headers={"Cache-Control": "public, max-age=86400"})
