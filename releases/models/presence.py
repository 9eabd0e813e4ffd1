"""Who has a release open at this moment, for colleagues to see; nothing of record."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models

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
