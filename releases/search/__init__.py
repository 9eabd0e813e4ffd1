"""Search: releases by their words, on SQLite and PostgreSQL with the same results (`docs/search.md`)."""

from releases.search.bitmap import shelf_of
from releases.search.find import BEST, NEWEST, Filters, Found, find
from releases.search.index import keep, rebuild
from releases.search.query import Query, parse

__all__ = ["BEST", "NEWEST", "Filters", "Found", "Query", "find", "keep", "parse", "rebuild", "shelf_of"]
