"""Importers: Word files, saved pages, exports. All of them raise the same error for what they cannot read."""


class Unreadable(Exception):
    """A source cannot be imported. The message says why and what to do, for the person who brought it."""
