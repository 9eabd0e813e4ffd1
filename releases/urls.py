"""Public addresses, each under its language's prefix: a promise to readers that they do not change."""

from django.urls import path, register_converter

from releases import feeds, sitemaps, views
from releases.views import api, discovery, pictures


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
    path("", views.front, name="front"),
    path("releases/", views.archive, name="archive"),
    path("releases/<year:year>/", views.year, name="year"),
    path("releases/<year:year>/<month:month>/", views.month, name="month"),
    path("releases/<words:slug>/", views.release, name="release"),
    path("releases/<words:slug>/cite.<cite:kind>", views.cite, name="cite"),
    path("releases/<words:slug>/history/", views.history, name="history"),
    path("topics/", views.topics, name="topics"),
    path("topics/<words:slug>/", views.topic, name="topic"),
    path("search/", views.search, name="search"),
    path("search/suggest", views.suggest, name="suggest"),
    path("search/opensearch.xml", views.opensearch, name="opensearch"),
    path("search/feed.<kind:kind>", feeds.search_feed, name="search_feed"),
    path("follow/", views.follow, name="follow"),
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
    path("robots.txt", discovery.robots, name="robots"),
    path("oembed.json", discovery.oembed, name="oembed"),
    path("pictures/cards/<uuid:uuid>-<number:number>.png", discovery.card, name="card"),
    path("pictures/<uuid:uuid>/<str:name>", pictures.picture, name="picture"),
    path("api/releases.json", api.releases, name="api"),
    path("api/openapi.json", api.openapi, name="openapi"),
]
