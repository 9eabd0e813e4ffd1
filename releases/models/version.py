"""The words of a draft as they stood before they were written over, small and of no consequence for readers."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from releases.models.revision import TITLE_LENGTH, Revision


class Before(models.TextChoices):
    """What was about to become of the words of a version."""

    DELETION = "deletion", _("before a large deletion")
    PASTE = "paste", _("before a paste over it")
    IMPORT = "import", _("before an import")
    COPY = "copy", _("before the words kept by a browser were restored")
    CONFLICT = "conflict", _("before a choice between two texts")
    TAKEN = "taken", _("set aside for a colleague's text")


class VersionQuerySet(models.QuerySet["Version"]):
    """Versions."""

    def told(self) -> "VersionQuerySet":
        """Those of the history: what is only held may not be needed."""
        return self.filter(held=False)

    def newest(self) -> "VersionQuerySet":
        """The newest first, without their words."""
        return self.defer("words").order_by("-at", "-pk")


class Version(models.Model):
    """What `revision` said at the moment `at`, when `by` had saved it. Its words stand in `words`, packed
    (`workflow.versions`); the words that a revision says now are never here.

    `by_hand`: somebody had pressed “Save draft”, so it stays for ever, which a trigger sees to; others are thinned out.
    `held`: the words at the beginning of a deletion that may become a large one; at most one a revision.
    """

    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="versions")
    at = models.DateTimeField(_("when"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("who")
    )
    by_hand = models.BooleanField(_("saved by hand"), default=False)
    before = models.CharField(_("why"), max_length=10, choices=Before.choices, blank=True)
    held = models.BooleanField(default=False)

    title = models.CharField(_("title"), max_length=TITLE_LENGTH)
    word_count = models.PositiveIntegerField(_("words"), default=0)
    note_count = models.PositiveIntegerField(_("notes"), default=0)
    # A picture may be deleted as long as no revision has it; the words come back without it then.
    picture = models.ForeignKey("releases.Picture", on_delete=models.SET_NULL, null=True, related_name="+")
    words = models.BinaryField()
    digest = models.CharField(max_length=64, editable=False)

    objects = VersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        ordering = ("-at", "-pk")
        indexes = (models.Index(fields=("revision", "-at", "-id"), name="releases_version_of_revision"),)
        constraints = (
            models.UniqueConstraint(
                fields=("revision",), condition=Q(held=True), name="releases_version_one_held"
            ),
            models.CheckConstraint(
                condition=~Q(held=True, by_hand=True), name="releases_version_by_hand_not_held"
            ),
            models.CheckConstraint(
                condition=Q(before__in=["", *Before.values]), name="releases_version_reason_known"
            ),
        )

    def __str__(self) -> str:
        return f"{self.title} {self.at:%Y-%m-%d %H:%M:%S}"

    @property
    def key(self) -> str:
        """What tells it from a revision in addresses and forms."""
        return f"v{self.pk}"
