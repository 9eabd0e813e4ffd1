"""Links by which somebody outside may read one draft until a date."""

import uuid
from datetime import datetime

from django.conf import settings
from django.core import signing
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

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
