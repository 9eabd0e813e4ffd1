"""Feeds: everything, each topic and any choice of topics, as RSS 2.0, Atom and JSON Feed; their list as OPML."""

from releases.feeds.views import feed, opml, search_feed, topic_feed

__all__ = ["feed", "opml", "search_feed", "topic_feed"]
