"""A feed's document before it is written in one form or another."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from releases.feeds.items import Item


@dataclass(frozen=True)
class Document:
    """`page` is the page that the feed is about, `address` this document's own, `current` that of the newest
    items; `links` are relations and addresses; `archive` marks a volume of older items (RFC 5005)."""

    title: str
    language: str
    page: str
    address: str
    current: str
    links: Sequence[tuple[str, str]]
    hub: str
    archive: bool
    image: str
    updated: datetime
    items: Sequence[Item]

    @property
    def older(self) -> str:
        """Where the items before these stand; empty where these are the oldest."""
        return dict(self.links).get("prev-archive", "")
