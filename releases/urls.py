"""Public addresses, each under its language's prefix: a promise to readers that they do not change."""

from django.urls import path, register_converter

from releases import feeds, views


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


class Kind:
    """The form of a feed."""

    regex = "rss|atom|json"
    to_python = str
    to_url = str


register_converter(Year, "year")
register_converter(Month, "month")
register_converter(Kind, "kind")

app_name = "releases"
urlpatterns = [
    path("", views.front, name="front"),
    path("releases/", views.archive, name="archive"),
    path("releases/<year:year>/", views.year, name="year"),
    path("releases/<year:year>/<month:month>/", views.month, name="month"),
    path("releases/<str:slug>/", views.release, name="release"),
    path("topics/", views.topics, name="topics"),
    path("topics/<str:slug>/", views.topic, name="topic"),
    path("search/", views.search, name="search"),
    path("search/suggest", views.suggest, name="suggest"),
    path("search/opensearch.xml", views.opensearch, name="opensearch"),
    path("search/feed.<kind:kind>", feeds.search_feed, name="search_feed"),
    path("follow/", views.follow, name="follow"),
    path("feeds/releases.<kind:kind>", feeds.feed, name="feed"),
    path("feeds/topics.opml", feeds.opml, name="opml"),
    path("topics/<str:slug>/feed.<kind:kind>", feeds.topic_feed, name="topic_feed"),
]
