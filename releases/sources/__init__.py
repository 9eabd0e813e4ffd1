"""Sources: what live releases cite elsewhere, whether it is still there, and copies of it (`docs/sources.md`)."""

from releases.sources.copies import copies_in, faults_of, shown_with, with_copies
from releases.sources.record import rebuild, record_sources
from releases.sources.scheduler import Checked, check_due, check_sources

__all__ = [
    "Checked",
    "check_due",
    "check_sources",
    "copies_in",
    "faults_of",
    "rebuild",
    "record_sources",
    "shown_with",
    "with_copies",
]
