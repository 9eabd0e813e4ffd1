"""What every template may say about the organisation, and the words of the scripts on staff pages."""

from django.conf import settings
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.templatetags.static import static
from django.views.decorators.http import conditional_page
from django.views.i18n import JavaScriptCatalog

from newsroom.accounts.languages import offered
from newsroom.http import FOR_A_DAY, REVALIDATED_BY_ONE
from releases.languages import direction


def frame(request: HttpRequest) -> dict[str, object]:
    """`newsroom` (the organisation's words), `language` (of the address), `languages`, `offline` (in a mirror), and how the frame runs:
    as the texts of its address do, whatever language its own words are in."""
    language = getattr(request, "language", settings.LANGUAGE_CODE)
    return {
        "newsroom": settings.NEWSROOM,
        "language": language,
        "languages": settings.LANGUAGES,
        "staff_languages": offered(),
        "frame_dir": direction(language),
        "site_url": settings.SITE_URL,
        "time_zone": settings.TIME_ZONE,
        "mirrors": settings.MIRRORS,
        "securedrop_url": settings.SECUREDROP_URL,
        "offline": getattr(request, "offline", False),
    }


def favicon(request: HttpRequest) -> HttpResponseRedirect:
    """Where browsers look unasked, on the pages that name no icon of their own."""
    return HttpResponseRedirect(static("img/favicon.png"), headers={"Cache-Control": FOR_A_DAY})


@conditional_page
def script_words(request: HttpRequest) -> HttpResponseBase:
    """Django's catalogue for scripts, with our own words (the domain `djangojs`), in the language of the person who asks."""
    response = JavaScriptCatalog.as_view(packages=["django.contrib.admin"])(request)
    response.headers["Cache-Control"] = REVALIDATED_BY_ONE
    return response
