"""What somebody typed beside a button that is still to be confirmed; nothing of record."""

from django.conf import settings
from django.db import models


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
