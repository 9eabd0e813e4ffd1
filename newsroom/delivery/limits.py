"""How much a request may bring, by its address and by who sends it; and from which address of the network it comes."""

from http.cookies import CookieError, SimpleCookie
from importlib import import_module

from django.conf import settings
from django.contrib.auth import get_user
from django.db import Error as AnyDatabaseError
from django.http import HttpRequest

from newsroom.http import ACCOUNTS, ADMIN

MEGABYTE = 1024 * 1024
# A password, a passkey, a report of a browser; on public pages nobody sends more than that.
SMALL = 64 * 1024
# Longer than any key of a session: nobody has the database look for a novel.
LONGEST_KEY = 64
# In the environment of a request whose body the server has not taken.
REFUSED = "newsroom.body_refused"


def form_bytes() -> int:
    """The largest form without files. Who was signed out while they wrote may send it, too: their words are shown to them again."""
    return settings.DATA_UPLOAD_MAX_MEMORY_SIZE


def upload_bytes() -> int:
    """The largest form with its files: a picture and a Word file."""
    return form_bytes() + (settings.PICTURE_MAX_MB + settings.DOCX_MAX_MB) * MEGABYTE


def of_strangers(path: str) -> int:
    """The bytes of a body that anybody may send to this address."""
    return form_bytes() if path.startswith(ADMIN) else SMALL


def of_staff(path: str) -> int:
    """The bytes that somebody may send there who is signed in."""
    return upload_bytes() if path.startswith((ADMIN, ACCOUNTS)) else SMALL


def session_key(cookies: str) -> str:
    """The key of the session that a Cookie header names; empty where it names none."""
    if settings.SESSION_COOKIE_NAME not in cookies:
        return ""
    try:
        morsel = SimpleCookie(cookies).get(settings.SESSION_COOKIE_NAME)
    except CookieError:
        return ""
    return morsel.value if morsel and len(morsel.value) <= LONGEST_KEY else ""


def is_signed_in(key: str) -> bool:
    """Whether this session is somebody's of the staff. Asks the database; one that does not answer lets nobody in."""
    if not key:
        return False
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(key)
    try:
        return get_user(request).is_authenticated
    except AnyDatabaseError:
        return False


def largest_body(path: str, cookies: str) -> int:
    """The bytes that this request may bring; asks the database where it names a session."""
    allowed, wanted = of_strangers(path), of_staff(path)
    return wanted if wanted > allowed and is_signed_in(session_key(cookies)) else allowed


def behind_proxies() -> bool:
    """Whether a connection's other end is a proxy, and not who asks."""
    return bool(settings.ALLAUTH_TRUSTED_PROXY_COUNT)


def client_address(peer: str, forwarded: str) -> str:
    """From where a request comes: the peer, or what the trusted proxies in front say in X-Forwarded-For."""
    proxies = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    named = [one.strip() for one in forwarded.split(",") if one.strip()] if proxies else []
    return named[-proxies] if proxies and len(named) >= proxies else peer
