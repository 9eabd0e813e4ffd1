"""What stands around a draft and is nothing to readers: what it said before, links for outsiders, who has it open, and what an
open form sent."""

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.core import signing
from django.db import models
from django.db.models import Q
from django.utils import timezone
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

    def in_history(self) -> "VersionQuerySet":
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


_SALT = "releases.preview"


class PreviewLinkQuerySet(models.QuerySet["PreviewLink"]):
    """Links."""

    def open(self, at: datetime | None = None) -> "PreviewLinkQuerySet":
        """Those that have neither been closed nor expired. `PreviewLink.is_open` is its twin in Python."""
        return self.filter(revoked_at=None, expires_at__gt=at or timezone.now())


class PreviewLink(models.Model):
    """Opens `revision` to whoever has its token, until `expires_at` or until it is revoked."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    revision = models.ForeignKey("releases.Revision", on_delete=models.PROTECT, related_name="preview_links")
    note = models.CharField(_("for whom"), max_length=200, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    expires_at = models.DateTimeField(_("open until"))
    revoked_at = models.DateTimeField(null=True)
    # By outsiders; a look of the staff's own is none.
    opened_count = models.PositiveIntegerField(default=0, editable=False)
    opened_at = models.DateTimeField(null=True, editable=False)

    objects = PreviewLinkQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at", "-pk")

    def __str__(self) -> str:
        return self.note or str(self.uuid)

    @property
    def token(self) -> str:
        """The signed part of its address; the site's secret key made it, so it cannot be guessed or forged."""
        return signing.dumps(self.uuid.hex, salt=_SALT)

    def is_open(self, at: datetime | None = None) -> bool:
        """Has it neither been closed nor expired? Twin of `PreviewLinkQuerySet.open`."""
        return self.revoked_at is None and (at or timezone.now()) < self.expires_at

    @classmethod
    def of(cls, token: str) -> "PreviewLink | None":
        """The link of a token; None for one that was not made here."""
        try:
            key = signing.loads(token, salt=_SALT)
        except signing.BadSignature:
            return None
        return (
            cls.objects.select_related("revision__release", "revision__picture", "created_by")
            .filter(uuid=key)
            .first()
        )


# The page says every ten seconds that it is open; after three misses it is taken for closed.
PRESENT = timedelta(seconds=35)


class PresenceQuerySet(models.QuerySet["Presence"]):
    """People at their desks."""

    def now(self, at: datetime) -> "PresenceQuerySet":
        """Those who have been heard of a moment ago."""
        return self.filter(at__gt=at - PRESENT).select_related("user").order_by("since", "pk")


class Presence(models.Model):
    """One person in one release, `since` when and last heard of `at`."""

    release = models.ForeignKey("releases.Release", on_delete=models.CASCADE, related_name="presences")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField()
    at = models.DateTimeField()

    objects = PresenceQuerySet.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("release", "user"), name="releases_presence_once"),)

    def __str__(self) -> str:
        return f"{self.user} in {self.release_id}"


class Intent(models.Model):
    """The words of one person for one release, kept until the button is confirmed: the session may end in between.

    A note says what changed since the words that were `live` then; it is none of what goes live later.
    """

    release = models.ForeignKey("releases.Release", on_delete=models.CASCADE, related_name="intents")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    live = models.ForeignKey("releases.Revision", on_delete=models.CASCADE, null=True, related_name="+")
    note = models.TextField(blank=True)
    comment = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("release", "user"), name="releases_intent_once"),)

    def __str__(self) -> str:
        return f"{self.user} on {self.release_id}"


class Receipt(models.Model):
    """One row for an opened form (`visit`), rewritten by each save: never what was typed, only that it was kept."""

    visit = models.UUIDField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    release = models.ForeignKey("releases.Release", on_delete=models.CASCADE, related_name="+")
    # The form counts what it sends.
    turn = models.PositiveIntegerField()
    # Was all of it kept, or is a field of it (half a date) still in the browser alone?
    whole = models.BooleanField()
    save_number = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("user", "visit"), name="releases_receipt_once"),)

    def __str__(self) -> str:
        return f"{self.visit}: {self.turn}"
