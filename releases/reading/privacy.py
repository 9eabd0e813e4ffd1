"""What the settings mean for a reader's privacy: the page says so, and nothing that is not so."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings


@dataclass(frozen=True)
class Facts:
    """What is true of this site as it is set up."""

    request_lines: bool
    """A line for each request is written, without address, path and question."""
    error_reports: str
    """The host that faults are reported to; empty where they stay here."""
    caches_in_front: bool
    """Servers of others may hand out pages, and see who asks them."""
    hub: str
    """The host that tells feed readers of news."""
    onion: str
    """The address by which the site is read through Tor."""
    contact: str


def facts() -> Facts:
    """By the settings of this moment."""
    return Facts(
        request_lines=settings.LOG_REQUESTS,
        error_reports=urlsplit(settings.SENTRY_DSN).hostname or "",
        caches_in_front=bool(settings.PURGE_URLS or settings.SHARED_CACHE_SECONDS),
        hub=urlsplit(settings.WEBSUB_HUB).hostname or "",
        onion=settings.ONION_URL,
        contact=settings.NEWSROOM["contact_email"],
    )
