"""A feed's document written as RSS 2.0, Atom 1.0 or JSON Feed 1.1."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from io import StringIO
from typing import Any, cast
from xml.sax.xmlreader import AttributesImpl

from django.conf import settings
from django.utils.feedgenerator import (
    Atom1Feed,
    Rss201rev2Feed,
    Stylesheet,
    SyndicationFeed,
    rfc3339_date,
)
from django.utils.html import escape
from django.utils.xmlutils import SimplerXMLGenerator

from releases.feeds.document import Document
from releases.feeds.items import MOST_ITEMS, Item, xml_safe
from releases.reading.mirrors import SignedList, list_address
from releases.reading.pictures import Image

HISTORY = "http://purl.org/syndication/history/1.0"
MEDIA = "http://search.yahoo.com/mrss/"
# A name of our own, and no address: for the list of mirrors no format has an element.
MIRRORS = "urn:uuid:6f0d7f0e-51c1-4f4e-8d0e-0c6e6a7f2b19"


# The elements of items, by format, item and whatever else they say: about a megabyte.
_elements: dict[tuple[object, ...], str] = {}


class _Feed(SyndicationFeed):
    """What RSS and Atom have in common here, where Django's feeds differ. `element` is an item's."""

    element: str

    def latest_post_date(self) -> datetime:
        """The document's date. Django's is now where there are no items, another one in every answer."""
        return cast(datetime, self.feed["updated"])

    def mirror_attributes(self) -> dict[str, str]:
        """The namespace of the list of mirrors, where there is one."""
        return {"xmlns:newsroom": MIRRORS} if self.feed["mirrors"] else {}

    def write_items(self, handler: SimplerXMLGenerator) -> None:
        """Each as it was written once."""
        for item in self.items:
            handler.ignorableWhitespace(self._written(item))

    def _written(self, item: dict[str, Any]) -> str:
        """The item's element. The item is the key, with all that the element says besides."""
        key = (type(self), item["item"], self.feed["language"], settings.NEWSROOM["name"])
        written = _elements.get(key)
        if written is None:
            out = StringIO()
            handler = SimplerXMLGenerator(out, "utf-8", short_empty_elements=True)
            handler.startElement(self.element, AttributesImpl(self.item_attributes(item)))
            self.add_item_elements(handler, item)
            handler.endElement(self.element)
            if len(_elements) >= 2 * MOST_ITEMS:
                _elements.clear()
            written = _elements[key] = out.getvalue()
        return written

    def item_attributes(self, item: Mapping[str, str]) -> dict[str, str]:
        """An item's language where it is not the feed's."""
        return {"xml:lang": item["language"]} if item["language"] != self.feed["language"] else {}


class _Rss(_Feed, Rss201rev2Feed):
    """RSS 2.0 with the full text, the author's name and the elements of Atom that RSS lacks."""

    element = "item"

    def rss_attributes(self) -> dict[str, str]:
        """The namespaces of the elements beyond RSS; the language, which the style sheet asks for."""
        return {
            **super().rss_attributes(),
            "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
            "xmlns:dc": "http://purl.org/dc/elements/1.1/",
            "xmlns:fh": HISTORY,
            "xmlns:media": MEDIA,
            "xml:lang": self.feed["language"],
            **self.mirror_attributes(),
        }

    def add_root_elements(self, handler: SimplerXMLGenerator) -> None:
        """Links as Atom has them: RSS readers know these too."""
        super().add_root_elements(handler)
        _links(handler, "atom:link", self.feed["links"])
        _image(handler, self.feed)
        if self.feed["archive"]:
            handler.addQuickElement("fh:archive")
        _mirrors(handler, self.feed["mirrors"])

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        """The summary in `description`, the text in `content:encoded`."""
        super().add_item_elements(handler, item)
        handler.addQuickElement("content:encoded", item["content"])
        handler.addQuickElement("dc:creator", settings.NEWSROOM["name"])
        handler.addQuickElement("atom:updated", rfc3339_date(item["updateddate"]))
        _picture(handler, item["picture"])


