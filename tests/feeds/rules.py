"""The rules of the W3C's feed validator (validator.w3.org/feed), and of JSON Feed 1.1, as far as they hold without a network."""

import json
import re
from collections import Counter
from datetime import datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from lxml import etree, html

ATOM, MEDIA = "{http://www.w3.org/2005/Atom}", "{http://search.yahoo.com/mrss/}"
CONTENT, DC = "{http://purl.org/rss/1.0/modules/content/}", "{http://purl.org/dc/elements/1.1/}"
HISTORY = "{http://purl.org/syndication/history/1.0}"
RFC_2822 = re.compile(
    r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d? "
    r"(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d\d:\d\d:\d\d (GMT|[+-]\d\d[03]0)"
)
RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
WHOLE_ADDRESS = re.compile(r"[a-zA-Z][0-9a-zA-Z+.-]*:(//)?[0-9a-zA-Z;/?:@&=+$.\-_!~*'()%,#]+")
UUID = re.compile(r"urn:uuid:[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12}")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
RELATIONS = {
    "self", "hub", "alternate", "current", "prev-archive", "next-archive", "first", "last", "next", "previous",
}  # fmt: skip
# Of the validator's lists, what our bodies use; anything else is a risk, or nothing that a reader keeps.
ELEMENTS = {
    "a", "blockquote", "br", "caption", "dd", "del", "div", "dl", "dt", "em", "figcaption", "figure", "h2", "h3", "hr",
    "img", "ins", "li", "ol", "p", "span", "strong", "sub", "sup", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
ATTRIBUTES = {
    "alt", "class", "colspan", "dir", "height", "href", "id", "lang", "rowspan", "scope", "src", "start", "title", "width",
}  # fmt: skip
UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffd\ufffe\uffff]")
ONCE_IN_ITEM = ("title", "link", "description", "pubDate", "guid", f"{CONTENT}encoded", f"{ATOM}updated")
PICTURES = {"image/png", "image/jpeg"}
KINDS = {"rss": "application/rss+xml", "atom": "application/atom+xml", "json": "application/feed+json"}


def complaints(body: bytes, kind: str, content_type: str) -> list[str]:
    """All that the rules object to in a feed; nothing for a valid one without a warning."""
    found = [] if content_type == f"{KINDS[kind]}; charset=utf-8" else [f"content type {content_type}"]
    text = body.decode("utf-8")
    found += ["a character that has no place in a feed"] if UNWANTED.search(text) else []
    if kind == "json":
        return [*found, *_json(json.loads(text))]
    root = etree.fromstring(body, etree.XMLParser(resolve_entities=False, no_network=True))
    return [*found, *(_rss(root) if kind == "rss" else _atom(root))]


def _rss(root):
    (channel,) = root
    yield from _cardinality(
        channel, once=("title", "link", "description", "language", "lastBuildDate", "image")
    )
    names = [child.tag for child in channel]
    first_item = names.index("item") if "item" in names else len(names)
    if set(names[first_item:]) - {"item"}:
        yield "something of the channel's stands after an item"
    yield from _links(channel, own="self")
    yield from _address(channel.findtext("link"))
    yield from _moment_822(channel.findtext("lastBuildDate"))
    image = channel.find("image")
    if (image.findtext("title"), image.findtext("link")) != (
        channel.findtext("title"),
        channel.findtext("link"),
    ):
        yield "the image's title and link are not the channel's"
    if not re.search(r"\.(png|jpe?g|gif)$", image.findtext("url")):
        yield "the image is of a kind that RSS does not have"
    if not LANGUAGE.fullmatch(channel.findtext("language")):
        yield "no language"
    items = channel.findall("item")
    yield from _unique([item.findtext("guid") for item in items])
    for item in items:
        yield from _cardinality(item, once=ONCE_IN_ITEM)
        order = [child.tag for child in item]
        if order.index("description") > order.index(f"{CONTENT}encoded"):
            yield "content:encoded comes before description"
        guid = item.find("guid")
        if guid.get("isPermaLink") != "false" or not UUID.fullmatch(guid.text):
            yield "the guid is no uuid, or claims to be an address"
        yield from _address(item.findtext("link"))
        yield from _moment_822(item.findtext("pubDate"))
        yield from _moment_3339(item.findtext(f"{ATOM}updated"))
        yield from _html(item.findtext("description"))
        yield from _html(item.findtext(f"{CONTENT}encoded"))
        yield from _picture(item)
        if item.find("author") is not None or not item.findtext(f"{DC}creator"):
            yield "who wrote it is not said, or is said twice"
        if not all(category.text for category in item.findall("category")):
            yield "an empty category"


