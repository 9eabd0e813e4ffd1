"""Public addresses, each under its language's prefix: a promise to readers that they do not change."""

from django.urls import path, register_converter

from releases import feeds, sitemaps
from releases.addresses import FEED_FORMATS
from releases.reading.metadata import CITATION_FORMATS
from releases.views import machines, pages, trust


class YearConverter:
    """Four digits."""

    regex = "[0-9]{4}"
    to_python = int

    def to_url(self, value: int) -> str:
        """As it is read."""
        return f"{value:04d}"


class MonthConverter:
    """One or two digits; written with two."""

    regex = "0?[1-9]|1[0-2]"
    to_python = int

    def to_url(self, value: int) -> str:
        """With its zero, so that a list of addresses is in order."""
        return f"{value:02d}"


class SlugConverter:
    """A slug in any script, without the NUL that PostgreSQL answers with an error and no slug holds."""

    regex = "[^/\x00]+"
    to_python = str
    to_url = str


class FeedSuffixConverter:
    """The format of a feed."""

    regex = "|".join(FEED_FORMATS)
    to_python = str
    to_url = str


class CitationSuffixConverter:
    """The format of a reference."""

    regex = "|".join(CITATION_FORMATS)
    to_python = str
    to_url = str


register_converter(YearConverter, "year")
register_converter(MonthConverter, "month")
register_converter(SlugConverter, "any_slug")
register_converter(FeedSuffixConverter, "feed")
register_converter(CitationSuffixConverter, "citation")

app_name = "releases"
urlpatterns = [
    path("", pages.front, name="front"),
    path("releases/", pages.archive, name="archive"),
    path("releases/<year:year>/", pages.year, name="year"),
    path("releases/<year:year>/<month:month>/", pages.month, name="month"),
    path("releases/<any_slug:slug>/", pages.release, name="release"),
    path("releases/<any_slug:slug>/cite.<citation:suffix>", machines.cite, name="cite"),
    path("releases/<any_slug:slug>/history/", pages.history, name="history"),
    path("topics/", pages.topics, name="topics"),
    path("topics/<any_slug:slug>/", pages.topic, name="topic"),
    path("search/", pages.search, name="search"),
    path("search/suggest", pages.suggest, name="suggest"),
    path("search/opensearch.xml", pages.opensearch, name="opensearch"),
    path("search/feed.<feed:suffix>", feeds.search_feed, name="search_feed"),
    path("follow/", pages.follow, name="follow"),
    path("privacy/", trust.privacy, name="privacy"),
    path("securedrop/", trust.securedrop, name="securedrop"),
    path("feeds/releases.<feed:suffix>", feeds.feed, name="feed"),
    path("feeds/topics.opml", feeds.opml, name="opml"),
    path("topics/<any_slug:slug>/feed.<feed:suffix>", feeds.topic_feed, name="topic_feed"),
]

# The same in every language, so without a prefix (namespace `site`).
unprefixed = [
    path("sitemap.xml", sitemaps.index, name="sitemap"),
    path("sitemaps/pages.xml", sitemaps.pages, name="sitemap_pages"),
    path("sitemaps/releases-<number:number>.xml", sitemaps.releases, name="sitemap_releases"),
    path("sitemaps/news.xml", sitemaps.news, name="sitemap_news"),
    path("robots.txt", machines.robots, name="robots"),
    path(".well-known/newsroom-mirrors.json", machines.mirrors, name="mirrors"),
    path(".well-known/newsroom-key.pem", machines.signing_key, name="signing_key"),
    path(".well-known/security.txt", trust.security_txt, name="security_txt"),
    path(".well-known/security-key.asc", trust.security_key, name="security_key"),
    path("oembed.json", machines.oembed, name="oembed"),
    path("pictures/cards/<uuid:uuid>-<number:number>.png", machines.card, name="card"),
    path("pictures/<uuid:uuid>/<str:name>", machines.picture, name="picture"),
    path("api/releases.json", machines.releases, name="api"),
    path("api/openapi.json", machines.openapi, name="openapi"),
]
