"""The ways in: everything enters through the workflow, and every way raises the same error for what it cannot read."""


class Unreadable(Exception):
    """A source cannot be taken in; the message says why and what to do, in words for the person who brought it."""
