"""Sources: what live releases cite elsewhere, whether it is still there, and copies of it (`docs/sources.md`)."""

from releases.sources.copies import copies_in, copy_errors, link_copies, with_copies
from releases.sources.record import rebuild, record_sources
from releases.sources.scheduler import RunSummary, check_due, check_sources

__all__ = [
    "RunSummary",
    "check_due",
    "check_sources",
    "copies_in",
    "copy_errors",
    "link_copies",
    "rebuild",
    "record_sources",
    "with_copies",
]
