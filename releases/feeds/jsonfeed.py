"""JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/)."""

import json

from django.conf import settings
from django.utils.feedgenerator import rfc3339_date

from releases.feeds.document import Document
from releases.feeds.items import Item


def write_json(document: Document) -> bytes:
    """The document as JSON Feed; what is not there is left out, as the format wants it."""
    author = {"name": settings.NEWSROOM["name"], "url": settings.SITE_URL + "/"}
    feed: dict[str, object] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": document.title,
        "home_page_url": document.page,
        "feed_url": document.address,
        "description": settings.NEWSROOM["tagline"],
        "icon": document.image,
        "language": document.language,
        "authors": [author],
    }
    if document.older:
        feed["next_url"] = document.older
    if document.hub:
        feed["hubs"] = [{"type": "WebSub", "url": document.hub}]
    feed["items"] = [_item(item) for item in document.items]
    return json.dumps(feed, ensure_ascii=False).encode()


def _item(item: Item) -> dict[str, object]:
    return {
        "id": item.id,
        "url": item.link,
        "title": item.title,
        "summary": item.summary,
        "content_html": item.content,
        "date_published": rfc3339_date(item.published),
        "date_modified": rfc3339_date(item.updated),
        "tags": list(item.topics),
        "language": item.language,
        **({"image": item.picture.address} if item.picture else {}),
    }
