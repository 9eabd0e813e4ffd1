"""A feed's document before it is written in a format: the newest releases, or a page of older ones (RFC 5005, section 4).

Pages are counted from the oldest release on, and each is full. So what is on a page stays there while new releases come.
The newest document overlaps the last page where the numbers do not come out even.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings
from django.db.models import Count, QuerySet, Window
from django.http import Http404, HttpRequest
from django.templatetags.static import static

from newsroom.http import Request
from releases.addresses import absolute, with_query
from releases.feeds.items import Item, item_of, releases_with_items, xml_safe
from releases.models import Release
from releases.models.release import FEED_LENGTH, ReleaseQuerySet
from releases.numbers import whole
from releases.parts import release_part
from releases.reading.lists import MOST_PAGES
from releases.reading.mirrors import SignedList, signed_list

# Atom asks for a date where nothing has happened. Validators find one before 1990 implausible.
NEVER = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Channel:
    """What a feed is: its title, the path of the page that it is about, its own path with its canonical query string, and
    whether the hub is pinged when it changes."""

    title: str
    page: str
    path: str
    hub: bool = False

    def address(self, number: int | None) -> str:
        """The whole address of a page of it; None is the newest items."""
        return absolute(with_query(self.path, f"page={number}" if number is not None else ""))


@dataclass(frozen=True)
class Document:
    """`page` is the page that the feed is about, `address` this document's own, `current` that of the newest
    items; `links` are relations and addresses; `archive` marks a page of older items (RFC 5005)."""

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
    mirrors: SignedList | None = None

    @property
    def older(self) -> str:
        """The address of the items before these; empty where these are the oldest."""
        return dict(self.links).get("prev-archive", "")


@dataclass(frozen=True)
class FeedPage:
    """The releases of one document, newest first; `number` is None for the newest ones. `older` and `newer` are
    the numbers of the pages next to it, 0 where there is none; `last` is the newest page's."""

    releases: Sequence[Release]
    number: int | None
    older: int
    newer: int
    last: int


# Primary keys, newest first; of choices that have no list of their own the releases themselves, in any order.
Chosen = Sequence[int] | ReleaseQuerySet


def document_of(request: Request, releases: Chosen, channel: Channel) -> Document:
    """The document of `releases` (already gated) that `?page=` asks for."""
    page = feed_page(request, releases)
    request.parts.update(release_part(release.pk) for release in page.releases)
    items = [item_of(release) for release in page.releases]
    hub = settings.WEBSUB_HUB if channel.hub and page.number is None else ""
    return Document(
        title=xml_safe(channel.title),
        language=request.language,
        page=absolute(channel.page),
        address=channel.address(page.number),
        current=channel.address(None),
        links=_links(channel, page, hub),
        hub=hub,
        archive=page.number is not None,
        image=absolute(static("img/touch-icon.png")),
        # Of this feed's items, so that it stays the same when another feed changes.
        updated=max((item.updated for item in items), default=NEVER),
        items=items,
        mirrors=signed_list(request.edition) if settings.MIRRORS else None,
    )


def feed_page(request: HttpRequest, releases: Chosen) -> FeedPage:
    """The page that `?page=` asks for; 404 for one that does not exist, or is not full."""
    number = _number(request.GET.get("page", ""))
    keys, total = _keys(releases, number)
    last = total // FEED_LENGTH
    found = releases_with_items(keys)
    if number is None:
        return FeedPage(found, None, older=-(-(total - len(found)) // FEED_LENGTH), newer=0, last=last)
    if number > last:
        raise Http404("no such page")
    return FeedPage(found, number, older=number - 1, newer=number + 1 if number < last else 0, last=last)


def _keys(releases: Chosen, number: int | None) -> tuple[list[int], int]:
    """The primary keys of a page, and how many there are in all; of a choice both in one query."""
    first = ((number or 1) - 1) * FEED_LENGTH
    if isinstance(releases, QuerySet):
        ordered = releases.in_order() if number is None else releases.order_by("publish_at", "pk")
        rows = list(
            ordered.annotate(total=Window(Count("pk"))).values_list("pk", "total")[
                first : first + FEED_LENGTH
            ]
        )
        return [pk for pk, _total in rows], rows[0][1] if rows else 0
    total = len(releases)
    if number is None:
        return list(releases[:FEED_LENGTH]), total
    end = total - first
    return list(releases[max(end - FEED_LENGTH, 0) : max(end, 0)]), total


def _number(asked: str) -> int | None:
    if not asked:
        return None
    number = whole(asked, least=1, most=MOST_PAGES)
    if number is None:
        raise Http404("no such page")
    return number


def _links(channel: Channel, page: FeedPage, hub: str) -> list[tuple[str, str]]:
    """RFC 5005: the newest items and the pages next to this one, by the names of its sections 3 (pages) and 4
    (archives), since readers know one or the other; WebSub: the hub."""
    links = [("hub", hub)] if hub else []
    newest = channel.address(None)
    if page.number is not None:
        newer = channel.address(page.newer) if page.newer else newest
        links += [("current", newest), ("first", newest), ("previous", newer)]
    if page.older:
        older = channel.address(page.older)
        links += [("prev-archive", older), ("next", older)]
    if page.newer:
        links.append(("next-archive", channel.address(page.newer)))
    if page.last:
        links.append(("last", channel.address(1)))
    return links
