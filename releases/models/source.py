"""The addresses elsewhere that releases cite: which release does, where each stood when it was last looked at, and the
archived copy that readers are offered."""

import hashlib
from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from releases.models.release import Release

HOST_LENGTH = 260
COPY_LENGTH = 2000
REASON_LENGTH = 300


class SourceState(models.TextChoices):
    """What the last look at a source found."""

    ALIVE = "alive", _("Alive")
    MOVED = "moved", _("Moved")
    GONE = "gone", _("Gone")
    UNKNOWN = "unknown", _("Unknown")


def source_key(url: str) -> str:
    """What a source is found by: an index cannot hold every address whole, so it holds the digest."""
    return hashlib.sha256(url.encode()).hexdigest()


class SourceQuerySet(models.QuerySet["Source"]):
    """Sources."""

    def visible(self, at: datetime | None = None) -> "SourceQuerySet":
        """Those that a release cites which readers may see at `at`."""
        # Not EXISTS: SQLite would go through the releases once for every source.
        return self.filter(pk__in=SourceCitation.objects.visible(at).values("source"))

    def due(self, at: datetime) -> "SourceQuerySet":
        """Those to be looked at by now. To look at what only a draft or an embargoed release cites would betray it."""
        return self.visible(at).filter(Q(next_check_at=None) | Q(next_check_at__lte=at))

    def archived(self) -> "SourceQuerySet":
        """Those of which there is a copy."""
        return self.filter(archived_on__isnull=False)


class Source(models.Model):
    """One address elsewhere, as `releases.text.links.address_of` writes it (`key` follows from it); the checks of
    `releases.sources` write where it stands, `workflow.archive_source` writes the copy."""

    key = models.CharField(max_length=64, unique=True, editable=False)
    url = models.TextField(_("address"))
    host = models.CharField(_("host"), max_length=HOST_LENGTH, db_index=True)

    state = models.CharField(
        _("state"), max_length=7, choices=SourceState.choices, default=SourceState.UNKNOWN
    )
    reason = models.CharField(_("why"), max_length=REASON_LENGTH, blank=True)
    status = models.PositiveSmallIntegerField(_("answer"), null=True)
    moved_to = models.TextField(_("moved to"), blank=True)
    checked_at = models.DateTimeField(_("last check"), null=True)
    # How many checks in a row did not find it.
    failures = models.PositiveSmallIntegerField(_("failures"), default=0)
    next_check_at = models.DateTimeField(_("next check"), null=True, db_index=True)

    archived_url = models.CharField(_("archived copy"), max_length=COPY_LENGTH, blank=True)
    archived_on = models.DateField(_("copied on"), null=True, blank=True)

    objects = SourceQuerySet.as_manager()

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ("host", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=SourceState.values), name="releases_source_state_known"
            ),
            models.CheckConstraint(condition=~Q(url="") & ~Q(host=""), name="releases_source_addressed"),
            models.CheckConstraint(
                condition=Q(state=SourceState.MOVED) & ~Q(moved_to="")
                | ~Q(state=SourceState.MOVED) & Q(moved_to=""),
                name="releases_source_moved_says_where",
            ),
            models.CheckConstraint(
                condition=Q(state=SourceState.UNKNOWN) | Q(checked_at__isnull=False),
                name="releases_source_known_was_checked",
            ),
            models.CheckConstraint(
                condition=Q(archived_url="", archived_on=None)
                | ~Q(archived_url="") & Q(archived_on__isnull=False),
                name="releases_source_copy_is_dated",
            ),
        )

    def __str__(self) -> str:
        return self.url


class SourceCitationQuerySet(models.QuerySet["SourceCitation"]):
    """Citations of sources."""

    def visible(self, at: datetime | None = None) -> "SourceCitationQuerySet":
        """Those in releases that readers may see at `at`: the gate is the release's own."""
        return self.filter(release__in=Release.objects.visible(at or timezone.now()).values("pk"))


class SourceCitation(models.Model):
    """A place in the live words of a release that links to a source: the note of that key, or the text itself (no key,
    number 0). Rows of embargoed and withdrawn releases are there; `visible()` is the gate."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="citations")
    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="source_citations")
    note = models.CharField(max_length=16, blank=True)
    number = models.PositiveIntegerField(default=0)

    objects = SourceCitationQuerySet.as_manager()

    class Meta:
        ordering = ("release", "number", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("release", "source", "note"), name="releases_sourcecitation_once"
            ),
            models.CheckConstraint(
                condition=Q(note="", number=0) | ~Q(note="") & Q(number__gt=0),
                name="releases_sourcecitation_note_has_number",
            ),
        )

    def __str__(self) -> str:
        return f"{self.release_id}: {self.note or '–'}"


class SourceHost(models.Model):
    """What the checks remember of a host between two runs, so as to be polite."""

    host = models.CharField(max_length=HOST_LENGTH, unique=True)
    # Its robots.txt, as `releases.sources.politeness` stores it.
    robots = models.JSONField(default=dict)
    robots_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True)
    # It asked to be left alone until then (Retry-After).
    not_before = models.DateTimeField(null=True)
    # Somebody is asking it at this moment: one at a time. A claim that is old is a dead one's.
    taken_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("host",)

    def __str__(self) -> str:
        return self.host
