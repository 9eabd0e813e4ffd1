"""In which language staff pages speak to somebody: the one that they chose, else the one that their browser asks for."""

from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest
from django.utils.translation import get_supported_language_variant
from django.utils.translation.trans_real import parse_accept_lang_header


def offered() -> dict[str, str]:
    """The languages of this site that staff pages are translated into: code -> its name in that language."""
    return {code: name for code, name in settings.LANGUAGES if code in settings.FRAME_LANGUAGES}


def language_of_browser(request: HttpRequest) -> str:
    """The first language of Accept-Language that is offered, whatever it is called there ("zh-TW" is "zh-hant")."""
    for wanted, weight in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        try:
            known = get_supported_language_variant(wanted)
        except LookupError:
            continue
        if weight and known in offered():
            return known
    return settings.LANGUAGE_CODE


def language_of_person(request: HttpRequest) -> str:
    """What whoever is signed in chose, or "" where nobody is or nothing was chosen."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return ""
    try:
        chosen = getattr(request.user, "language", "")
    except (DatabaseError, InterfaceError):  # the page itself will say that the database does not answer
        return ""
    return chosen if chosen in offered() else ""
