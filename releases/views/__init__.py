"""The public pages: each view permits, fetches and renders; staff pages are the admin's."""

from releases.views.cite import cite
from releases.views.follow import follow
from releases.views.reading import archive, front, month, release, year
from releases.views.record import history
from releases.views.search import opensearch, search, suggest
from releases.views.topics import topic, topics

__all__ = [
    "archive",
    "cite",
    "follow",
    "front",
    "history",
    "month",
    "opensearch",
    "release",
    "search",
    "suggest",
    "topic",
    "topics",
    "year",
]
