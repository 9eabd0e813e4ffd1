"""From a choice of releases to an answer in one of the three forms."""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static

from releases.addresses import absolute
from releases.feeds.document import Document
from releases.feeds.items import Item, item_of, writable
from releases.feeds.jsonfeed import write_json
from releases.feeds.volumes import Volume, volume_of
from releases.feeds.xml import write_xml
from releases.models.release import ReleaseQuerySet

TYPES = {"rss": "application/rss+xml", "atom": "application/atom+xml", "json": "application/feed+json"}

# Atom asks for a date where nothing has happened. Validators find one before 1990 implausible.
NEVER = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Channel:
    """What a feed is: its title, the path of the page that it is about, its own path (with what it asks for behind
    a question mark, in normal order), and whether the hub is told of its changes."""

    title: str
    page: str
    path: str
    hub: bool = False


def answer(request: HttpRequest, kind: str, releases: ReleaseQuerySet, channel: Channel) -> HttpResponse:
    """The feed of `releases` (in any order, already gated) as `kind`: the newest, or the volume asked for."""
    volume = volume_of(request, releases)
    items = [item_of(release) for release in volume.releases]
    address = _address(channel, volume.number)
    hub = settings.WEBSUB_HUB if channel.hub and volume.number is None else ""
    document = Document(
        title=writable(channel.title),
        language=request.language,
        page=absolute(channel.page),
        address=address,
        current=absolute(channel.path),
        links=_links(channel, volume, hub),
        hub=hub,
        archive=volume.number is not None,
        image=absolute(static("img/touch-icon.png")),
        updated=_updated(items),
        items=items,
    )
    if kind == "json":
        body = write_json(document)
    else:
        body = write_xml(document, kind=kind, stylesheet=static("css/feed.css"))
    response = HttpResponse(body, content_type=f"{TYPES[kind]}; charset=utf-8")
    links = [("self", address), *([("hub", hub)] if hub else [])]
    response.headers["Link"] = ", ".join(f'<{where}>; rel="{what}"' for what, where in links)
    # Readers that run in a browser fetch feeds from pages of other sites.
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _links(channel: Channel, volume: Volume, hub: str) -> list[tuple[str, str]]:
    """RFC 5005: the newest items, the volumes next to this one, by the names of its sections 3 (pages) and 4
    (archives), since readers know one or the other; WebSub: the hub."""
    links = [("hub", hub)] if hub else []
    newest = absolute(channel.path)
    if volume.number is not None:
        newer = _address(channel, volume.newer) if volume.newer else newest
        links += [("current", newest), ("first", newest), ("previous", newer)]
    if volume.older:
        older = _address(channel, volume.older)
        links += [("prev-archive", older), ("next", older)]
    if volume.newer:
        links.append(("next-archive", _address(channel, volume.newer)))
    if volume.last:
        links.append(("last", _address(channel, 1)))
    return links


def _address(channel: Channel, number: int | None) -> str:
    if number is None:
        return absolute(channel.path)
    mark = "&" if "?" in channel.path else "?"
    return absolute(f"{channel.path}{mark}page={number}")


def _updated(items: list[Item]) -> datetime:
    """Of this feed's items, so that it stays the same when another one changes, an empty one too."""
    return max((item.updated for item in items), default=NEVER)
