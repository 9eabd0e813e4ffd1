"""Feeds: everything, and each topic, as RSS 2.0, Atom and JSON Feed, with full texts whose notes work in a reader."""

import json
import re
from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed, rfc3339_date
from django.utils.xmlutils import SimplerXMLGenerator

from releases.addresses import absolute, address
from releases.languages import note_words
from releases.models import Release, Topic
from releases.models.topic import in_index_order
from releases.text.render import excerpt, feed_html
from releases.views.public import public

LENGTH = 20
TYPES = {"rss": "application/rss+xml", "atom": "application/atom+xml", "json": "application/feed+json"}
# What XML 1.0 (section 2.2) has no way to write.
_UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class _Rss(Rss201rev2Feed):
    """RSS 2.0 with the full text, and the author by name."""

    def rss_attributes(self) -> dict[str, str]:
        """The namespaces of the elements beyond RSS."""
        return {
            **super().rss_attributes(),
            "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
            "xmlns:dc": "http://purl.org/dc/elements/1.1/",
        }

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, object]) -> None:
        """The summary stands in `description`, the text in `content:encoded`."""
        super().add_item_elements(handler, item)
        handler.addQuickElement("content:encoded", item["content"])
        handler.addQuickElement("dc:creator", settings.NEWSROOM["name"])
        handler.addQuickElement("atom:updated", rfc3339_date(item["updateddate"]))


class _Atom(Atom1Feed):
    """Atom with the full text beside the summary."""

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, object]) -> None:
        """RFC 4287, 4.1.3: the text as escaped HTML."""
        super().add_item_elements(handler, item)
        handler.addQuickElement("content", item["content"], {"type": "html"})


@public
def feed(request: HttpRequest, kind: str) -> HttpResponse:
    """The newest releases in the language of the address."""
    releases = _items(request.language)
    return _answer(
        request,
        kind,
        releases,
        title=settings.NEWSROOM["name"],
        page=address("front", language=request.language),
    )


@public
def topic_feed(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """The newest releases under one topic."""
    topic = Topic.objects.filter(slug=slug).first()
    if topic is None:
        raise Http404("no such topic")
    releases = _items(request.language).filter(topic_items__tag=topic)
    title = f"{topic.name_in(request.language)} · {settings.NEWSROOM['name']}"
    return _answer(request, kind, releases, title=title, page=topic.get_absolute_url(request.language))


def _items(language: str):
    return (
        Release.objects.visible()
        .filter(language=language)
        .in_order()
        .select_related("live")
        .prefetch_related("topics")
    )


def _answer(request: HttpRequest, kind: str, releases, *, title: str, page: str) -> HttpResponse:
    found = list(releases[:LENGTH])
    items = [_item(release) for release in found]
    if kind == "json":
        body = _json(request, items, title=title, page=page)
    else:
        body = _xml(request, _Rss if kind == "rss" else _Atom, items, title=title, page=page)
    return HttpResponse(body, content_type=f"{TYPES[kind]}; charset=utf-8")


def _item(release: Release) -> dict[str, object]:
    """What every kind of feed says of a release. The id is the uuid: it outlives slug, domain and scheme."""
    live = release.live
    link = absolute(release.get_absolute_url())
    body = feed_html(live.body, prefix=release.note_prefix, address=link, words=note_words(release.language))
    return {
        "title": writable(live.title),
        "link": link,
        "unique_id": release.uuid.urn,
        "description": writable(live.summary or excerpt(live.body, limit=300)),
        "content": writable(body),
        "pubdate": release.publish_at,
        "updateddate": release.updated_at or release.publish_at,
        "categories": [
            writable(topic.name_in(release.language))
            for topic in in_index_order(release.topics.all(), release.language)
        ],
        "language": release.language,
    }


def _xml(
    request: HttpRequest,
    maker: type[SyndicationFeed],
    items: Sequence[dict[str, object]],
    *,
    title: str,
    page: str,
) -> bytes:
    made = maker(
        title=writable(title),
        link=absolute(page),
        description=settings.NEWSROOM["tagline"],
        language=request.language,
        author_name=settings.NEWSROOM["name"],
        feed_url=absolute(request.path),
        feed_guid=absolute(request.path),
    )
    # An empty feed has no newest date of its own, and "now" would make every answer another one.
    modified = _modified(request)
    made.latest_post_date = lambda: modified
    for item in items:
        made.add_item(**item, author_name=settings.NEWSROOM["name"], unique_id_is_permalink=False)
    return made.writeString("utf-8").encode()


def _json(request: HttpRequest, items: Sequence[dict[str, object]], *, title: str, page: str) -> str:
    """JSON Feed 1.1."""
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": title,
        "home_page_url": absolute(page),
        "feed_url": absolute(request.path),
        "description": settings.NEWSROOM["tagline"],
        "language": request.language,
        "authors": [{"name": settings.NEWSROOM["name"], "url": settings.SITE_URL + "/"}],
        "items": [
            {
                "id": item["unique_id"],
                "url": item["link"],
                "title": item["title"],
                "summary": item["description"],
                "content_html": item["content"],
                "date_published": rfc3339_date(item["pubdate"]),
                "date_modified": rfc3339_date(item["updateddate"]),
                "tags": item["categories"],
                "language": item["language"],
            }
            for item in items
        ],
    }
    return json.dumps(document, ensure_ascii=False)


def _modified(request: HttpRequest) -> datetime:
    edition = getattr(request, "edition", None)
    return edition.modified_at if edition else timezone.now()


def writable(words: str) -> str:
    """Words without what XML cannot hold, so that no title can break a feed."""
    return _UNWRITABLE.sub("", words)
