"""What an opened form has sent and the database has kept, so that a browser drops its own copy only then."""

from django.conf import settings
from django.db import models


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