def _atom(root):
    yield from _cardinality(
        root, once=tuple(f"{ATOM}{name}" for name in ("id", "title", "updated", "author", "icon"))
    )
    yield from _links(root, own="self")
    yield from _links(root, own="alternate")
    yield from _address(root.findtext(f"{ATOM}id"))
    yield from _moment_3339(root.findtext(f"{ATOM}updated"))
    if not LANGUAGE.fullmatch(root.get("{http://www.w3.org/XML/1998/namespace}lang", "")):
        yield "no language"
    entries = root.findall(f"{ATOM}entry")
    yield from _unique([entry.findtext(f"{ATOM}id") for entry in entries])
    for entry in entries:
        names = ("id", "title", "updated", "published", "author", "summary", "content", "link")
        yield from _cardinality(entry, once=tuple(f"{ATOM}{name}" for name in names))
        if not UUID.fullmatch(entry.findtext(f"{ATOM}id")):
            yield "the id is no uuid"
        if not entry.findtext(f"{ATOM}author/{ATOM}name"):
            yield "an author without a name"
        link = entry.find(f"{ATOM}link")
        yield from _address(link.get("href"))
        if link.get("rel") != "alternate":
            yield "an entry's link leads elsewhere"
        for name in ("published", "updated"):
            yield from _moment_3339(entry.findtext(f"{ATOM}{name}"))
        if not all(category.get("term") for category in entry.findall(f"{ATOM}category")):
            yield "an empty category"
        for name in ("summary", "content"):
            if entry.find(f"{ATOM}{name}").get("type") != "html":
                yield f"{name} does not say that it is HTML"
            yield from _html(entry.findtext(f"{ATOM}{name}"))
        yield from _picture(entry)


def _json(feed):
    if feed["version"] != "https://jsonfeed.org/version/1.1" or not feed["title"]:
        yield "no version, or no title"
    for name in ("home_page_url", "feed_url", "icon"):
        yield from _address(feed[name])
    if "next_url" in feed:
        yield from _address(feed["next_url"])
        if feed["next_url"] == feed["feed_url"]:
            yield "the next page is this one"
    if not all(author.get("name") for author in feed["authors"]) or "author" in feed:
        yield "authors are not as version 1.1 has them"
    yield from _unique([item["id"] for item in feed["items"]])
    for item in feed["items"]:
        if not isinstance(item["id"], str) or not UUID.fullmatch(item["id"]):
            yield "the id is no uuid"
        yield from _address(item["url"])
        yield from _html(item["content_html"])
        for name in ("date_published", "date_modified"):
            yield from _moment_3339(item[name])
        if not all(isinstance(tag, str) and tag for tag in item["tags"]):
            yield "an empty tag"
        if "image" in item:
            yield from _address(item["image"])


def _cardinality(element, *, once):
    counts = Counter(child.tag for child in element)
    yield from (f"{counts[name]} times {name}" for name in once if counts[name] != 1)


def _links(element, *, own):
    links = [link for link in element.findall(f"{ATOM}link") if link.text is None]
    relations = Counter(link.get("rel") for link in links)
    if relations[own] != 1 or set(relations) - RELATIONS or max(relations.values()) > 1:
        yield f"links {dict(relations)}"
    for link in links:
        yield from _address(link.get("href"))


def _picture(item):
    for picture in item.findall(f"{MEDIA}content"):
        yield from _address(picture.get("url"))
        if picture.get("medium") != "image" or picture.get("type") not in PICTURES:
            yield "a picture that does not say what it is"
        if not all(picture.get(name).isdigit() for name in ("width", "height")):
            yield "a picture without its size"


def _address(written):
    if not written or not WHOLE_ADDRESS.fullmatch(written) or not urlsplit(written).netloc:
        yield f"not a whole address: {written}"


def _unique(ids):
    yield from (f"twice: {one}" for one, count in Counter(ids).items() if count > 1)


def _moment_822(written):
    if not written or not RFC_2822.fullmatch(written):
        yield f"not a date of RFC 2822: {written}"
    elif parsedate_to_datetime(written).strftime("%a") != written[:3]:
        yield f"not that day of the week: {written}"


def _moment_3339(written):
    if not written or not RFC_3339.fullmatch(written):
        yield f"not a date of RFC 3339: {written}"
    elif datetime.fromisoformat(written).year < 1990:
        yield f"implausible: {written}"


def _html(written):
    """Nothing that runs or frames, no address that a reader would have to complete, ids once."""
    if not written:
        yield "empty"
        return
    ids = Counter()
    for element in html.fragment_fromstring(written, create_parent="div").iter(etree.Element):
        if element.tag not in ELEMENTS:
            yield f"element {element.tag}"
        yield from (f"attribute {name} of {element.tag}" for name in element.attrib if name not in ATTRIBUTES)
        for name in ("href", "src"):
            if name in element.attrib and not re.match(r"(https?://|mailto:)", element.get(name)):
                yield f"a reference that is not whole: {element.get(name)}"
        ids[element.get("id")] += "id" in element.attrib
    yield from (f"id twice: {one}" for one, count in ids.items() if count > 1)
