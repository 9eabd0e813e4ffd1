"""What the search knows of a release: a row for its live words, and one for the draft over them."""

from django.db import models
from django.db.models import Q

from releases.models.release import Release
from releases.models.revision import Revision


class SearchEntry(models.Model):
    """Written by `releases.search.index` alone. The index itself follows the row by itself, whoever changes it: on SQLite
    through triggers (FTS5), on PostgreSQL as a generated column (tsvector); `lay` makes both.

    Readers are shown live rows of visible releases; working rows are for staff.
    """

    LIVE, WORKING = "live", "working"

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="search_entries")
    kind = models.CharField(max_length=7, choices=[(LIVE, LIVE), (WORKING, WORKING)])
    # Which words these are: a revision may be saved again until it is frozen.
    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="+")
    save_number = models.PositiveIntegerField()
    sequence = models.TextField()
    terms = models.TextField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("release", "kind"), name="releases_searchentry_one_a_kind"),
            models.CheckConstraint(
                condition=Q(kind__in=("live", "working")), name="releases_searchentry_kind"
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.release_id}"