class _Atom(_Feed, Atom1Feed):
    """Atom with the full text beside the summary, and the style sheet that Django gives to RSS alone."""

    element = "entry"

    def write(self, outfile: Any, encoding: str) -> None:
        """As Django writes it, with the style sheet before the first element."""
        handler = SimplerXMLGenerator(outfile, encoding, short_empty_elements=True)
        handler.startDocument()
        for stylesheet in self.feed["stylesheets"]:
            handler.processingInstruction("xml-stylesheet", stylesheet)
        handler.startElement("feed", AttributesImpl(self.root_attributes()))
        self.add_root_elements(handler)
        self.write_items(handler)
        handler.endElement("feed")

    def root_attributes(self) -> dict[str, str]:
        """The namespaces of Media RSS, and of RFC 5005 where the document is a page of older items."""
        history = {"xmlns:fh": HISTORY} if self.feed["archive"] else {}
        return {**super().root_attributes(), "xmlns:media": MEDIA, **history, **self.mirror_attributes()}

    def add_root_elements(self, handler: SimplerXMLGenerator) -> None:
        """The links to the hub and to other pages."""
        super().add_root_elements(handler)
        _links(handler, "link", self.feed["links"])
        handler.addQuickElement("icon", self.feed["image"])
        if self.feed["archive"]:
            handler.addQuickElement("fh:archive")
        _mirrors(handler, self.feed["mirrors"])

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        """RFC 4287, 4.1.3: the text as escaped HTML."""
        super().add_item_elements(handler, item)
        handler.addQuickElement("content", item["content"], {"type": "html"})
        _picture(handler, item["picture"])


def write_xml(document: Document, *, atom: bool, stylesheet: str) -> bytes:
    """The document as RSS or Atom. `stylesheet` is the address of the CSS by which browsers show it."""
    feed = (_Atom if atom else _Rss)(
        title=document.title,
        link=document.page,
        description=settings.NEWSROOM["tagline"],
        subtitle=settings.NEWSROOM["tagline"] or None,
        language=document.language,
        author_name=settings.NEWSROOM["name"],
        feed_url=document.address,
        feed_guid=document.current,
        feed_copyright=settings.NEWSROOM["copyright"] or None,
        # Django leaves out an attribute that is None; its stub knows only strings.
        stylesheets=[Stylesheet(stylesheet, mimetype="text/css", media=None)],  # type: ignore[arg-type]
        links=document.links,
        archive=document.archive,
        image=document.image,
        updated=document.updated,
        mirrors=document.mirrors,
    )
    for item in document.items:
        feed.add_item(
            title=item.title,
            link=item.link,
            # Both formats read a summary as HTML.
            description=escape(item.summary),
            unique_id=item.id,
            unique_id_is_permalink=False,
            pubdate=item.published,
            updateddate=item.updated,
            categories=item.topics,
            author_name=settings.NEWSROOM["name"] if atom else None,
            content=item.content,
            picture=item.picture,
            language=item.language,
            item=item,
        )
    return feed.writeString("utf-8").encode()


def _links(handler: SimplerXMLGenerator, element: str, links: Iterable[tuple[str, str]]) -> None:
    for relation, address in links:
        handler.addQuickElement(element, attrs={"rel": relation, "href": address})


def _mirrors(handler: SimplerXMLGenerator, mirrors: SignedList | None) -> None:
    """The list itself and not only its address, which may be out of reach: the text that was signed, and by which key."""
    if mirrors:
        about = {"href": list_address(), "key": mirrors.key, "signature": mirrors.signature}
        handler.addQuickElement("newsroom:mirrors", mirrors.signed, about)


def _picture(handler: SimplerXMLGenerator, picture: Image | None) -> None:
    """Media RSS 1.5.1: the picture of the release."""
    if picture is None:
        return
    about = {
        "url": picture.address, "type": picture.media_type, "medium": "image",
        "width": str(picture.width), "height": str(picture.height),
    }  # fmt: skip
    handler.startElement("media:content", AttributesImpl(about))
    if picture.alt:
        handler.addQuickElement("media:description", xml_safe(picture.alt), {"type": "plain"})
    handler.endElement("media:content")


def _image(handler: SimplerXMLGenerator, feed: Mapping[str, str]) -> None:
    """RSS 2.0: title and link are those of the channel."""
    handler.startElement("image", AttributesImpl({}))
    handler.addQuickElement("url", feed["image"])
    handler.addQuickElement("title", feed["title"])
    handler.addQuickElement("link", feed["link"])
    handler.endElement("image")


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
    if document.mirrors:
        feed["_mirrors"] = {"about": list_address(), **document.mirrors.as_json()}
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
