"""Public addresses: every one is made here, under the prefix of its language; and the formats of feeds."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlencode

from django.conf import settings
from django.urls import get_script_prefix, reverse
from django.utils import translation


@dataclass(frozen=True)
class FeedFormat:
    """A form in which every feed can be had. `suffix` ends its address; `short_name` is for labels of links."""

    suffix: str
    name: str
    short_name: str
    media_type: str

    @property
    def is_xml(self) -> bool:
        """Browsers show XML by a style sheet, JSON as it is."""
        return self.media_type.endswith("+xml")


# The one list of them: addresses, links in pages, answers and the hub's pings follow it.
FEED_FORMATS = {
    one.suffix: one
    for one in (
        FeedFormat("rss", "RSS", "RSS", "application/rss+xml"),
        FeedFormat("atom", "Atom", "Atom", "application/atom+xml"),
        FeedFormat("json", "JSON Feed", "JSON", "application/feed+json"),
    )
}


def address(name: str, *args: object, language: str | None = None) -> str:
    """The path of the public page `name` (as in `releases.urls`) in `language`, by default the site's own."""
    default = settings.LANGUAGE_CODE
    return _address(name, args, language or default, default, get_script_prefix())


# A page contains a hundred addresses, most of them those of the page before. Reversing one takes longer than writing it.
@lru_cache(20_000)
def _address(name: str, args: tuple[object, ...], language: str, default: str, script_prefix: str) -> str:
    with translation.override(language):
        return reverse(f"releases:{name}", args=args)


def absolute(path: str) -> str:
    """The whole address of a path, for feeds, canonical links and mails."""
    return settings.SITE_URL + path


def machine_address(name: str, *args: object) -> str:
    """The path of what is the same in every language: sitemaps, pictures, the API (`unprefixed` in `releases.urls`)."""
    return _machine_address(name, args, get_script_prefix())


@lru_cache(20_000)
def _machine_address(name: str, args: tuple[object, ...], script_prefix: str) -> str:
    return reverse(f"site:{name}", args=args)


def with_query(path: str, query: str | Sequence[tuple[str, str]]) -> str:
    """The path with a query string: one that is ready, or its names and values. An empty one adds nothing."""
    written = query if isinstance(query, str) else urlencode(query)
    return f"{path}{'&' if '?' in path else '?'}{written}" if written else path
