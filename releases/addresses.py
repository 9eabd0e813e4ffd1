"""Where public pages stand: every public address is made here, under its language's prefix."""

from functools import lru_cache

from django.conf import settings
from django.urls import get_script_prefix, reverse
from django.utils import translation


def address(name: str, *args: object, language: str | None = None) -> str:
    """The path of the public page `name` (as in `releases.urls`) in `language`, by default the site's own."""
    default = settings.LANGUAGE_CODE
    return _address(name, args, language or default, default, get_script_prefix())


# A page names a hundred addresses, most of them those of the page before, and making one takes longer than writing it.
@lru_cache(20_000)
def _address(name: str, args: tuple[object, ...], language: str, default: str, under: str) -> str:
    with translation.override(language):
        return reverse(f"releases:{name}", args=args)


def absolute(path: str) -> str:
    """The whole address of a path, for feeds, canonical links and mails."""
    return settings.SITE_URL + path


def machine_address(name: str, *args: object) -> str:
    """The path of what is the same in every language: sitemaps, pictures, the API (`unprefixed` in `releases.urls`)."""
    return reverse(f"site:{name}", args=args)
