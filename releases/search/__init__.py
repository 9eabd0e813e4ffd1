"""Search: releases by their words, on SQLite and PostgreSQL with the same results (`docs/search.md`)."""

from releases.search.bitmap import bitmap_index
from releases.search.engine import rebuild_index, update_index
from releases.search.find import BEST, NEWEST, Filters, SearchResult, find
from releases.search.query import Query, parse

__all__ = [
    "BEST",
    "NEWEST",
    "Filters",
    "Query",
    "SearchResult",
    "bitmap_index",
    "find",
    "parse",
    "rebuild_index",
    "update_index",
]
