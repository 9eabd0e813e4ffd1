"""A feed's document: the newest releases or a page of older ones (RFC 5005), before it is written in any form."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, OuterRef, Subquery
from django.http import Http404, HttpRequest

from releases.feeds.items import Item, with_words
from releases.models import Release
from releases.models.release import FEED_LENGTH as LENGTH
from releases.models.release import ReleaseQuerySet
from releases.numbers import whole


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


@dataclass(frozen=True)
class Volume:
    """The releases of one document, newest first; `number` is None for the newest ones. `older` and `newer` are
    the numbers of the volumes next to it, 0 where there is none; `last` is the newest volume's."""

    releases: Sequence[Release]
    number: int | None
    older: int
    newer: int
    last: int


def volume_of(request: HttpRequest, releases: ReleaseQuerySet) -> Volume:
    """The document that `?page=` asks for, in two queries; 404 for a volume that is not there, or not full."""
    number = _number(request.GET.get("page", ""))
    total = (
        releases.order_by()
        .annotate(one=OuterRef("language"))
        .values("one")
        .annotate(number=Count("pk"))
        .values("number")
    )
    if number is None:
        chosen = releases.in_order()[:LENGTH]
    else:
        first = (number - 1) * LENGTH
        chosen = releases.order_by("publish_at", "pk")[first : first + LENGTH]
    wanted = with_words(Release.objects.filter(pk__in=chosen.values("pk"))).in_order()
    found = list(wanted.annotate(total=Subquery(total)))
    if number and len(found) < LENGTH:
        raise Http404("no such volume")
    count = found[0].total if found else 0
    last = count // LENGTH
    if number is None:
        return Volume(found, None, older=-(-(count - len(found)) // LENGTH), newer=0, last=last)
    return Volume(found, number, older=number - 1, newer=number + 1 if number < last else 0, last=last)


def _number(asked: str) -> int | None:
    if not asked:
        return None
    number = whole(asked, least=1, most=999_999)
    if number is None:
        raise Http404("no such volume")
    return number
