"""What a document of a feed says, in whichever form."""

import feedparser
from lxml import etree

ATOM = "{http://www.w3.org/2005/Atom}"


def titles(response):
    if "json" in response.headers["Content-Type"]:
        return [item["title"] for item in response.json()["items"]]
    return [entry.title for entry in feedparser.parse(response.content).entries]


def links_of(response):
    """Relation to address, of the document itself."""
    root = etree.fromstring(response.content)
    top = root if root.tag.endswith("feed") else root.find("channel")
    return {link.get("rel"): link.get("href") for link in top.findall(f"{ATOM}link")}
