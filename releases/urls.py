"""Public addresses, each under its language's prefix: a promise to readers that they do not change."""

from django.urls import path, register_converter

from releases import feeds, sitemaps
from releases.views import machines, pages, search


class Year:
    """Four digits."""

    regex = "[0-9]{4}"
    to_python = int

    def to_url(self, value: int) -> str:
        """As it is read."""
        return f"{value:04d}"


class Month:
    """One or two digits; written with two."""

    regex = "0?[1-9]|1[0-2]"
    to_python = int

    def to_url(self, value: int) -> str:
        """With its zero, so that a list of addresses is in order."""
        return f"{value:02d}"


class Words:
    """A slug in any script, without the NUL that PostgreSQL answers with an error and no slug holds."""

    regex = "[^/\x00]+"
    to_python = str
    to_url = str


class Kind:
    """The form of a feed."""

    regex = "rss|atom|json"
    to_python = str
    to_url = str


class CiteKind:
    """The form of a reference."""

    regex = "txt|bib|ris|json"
    to_python = str
    to_url = str


register_converter(Year, "year")
register_converter(Month, "month")
register_converter(Words, "words")
register_converter(Kind, "kind")
register_converter(CiteKind, "cite")

app_name = "releases"
urlpatterns = [
    path("", pages.front, name="front"),
    path("releases/", pages.archive, name="archive"),
    path("releases/<year:year>/", pages.year, name="year"),
    path("releases/<year:year>/<month:month>/", pages.month, name="month"),
    path("releases/<words:slug>/", pages.release, name="release"),
    path("releases/<words:slug>/cite.<cite:kind>", machines.cite, name="cite"),
    path("releases/<words:slug>/history/", pages.history, name="history"),
    path("topics/", pages.topics, name="topics"),
    path("topics/<words:slug>/", pages.topic, name="topic"),
    path("search/", search.search, name="search"),
    path("search/suggest", search.suggest, name="suggest"),
    path("search/opensearch.xml", search.opensearch, name="opensearch"),
    path("search/feed.<kind:kind>", feeds.search_feed, name="search_feed"),
    path("follow/", pages.follow, name="follow"),
    path("feeds/releases.<kind:kind>", feeds.feed, name="feed"),
    path("feeds/topics.opml", feeds.opml, name="opml"),
    path("topics/<words:slug>/feed.<kind:kind>", feeds.topic_feed, name="topic_feed"),
]

# The same in every language, so without a prefix (namespace `site`).
unprefixed = [
    path("sitemap.xml", sitemaps.index, name="sitemap"),
    path("sitemaps/pages.xml", sitemaps.pages, name="sitemap_pages"),
    path("sitemaps/releases-<number:number>.xml", sitemaps.releases, name="sitemap_releases"),
    path("sitemaps/news.xml", sitemaps.news, name="sitemap_news"),
    path("robots.txt", machines.robots, name="robots"),
    path("oembed.json", machines.oembed, name="oembed"),
    path("pictures/cards/<uuid:uuid>-<number:number>.png", machines.card, name="card"),
    path("pictures/<uuid:uuid>/<str:name>", machines.picture, name="picture"),
    path("api/releases.json", machines.releases, name="api"),
    path("api/openapi.json", machines.openapi, name="openapi"),
]
